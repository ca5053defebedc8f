"""A screen that renders while streams are stamped: four Markdown columns, in a terminal.

``python -m tests.benchmarks.screen_app WHERE URL STREAMS FILE``: ``child`` has the engine in its own process,
``same_loop`` reads with plain httpx on the screen's own loop. FILE gets the stamps of each stream as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import aclosing
from pathlib import Path

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Markdown

from gatewaytui.domain.chat import TextDelta
from gatewaytui.domain.progress import Streamed
from gatewaytui.engine.remote import RemoteEngine

from .readers import Stamps, chat_job, httpx_raw, sent_ns

REPAINT_S = 1 / 10


class Screen(App[None]):
    """Appends what has arrived ten times a second, and leaves when all has."""

    def __init__(self, where: str, url: str, streams: int, file: Path) -> None:
        super().__init__()
        self._where, self._url, self._file = where, url, file
        self._texts, self._shown = [""] * streams, [0] * streams
        self._seen: list[Stamps] = [[] for _ in range(streams)]
        self._read = asyncio.Event()

    def compose(self) -> ComposeResult:
        with Horizontal():
            for _ in self._texts:
                yield Markdown()

    def on_mount(self) -> None:
        self.run_worker(self._paint())
        self.run_worker(self._job())

    async def _job(self) -> None:
        if self._where == "child":
            await self._in_child()
        else:
            self._seen = await httpx_raw(self._url, len(self._texts), self._show)
        self._read.set()
        self._file.write_text(json.dumps(self._seen))
        self.exit()

    async def _in_child(self) -> None:
        engine = RemoteEngine()
        async with aclosing(engine.run(chat_job(self._url, len(self._texts)))) as events:
            async for event in events:
                if isinstance(event, Streamed) and any(isinstance(read, TextDelta) for read in event.frame.events):
                    self._seen[event.target].append((event.at_ns, sent_ns(event.frame.data)))
                    self._show(event.target)
        await engine.close()

    def _show(self, column: int) -> None:
        self._shown[column] += 1
        self._texts[column] += "token " if self._shown[column] % 60 else "**token**\n\n"

    async def _paint(self) -> None:
        columns = list(self.query(Markdown))
        while not self._read.is_set():
            for number, column in enumerate(columns):
                text, self._texts[number] = self._texts[number], ""
                await column.append(text)
            await asyncio.sleep(REPAINT_S)


if __name__ == "__main__":
    Screen(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])).run()

"""The engine's own process: ``python -m gatewaytui.engine.child``, spoken to over its standard pipes.

It ends when its standard input does, so it never outlives the console.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import aclosing
from typing import BinaryIO, cast

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations

from .engine import Engine
from .wire import (
    Call,
    Ended,
    Export,
    Halt,
    Refused,
    Remember,
    Reply,
    Run,
    Stop,
    Told,
    Troubled,
    pack,
    receive_blocking,
)

BATCH_S = 1 / 30


class Clerk:
    """Takes calls, runs them on the engine, and sends the replies in batches at 30 Hz."""

    def __init__(self, engine: Engine, send: Callable[[bytes], None]) -> None:
        self._engine = engine
        self._send = send
        self._waiting: list[Reply] = []
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._halts: dict[int, asyncio.Event] = {}

    def take(self, call: Call) -> None:
        """Begin a call, stop one, or bring one to its end."""
        if isinstance(call, Stop):
            task = self._tasks.get(call.number)
            if task is not None:
                task.cancel()
            return
        if isinstance(call, Halt):
            if call.number in self._halts:
                self._halts[call.number].set()
            return
        self._halts[call.number] = asyncio.Event()
        task = asyncio.ensure_future(self._answer(call))
        self._tasks[call.number] = task
        task.add_done_callback(lambda _: self._forget(call.number))

    def _forget(self, number: int) -> None:
        del self._tasks[number], self._halts[number]

    async def _answer(self, call: Run | Export | Remember) -> None:
        try:
            match call:
                case Run():
                    async with aclosing(self._engine.run(call.job, self._halts[call.number])) as progress:
                        async for event in progress:
                            self._reply(Told(call.number, event))
                    self._reply(Ended(call.number))
                case Export():
                    self._reply(Ended(call.number, await self._engine.export(call.evidence, call.format)))
                case Remember():
                    await self._engine.remember_key(call.profile, call.group, call.secret)
                    self._reply(Ended(call.number))
        except Problem as problem:
            self._reply(Troubled(call.number, problem.failure_class, problem.sentence, problem.next_step))
        except GateRefused as refused:
            self._reply(Refused(call.number, refused.leaks))
        except asyncio.CancelledError:
            self._reply(Ended(call.number))
        except Exception:  # noqa: BLE001  (a door: a defect of ours must reach the person as a sentence, not hang a pane)
            self._reply(
                Troubled(
                    call.number,
                    FailureClass.UNCLASSIFIED,
                    "The engine met an error of its own.",
                    "Run it again; if it repeats, report it with what you did.",
                )
            )

    def _reply(self, reply: Reply) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(BATCH_S, self._flush)
        self._waiting.append(reply)

    def _flush(self) -> None:
        batch, self._waiting = self._waiting, []
        self._send(pack(batch))

    async def stop_all(self) -> None:
        """Cancel every call and wait until its sockets are closed."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def serve(calls: BinaryIO, replies: BinaryIO) -> None:
    """Serve calls until the pipe ends; threads do the blocking ends: not every system can await a child's pipes."""
    loop = asyncio.get_running_loop()
    inbox: asyncio.Queue[Call | None] = asyncio.Queue()
    outbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        while (call := receive_blocking(calls)) is not None:
            loop.call_soon_threadsafe(inbox.put_nowait, cast("Call", call))
        loop.call_soon_threadsafe(inbox.put_nowait, None)

    def write() -> None:
        with contextlib.suppress(OSError):
            while content := outbox.get():
                replies.write(content)
                replies.flush()

    clerk = Clerk(Engine(KeyStore(Locations.find(os.environ))), outbox.put)
    for work in (read, write):
        threading.Thread(target=work, daemon=True, name=f"engine-{work.__name__}").start()
    while (call := await inbox.get()) is not None:
        clerk.take(call)
    await clerk.stop_all()


def main() -> None:
    """Run the engine process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    asyncio.run(serve(sys.stdin.buffer, replies))


if __name__ == "__main__":
    main()

"""How an answer goes out: headers, first token and the rest at their times, one write an event, and the faults.

The client's hanging up ends it at once, whatever it is waiting for.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .dice import Dice
from .persona import Fault, FaultKind, Pacing
from .speech.base import Speech

_MID_ANSWER = (FaultKind.FAIL, FaultKind.STALL, FaultKind.CUT)


@dataclass(slots=True)
class Tally:
    """How many answers began, ended by the gateway, and were left by the client."""

    started: int = 0
    finished: int = 0
    aborted: int = 0


class _Gone(Exception):
    """The client has closed the connection."""


class Line:
    """The connection of one answer, with a clock that began with the request. ``pace`` stretches every wait."""

    def __init__(self, send: Send, hung_up: asyncio.Task[None], pace: float) -> None:
        self._send = send
        self._hung_up = hung_up
        self._pace = pace
        self._begun = asyncio.get_running_loop().time()

    async def until(self, milliseconds: float) -> None:
        """Wait until that long after the request. Raises _Gone."""
        due = self._begun + milliseconds / 1000 * self._pace
        delay = max(0.0, due - asyncio.get_running_loop().time())
        await asyncio.wait({self._hung_up}, timeout=delay)
        if self._hung_up.done():
            raise _Gone

    async def silence(self) -> None:
        """Say nothing more until the client leaves, then raise _Gone."""
        await asyncio.wait({self._hung_up})
        raise _Gone

    async def begin(self, headers: Mapping[str, str]) -> None:
        """Status and headers."""
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": 200, "headers": raw})

    async def write(self, data: bytes, last: bool = False) -> None:
        """One piece of the body, flushed."""
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})


@asynccontextmanager
async def _line(receive: Receive, send: Send, pace: float) -> AsyncIterator[Line]:
    async def hang_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    watching = asyncio.create_task(hang_up())
    try:
        yield Line(send, watching, pace)
    finally:
        watching.cancel()


class Delivery(msgspec.Struct, frozen=True):
    """One answer on its way, whole or streamed. ``error`` is the body a failing answer ends with."""

    speech: Speech
    pacing: Pacing
    fault: Fault | None
    error: bytes
    headers: Mapping[str, str]
    tally: Tally
    pace: float

    @property
    def longest_ms(self) -> float:
        """How long after the request the last token comes at the latest."""
        return self.fault.seconds * 1000 if self.fault else float("inf")

    @property
    def ready_ms(self) -> float:
        """How long after the request the answer is whole."""
        return self.pacing.ttft_ms + self.speech.script.length * 1000 / self.pacing.tokens_per_second

    async def run(self, receive: Receive, send: Send) -> None:
        """Send it all, or as much as the fault and the client allow."""
        self.tally.started += 1
        deliver = self._stream if self.speech.said.asked.stream else self._whole
        try:
            async with _line(receive, send, self.pace) as line:
                await deliver(line)
        except _Gone:
            self.tally.aborted += 1
        else:
            self.tally.finished += 1

    async def _whole(self, line: Line) -> None:
        kind = self.fault.kind if self.fault else None
        body = self.error if kind is FaultKind.FAIL else self.speech.whole()
        await line.until(self.ready_ms)
        await line.begin({**self.headers, "content-type": "application/json", "content-length": str(len(body))})
        if kind in (FaultKind.STALL, FaultKind.CUT):
            await line.write(body[: len(body) // 2])
            await self._struck(line)
            return
        await line.write(body, last=True)

    async def _stream(self, line: Line) -> None:
        await line.until(self.pacing.headers_ms)
        await line.begin(
            {
                **self.headers,
                "content-type": self.speech.media_type,
                "cache-control": "no-cache",
                "x-accel-buffering": "no",
            }
        )
        await self._speak(line)

    async def _speak(self, line: Line) -> None:
        """The stream after its headers."""
        speech = self.speech
        for data in speech.opening():
            await line.write(data)
        whole = await self._tokens(line)
        if not whole and await self._struck(line):
            return
        ending = self._closing() if whole else speech.failure(json.loads(self.error))
        for data in ending:
            await line.write(data)
        await line.write(b"", last=True)

    def _closing(self) -> list[bytes]:
        return self.speech.closing()

    async def _tokens(self, line: Line) -> bool:
        """The tokens at their times; False where the fault struck before the last."""
        pacing, stop = self.pacing, self._last_token()
        dice = Dice(self.speech.said.id)
        at, sent = pacing.ttft_ms, 0
        await line.until(at)
        for beat in self.speech.words():
            if sent >= stop:
                return False
            if beat.tokens:
                await line.until(min(at, self.longest_ms))
                wobble = 1 + pacing.jitter * (2 * dice.fraction() - 1)
                at += beat.tokens * 1000 / pacing.tokens_per_second * wobble
                sent += beat.tokens
            await line.write(beat.data)
        return sent < stop

    def _last_token(self) -> float:
        """After how many tokens the fault strikes: at least one before it, and at least one never said."""
        if self.fault is None or self.fault.kind not in (*_MID_ANSWER, FaultKind.REFUSE):
            return float("inf")
        if self.fault.kind is FaultKind.REFUSE:
            return 0
        return min(self.fault.after_tokens, max(1, self.speech.script.length - 1))

    async def _struck(self, line: Line) -> bool:
        """Stall or cut; False where the fault is an error still to be said."""
        kind = self.fault.kind if self.fault else None
        if kind is FaultKind.STALL:
            await line.silence()
        return kind is FaultKind.CUT


class Delivered(Response):
    """A response that paces itself. An answer left without its last part is a connection the server closes."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self._delivery = delivery

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, as an ASGI application."""
        await self._delivery.run(receive, send)

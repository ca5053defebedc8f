"""Deliveries that go wrong in ways of their own: late, in drops, without end, in one piece, without an end mark."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .delivery import Delivery, Line
from .persona import Fault, FaultKind

PIECE = 64 * 1024
MOST = 24 * 1024 * 1024
"""Bytes after which an answer without end is cut: beyond what a careful client takes."""

_COMMENT = b": OPENROUTER PROCESSING\n\n"
_COMMENT_EVERY_MS = 1500
_BLANK_LINE_EVERY_MS = 700


class Silent(Delivery, frozen=True):
    """Not a byte, headers included, until the fault's seconds are over."""

    async def _whole(self, line: Line) -> None:
        await line.until(self.longest_ms)
        await super()._whole(line)

    async def _stream(self, line: Line) -> None:
        await line.until(self.longest_ms)
        await super()._stream(line)


class KeepWaiting(Delivery, frozen=True):
    """A stream of OpenRouter's comments, which keep the line open, and of nothing else until the seconds are over."""

    async def _speak(self, line: Line) -> None:
        at = 0.0
        while at < self.longest_ms:
            await line.until(at)
            await line.write(_COMMENT)
            at += _COMMENT_EVERY_MS
        await super()._speak(line)


class Drip(Delivery, frozen=True):
    """Blank lines before a whole answer, as DeepSeek sends them to hold the line; a stream drips by its pacing."""

    async def _whole(self, line: Line) -> None:
        await line.begin({**self.headers, "content-type": "application/json"})
        at = 0.0
        while at < self.longest_ms:
            await line.until(at)
            await line.write(b"\n")
            at += _BLANK_LINE_EVERY_MS
        await line.write(self.speech.whole(), last=True)


class Endless(Delivery, frozen=True):
    """The model repeats itself and does not stop, as fast as it is read."""

    async def _whole(self, line: Line) -> None:
        said = self.speech.script.text.encode()
        head, _, _ = self.speech.whole().partition(said)
        await line.until(self.ready_ms)
        await line.begin({**self.headers, "content-type": "application/json"})
        await line.write(head)
        await self._again_and_again(line, said + b" ")

    async def _speak(self, line: Line) -> None:
        for data in self.speech.opening():
            await line.write(data)
        await self._again_and_again(line, b"".join(beat.data for beat in self.speech.words()))

    async def _again_and_again(self, line: Line, data: bytes) -> None:
        piece = data * max(1, PIECE // len(data))
        for _ in range(0, MOST, len(piece)):
            await line.until(0)
            await line.write(piece)


class Gather(Delivery, frozen=True):
    """A proxy on the way gathers the stream and hands it over at its end, in one piece."""

    async def _speak(self, line: Line) -> None:
        speech = self.speech
        stream = [*speech.opening(), *(beat.data for beat in speech.words()), *speech.closing()]
        await line.until(self.ready_ms)
        await line.write(b"".join(stream), last=True)


class NoEndMark(Delivery, frozen=True):
    """The last event, which marks the end, is never sent: transformers serve has no ``[DONE]``."""

    def _closing(self) -> list[bytes]:
        return super()._closing()[:-1]


DELIVERIES: Mapping[FaultKind, type[Delivery]] = MappingProxyType(
    {
        FaultKind.SILENT: Silent,
        FaultKind.KEEP_WAITING: KeepWaiting,
        FaultKind.DRIP: Drip,
        FaultKind.ENDLESS: Endless,
        FaultKind.GATHER: Gather,
        FaultKind.NO_END_MARK: NoEndMark,
    }
)


def delivery_for(fault: Fault | None) -> type[Delivery]:
    """How an answer with this fault goes out; most need nothing of their own."""
    return DELIVERIES.get(fault.kind, Delivery) if fault else Delivery

"""Server-sent events from bytes, as the HTML standard parses them (WHATWG, "Interpreting an event stream").

LF, CR and CRLF end lines, and nothing else does (U+2028 stays inside a text). Any cut of the bytes gives the
same events. Time is linear in the bytes; memory is bounded by :data:`LARGEST_LINE` and :data:`LARGEST_EVENT`.

Three things go beyond the standard, because gateways do them: comments are events of their own (a person
wants to see keep-alives), a last event without its blank line is delivered at the end, and lines that belong
to no field (``error: {...}`` of GPUStack, a JSON body pushed into an open stream) are delivered, not lost.
"""

from __future__ import annotations

import msgspec

from .lenient import BOM

LARGEST_LINE = 8 * 1024 * 1024
LARGEST_EVENT = 16 * 1024 * 1024
COMMENT = ":"


class SseEvent(msgspec.Struct, frozen=True, gc=False):
    """One event, or a comment (``name`` is then ``:``). ``size`` is its bytes, each line end counted as one.

    ``data`` is the ``data:`` lines joined by LF; ``name`` is "" where the server sent no ``event:`` line.
    """

    name: str
    data: str
    id: str
    size: int


class SseDecoder:
    """Bytes in, events out. One for each stream; :meth:`close` gives what only the end completes."""

    __slots__ = (
        "_data",
        "_dropped",
        "_held",
        "_id",
        "_kept",
        "_name",
        "_pieces",
        "_size",
        "_skip_lf",
        "_start",
        "_stray",
    )

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0
        self._dropped = 0
        self._skip_lf = False
        self._start = True
        self._id = ""
        self._name = ""
        self._data: list[bytes] = []
        self._stray: list[bytes] = []
        self._size = 0
        self._kept = 0

    def feed(self, data: bytes) -> list[SseEvent]:
        """The events these bytes complete."""
        if not data:
            return []
        if self._skip_lf and data[:1] == b"\n":
            data = data[1:]
        self._skip_lf = data[-1:] == b"\r" if data else False
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = data.split(b"\n")
        if self._held or self._dropped:
            self._hold(lines[0])
            if len(lines) == 1:
                return []
            lines[0] = self._take()
        tail = lines.pop()
        events: list[SseEvent] = []
        for line in lines:
            self._line(line, events)
        if tail:
            self._hold(tail)
        return events

    def close(self) -> list[SseEvent]:
        """The last event, where the stream ended without its blank line."""
        events: list[SseEvent] = []
        if self._held or self._dropped:
            self._line(self._take(), events)
        self._dispatch(events)
        return events

    def _hold(self, piece: bytes) -> None:
        if self._held + len(piece) > LARGEST_LINE:
            kept = piece[: LARGEST_LINE - self._held]
            self._dropped += len(piece) - len(kept)
            piece = kept
        if piece:
            self._pieces.append(piece)
            self._held += len(piece)

    def _take(self) -> bytes:
        line = b"".join(self._pieces)
        self._size += self._dropped
        self._pieces, self._held, self._dropped = [], 0, 0
        return line

    def _line(self, line: bytes, events: list[SseEvent]) -> None:
        self._size += len(line) + 1
        if self._start:
            self._start = False
            line = line.removeprefix(BOM)
        if not line:
            self._dispatch(events)
        elif line[:6] == b"data: ":
            self._keep(self._data, line[6:])
        elif line[:5] == b"data:":
            self._keep(self._data, line[5:])
        elif line[:1] == b":":
            events.append(SseEvent(COMMENT, _text(line[1:].removeprefix(b" ")), self._id, len(line) + 1))
            self._size -= len(line) + 1
        else:
            self._field(line)

    def _field(self, line: bytes) -> None:
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"event":
            self._name = _text(value)
        elif field == b"id":
            self._id = self._id if b"\0" in value else _text(value)
        elif field == b"data":
            self._keep(self._data, b"")
        elif field == b"error":
            self._name = self._name or "error"
            self._keep(self._stray, value)
        elif field != b"retry":
            self._keep(self._stray, line)

    def _keep(self, lines: list[bytes], line: bytes) -> None:
        self._kept += len(line)
        if self._kept <= LARGEST_EVENT:
            lines.append(line)

    def _dispatch(self, events: list[SseEvent]) -> None:
        if self._data:
            events.append(self._event(self._data))
        if self._stray:
            events.append(self._event(self._stray))
        self._name = ""
        self._size = self._kept = 0

    def _event(self, lines: list[bytes]) -> SseEvent:
        data = lines[0] if len(lines) == 1 else b"\n".join(lines)
        lines.clear()
        return SseEvent(self._name, data.decode("utf-8", "replace"), self._id, self._size)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")

"""JSON values out of a byte stream, each as soon as its last byte is there.

Gemini streams without ``alt=sse`` are one pretty-printed JSON array whose elements arrive over time; Ollama
sends one object a line; a gateway may answer a stream request with a single object. All three are a sequence
of objects, inside an array or not. Any cut of the bytes gives the same values; time is linear in the bytes.
"""

from __future__ import annotations

import re

from .lenient import BOM

LARGEST_VALUE = 16 * 1024 * 1024
_OUTSIDE = re.compile(rb'["{}\[\]]')
_INSIDE = re.compile(rb'["\\]')
_OPENERS = b"{["


class JsonSplitter:
    """Bytes in, the bytes of whole objects out: the elements of a top-level array, or objects in a row.

    ``array`` tells whether the text began with ``[``, ``ended`` whether that array was closed. Anything
    between the objects (commas, blanks, stray words) is passed over. Objects beyond :data:`LARGEST_VALUE`
    bytes are dropped.
    """

    __slots__ = ("_depth", "_escaped", "_floor", "_held", "_in_string", "_pieces", "array", "ended")

    def __init__(self) -> None:
        self.array = False
        self.ended = False
        self._depth = 0
        self._floor = 0  # the depth values stand at: 1 inside a top-level array
        self._in_string = False
        self._escaped = False
        self._pieces: list[bytes] = []
        self._held = 0

    @property
    def open(self) -> bool:
        """True in the middle of a value, or of the top-level array."""
        return self._depth > 0

    def feed(self, data: bytes) -> list[bytes]:
        """The values these bytes complete."""
        values: list[bytes] = []
        start = at = 0
        if self._escaped and data:
            self._escaped = False
            at = 1
        while match := (_INSIDE if self._in_string else _OUTSIDE).search(data, at):
            mark, at = match[0], match.end()
            if self._in_string:
                at = self._in_text(mark, at, len(data))
            elif mark == b'"':
                self._in_string = self._depth > 0
            elif mark in _OPENERS:
                start = self._opened(mark, match.start(), start)
            elif self._closed():
                values.append(self._take(data[start:at]))
                start = at
        if self._depth > self._floor:
            self._hold(data[start:])
        return [value for value in values if value]

    def _in_text(self, mark: bytes, at: int, length: int) -> int:
        if mark == b'"':
            self._in_string = False
            return at
        self._escaped = at == length
        return at + 1

    def _opened(self, mark: bytes, at: int, start: int) -> int:
        """Count the bracket; returns where the value in hand starts in these bytes."""
        if mark == b"[" and self._depth == 0 and not self.array and self._floor == 0:
            self.array, self._floor, self._depth = True, 1, 1
            return start
        self._depth += 1
        return at if self._depth == self._floor + 1 else start

    def _closed(self) -> bool:
        """Count the bracket; True if it completed a value."""
        if self._depth <= self._floor:
            self.ended = self.ended or (self.array and self._depth == 1)
            self._depth = self._floor = 0
            return False
        self._depth -= 1
        return self._depth == self._floor

    def _hold(self, piece: bytes) -> None:
        self._held += len(piece)
        if self._held <= LARGEST_VALUE:
            self._pieces.append(piece)
        else:
            self._pieces = []

    def _take(self, piece: bytes) -> bytes:
        self._hold(piece)
        value = b"".join(self._pieces)
        self._pieces, self._held = [], 0
        return value.removeprefix(BOM)

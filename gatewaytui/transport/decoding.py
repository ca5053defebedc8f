"""Bodies in an encoding nobody asked for: one gzip or deflate within bounds, anything else is refused."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol as Contract

from . import limits

_RAW_DEFLATE = -zlib.MAX_WBITS
_WINDOWS: Mapping[str, int] = MappingProxyType(
    {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
)


class BadEncoding(Exception):
    """The body cannot be decoded: an encoding we do not read, several at once, broken or cut short."""


class Decoder(Contract):
    """Undoes a content encoding, piece by piece."""

    def feed(self, data: bytes) -> Iterable[bytes]:
        """What these bytes decode to, in pieces of bounded size. Raises BadEncoding."""
        ...

    def close(self) -> None:
        """The body has ended. Raises BadEncoding where the encoding has not."""
        ...


class Identity:
    """No encoding: the bytes as they are."""

    def feed(self, data: bytes) -> Iterable[bytes]:
        """The bytes themselves."""
        return (data,)

    def close(self) -> None:
        """Nothing is left over."""


class Inflater:
    """gzip or deflate. A piece is never larger than ``limits.INFLATED_PIECE``, whatever a bomb would become."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._start = b""
        self._inflate: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes inflate to."""
        if self._inflate is None:
            self._start += data
            if len(self._start) < 2:
                return
            data, self._inflate = self._start, zlib.decompressobj(_window_of(self._start, self._window))
        more = True
        while more:
            try:
                piece = self._inflate.decompress(data, limits.INFLATED_PIECE)
            except zlib.error:
                raise BadEncoding from None
            if self._inflate.unused_data:
                raise BadEncoding  # something after the end: more than one encoding, or not one at all
            data = self._inflate.unconsumed_tail
            more = bool(data) or len(piece) == limits.INFLATED_PIECE
            if piece:
                yield piece

    def close(self) -> None:
        """The compressed data must have reached its own end; no data at all is an empty body."""
        ended = not self._start if self._inflate is None else self._inflate.eof
        if not ended:
            raise BadEncoding


def _window_of(start: bytes, window: int) -> int:
    """Some servers send raw deflate for ``deflate``: the zlib header tells (RFC 1950, 2.2)."""
    zlib_header = start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    return _RAW_DEFLATE if window == zlib.MAX_WBITS and not zlib_header else window


def decoder_for(content_encoding: str) -> Decoder:
    """The decoder for a ``Content-Encoding`` header. Raises BadEncoding for one we do not read, and for several."""
    names = [name for name in content_encoding.lower().replace(" ", "").split(",") if name not in ("", "identity")]
    if not names:
        return Identity()
    if len(names) > 1 or names[0] not in _WINDOWS:
        raise BadEncoding
    return Inflater(_WINDOWS[names[0]])

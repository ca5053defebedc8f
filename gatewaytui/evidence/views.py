"""One text seen in several ways, position for position, so that a fast search tells where a slow one is worth it."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .folding import lowered

_ALNUM = string.ascii_letters + string.digits


def _table(shapes: dict[str, str]) -> bytes:
    """Each byte's shape; what no row names is a blank."""
    of = {char: shape for chars, shape in shapes.items() for char in chars}
    return "".join(of.get(chr(code), " ") for code in range(256)).encode("latin-1")


_DIGITS = _table({string.digits: "0", string.ascii_letters: "a", "_-": "-", **{char: char for char in ".:+"}})
_PIECES = _table({_ALNUM: "a"})
_WORDS = _table({_ALNUM + "_-": "a"})
_BLOBS = _table({_ALNUM + "_-+/": "a"})


@dataclass(frozen=True, slots=True)
class Views:
    """The text as it is, in lower case, and as shapes.

    ``digits`` shows ``0`` for a digit, ``a`` for a letter and keeps ``.:-+`` (``_`` as ``-``); ``pieces``, ``words``
    and ``blobs`` show ``a`` for letters and digits, then for ``_-`` too, then for ``+/`` too. The rest is blanks.
    """

    text: str
    lower: str
    digits: str
    pieces: str
    words: str
    blobs: str

    @classmethod
    def of(cls, text: str) -> Views:
        """The views of a text."""
        data = text.encode("latin-1", "replace")
        return cls(
            text,
            lowered(text),
            *(data.translate(table).decode("latin-1") for table in (_DIGITS, _PIECES, _WORDS, _BLOBS)),
        )

    def word_at(self, at: int) -> tuple[int, int]:
        """Start and end of the word (letters, digits, ``_`` and ``-``) around a position."""
        return around(self.words, at)


def around(shape: str, at: int) -> tuple[int, int]:
    """Start and end of the stretch without blanks around a position."""
    end = shape.find(" ", at)
    return shape.rfind(" ", 0, at) + 1, len(shape) if end < 0 else end


def stretches(scout: str, run: str, shape: str) -> Iterator[tuple[int, int]]:
    """Every stretch of ``shape`` without blanks inside of which ``scout`` shows the run, in order."""
    at = scout.find(run)
    while at >= 0:
        start, end = around(shape, at)
        yield start, end
        at = scout.find(run, end)


def windows(places: Iterable[int], before: int, after: int, length: int) -> Iterator[tuple[int, int]]:
    """The neighbourhoods of some places in order, joined where they overlap."""
    start = end = -1
    for place in places:
        low, high = max(0, place - before), min(length, place + after)
        if low <= end:
            end = max(end, high)
            continue
        if end >= 0:
            yield start, end
        start, end = low, high
    if end >= 0:
        yield start, end

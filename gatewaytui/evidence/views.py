"""One text seen in several ways, position for position, so that a fast search tells where a slow one is worth it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

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
_SHORT = 4_096
"""Shorter texts are their own sketch."""
_AT_ONCE = 1 << 16
_ROW_END = re.compile(r"[}\n]")
_SKETCH = bytes(range(256)).lower().translate(bytes.maketrans(b"0123456789}", b"0000000000\n"))
_ZEROS = str.maketrans(string.digits, "0" * len(string.digits))


class Views(msgspec.Struct, frozen=True, dict=True):
    """The text as it is, in lower case, and as shapes; each is made when it is first asked for.

    ``digits`` shows ``0`` for a digit, ``a`` for a letter and keeps ``.:-+`` (``_`` as ``-``); ``pieces``, ``words``
    and ``blobs`` show ``a`` for letters and digits, then for ``_-`` too, then for ``+/`` too. The rest is blanks.
    """

    text: str

    @cached_property
    def lower(self) -> str:
        """ASCII letters in lower case."""
        return lowered(self.text)

    @cached_property
    def digits(self) -> str:
        """Digits, letters and the signs of an address."""
        return self._shape(_DIGITS)

    @cached_property
    def pieces(self) -> str:
        """Letters and digits."""
        return self._shape(_PIECES)

    @cached_property
    def words(self) -> str:
        """Letters, digits, ``_`` and ``-``."""
        return self._shape(_WORDS)

    @cached_property
    def blobs(self) -> str:
        """What base64 is made of."""
        return self._shape(_BLOBS)

    @property
    def sketch(self) -> Views:
        """The same of what :func:`_sketched` leaves of the text, where looking for nothing costs next to nothing."""
        return self if len(self.text) < _SHORT else self._sketch

    @cached_property
    def _sketch(self) -> Views:
        return Views(_sketched(self.text))

    def may_hold(self, literal: str) -> bool:
        """False if the lower-case literal (without ``}``) stands nowhere in the lower-case text."""
        if self.sketch is self:
            return literal in self.lower
        return literal.partition(" ")[0].translate(_ZEROS) in self.sketch.text

    def _shape(self, table: bytes) -> str:
        return self.text.encode("latin-1", "replace").translate(table).decode("latin-1")

    def word_at(self, at: int) -> tuple[int, int]:
        """Start and end of the word (letters, digits, ``_`` and ``-``) around a position."""
        return around(self.words, at)


def _sketched(text: str) -> str:
    """Every word of the text once, in lower case and with ``0`` for each digit.

    Rows come first, ended by a line's end or ``}``, since a log's rows often differ in their numbers only. What has
    no blank and no ``}`` in it and stands in the text stands here too, its line ends included.
    """
    rows = {b""}
    at = 0
    while at < len(text):  # part by part: little memory, used again
        end = _ROW_END.search(text, at + _AT_ONCE)
        until = end.end() if end else len(text)
        rows.update(text[at:until].encode("utf-8", "surrogatepass").translate(_SKETCH).split(b"\n"))
        at = until
    words = set(b"\n ".join((*rows, b"")).split(b" "))
    return b" ".join(words).decode("utf-8", "surrogatepass")


def around(shape: str, at: int) -> tuple[int, int]:
    """Start and end of the stretch without blanks around a position."""
    end = shape.find(" ", at)
    return shape.rfind(" ", 0, at) + 1, len(shape) if end < 0 else end


def stretches(views: Views, scouted: str, run: str, shaped: str) -> Iterator[tuple[int, int]]:
    """Every stretch of the view ``shaped`` without blanks inside of which ``scouted`` shows the run, in order."""
    if run not in getattr(views.sketch, scouted):
        return
    scout, shape = getattr(views, scouted), getattr(views, shaped)
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

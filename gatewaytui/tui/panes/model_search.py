"""What a filter looks in: folded once, searched word by word at every key.

An id is a text of its own; a provider or a set of endpoint types is shared by thousands of rows and looked at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from gatewaytui.domain.catalogue import ModelTexts
from gatewaytui.domain.coded import Coded

_BLOCK = 64
_APART = "\n"


class Haystack:
    """The folded texts of rows: ``own`` are those of each row, ``shared`` are columns of others. Immutable."""

    def __init__(self, own: Sequence[str], shared: tuple[Coded[str], ...]) -> None:
        self._own = own
        self._shared = shared
        self._blocks = [_APART.join(own[at : at + _BLOCK]) for at in range(0, len(own), _BLOCK)]

    @classmethod
    def of(cls, texts: ModelTexts, beside: Sequence[str] = ()) -> Haystack:
        """Ids, names, aliases, providers, endpoint types, and words that stand ``beside`` each row."""
        own = [texts.id, *(column for column in (texts.name, beside) if any(column))]
        lines = texts.id if len(own) == 1 else list(map(" ".join, zip(*own, strict=True)))
        several = (texts.endpoint_types, texts.aliases)
        shared = (texts.provider, *(column.with_values(" ".join) for column in several))
        return cls(_folded(lines), tuple(column.with_values(str.casefold) for column in shared))

    def ordered(self, order: Sequence[int]) -> Haystack:
        """The same rows in another order."""
        return Haystack([self._own[row] for row in order], tuple(column.ordered(order) for column in self._shared))

    def holding(self, word: str, places: Sequence[int]) -> Sequence[int]:
        """Those of the places whose texts hold the folded word; both ascend."""
        marks = self._marks(word)
        if marks is None:
            return self._in_own(word, places)
        if 0 not in marks:
            return places
        own = self._own
        return [place for place in places if marks[place] or word in own[place]]

    def _marks(self, word: str) -> bytes | None:
        """A byte a row, not 0 where a text that it shares holds the word; None where no such text does."""
        marks = 0
        for column in self._shared:
            wanted = [word in text for text in column.values]
            if any(wanted):
                marks |= int.from_bytes(column.having(wanted), "big")
        return marks.to_bytes(len(self._own), "big") if marks else None

    def _in_own(self, word: str, places: Sequence[int]) -> Sequence[int]:
        own = self._own
        if not isinstance(places, range):
            return [place for place in places if word in own[place]]
        found: list[int] = []
        for number, block in enumerate(self._blocks):
            if word in block:
                begin = number * _BLOCK
                found += [at for at, text in enumerate(own[begin : begin + _BLOCK], begin) if word in text]
        return found


def _folded(texts: Sequence[str]) -> Sequence[str]:
    """The texts folded, and close together in memory, whatever order their models came in."""
    apart = _APART.join(texts).casefold().split(_APART)  # once for all
    if len(apart) != len(texts):  # a hostile id has a line break in it
        return [text.casefold().replace(_APART, " ") for text in texts]
    return apart

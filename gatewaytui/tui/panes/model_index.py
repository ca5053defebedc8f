"""A catalogue to look through: what matches as it is typed, grouped or not, and its rows laid out for a width.

Rows are formatted when they come into view, so that fifty thousand cost what fifty do (design/measuring.md).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets.columns import Column, aligned, head, widths
from gatewaytui.tui.widgets.ink import Ink, Line

from .model_columns import Field, fields_of

_NO_PROVIDER = "other"
_LONGEST = 80
_MARK = "●"
_MARKS = Column("", rank=8)


@dataclass(frozen=True, slots=True)
class Matches:
    """Which models match a filter: their places in the catalogue, in its order."""

    words: str
    places: Sequence[int]


@dataclass(frozen=True, slots=True)
class ModelIndex:
    """A catalogue made ready once. ``haystacks`` are the folded texts a filter looks in, one a model.

    ``starts`` are the places where the groups begin; () where it is in the list's own order.
    """

    models: tuple[ModelInfo, ...]
    haystacks: tuple[str, ...]
    fields: tuple[Field, ...]
    starts: tuple[int, ...] = ()

    @classmethod
    def of(cls, models: tuple[ModelInfo, ...]) -> ModelIndex:
        """The index of these models."""
        return cls(models, tuple(map(_haystack, models)), fields_of(models))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The mark of the chosen model, then the columns the catalogue has."""
        return (_MARKS, *(field.column for field in self.fields))

    def everything(self) -> Matches:
        """Every model."""
        return Matches("", range(len(self.models)))

    def narrowed(self, before: Matches, words: str) -> Matches:
        """The models that hold every word; looks only in what matched before where the text merely grew."""
        wanted = words.casefold()
        places = before.places if wanted.startswith(before.words) else range(len(self.models))
        haystacks = self.haystacks
        for word in wanted.split():
            places = [place for place in places if word in haystacks[place]]
        return Matches(wanted, places)

    def by_provider(self) -> ModelIndex:
        """The same catalogue in the order of its providers."""
        order = sorted(range(len(self.models)), key=lambda place: provider_of(self.models[place]).casefold())
        models = tuple(self.models[place] for place in order)
        haystacks = tuple(self.haystacks[place] for place in order)
        return ModelIndex(models, haystacks, self.fields, _starts(models))

    def rows(self, matches: Matches) -> Sequence[int]:
        """The rows to show: a place each; by provider, ``~place`` heads the group of the model at that place."""
        if not self.starts:
            return matches.places
        places, rows = matches.places, list[int]()
        edges = [bisect_left(places, start) for start in self.starts] + [len(places)]
        for begin, end in pairwise(edges):
            if begin < end:
                rows.append(~places[begin])
                rows += places[begin:end]
        return rows


class ModelLines(Sequence[Line]):
    """Rows as lines, formatted when asked for; a negative row is a group's head. ``chosen`` is the id to mark."""

    def __init__(self, index: ModelIndex, rows: Sequence[int], room: int, chosen: str) -> None:
        self._index = index
        self._rows = rows
        self._columns = index.columns
        self._cells = widths(
            self._columns, [((_MARK, Ink.ACCENT), *(field.widest(room) for field in index.fields))], room
        )
        self._chosen = chosen

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Line: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Line]: ...
    def __getitem__(self, at: int | slice) -> Line | Sequence[Line]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        row = self._rows[at]
        if row < 0:
            return ((safe_line(provider_of(self._index.models[~row]), _LONGEST), Ink.ACCENT),)
        model = self._index.models[row]
        mark = _MARK if model.id == self._chosen else " "
        cells = ((mark, Ink.ACCENT), *((field.text(model), field.ink) for field in self._index.fields))
        return aligned(self._columns, cells, self._cells)

    @property
    def head(self) -> Line:
        """The line of heads."""
        return head(self._columns, self._cells)

    def model_at(self, at: int) -> ModelInfo | None:
        """The model of a row; None for a group's head or no row."""
        row = self._rows[at] if 0 <= at < len(self._rows) else -1
        return self._index.models[row] if row >= 0 else None


def provider_of(model: ModelInfo) -> str:
    """Whose model it is: as listed, else the first part of an id written ``provider/name``."""
    return model.provider or (model.id.partition("/")[0] if "/" in model.id else _NO_PROVIDER)


def _starts(models: Sequence[ModelInfo]) -> tuple[int, ...]:
    names = [provider_of(model).casefold() for model in models]
    return tuple(place for place, name in enumerate(names) if place == 0 or name != names[place - 1])


def _haystack(model: ModelInfo) -> str:
    parts = (model.id, model.name, model.provider, *model.aliases, *model.endpoint_types)
    return " ".join(parts).casefold()

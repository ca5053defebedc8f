"""A catalogue to look through: what matches as it is typed, in which order, grouped or not, laid out for a width.

Rows are formatted when they come into view, so that fifty thousand cost what fifty do (design/measuring.md).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Any, overload

import msgspec
from rich.cells import cell_len

from gatewaytui.domain.catalogue import ModelInfo, ModelTable
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets.columns import Column, aligned, head, widths
from gatewaytui.tui.widgets.ink import Ink, Line

from .model_columns import Field, fields_of
from .model_search import Haystack

_NO_PROVIDER = "other"
_LONGEST = 80
_MARK = "●"
_MARKS = Column("", rank=8)


class Sort(StrEnum):
    """The orders of a list; the values are what the screen calls them."""

    LISTED = "as listed"
    ID = "by id"
    PROVIDER = "by provider"
    CONTEXT = "by context, longest first"
    PRICE = "by price, cheapest first"

    @property
    def after(self) -> Sort:
        """The order that the key turns to next."""
        orders = tuple(Sort)
        return orders[(orders.index(self) + 1) % len(orders)]


_KEYS: Mapping[Sort, Callable[[ModelTable], Sequence[Any]]] = MappingProxyType(
    {
        Sort.ID: lambda models: [id.casefold() for id in models.texts.id],
        Sort.PROVIDER: lambda models: _providers(models),
        Sort.CONTEXT: lambda models: [math.inf if size is None else -size for size in models.numbers.context],
        Sort.PRICE: lambda models: [
            tuple(math.inf if price is None else price for price in prices)
            for prices in zip(models.numbers.input_price, models.numbers.output_price, strict=True)
        ],
    }
)


class Matches(msgspec.Struct, frozen=True):
    """Which models match a filter: their places in the index, in its order; ``wider`` is what was narrowed."""

    words: str
    places: Sequence[int]
    wider: Matches | None = None


class Rows:
    """What there is to look through, in the order it came. ``fields`` show the model at a place.

    ``sources`` say from which of several lists a model is, ``beside`` gives more words of its row that a filter
    finds; () where there is one list, or nothing more.
    """

    def __init__(
        self,
        models: Sequence[ModelInfo],
        columns: Callable[[ModelTable], tuple[Field, ...]] = fields_of,
        sources: Sequence[int] = (),
        beside: Sequence[str] = (),
    ) -> None:
        self.models = ModelTable.of(models)
        self._columns = columns
        self.sources = sources
        self._beside = beside

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns there is something for; they take longer than all that a search needs."""
        return self._columns(self.models)

    @cached_property
    def haystack(self) -> Haystack:
        """What a filter looks in."""
        return Haystack.of(self.models.texts, self._beside)


class ModelIndex:
    """Rows in an order, to be searched and shown. Immutable to those who use it; made ready when first needed.

    ``order`` are the places of the rows in this order, ``starts`` where its groups begin; () where it has none.
    """

    def __init__(self, rows: Rows, order: Sequence[int], starts: tuple[int, ...] = ()) -> None:
        self._rows = rows
        self._order = order
        self._starts = starts

    @classmethod
    def of(cls, models: Sequence[ModelInfo]) -> ModelIndex:
        """The index of one list."""
        return cls.over(Rows(models))

    @classmethod
    def over(cls, rows: Rows) -> ModelIndex:
        """The index of rows, in their own order."""
        return cls(rows, range(len(rows.models)))

    def __len__(self) -> int:
        return len(self._order)

    def model(self, place: int) -> ModelInfo:
        """The model at a place."""
        return self._rows.models[self._order[place]]

    def id(self, place: int) -> str:
        """Its id alone."""
        return self._rows.models.texts.id[self._order[place]]

    def source(self, place: int) -> int:
        """From which of several lists it is; 0 is the first."""
        return self._rows.sources[self._order[place]] if self._rows.sources else 0

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns there is something for."""
        return self._rows.fields

    @property
    def columns(self) -> tuple[Column, ...]:
        """The mark of the chosen model, then the columns there is something for."""
        return (_MARKS, *(field.column for field in self.fields))

    def cells(self, place: int) -> list[tuple[str, Ink]]:
        """What the columns show of the model at a place."""
        row = self._order[place]
        return [field.cell(row) for field in self.fields]

    @cached_property
    def _haystack(self) -> Haystack:
        whole = self._rows.haystack
        return whole if isinstance(self._order, range) else whole.ordered(self._order)

    def searchable(self) -> ModelIndex:
        """Fold the texts now: beside the screen, so that the first key typed need not wait for it."""
        _ = self._haystack
        return self

    def laid_out(self) -> ModelIndex:
        """Work out the columns now, beside the screen too."""
        _ = self.fields
        return self

    def everything(self) -> Matches:
        """Every model."""
        return Matches("", range(len(self)))

    def narrowed(self, before: Matches, words: str) -> Matches:
        """The models that hold every word; looks only in what matched a text that merely grew, typed on or back."""
        wanted = words.casefold()
        while not wanted.startswith(before.words):
            before = before.wider or self.everything()
        if wanted == before.words:
            return before
        places = before.places
        for word in wanted.split():
            places = self._haystack.holding(word, places)
        return Matches(wanted, places, before)

    def arranged(self, sort: Sort, by_provider: bool = False) -> ModelIndex:
        """The same rows in this order, and under their providers."""
        models = self._rows.models
        order: Sequence[int] = range(len(models))
        if sort in _KEYS:
            order = sorted(order, key=_KEYS[sort](models).__getitem__)
        if not by_provider:
            return ModelIndex(self._rows, order)
        names = _providers(models)
        order = sorted(order, key=names.__getitem__)
        starts = tuple(at for at, row in enumerate(order) if at == 0 or names[row] != names[order[at - 1]])
        return ModelIndex(self._rows, order, starts)

    def rows(self, matches: Matches) -> Sequence[int]:
        """The rows to show: a place each; by provider, ``~place`` heads the group of the model at that place."""
        if not self._starts:
            return matches.places
        places, rows = matches.places, list[int]()
        edges = [bisect_left(places, start) for start in self._starts] + [len(places)]
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
            return ((safe_line(provider_of(self._index.model(~row)), _LONGEST), Ink.ACCENT),)
        mark = _MARK if self._index.id(row) == self._chosen else " "
        return aligned(self._columns, ((mark, Ink.ACCENT), *self._index.cells(row)), self._cells)

    @property
    def head(self) -> Line:
        """The line of heads."""
        return head(self._columns, self._cells)

    def cut_at(self, at: int) -> str:
        """The texts of a row that its columns do not hold whole; "" where they do."""
        place = self.place_at(at)
        texts = [] if place is None else [text for text, _ in self._index.cells(place)]
        held = zip(texts, self._cells[1:], strict=False)
        return "  ".join(texts) if any(cell_len(text) > width for text, width in held) else ""

    def place_at(self, at: int) -> int | None:
        """The place of the model in a row; None for a group's head or no row."""
        row = self._rows[at] if 0 <= at < len(self._rows) else -1
        return row if row >= 0 else None


def provider_of(model: ModelInfo) -> str:
    """Whose model it is: as listed, else the first part of an id written ``provider/name``."""
    return _provider(model.id, model.provider)


def _provider(id: str, listed: str) -> str:
    return listed or (id.partition("/")[0] if "/" in id else _NO_PROVIDER)


def _providers(models: ModelTable) -> list[str]:
    """The providers, folded."""
    texts = models.texts
    return [_provider(*named).casefold() for named in zip(texts.id, texts.provider, strict=True)]

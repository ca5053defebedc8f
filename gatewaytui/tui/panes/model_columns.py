"""The columns of a model list: what each shows, how wide it must be, and which of them a catalogue has at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from gatewaytui.domain.catalogue import ModelTable
from gatewaytui.domain.coded import Coded
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column
from gatewaytui.tui.widgets.ink import Ink

_FILL = "0"
_MODEL = Column("model", rank=9)
_LONGEST_ID = 80
_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 4


class Field(msgspec.Struct, frozen=True):
    """A column with the cell it shows of the model at a place, and the cells its widest text takes; 0 where no model
    has any.

    No text takes more than three fifths of the room.
    """

    column: Column
    cell: Callable[[int], Cell]
    width: int

    def widest(self, room: int) -> Cell:
        """A text as wide as the widest may be, for laying out."""
        return _FILL * min(self.width, room * 3 // 5), Ink.PLAIN


def fields_of(models: ModelTable) -> tuple[Field, ...]:
    """The columns this catalogue has something for; texts are formatted when shown."""
    texts, numbers = models.texts, models.numbers
    prices = {price for price in (*numbers.input_price, *numbers.output_price) if price is not None}
    decimals = _decimals(prices)
    every = (
        id_field(models),
        _shared(Column("provider", rank=5), 16, texts.provider),
        _number("context", 4, numbers.context),
        _number("max out", 2, numbers.max_output),
        _price("$/M in", numbers.input_price, decimals),
        _price("$/M out", numbers.output_price, decimals),
        _shared(Column("endpoints", gives=True), 40, texts.endpoint_types.with_values(", ".join)),
    )
    return tuple(field for field in every if field.width)


def id_field(models: ModelTable) -> Field:
    """The column of the ids."""
    return words_field(_MODEL, _LONGEST_ID, Ink.PLAIN, models.texts.id)


def words_field(column: Column, longest: int, ink: Ink, texts: Sequence[str]) -> Field:
    """A column of these texts of the server, cut at so many characters."""
    width = min(max(map(len, texts), default=0), longest)
    return Field(column, lambda place: (safe_line(texts[place], longest), ink), width)


def _shared(column: Column, longest: int, texts: Coded[str]) -> Field:
    """A column of texts that many rows share, muted."""
    shown = texts.with_values(lambda text: safe_line(text, longest))
    width = min(max(map(len, texts.values), default=0), longest)
    return Field(column, lambda place: (shown[place], Ink.MUTED), width)


def _number(head: str, rank: int, numbers: Sequence[int | None]) -> Field:
    def cell(place: int) -> Cell:
        number = numbers[place]
        return "" if number is None else figures.grouped(number), Ink.PLAIN

    largest = max([number for number in numbers if number is not None], default=None)
    width = 0 if largest is None else len(figures.grouped(largest))
    return Field(Column(head, right=True, rank=rank), cell, width)


def _price(head: str, prices: Sequence[float | None], decimals: int) -> Field:
    def cell(place: int) -> Cell:
        price = prices[place]
        return "" if price is None else _money(price, decimals), Ink.PLAIN

    dearest = max([price for price in prices if price is not None], default=None)
    width = 0 if dearest is None else len(_money(dearest, decimals))
    return Field(Column(head, right=True, rank=3), cell, width)


def _decimals(prices: Iterable[float]) -> int:
    """As many decimals as the finest price needs."""
    return max(map(decimals_of, prices), default=_FEWEST_DECIMALS)


def decimals_of(price: float) -> int:
    """As many decimals as this price needs, at least two."""
    shown = f"{price:.{_MOST_DECIMALS}f}".rstrip("0")
    return max(len(shown) - shown.index(".") - 1, _FEWEST_DECIMALS)


def _money(price: float, decimals: int) -> str:
    """Points below each other: zeros beyond the cents are blanks."""
    shown = figures.grouped(price, decimals)
    cents = len(shown) - decimals + _FEWEST_DECIMALS
    return shown[:cents] + shown[cents:].rstrip("0").ljust(decimals - _FEWEST_DECIMALS)

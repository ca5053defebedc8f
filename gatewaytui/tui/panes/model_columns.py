"""The columns of a model list: what each shows, how wide it must be, and which of them a catalogue has at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column
from gatewaytui.tui.widgets.ink import Ink

_FILL = "0"
_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 4


@dataclass(frozen=True, slots=True)
class Field:
    """A column with the text it shows of a model and the cells its widest text takes; 0 where no model has any.

    No text takes more than three fifths of the room.
    """

    column: Column
    ink: Ink
    text: Callable[[ModelInfo], str]
    width: int

    def widest(self, room: int) -> Cell:
        """A text as wide as the widest may be, for laying out."""
        return _FILL * min(self.width, room * 3 // 5), self.ink


def fields_of(models: Sequence[ModelInfo]) -> tuple[Field, ...]:
    """The columns this catalogue has something for. One pass over the numbers; texts are formatted when shown."""
    decimals = _decimals(models)
    every = (
        _words(Column("model", rank=9), 80, Ink.PLAIN, lambda model: model.id, models),
        _words(Column("provider", rank=5), 16, Ink.MUTED, lambda model: model.provider, models),
        _number("context", 4, lambda model: model.context, models),
        _number("max out", 2, lambda model: model.max_output, models),
        _price("$/M in", lambda model: model.input_price, models, decimals),
        _price("$/M out", lambda model: model.output_price, models, decimals),
        _words(Column("endpoints", gives=True), 40, Ink.MUTED, lambda model: ", ".join(model.endpoint_types), models),
    )
    return tuple(field for field in every if field.width)


def _words(
    column: Column, longest: int, ink: Ink, text: Callable[[ModelInfo], str], models: Sequence[ModelInfo]
) -> Field:
    width = min(max(map(len, map(text, models)), default=0), longest)
    return Field(column, ink, lambda model: safe_line(text(model), longest), width)


def _number(head: str, rank: int, value: Callable[[ModelInfo], int | None], models: Sequence[ModelInfo]) -> Field:
    def text(model: ModelInfo) -> str:
        number = value(model)
        return "" if number is None else figures.grouped(number)

    largest = max((number for number in map(value, models) if number is not None), default=None)
    return Field(
        Column(head, right=True, rank=rank), Ink.PLAIN, text, 0 if largest is None else len(figures.grouped(largest))
    )


def _price(
    head: str, value: Callable[[ModelInfo], float | None], models: Sequence[ModelInfo], decimals: int
) -> Field:
    def text(model: ModelInfo) -> str:
        price = value(model)
        return "" if price is None else _money(price, decimals)

    dearest = max((price for price in map(value, models) if price is not None), default=None)
    width = 0 if dearest is None else len(_money(dearest, decimals))
    return Field(Column(head, right=True, rank=3), Ink.PLAIN, text, width)


def _decimals(models: Sequence[ModelInfo]) -> int:
    """As many decimals as the finest price needs, at least two."""
    prices = {price for model in models for price in (model.input_price, model.output_price) if price is not None}
    return max((_needed(price) for price in prices), default=_FEWEST_DECIMALS)


def _needed(price: float) -> int:
    shown = f"{price:.{_MOST_DECIMALS}f}".rstrip("0")
    return max(len(shown) - shown.index(".") - 1, _FEWEST_DECIMALS)


def _money(price: float, decimals: int) -> str:
    """Points below each other: zeros beyond the cents are blanks."""
    shown = figures.grouped(price, decimals)
    cents = len(shown) - decimals + _FEWEST_DECIMALS
    return shown[:cents] + shown[cents:].rstrip("0").ljust(decimals - _FEWEST_DECIMALS)

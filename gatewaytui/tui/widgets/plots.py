"""Spreads drawn in characters over a common axis: bars with whiskers, and percentiles as marks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import msgspec
from rich.cells import cell_len

from gatewaytui.diagnosis.spread import FEWEST_FOR_P50, FEWEST_FOR_P90
from gatewaytui.diagnosis.statistics import FEWEST_FOR_P95, FEWEST_FOR_P99
from gatewaytui.domain.comparison import BEST, Spread

from .figures import NOT_MEASURED, grouped, padded
from .ink import Ink, Line

_LABEL_MOST = 18
_GAP = 2
_TICK_CELLS = 10
_NARROWEST = 12
_APART = "   "


class PlotRow(msgspec.Struct, frozen=True):
    """A target's spread; ``best`` gives it the sign of the best, ``silent`` says why there is none."""

    label: str
    spread: Spread
    best: bool = False
    silent: str = "no answer"


class _Percentile(msgspec.Struct, frozen=True):
    """A percentile, its mark, from how many values on it means something, and how it is read."""

    name: str
    mark: str
    fewest: int
    read: Callable[[Spread], float | None]


_PERCENTILES = (
    _Percentile("p50", "●", FEWEST_FOR_P50, lambda spread: spread.p50),
    _Percentile("p90", "○", FEWEST_FOR_P90, lambda spread: spread.p90),
    _Percentile("p95", "◆", FEWEST_FOR_P95, lambda spread: spread.p95),
    _Percentile("p99", "◇", FEWEST_FOR_P99, lambda spread: spread.p99),
)


class _Axis(msgspec.Struct, frozen=True):
    """From 0 to ``top`` over ``room`` cells."""

    top: float
    room: int

    def cell(self, value: float) -> int:
        """Where a value stands."""
        return min(round(value / self.top * (self.room - 1)), self.room - 1) if self.top else 0

    @property
    def step(self) -> float:
        """Between two ticks: 1, 2 or 5 times a power of ten, as many as there is room to read."""
        least = self.top * _TICK_CELLS / max(self.room, 1)
        if least <= 0:
            return 1.0
        power = 10.0 ** math.floor(math.log10(least))
        return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))

    @property
    def ticks(self) -> list[float]:
        """The values that are named."""
        return [number * self.step for number in range(int(self.top / self.step + 1e-9) + 1)] if self.top else [0.0]

    def names(self) -> str:
        """The values over their ticks."""
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        line = ""
        for tick in self.ticks:
            text = grouped(tick, decimals)
            at = min(self.cell(tick), self.room - cell_len(text))
            if at >= cell_len(line) + (1 if line else 0):
                line = padded(line, at) + text
        return padded(line, self.room)

    def rule(self) -> str:
        """The line below them."""
        at = {self.cell(tick) for tick in self.ticks}
        return "".join("┴" if cell in at else "─" for cell in range(self.room))


def bar_plot(title: str, unit: str, rows: Sequence[PlotRow], width: int) -> tuple[Line, ...]:
    """A bar a row from 0 to the median, a whisker from the lowest to the highest, the figures beside it."""
    middles = [_figure(row.spread.middle) for row in rows]
    ranges = [_range(row.spread) for row in rows]
    counts = [f"n {row.spread.n}" if row.spread.n else "" for row in rows]
    heads = (f"p50 {unit}", "low–high", "")
    columns = [_fitted(head, cells) for head, cells in zip(heads, (middles, ranges, counts), strict=True)]
    beside = [f"{BEST} " if row.best else "  " for row in rows]
    axis, label = _frame(rows, width, sum(columns) + 2 * _GAP + len(BEST) + 1)
    head = "  " + (" " * _GAP).join(padded(name, wide, right=True) for name, wide in zip(heads, columns, strict=True))
    lines = list(_head(title, unit, axis, label, head))
    for row, sign, *cells in zip(rows, beside, middles, ranges, counts, strict=True):
        ink = Ink.PASSED if row.best else Ink.STRONG
        figures = zip(cells, columns, strict=True)
        shown = [(" " * _GAP + padded(text, wide, right=True), Ink.MUTED) for text, wide in figures]
        tail = ((sign + padded(cells[0], columns[0], right=True), ink), *shown[1:]) if row.spread.n else ()
        lines.append((_label(row, label), *_bar(row, axis), (" " * _GAP, Ink.PLAIN), *tail))
    return (*lines, (("━ to the p50 ┃   ├ lowest   ┤ highest", Ink.MUTED),))


def percentile_plot(title: str, unit: str, rows: Sequence[PlotRow], width: int) -> tuple[Line, ...]:
    """A row a target with a mark at each percentile that its number of values allows, the figures beside it."""
    table = [[_figure(one.read(row.spread)) for one in _PERCENTILES] for row in rows]
    columns = [_fitted(one.name, [cells[i] for cells in table]) for i, one in enumerate(_PERCENTILES)]
    counts = [f"n {row.spread.n}" for row in rows]
    columns.append(_fitted("", counts))
    axis, label = _frame(rows, width, sum(columns) + (len(columns) - 1) * _GAP)
    names = [one.name for one in _PERCENTILES] + [""]
    head = (" " * _GAP).join(padded(name, wide, right=True) for name, wide in zip(names, columns, strict=True))
    lines = list(_head(title, unit, axis, label, head))
    for row, cells, count in zip(rows, table, counts, strict=True):
        told = zip((*cells, count), columns, strict=True)
        tail = (" " * _GAP).join(padded(text, wide, right=True) for text, wide in told)
        lines.append((_label(row, label), *_marks(row, axis), (" " * _GAP, Ink.PLAIN), (tail, Ink.PLAIN)))
    return (*lines, *_legend(rows, width))


def _frame(rows: Sequence[PlotRow], width: int, beside: int) -> tuple[_Axis, int]:
    label = min(max((cell_len(row.label) for row in rows), default=0), _LABEL_MOST) + _GAP
    label = max(label, _LABEL_MOST // 2 + _GAP)
    highest = max((row.spread.high for row in rows if row.spread.high is not None), default=0.0)
    return _Axis(highest, max(width - label - _GAP - beside, _NARROWEST)), label


def _head(title: str, unit: str, axis: _Axis, label: int, beside: str) -> tuple[Line, Line]:
    return (
        (
            (padded(title, label), Ink.STRONG),
            (axis.names(), Ink.MUTED),
            (" " * _GAP, Ink.PLAIN),
            (beside, Ink.MUTED),
        ),
        ((padded(unit, label), Ink.MUTED), (axis.rule(), Ink.MUTED)),
    )


def _label(row: PlotRow, width: int) -> tuple[str, Ink]:
    return padded(padded(row.label, width - _GAP), width), Ink.STRONG


def _bar(row: PlotRow, axis: _Axis) -> Line:
    spread, middle = row.spread, row.spread.middle
    if middle is None or spread.low is None or spread.high is None:
        return ((padded(row.silent, axis.room), Ink.MUTED),)
    low, at, high = (axis.cell(value) for value in (spread.low, middle, spread.high))
    solid = ["━"] * at
    if low < at:
        solid[low] = "├"
    thin = "─" * max(high - at - 1, 0) + ("┤" if high > at else "")
    return (
        ("".join(solid), Ink.PASSED if row.best else Ink.ACCENT),
        ("┃", Ink.STRONG),
        (padded(thin, axis.room - at - 1), Ink.MUTED),
    )


def _marks(row: PlotRow, axis: _Axis) -> Line:
    if not row.spread.n:
        return ((padded(row.silent, axis.room), Ink.MUTED),)
    found = [(axis.cell(value), one.mark) for one in _PERCENTILES if (value := one.read(row.spread)) is not None]
    if not found:
        return ((padded(f"n too small: {row.spread.n}", axis.room), Ink.MUTED),)
    cells = [" "] * axis.room
    for cell in range(found[0][0], found[-1][0] + 1):
        cells[cell] = "─"
    for cell, mark in reversed(found):  # the median is never hidden
        cells[cell] = mark
    return (("".join(cells), Ink.ACCENT),)


def _legend(rows: Sequence[PlotRow], width: int) -> tuple[Line, ...]:
    marks = "  ".join(f"{one.mark} {one.name}" for one in _PERCENTILES)
    answered = [row.spread.n for row in rows if row.spread.n]
    missing = [f"{one.name} needs {one.fewest}" for one in _PERCENTILES if any(n < one.fewest for n in answered)]
    if not missing:
        return (((marks, Ink.MUTED),),)
    small = f"n too small: {', '.join(missing)}"
    if cell_len(marks) + len(_APART) + cell_len(small) > width:
        return ((marks, Ink.MUTED),), ((small, Ink.WARNED),)
    return (((marks, Ink.MUTED), (_APART + small, Ink.WARNED)),)


def _figure(value: float | None) -> str:
    return NOT_MEASURED if value is None else grouped(value, 1 if value < 100 else 0)


def _range(spread: Spread) -> str:
    if spread.n < 2 or spread.low is None or spread.high is None:
        return ""
    return f"{_figure(spread.low)}–{_figure(spread.high)}"


def _fitted(head: str, cells: Sequence[str]) -> int:
    return max((cell_len(text) for text in (head, *cells)), default=0)

"""A comparison as a table for a person: a row for each target, the best figure of a column marked, notes below."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from gatewaytui.diagnosis.comparison_notes import names
from gatewaytui.diagnosis.contest import contenders, cost_contenders
from gatewaytui.domain.comparison import BEST, ESTIMATED, ESTIMATED_MEANS, ColumnFacts, Comparison, Metric, Spread
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Run, TargetFacts
from gatewaytui.domain.text import safe_line

from . import output
from .compare_changes import changed
from .compare_figures import NAMES, NOT_MEASURED, chosen_words, cost, how_many, number, off, span, unit

_NEVER_LEFT_OUT = 95
_WIDEST_ID = 48
_NARROWEST = 40


class _Row(msgspec.Struct, frozen=True):
    """A target; ``name`` is what tells it from the others."""

    facts: TargetFacts
    column: ColumnFacts
    name: str


class _Table(msgspec.Struct, frozen=True):
    """The table as drawn; whether its figures had room for their uncertainty, and the columns that had none."""

    drawn: str
    exact: bool
    left_out: tuple[str, ...] = ()

    def has(self, sign: str) -> bool:
        """Whether a figure carries the sign."""
        return any(f" {sign}" in line for line in self.drawn.splitlines()[1:])


class _Head(msgspec.Struct, frozen=True):
    """A column of the table; those of the lowest rank are left out first. ``value`` is what the best is picked by.

    ``exact`` is the cell with its uncertainty, for a table that has room for it. ``among`` are the targets that may
    be the best.
    """

    name: str
    rank: int
    cell: Callable[[_Row], str]
    right: bool = False
    value: Callable[[_Row], float | None] | None = None
    most_is_best: bool = False
    exact: Callable[[_Row], str] | None = None
    among: Callable[[Sequence[ColumnFacts]], frozenset[int]] = lambda _: frozenset()


def text(run: Run, baseline: str, width: int | None) -> str:
    """Table, notes and, with a baseline's name, what changed against it. ``width`` None has room for everything."""
    comparison = run.comparison
    if comparison is None:
        return ""
    table = _table(run, comparison, width)
    below = "".join(_wrapped(line, width) for line in (*chosen_words(run.targets), *_below(comparison, table)))
    parts = (table.drawn, below, changed(run, comparison, baseline, width))
    return "\n".join(part for part in parts if part)


def _wrapped(line: str, width: int | None) -> str:
    """The sentence in as many lines as it takes."""
    return (
        line + "\n" if width is None else textwrap.fill(line, max(width, _NARROWEST), break_on_hyphens=False) + "\n"
    )


def _table(run: Run, comparison: Comparison, width: int | None) -> _Table:
    """The table with as many of its columns as there is room for."""
    called = names(run.targets)
    rows = [_Row(run.targets[at], column, called[at]) for at, column in enumerate(comparison.columns)]
    heads = list(_heads(comparison, rows))
    whole = _drawn(heads, rows, exact=True)
    if width is None or _widest(whole) <= width:
        return _Table(whole, exact=True)
    kept = list(heads)
    while True:
        table = _drawn(kept, rows, exact=False)
        lowest = min(kept, key=lambda head: head.rank)
        if _widest(table) <= width or lowest.rank >= _NEVER_LEFT_OUT:
            return _Table(table, exact=False, left_out=tuple(head.name for head in heads if head not in kept))
        kept.remove(lowest)


def _drawn(heads: Sequence[_Head], rows: Sequence[_Row], *, exact: bool) -> str:
    cells = list(zip(*(_cells(head, rows, exact=exact) for head in heads), strict=True))
    right = frozenset(at for at, head in enumerate(heads) if head.right)
    return output.table([head.name for head in heads], cells, right)


def _widest(table: str) -> int:
    return max(map(output.cells, table.splitlines()))


def _cells(head: _Head, rows: Sequence[_Row], *, exact: bool) -> list[str]:
    cells = [head.exact(row) if exact and head.exact else head.cell(row) for row in rows]
    if head.value is None:
        return cells
    rivals = _rivals(head, rows)
    if len(rivals) < 2:
        return cells
    best = (max if head.most_is_best else min)(rivals.values())
    return [f"{BEST} {cell}" if rivals.get(at) == best else cell for at, cell in enumerate(cells)]


def _rivals(head: _Head, rows: Sequence[_Row]) -> dict[int, float]:
    """What the best is picked of, by row."""
    if head.value is None:
        return {}
    among = head.among([row.column for row in rows])
    fit = [(at, head.value(row)) for at, row in enumerate(rows) if row.column.target in among]
    return {at: value for at, value in fit if value is not None}


def _heads(comparison: Comparison, rows: Sequence[_Row]) -> Iterator[_Head]:
    """All columns that have something to show, in their order."""
    yield _Head("", 100, lambda row: _sign(row.column))
    yield _Head("target", 100, lambda row: row.name)
    yield _Head(
        "model",
        41 if _tell(rows, "selected_model") else 75,
        lambda row: safe_line(row.facts.selected_model, _WIDEST_ID) or NOT_MEASURED,
    )
    if len({row.facts.protocol for row in rows}) > 1:
        yield _Head("protocol", 43 if _tell(rows, "protocol") else 95, lambda row: str(row.facts.protocol))
    if any(_other_model(row) for row in rows):
        yield _Head("served", 45, _served)
    yield _Head("answered", 99, _answered, right=True)
    yield from _figures(rows)
    yield _Head("n", 85, lambda row: str(_n(row)), right=True)
    yield _Head("in", 50, lambda row: span(row.column.input_tokens), right=True)
    yield _Head("out", 49, lambda row: span(row.column.output_tokens), right=True)
    if comparison.same_text is not None:
        yield _Head("text", 40, lambda row: ",".join(map(str, row.column.texts)) or NOT_MEASURED, right=True)
    if any(row.column.cost_usd is not None for row in rows):
        yield _Head(
            "cost $",
            42,
            lambda row: cost(row.column.cost_usd),
            right=True,
            value=lambda row: row.column.cost_usd,
            among=cost_contenders,
        )
    if any(row.column.failures or row.column.warnings for row in rows):
        yield _Head("class", 78, lambda row: _classes(row.column))


def _tell(rows: Sequence[_Row], what: str) -> bool:
    """Whether the names of all rows say it already."""
    return all(f"{getattr(row.facts, what)}" in row.name.partition(" (")[2] for row in rows)


def _figures(rows: Sequence[_Row]) -> Iterator[_Head]:
    """The metrics: one figure where there was one run, else the median and the percentiles that n allows."""
    several = any(_n(row) > 1 for row in rows)
    measured = {metric: [row.column.spread(metric) for row in rows] for metric in Metric}
    if measured[Metric.TTFAT] == measured[Metric.TTFT]:
        measured[Metric.TTFAT] = []
    for metric, rank in _RANKS:
        if not any(spread.n for spread in measured[metric]):
            continue
        yield _figure(metric, f"{NAMES[metric]} p50" if several else NAMES[metric], rank, _median)
        for name, less in _TAILS if metric in (Metric.TTFT, Metric.E2E) else ():
            wanted = any(getattr(spread, name) is not None for spread in measured[metric])
            beyond = name == "p90" and any(spread.p95 is not None for spread in measured[metric])
            if wanted and not beyond:
                yield _figure(metric, f"{NAMES[metric]} {name}", rank - less, partial(_percentile, name))


_RANKS = (
    (Metric.TTFT, 96),
    (Metric.TTFT_CONNECTED, 55),
    (Metric.TTFAT, 60),
    (Metric.ITL, 80),
    (Metric.TOKENS_PER_SECOND, 90),
    (Metric.E2E, 88),
)
_TAILS = (("p90", 26), ("p95", 26), ("p99", 38))


def _figure(metric: Metric, name: str, rank: int, of: Callable[[Spread], float | None]) -> _Head:
    def value(row: _Row) -> float | None:
        return of(row.column.spread(metric))

    def cell(row: _Row) -> str:
        figure = number(value(row))
        estimated = metric.counts_tokens and row.column.estimated and value(row) is not None
        return f"{ESTIMATED}{figure}" if estimated else figure

    def exact(row: _Row) -> str:
        doubt = row.column.spread(metric).uncertainty
        return cell(row) if doubt is None or value(row) is None else f"{cell(row)} {off(doubt)}"

    shown = exact if of is _median else None
    return _Head(
        name,
        rank,
        cell,
        right=True,
        value=value,
        most_is_best=metric.more_is_better,
        exact=shown,
        among=partial(contenders, metric=metric),
    )


def _median(spread: Spread) -> float | None:
    return spread.middle


def _percentile(name: str, spread: Spread) -> float | None:
    value: float | None = getattr(spread, name)
    return value


def _n(row: _Row) -> int:
    return max((spread.n for _, spread in row.column.spreads), default=0)


def _sign(column: ColumnFacts) -> str:
    if column.failures:
        return "!" if column.answered else "✗"
    return "!" if column.warnings else "✓" if column.answered else "·"


def _answered(row: _Row) -> str:
    column = row.column
    share = f" {column.answered / column.runs:.0%}" if column.runs else ""
    return f"{column.answered}/{column.runs}{share}"


def _served(row: _Row) -> str:
    return ", ".join(safe_line(model, _WIDEST_ID) for model in row.column.served_models) or NOT_MEASURED


def _other_model(row: _Row) -> bool:
    return any(served != row.facts.selected_model for served in row.column.served_models)


def _classes(column: ColumnFacts) -> str:
    """``rate_limit x3, stall_timeout; warned: model_mismatch x2``."""
    warned = _counted(column.warnings)
    return "; ".join(filter(None, (_counted(column.failures), f"warned: {warned}" if warned else "")))


def _counted(classes: Iterable[tuple[FailureClass, int]]) -> str:
    return ", ".join(f"{name} x{count}" if count > 1 else str(name) for name, count in classes)


def _below(comparison: Comparison, table: _Table) -> Iterator[str]:
    """How it was made, and what is worth a sentence."""
    parts = [
        how_many(comparison),
        f"{comparison.warm_ups} before to warm up" if comparison.warm_ups else "",
        f"{comparison.concurrency} at a time" if comparison.concurrency > 1 else "",
        f"order by seed {comparison.seed}" if len(comparison.columns) > 1 else "",
    ]
    best = f"; {BEST} is the best of its column" if table.has(BEST) else ""
    yield f"{', '.join(filter(None, parts))}. Times in ms{best}."
    if table.left_out:
        yield f"Left out for want of room: {', '.join(table.left_out)}. Widen the terminal or use --format json."
    if any(one.estimated for one in comparison.columns) and table.has(ESTIMATED):
        yield ESTIMATED_MEANS
    shown = frozenset(metric for metric in Metric if f" {NAMES[metric]}" in table.drawn.splitlines()[0])
    yield from _uncertain(comparison, shown, exact=table.exact)
    if comparison.same_text is not None:
        texts = len({number for column in comparison.columns for number in column.texts})
        yield (
            "All answers are the same text." if comparison.same_text else f"The answers are {texts} different texts."
        )
    yield from comparison.notes


def _uncertain(comparison: Comparison, shown: frozenset[Metric], *, exact: bool) -> Iterator[str]:
    """What the sign beside a figure means; where there was no room for it, what each figure is off by at most."""
    known: dict[Metric, float] = {}
    for metric, spread in (pair for one in comparison.columns for pair in one.spreads):
        if spread.uncertainty is not None and metric in shown:
            known[metric] = max(known.get(metric, 0.0), spread.uncertainty)
    if known and exact:
        yield "± is what the time stamps leave uncertain of a figure; the spread of the runs comes on top."
    elif known:
        figures = (f"{NAMES[metric]} {off(most)}{unit(metric)}" for metric, most in known.items())
        yield f"The time stamps leave uncertain at most: {', '.join(figures)}."

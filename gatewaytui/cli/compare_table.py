"""A comparison as a table for a person: a row for each target, the best figure of a column marked, notes below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from gatewaytui.diagnosis.comparison import label
from gatewaytui.diagnosis.regression import ANSWERED
from gatewaytui.domain.comparison import Change, ColumnFacts, Comparison, Metric, Spread, Verdict
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Run, TargetFacts
from gatewaytui.domain.text import safe_line

from . import output

BEST = "▲"
_NONE = "-"
_NEVER_LEFT_OUT = 95
_WIDEST_ID = 48
_GAP = 2
NAMES: Mapping[str, str] = MappingProxyType(
    {
        ANSWERED: "answered",
        Metric.TTFT: "TTFT",
        Metric.TTFT_CONNECTED: "TTFT-conn",
        Metric.TTFAT: "TTFAT",
        Metric.ITL: "ITL",
        Metric.E2E: "total",
        Metric.TOKENS_PER_SECOND: "tok/s",
    }
)
_MARKS: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.WORSE: "✗", Verdict.BETTER: "✓", Verdict.UNSURE: "!", Verdict.SAME: "·"}
)


@dataclass(frozen=True, slots=True)
class _Row:
    facts: TargetFacts
    column: ColumnFacts


@dataclass(frozen=True, slots=True)
class _Head:
    """A column of the table; those of the lowest rank are left out first. ``value`` is what the best is picked by."""

    name: str
    rank: int
    cell: Callable[[_Row], str]
    right: bool = False
    value: Callable[[_Row], float | None] | None = None
    most_is_best: bool = False


def text(run: Run, baseline: str, width: int | None) -> str:
    """Table, notes and, with a baseline's name, what changed against it. ``width`` None has room for everything."""
    comparison = run.comparison
    if comparison is None:
        return ""
    parts = (_table(run, comparison, width), "".join(_below(comparison)), _changed(run, comparison, baseline))
    return "\n".join(part for part in parts if part)


def _table(run: Run, comparison: Comparison, width: int | None) -> str:
    rows = [_Row(facts, column) for facts, column in zip(run.targets, comparison.columns, strict=True)]
    heads = list(_heads(comparison, rows))
    while True:
        cells = [[*zip(*(_cells(head, rows) for head in heads), strict=True)]][0]
        table = output.table(
            [head.name for head in heads], cells, frozenset(at for at, head in enumerate(heads) if head.right)
        )
        widest = max(map(len, table.splitlines()))
        lowest = min(heads, key=lambda head: head.rank)
        if width is None or widest <= width or lowest.rank >= _NEVER_LEFT_OUT:
            return table
        heads.remove(lowest)


def _cells(head: _Head, rows: Sequence[_Row]) -> list[str]:
    cells = [head.cell(row) for row in rows]
    if head.value is None:
        return cells
    measured = [value for row in rows if (value := head.value(row)) is not None]
    if len(measured) < 2:
        return cells
    best = (max if head.most_is_best else min)(measured)
    return [f"{BEST} {cell}" if head.value(row) == best else cell for cell, row in zip(cells, rows, strict=True)]


def _heads(comparison: Comparison, rows: Sequence[_Row]) -> Iterator[_Head]:
    """All columns that have something to show, in their order."""
    yield _Head("", 100, lambda row: _sign(row.column))
    yield _Head("target", 100, lambda row: label(row.facts))
    yield _Head("model", 75, lambda row: safe_line(row.facts.selected_model, _WIDEST_ID) or _NONE)
    if len({row.facts.protocol for row in rows}) > 1:
        yield _Head("protocol", 95, lambda row: str(row.facts.protocol))
    if any(_other_model(row) for row in rows):
        yield _Head("served", 45, lambda row: ", ".join(safe_line(m, _WIDEST_ID) for m in row.column.served_models))
    yield _Head("answered", 99, _answered, right=True)
    yield from _figures(rows)
    yield _Head("n", 85, lambda row: str(_n(row)), right=True)
    yield _Head("in", 50, lambda row: _range(row.column.input_tokens), right=True)
    yield _Head("out", 49, lambda row: _range(row.column.output_tokens), right=True)
    if comparison.same_text is not None:
        yield _Head("text", 40, lambda row: ",".join(map(str, row.column.texts)) or _NONE, right=True)
    if any(row.column.cost_usd is not None for row in rows):
        yield _Head(
            "cost $", 42, lambda row: _cost(row.column.cost_usd), right=True, value=lambda r: r.column.cost_usd
        )
    if any(row.column.failures or row.column.warnings for row in rows):
        yield _Head("class", 97, lambda row: _classes(row.column))


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
        return _number(value(row))

    return _Head(name, rank, cell, right=True, value=value, most_is_best=metric.more_is_better)


def _median(spread: Spread) -> float | None:
    return spread.low if spread.n == 1 else spread.p50


def _percentile(name: str, spread: Spread) -> float | None:
    value: float | None = getattr(spread, name)
    return value


def _number(value: float | None) -> str:
    """Three figures or so: what is below 10 with two decimals, what is above 1,000 with none."""
    if value is None:
        return _NONE
    return f"{value:,.{2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0}f}"


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


def _other_model(row: _Row) -> bool:
    return any(served != row.facts.selected_model for served in row.column.served_models)


def _range(counts: tuple[int, ...]) -> str:
    if not counts:
        return _NONE
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]}-{counts[-1]}"


def _cost(cost: float | None) -> str:
    return _NONE if cost is None else f"{cost:.6f}"


def _classes(column: ColumnFacts) -> str:
    """``rate_limit x3, stall_timeout; warned: model_mismatch x2``."""
    warned = _counted(column.warnings)
    return "; ".join(filter(None, (_counted(column.failures), f"warned: {warned}" if warned else "")))


def _counted(classes: Iterable[tuple[FailureClass, int]]) -> str:
    return ", ".join(f"{name} x{count}" if count > 1 else str(name) for name, count in classes)


def _below(comparison: Comparison) -> Iterator[str]:
    """How it was made, and what is worth a sentence."""
    sent = sum(column.runs for column in comparison.columns)
    parts = [
        f"{comparison.runs} {'run' if comparison.runs == 1 else 'runs'} each",
        f"{comparison.warm_ups} before to warm up" if comparison.warm_ups else "",
        f"{comparison.concurrency} at a time" if comparison.concurrency > 1 else "",
        f"order by seed {comparison.seed}" if len(comparison.columns) > 1 else "",
        f"{sent} of {comparison.planned} runs came to an end" if sent < comparison.planned else "",
    ]
    yield f"{', '.join(filter(None, parts))}. Times in ms; {BEST} is the best of its column.\n"
    if comparison.same_text is not None:
        texts = len({number for column in comparison.columns for number in column.texts})
        yield "All answers are the same text.\n" if comparison.same_text else f"The answers are {texts} texts.\n"
    for note in comparison.notes:
        yield f"{note}\n"


def _changed(run: Run, comparison: Comparison, baseline: str) -> str:
    """What is not the same as in the baseline, figure by figure; the rest is counted."""
    if comparison.changes is None:
        return ""
    told = [change for change in comparison.changes if change.verdict is not Verdict.SAME]
    same = len(comparison.changes) - len(told)
    head = ("", "against " + baseline, "figure", "now", "before", "ratio", "delta", "p", "n")
    rows = [_change(run, change) for change in told]
    table = output.table(head, rows, frozenset(range(3, len(head)))) if rows else ""
    rest = f"{same} {'figure is' if same == 1 else 'figures are'} the same as in {baseline}.\n" if same else ""
    return table + rest


def _change(run: Run, change: Change) -> tuple[str, ...]:
    figure = _number if change.metric != ANSWERED else _rate
    return (
        _MARKS[change.verdict],
        f"{change.verdict}: {label(run.targets[change.target])}",
        NAMES[change.metric],
        figure(change.now),
        figure(change.before),
        _NONE if change.ratio is None else f"x{change.ratio:.2f}",
        _NONE if change.effect is None else f"{change.effect:+.2f}",
        _NONE if change.p is None else f"{change.p:.2g}",
        f"{change.n_now}/{change.n_before}",
    )


def _rate(share: float | None) -> str:
    return _NONE if share is None else f"{share:.0%}"

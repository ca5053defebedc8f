"""The part of the Markdown report that a comparison adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gatewaytui.domain.comparison import ESTIMATED, ESTIMATED_MEANS, Metric

from .cells import cell, code, table
from .document import TargetPart
from .parts import ChangePart, ColumnPart, ComparisonPart

_BY_TOKENS = frozenset(metric.value for metric in Metric if metric.counts_tokens)


def comparison_lines(part: ComparisonPart, targets: Sequence[TargetPart]) -> Iterator[str]:
    """The columns of a comparison, each in a row; a row for each metric; what changed against a baseline; notes."""
    yield ""
    yield "## Comparison"
    yield ""
    whole = part.ended >= part.planned
    runs = f"{part.runs} runs each" if whole else f"{part.ended} of {part.planned} runs came to an end"
    apart = f", a run every {part.interval_s:g} s" if part.interval_s else ""
    yield f"{runs}, {part.warm_ups} warm-ups, concurrency {part.concurrency}{apart}, seed {part.seed}."
    yield ""
    columns = ("target", "name", "model", "answered", "failures", "served model", "in", "out", "cost USD", "texts")
    yield from table(columns, (_column(column, targets[column.target]) for column in part.columns))
    yield ""
    heads = ("target", "answered", "metric", "n", "low", "p50", "p90", "p95", "p99", "high", "\u00b1")
    yield from table(
        heads,
        (
            (
                code(column.target),
                code(f"{column.answered} of {column.runs}"),
                _metric(metric, column),
                *(cell(value) for value in msgspec.structs.astuple(spread)),
            )
            for column in part.columns
            for metric, spread in column.metrics.items()
            if spread.n
        ),
    )
    if any(column.estimated for column in part.columns):
        yield ""
        yield ESTIMATED_MEANS
    yield from _changes(part.changes)
    for note in part.notes:
        yield ""
        yield f"- {code(note)}"


def _metric(metric: str, column: ColumnPart) -> str:
    """Its name, and the sign of what goes by estimated tokens."""
    estimated = column.estimated and metric in _BY_TOKENS
    return f"{code(metric)} {ESTIMATED}" if estimated else code(metric)


def _column(column: ColumnPart, target: TargetPart) -> tuple[str, ...]:
    """Who it is and what came; token counts and texts are those that were seen, each once."""
    return (
        cell(column.target),
        cell("/".join(filter(None, (target.profile, target.group))) or None),
        cell(target.selected_model),
        code(f"{column.answered} of {column.runs}"),
        cell(_listed(f"{failure.class_} x{failure.count}" for failure in column.failures)),
        cell(_listed(column.served_models)),
        cell(_listed(map(str, column.input_tokens))),
        cell(_listed(map(str, column.output_tokens))),
        cell(column.cost_usd),
        cell(_listed(map(str, column.texts))),
    )


def _listed(words: Iterable[str]) -> str | None:
    return ", ".join(words) or None


def _changes(changes: tuple[ChangePart, ...] | None) -> Iterator[str]:
    if changes is None:
        return
    yield ""
    yield "### Against the baseline"
    yield ""
    yield from table(ChangePart.__struct_fields__, (tuple(map(cell, msgspec.structs.astuple(c))) for c in changes))

"""The part of the Markdown report that a comparison adds."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .cells import cell, code, table
from .parts import ChangePart, ComparisonPart


def comparison_lines(part: ComparisonPart) -> Iterator[str]:
    """The columns of a comparison, a row for each metric; then what changed against a baseline, and the notes."""
    yield ""
    yield "## Comparison"
    yield ""
    yield f"{part.runs} runs each, {part.warm_ups} warm-ups, concurrency {part.concurrency}, seed {part.seed}."
    yield ""
    heads = ("target", "answered", "metric", "n", "low", "p50", "p90", "p95", "p99", "high", "\u00b1")
    yield from table(
        heads,
        (
            (
                code(column.target),
                code(f"{column.answered} of {column.runs}"),
                code(metric),
                *(cell(value) for value in msgspec.structs.astuple(spread)),
            )
            for column in part.columns
            for metric, spread in column.metrics.items()
            if spread.n
        ),
    )
    yield from _changes(part.changes)
    for note in part.notes:
        yield ""
        yield f"- {code(note)}"


def _changes(changes: tuple[ChangePart, ...] | None) -> Iterator[str]:
    if changes is None:
        return
    yield ""
    yield "### Against the baseline"
    yield ""
    yield from table(ChangePart.__struct_fields__, (tuple(map(cell, msgspec.structs.astuple(c))) for c in changes))

"""What ``compare`` shows against a baseline: each figure that is not the same, the rest counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from gatewaytui.diagnosis.comparison_notes import names as called
from gatewaytui.diagnosis.regression import ANSWERED
from gatewaytui.domain.comparison import Change, Comparison, Verdict
from gatewaytui.domain.run import Run

from . import output
from .compare_figures import NAMES, NOT_MEASURED, number, share, unit

_MARKS: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.WORSE: "✗", Verdict.BETTER: "✓", Verdict.UNSURE: "!", Verdict.SAME: "·"}
)
_HEADS: tuple[tuple[str, Callable[[Change], str]], ...] = (
    ("figure", lambda change: NAMES[change.metric] + unit(change.metric)),
    ("now", lambda change: _figure(change, change.now)),
    ("before", lambda change: _figure(change, change.before)),
    ("ratio", lambda change: NOT_MEASURED if change.ratio is None else f"x{change.ratio:.2f}"),
    ("delta", lambda change: NOT_MEASURED if change.effect is None else f"{change.effect:+.2f}"),
    ("p", lambda change: NOT_MEASURED if change.p is None else f"{change.p:.2g}"),
    ("n", lambda change: f"{change.n_now}/{change.n_before}"),
)
_SPARED_FIRST = ("p", "delta", "ratio")


def changed(run: Run, comparison: Comparison, baseline: str, width: int | None) -> str:
    """The table of what is not the same as in the baseline, and how many figures are; "" without a baseline."""
    if comparison.changes is None:
        return ""
    told = [change for change in comparison.changes if change.verdict is not Verdict.SAME]
    rest = "".join(f"{line}\n" for line in _same(comparison.changes, baseline))
    return (_table(run, told, baseline, width) if told else "") + rest


def sentences(run: Run, baseline: str) -> Iterator[str]:
    """The same for where there is no table: a line for each target and verdict, what is worse first."""
    changes = (run.comparison.changes if run.comparison else None) or ()
    for verdict in (Verdict.WORSE, Verdict.BETTER, Verdict.UNSURE):
        for target, name in enumerate(called(run.targets)):
            found = [change for change in changes if (change.target, change.verdict) == (target, verdict)]
            if found:
                yield f"{_MARKS[verdict]} {verdict}: {name} against {baseline}: {', '.join(map(_short, found))}."
    yield from _same(changes, baseline)


def _same(changes: Sequence[Change], baseline: str) -> Iterator[str]:
    same = sum(change.verdict is Verdict.SAME for change in changes)
    if same:
        yield f"{same} {'figure is' if same == 1 else 'figures are'} the same as in {baseline}."


def _short(change: Change) -> str:
    """``TTFT 207.0 ms instead of 103.5``; of what is unsure the name only."""
    if change.verdict is Verdict.UNSURE:
        return NAMES[change.metric]
    now, before = _figure(change, change.now), _figure(change, change.before)
    return f"{NAMES[change.metric]} {now}{unit(change.metric)} instead of {before}"


def _table(run: Run, told: list[Change], baseline: str, width: int | None) -> str:
    heads, spared, targets = list(_HEADS), list(_SPARED_FIRST), called(run.targets)
    while True:
        rows = [
            (
                _MARKS[change.verdict],
                f"{change.verdict}: {targets[change.target]}",
                *(cell(change) for _, cell in heads),
            )
            for change in told
        ]
        names = ("", f"against {baseline}", *(name for name, _ in heads))
        table = output.table(names, rows, frozenset(range(3, len(names))))
        if width is None or not spared or max(map(output.cells, table.splitlines())) <= width:
            return table
        least = spared.pop(0)
        heads = [head for head in heads if head[0] != least]


def _figure(change: Change, value: float | None) -> str:
    return share(value) if change.metric == ANSWERED else number(value)

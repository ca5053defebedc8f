"""What ``compare`` shows against a baseline: each figure that is not the same, the rest counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.diagnosis.comparison_notes import label
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
    same = len(comparison.changes) - len(told)
    rest = f"{same} {'figure is' if same == 1 else 'figures are'} the same as in {baseline}.\n" if same else ""
    return (_table(run, told, baseline, width) if told else "") + rest


def _table(run: Run, told: list[Change], baseline: str, width: int | None) -> str:
    heads, spared = list(_HEADS), list(_SPARED_FIRST)
    while True:
        rows = [
            (
                _MARKS[change.verdict],
                f"{change.verdict}: {label(run.targets[change.target])}",
                *(cell(change) for _, cell in heads),
            )
            for change in told
        ]
        names = ("", f"against {baseline}", *(name for name, _ in heads))
        table = output.table(names, rows, frozenset(range(3, len(names))))
        if width is None or not spared or max(map(len, table.splitlines())) <= width:
            return table
        least = spared.pop(0)
        heads = [head for head in heads if head[0] != least]


def _figure(change: Change, value: float | None) -> str:
    return share(value) if change.metric == ANSWERED else number(value)

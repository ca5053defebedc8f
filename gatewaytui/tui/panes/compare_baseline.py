"""A comparison held against an earlier one: what changed, as a table with a sign for every verdict."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.diagnosis.regression import ANSWERED, Sampled, changes, unlike_words, unsure_words
from gatewaytui.domain.comparison import Change, Metric, Verdict
from gatewaytui.domain.run import Run
from gatewaytui.evidence.record import build
from gatewaytui.storage.baselines import Baselines, sampled
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, table
from gatewaytui.tui.widgets.ink import Ink, Line

from .compare_state import LineUp

_SIGNS: Mapping[Verdict, tuple[str, Ink]] = MappingProxyType(
    {
        Verdict.BETTER: ("✓ better", Ink.PASSED),
        Verdict.SAME: ("= same", Ink.MUTED),
        Verdict.WORSE: ("✗ worse", Ink.FAILED),
        Verdict.UNSURE: ("? unsure", Ink.WARNED),
    }
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        ANSWERED: "success",
        Metric.TTFT.value: "TTFT p50",
        Metric.TTFT_CONNECTED.value: "TTFT warm p50",
        Metric.TTFAT.value: "TTFAT p50",
        Metric.ITL.value: "ITL p50",
        Metric.E2E.value: "e2e p50",
        Metric.TOKENS_PER_SECOND.value: "tok/s p50",
    }
)
_RANK = (Verdict.WORSE, Verdict.BETTER, Verdict.UNSURE, Verdict.SAME)
_COLUMNS = (
    Column("target", gives=True, rank=9),
    Column("metric", rank=9),
    Column("before", right=True, rank=6),
    Column("now", right=True, rank=7),
    Column("change", right=True, rank=8),
    Column("n", right=True, rank=3),
    Column("p", right=True, rank=2),
    Column("verdict", rank=9),
)


class Baseline(msgspec.Struct, frozen=True):
    """An earlier comparison by its name."""

    name: str
    columns: tuple[Sampled, ...]

    def held_against(self, run: Run) -> Run:
        """The run with what changed since."""
        if run.comparison is None:
            return run
        now = sampled(build(run))
        found = changes(self.columns, now)
        unlike = unlike_words(self.columns, now)
        notes = (*run.comparison.notes, *unlike, *unsure_words(self.columns, now, found))
        return replace(run, comparison=replace(run.comparison, changes=found, notes=notes))


def load(store: Baselines, name: str) -> Baseline:
    """The baseline of that name. Blocks; raises Problem."""
    return Baseline(name, sampled(store.load(name)))


def change_lines(line_up: LineUp, width: int, most: int) -> tuple[Line, ...]:
    """What changed, the worst first; what does not fit is counted."""
    found = (line_up.measured.changes if line_up.measured else None) or ()
    if not found:
        return ((("Nothing to hold against each other: no target stands in both comparisons.", Ink.MUTED),),)
    ordered = sorted(found, key=lambda change: (_RANK.index(change.verdict), change.target))
    shown = ordered[: max(most - 2, 1)]
    lines = table(_COLUMNS, [_row(line_up, change) for change in shown], width)
    left = len(ordered) - len(shown)
    return (*lines, (("· ", Ink.MUTED), (f"{left} more in the evidence: press e", Ink.MUTED))) if left else lines


def change_words(run: Run, name: str) -> str:
    """One sentence on how a run stands against its baseline."""
    found = (run.comparison.changes if run.comparison else None) or ()
    count = {verdict: sum(change.verdict is verdict for change in found) for verdict in Verdict}
    return (
        f"Against {name}: {count[Verdict.WORSE]} worse, {count[Verdict.BETTER]} better, "
        f"{count[Verdict.SAME]} the same, {count[Verdict.UNSURE]} unsure."
    )


def _row(line_up: LineUp, change: Change) -> tuple[Cell, ...]:
    moved = None if change.ratio is None else round((change.ratio - 1) * 100)
    ratio = figures.NOT_MEASURED if moved is None else f"{moved:+d} %" if moved else "0 %"
    p = figures.NOT_MEASURED if change.p is None else f"{change.p:.3f}"
    return (
        (line_up.names[change.target], Ink.STRONG),
        (_NAMES.get(change.metric, change.metric), Ink.PLAIN),
        (_value(change.metric, change.before), Ink.MUTED),
        (_value(change.metric, change.now), Ink.PLAIN),
        (ratio, Ink.PLAIN),
        (f"{change.n_before} / {change.n_now}", Ink.MUTED),
        (p, Ink.MUTED),
        _SIGNS[change.verdict],
    )


def _value(metric: str, value: float | None) -> str:
    if value is None:
        return figures.NOT_MEASURED
    if metric == ANSWERED:
        return f"{value * 100:.0f} %"
    if metric == Metric.TOKENS_PER_SECOND:
        return figures.grouped(value, 1)
    return figures.fine_milliseconds(value) if metric == Metric.ITL else figures.milliseconds(value)

"""A later comparison held against an earlier one: what is worse, by effect size and significance, not by one number.

Pure. The rule for a time or a rate, all of it: Mann-Whitney's p is below 0.05 (the runs differ by more than chance
would have it), Cliff's delta is at least 0.33 (the difference is medium, by the thresholds 0.147 / 0.33 / 0.474 of
Romano, Kromrey, Coraggio and Skowronek, 2006; the statistic is Cliff's, 1993), and the median moved by at least 5 %
(what is smaller nobody feels, however sure it is) and by more than the stamps leave uncertain of the two medians.
Both tests go by ranks: latencies are skewed, and one slow run must not decide. The success rate is judged by Fisher's
exact test. The more columns are held against their earlier selves, the more often one of them differs by chance, so
0.05 is shared among them (Bonferroni's correction): with eight columns every third comparison of a gateway with
itself would be a false alarm otherwise. Below five runs on a side nothing is sure, nor where so few runs could not be
significant however far they lie apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from gatewaytui.domain.comparison import Change, Metric, Verdict

from .spread import cliffs_delta, fisher_p_value, rank_p_value
from .statistics import percentile

ANSWERED = "answered"
FEWEST_RUNS = 5
SIGNIFICANT = 0.05
MEDIUM_EFFECT = 0.33
NOTICEABLE = 0.05


class Sampled(msgspec.Struct, frozen=True):
    """What one column measured: its runs without warm-ups, and each metric's values over the answered ones.

    ``uncertainty`` is what the stamps leave uncertain of a metric's median, where that is known.
    """

    label: str
    model: str
    protocol: str
    runs: int
    answered: int
    values: Mapping[Metric, tuple[float, ...]] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    uncertainty: Mapping[Metric, float] = msgspec.field(default_factory=lambda: MappingProxyType({}))

    @property
    def place(self) -> tuple[str, str, str]:
        """By what two comparisons' columns are told to be the same."""
        return self.label, self.model, self.protocol


def changes(before: Sequence[Sampled], now: Sequence[Sampled]) -> tuple[Change, ...]:
    """The success rate and each metric of every column that both have; ``target`` is the index into ``now``.

    A metric that neither measured is left out, one that only one of them did is unsure.
    """
    pairs = [(index, was, column) for index, was, column in _pairs(before, now) if was]
    return tuple(
        change for index, was, column in pairs for change in _of_column(index, was, column, SIGNIFICANT / len(pairs))
    )


def unmatched(before: Sequence[Sampled], now: Sequence[Sampled]) -> tuple[int, ...]:
    """The columns of ``now``, by index, that the earlier comparison does not have."""
    return tuple(index for index, was, _ in _pairs(before, now) if was is None)


def _pairs(before: Sequence[Sampled], now: Sequence[Sampled]) -> Iterator[tuple[int, Sampled | None, Sampled]]:
    """Columns of the same place, the first with the first where one place stands several times."""
    earlier = {(column.place, number): column for number, column in _numbered(before)}
    for index, (number, column) in enumerate(_numbered(now)):
        yield index, earlier.get((column.place, number)), column


def _numbered(columns: Iterable[Sampled]) -> Iterator[tuple[int, Sampled]]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for column in columns:
        seen[column.place] += 1
        yield seen[column.place], column


def _of_column(target: int, was: Sampled, column: Sampled, significant: float) -> Iterator[Change]:
    if was.runs or column.runs:
        yield _success(target, was, column, significant)
    for metric in Metric:
        samples = was.values.get(metric, ()), column.values.get(metric, ())
        if any(samples):
            doubt = was.uncertainty.get(metric, 0.0) + column.uncertainty.get(metric, 0.0)
            yield _measure(target, metric, *samples, doubt, significant)


def _success(target: int, was: Sampled, column: Sampled, significant: float) -> Change:
    """The success rate. Cliff's delta of two rates is their difference."""
    rates = _rate(was), _rate(column)
    if _too_few(was.runs, column.runs, significant):
        return Change(target, ANSWERED, Verdict.UNSURE, *rates, was.runs, column.runs)
    before, now = was.answered / was.runs, column.answered / column.runs
    p = fisher_p_value(column.answered, column.runs, was.answered, was.runs)
    return Change(
        target,
        ANSWERED,
        _verdict(p < significant, now - before),
        before,
        now,
        was.runs,
        column.runs,
        ratio=now / before if before else None,
        effect=now - before,
        p=p,
    )


def _too_few(n_before: int, n_now: int, significant: float) -> bool:
    """Whether so many runs could show nothing: two samples wholly apart have the p of one ordering among all."""
    return min(n_before, n_now) < FEWEST_RUNS or 2 / math.comb(n_before + n_now, n_now) >= significant


def _rate(column: Sampled) -> float | None:
    return column.answered / column.runs if column.runs else None


def _measure(
    target: int, metric: Metric, was: Sequence[float], values: Sequence[float], doubt: float, significant: float
) -> Change:
    before, now = percentile(was, 50), percentile(values, 50)
    ratio = now / before if before and now is not None else None
    if before is None or now is None or _too_few(len(was), len(values), significant):
        return Change(target, metric.value, Verdict.UNSURE, before, now, len(was), len(values), ratio)
    sign = 1 if metric.more_is_better else -1
    effect, p = sign * cliffs_delta(values, was), rank_p_value(values, was)
    moved = sign * _moved(before, now)
    felt = abs(moved) >= NOTICEABLE and abs(now - before) > doubt
    sure = felt and p < significant and abs(effect) >= MEDIUM_EFFECT and effect * moved > 0
    return Change(
        target, metric.value, _verdict(sure, effect), before, now, len(was), len(values), ratio, effect + 0.0, p
    )


def _moved(before: float, now: float) -> float:
    """By what share of the earlier median the median moved."""
    return (now - before) / before if before else math.copysign(math.inf, now) * (now != 0)


def _verdict(sure: bool, gain: float) -> Verdict:
    if not sure:
        return Verdict.SAME
    return Verdict.BETTER if gain > 0 else Verdict.WORSE

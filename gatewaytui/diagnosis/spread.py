"""Percentiles, effect size and significance of small samples: the arithmetic under comparisons. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from gatewaytui.domain.comparison import Spread

from .statistics import FEWEST_FOR_P95, FEWEST_FOR_P99, percentile

FEWEST_FOR_P50, FEWEST_FOR_P90 = 2, 10
_EXACT_UP_TO = 12


def spread_of(values: Sequence[float], doubts: Sequence[float] = ()) -> Spread:
    """A sample's percentiles, each only where it has enough values: one value has no percentiles at all.

    ``doubts`` are by how much each value may be off, in the same order; none where nobody knows.
    """
    n = len(values)

    def at(q: float, fewest: int) -> float | None:
        return percentile(values, q) if n >= fewest else None

    return Spread(
        n=n,
        low=min(values, default=None),
        p50=at(50, FEWEST_FOR_P50),
        p90=at(90, FEWEST_FOR_P90),
        p95=at(95, FEWEST_FOR_P95),
        p99=at(99, FEWEST_FOR_P99),
        high=max(values, default=None),
        uncertainty=_of_median(values, doubts) if values and len(doubts) == n else None,
    )


def _of_median(values: Sequence[float], doubts: Sequence[float]) -> float:
    """How far the median goes where all values are off by as much as they may be, to the worse side."""
    middle, least, most = (
        median(value + sign * doubt for value, doubt in zip(values, doubts, strict=True)) for sign in (0, -1, 1)
    )
    return max(middle - least, most - middle)


def cliffs_delta(now: Sequence[float], before: Sequence[float]) -> float:
    """How far ``now`` lies above ``before``: the share of pairs above minus the share below (Cliff, 1993)."""
    above = sum(1 for a in now for b in before if a > b)
    below = sum(1 for a in now for b in before if a < b)
    return (above - below) / (len(now) * len(before))


def rank_p_value(now: Sequence[float], before: Sequence[float]) -> float:
    """The two-sided p-value of the Mann-Whitney U test.

    Exact for small samples without ties (the distribution of U by its recurrence), else by the normal approximation
    with correction for ties and continuity.
    """
    n, m = len(now), len(before)
    pooled = sorted((*now, *before))
    u = sum(1.0 if a > b else 0.5 for a in now for b in before if a >= b)
    if n <= _EXACT_UP_TO and m <= _EXACT_UP_TO and len(set(pooled)) == n + m:
        counts = _u_counts(n, m)
        low = int(min(u, n * m - u))
        return min(1.0, 2 * sum(counts[: low + 1]) / sum(counts))
    ties = sum(count**3 - count for count in _repeats(pooled))
    total = n + m
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if variance <= 0:
        return 1.0
    z = max(0.0, abs(u - n * m / 2) - 0.5) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))


def fisher_p_value(good_now: int, n_now: int, good_before: int, n_before: int) -> float:
    """The two-sided p-value of Fisher's exact test: are two success rates different?"""
    good, total = good_now + good_before, n_now + n_before
    weights = {
        k: math.comb(n_now, k) * math.comb(n_before, good - k)
        for k in range(max(0, good - n_before), min(good, n_now) + 1)
    }
    seen = weights[good_now]
    return min(1.0, sum(weight for weight in weights.values() if weight <= seen) / math.comb(total, good))


def _u_counts(n: int, m: int) -> list[int]:
    """In how many orderings U takes each value from 0 to n*m: the Gaussian binomial's coefficients."""
    counts = [1]
    for k in range(1, n + 1):
        counts = _divided(_times(counts, m + k), k)
    return counts


def _times(poly: list[int], power: int) -> list[int]:
    """The polynomial times (1 - q^power)."""
    result = poly + [0] * power
    for index, value in enumerate(poly):
        result[index + power] -= value
    return result


def _divided(poly: list[int], power: int) -> list[int]:
    """The polynomial by (1 - q^power), which divides it."""
    result = list(poly)
    for index in range(power, len(result)):
        result[index] += result[index - power]
    return result[: len(poly) - power]


def _repeats(ordered: Sequence[float]) -> list[int]:
    """How often each value of an ordered sample occurs."""
    found: dict[float, int] = {}
    for value in ordered:
        found[value] = found.get(value, 0) + 1
    return list(found.values())

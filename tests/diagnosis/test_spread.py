"""Against values that can be worked out by hand, published examples, and a count of all orderings."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.spread import cliffs_delta, fisher_p_value, rank_p_value, spread_of

SAMPLES = st.lists(st.integers(0, 40).map(float), min_size=1, max_size=30)
COUNTS = st.integers(0, 25)


def counted_p(now: list[float], before: list[float]) -> float:
    """The two-sided p-value by going through every way to deal the pooled values to the two sides."""
    pooled = [*now, *before]
    middle = len(now) * len(before) / 2

    def distance(chosen: set[int]) -> float:
        ours = [pooled[i] for i in chosen]
        others = [value for i, value in enumerate(pooled) if i not in chosen]
        u = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a in ours for b in others)
        return abs(u - middle)

    seen = distance(set(range(len(now))))
    deals = [distance(set(deal)) for deal in itertools.combinations(range(len(pooled)), len(now))]
    return sum(1 for deal in deals if deal >= seen - 1e-9) / len(deals)


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (0, set()),
        (1, {"low", "high"}),
        (2, {"low", "high", "p50"}),
        (9, {"low", "high", "p50"}),
        (10, {"low", "high", "p50", "p90"}),
        (20, {"low", "high", "p50", "p90", "p95"}),
        (99, {"low", "high", "p50", "p90", "p95"}),
        (100, {"low", "high", "p50", "p90", "p95", "p99"}),
    ],
)
def test_a_percentile_is_told_only_where_there_are_enough_values(n: int, told: set[str]) -> None:
    spread = spread_of([float(value) for value in range(n)])
    given = {name for name in ("low", "p50", "p90", "p95", "p99", "high") if getattr(spread, name) is not None}
    assert (spread.n, given) == (n, told)


def test_percentiles_lie_between_their_neighbours() -> None:
    spread = spread_of([float(value) for value in range(1, 101)])
    assert (spread.low, spread.p50, spread.p90, spread.high) == (1, 50.5, pytest.approx(90.1), 100)
    assert (spread.p95, spread.p99) == (pytest.approx(95.05), pytest.approx(99.01))


@pytest.mark.parametrize(
    ("now", "before", "delta"),
    [
        ([1, 2, 3], [2, 3, 4], -5 / 9),  # one pair above, six below, of nine
        ([4, 5], [1, 2], 1.0),
        ([1, 2], [4, 5], -1.0),
        ([1, 1], [1, 1], 0.0),
        ([1, 3], [2], 0.0),
    ],
)
def test_cliffs_delta_by_hand(now: list[float], before: list[float], delta: float) -> None:
    assert cliffs_delta(now, before) == pytest.approx(delta)


def test_the_rank_test_against_published_examples() -> None:
    # scipy.stats.mannwhitneyu's own example: U = 17, exact two-sided p = 0.1111...
    assert rank_p_value([19, 22, 16, 29, 24], [20, 11, 17, 12]) == pytest.approx(1 / 9)
    # five below five: 2 of the 252 ways to deal ten values
    assert rank_p_value([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]) == pytest.approx(2 / 252)
    # thirteen above thirteen, by the normal approximation: z = (84.5 - 0.5) / sqrt(169 * 27 / 12) = 4.3077
    low, high = [float(n) for n in range(13)], [float(n) for n in range(20, 33)]
    assert rank_p_value(high, low) == pytest.approx(1.6497e-05, rel=1e-4)


def test_ties_are_corrected_for() -> None:
    now, before = [1.0, 1, 2, 2, 3, 3, 4], [2.0, 3, 3, 4, 4, 5, 5]
    assert rank_p_value(now, before) == pytest.approx(counted_p(now, before), abs=0.02)
    assert rank_p_value([7.0] * 20, [7.0] * 20) == 1.0


@given(st.sets(st.integers(0, 99), min_size=4, max_size=9), st.randoms())
def test_small_samples_without_ties_are_exact(values: set[int], random: object) -> None:
    ordered = [float(value) for value in values]
    random.shuffle(ordered)  # type: ignore[attr-defined]
    now, before = ordered[::2], ordered[1::2]
    assert rank_p_value(now, before) == pytest.approx(counted_p(now, before))


def test_fishers_test_against_published_examples() -> None:
    # the lady tasting tea: 3 of 4 against 1 of 4
    assert fisher_p_value(3, 4, 1, 4) == pytest.approx(34 / 70)
    # scipy.stats.fisher_exact([[8, 2], [1, 5]]): p = 0.03496...
    assert fisher_p_value(8, 10, 1, 6) == pytest.approx(0.03496503496503495)
    assert fisher_p_value(20, 20, 20, 20) == 1.0


@given(SAMPLES, SAMPLES)
def test_effect_and_p_are_bounded_and_symmetric(now: list[float], before: list[float]) -> None:
    delta, p = cliffs_delta(now, before), rank_p_value(now, before)
    assert -1 <= delta <= 1 and 0 < p <= 1
    assert cliffs_delta(before, now) == pytest.approx(-delta)
    assert rank_p_value(before, now) == pytest.approx(p)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_the_rates_p_is_bounded_and_symmetric(good: int, bad: int, was_good: int, was_bad: int) -> None:
    n, m = good + bad, was_good + was_bad
    p = fisher_p_value(good, n, was_good, m)
    assert 0 < p <= 1
    assert fisher_p_value(was_good, m, good, n) == pytest.approx(p)


def test_the_median_is_uncertain_by_as_far_as_it_can_be_moved() -> None:
    assert spread_of([10.0], [0.5]).uncertainty == 0.5
    assert spread_of([10.0, 20.0, 30.0], [0.1, 0.2, 0.1]).uncertainty == pytest.approx(0.2)
    assert spread_of([10.0, 20.0, 30.0], [0.1, 0.2, 15.0]).uncertainty == pytest.approx(5 - 0.0)
    assert spread_of([10.0, 20.0], [0.1]).uncertainty is None and spread_of([]).uncertainty is None


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 100)), min_size=1))
def test_the_median_is_never_less_sure_than_its_least_sure_value(sample: list[tuple[float, float]]) -> None:
    found = spread_of([value for value, _ in sample], [doubt for _, doubt in sample]).uncertainty
    assert found is not None and 0 <= found <= max(doubt for _, doubt in sample) + 1e-6

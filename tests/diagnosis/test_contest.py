from __future__ import annotations

from typing import Any

import pytest

from gatewaytui.diagnosis.contest import contenders, cost_contenders
from gatewaytui.domain.comparison import ColumnFacts, Metric, Spread
from gatewaytui.domain.stamps import StampFacts

HEAPS = StampFacts(reads=10, kernel=10, batched=5, events=40)


def _column(target: int, itl: float | None = 20.0, rate: float | None = 50.0, **more: Any) -> ColumnFacts:
    figures = {Metric.ITL: itl, Metric.TOKENS_PER_SECOND: rate, Metric.TTFT: 100.0, Metric.E2E: 900.0}
    spreads = {metric: Spread(n=1, low=value) for metric, value in figures.items() if value is not None}
    return ColumnFacts(target, runs=1, answered=1, spreads=tuple(spreads.items()), **more)


def _long(target: int, *tokens: int) -> ColumnFacts:
    return _column(target, output_tokens=tokens)


@pytest.mark.parametrize(
    ("columns", "metric", "compete"),
    [
        ((_column(0), _column(1, 25.0, 40.0)), Metric.TOKENS_PER_SECOND, {0, 1}),
        ((_column(0), _column(1, None, None)), Metric.ITL, {0}),
        # three tokens over two gaps look half as fast again as they are, and end soon
        ((_long(0, 40), _long(1, 3)), Metric.TOKENS_PER_SECOND, set()),
        ((_long(0, 40), _long(1, 3)), Metric.E2E, set()),
        ((_long(0, 40), _long(1, 3)), Metric.ITL, {0, 1}),
        ((_long(0, 40), _long(1, 3)), Metric.TTFT, {0, 1}),
        ((_long(0, 40, 44), _long(1, 42)), Metric.TOKENS_PER_SECOND, {0, 1}),
        ((_long(0, 40, 50), _long(1, 42)), Metric.E2E, set()),
        ((_long(0, 92), _long(1, 158)), Metric.TOKENS_PER_SECOND, {0, 1}),
        ((_long(0, 1), _long(1, 1)), Metric.TOKENS_PER_SECOND, {0, 1}),
        ((_long(0, 1), _long(1, 8)), Metric.TOKENS_PER_SECOND, set()),
        ((_long(0, 0), _long(1, 8)), Metric.TOKENS_PER_SECOND, {0, 1}),
        ((_long(0, 40), _column(1)), Metric.E2E, {0, 1}),
        # what came in heaps has no pace, but a first token
        ((_column(0), _column(1), _column(2, 14.0, 79.0, stamps=HEAPS)), Metric.ITL, {0, 1}),
        ((_column(0), _column(1), _column(2, 14.0, 79.0, stamps=HEAPS)), Metric.TOKENS_PER_SECOND, {0, 1}),
        ((_column(0), _column(2, 14.0, 79.0, stamps=HEAPS)), Metric.TTFT, {0, 2}),
        # an estimate against counts
        ((_column(0), _column(1, 10.0, 100.0, estimated=True)), Metric.ITL, {0}),
        ((_column(0, estimated=True), _column(1, 10.0, 100.0, estimated=True)), Metric.ITL, {0, 1}),
        ((), Metric.TOKENS_PER_SECOND, set()),
    ],
)
def test_only_figures_of_the_same_thing_compete(
    columns: tuple[ColumnFacts, ...], metric: Metric, compete: set[int]
) -> None:
    assert contenders(columns, metric) == compete


def test_a_sum_over_fewer_answers_is_no_lower_price() -> None:
    half, whole = ColumnFacts(0, runs=6, answered=3, cost_usd=0.0003), ColumnFacts(1, 6, 6, cost_usd=0.0006)
    dearer, unpriced = ColumnFacts(2, 6, 6, cost_usd=0.0009), ColumnFacts(3, 6, 2)
    assert cost_contenders((half, whole)) == frozenset()
    assert cost_contenders((whole, dearer, unpriced)) == {1, 2}

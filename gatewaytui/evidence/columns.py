"""What a comparison adds to a record: slots of the schedule, columns, spreads, changes."""

from __future__ import annotations

import math

from gatewaytui.domain.comparison import Change, ColumnFacts, Comparison, Slot, Spread
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import StreamFacts
from gatewaytui.domain.stamps import StampFacts, Uncertainty

from . import allow
from .parts import (
    ChangePart,
    ColumnPart,
    ComparisonPart,
    CountPart,
    SlotPart,
    SpreadPart,
    StampsPart,
    UncertaintyPart,
)

LARGEST_COST = 1_000_000.0


def slot_part(slot: Slot | None) -> SlotPart | None:
    """A place in the schedule."""
    if slot is None:
        return None
    return SlotPart(
        run=slot.run,
        warm_up=slot.warm_up,
        planned_ms=allow.figure(slot.planned_ms),
        started_ms=allow.figure(slot.started_ms),
        text=slot.text,
    )


def stamps_part(stamps: StampFacts | None) -> StampsPart | None:
    """How exactly it was stamped; None where nothing streamed."""
    if stamps is None:
        return None
    return StampsPart(
        reads=stamps.reads,
        kernel=stamps.kernel,
        batched=stamps.batched,
        late=stamps.late,
        events=stamps.events,
        longest_lag_ms=allow.figure(stamps.longest_lag_ms),
    )


def uncertainty_part(stream: StreamFacts | None) -> UncertaintyPart | None:
    """What the stamps leave uncertain; None where nothing was stamped."""
    if stream is None or stream.uncertainty == Uncertainty():
        return None
    off = stream.uncertainty
    return UncertaintyPart(
        ttft_ms=_off(off.ttft_ms),
        ttfat_ms=_off(off.ttfat_ms),
        itl_ms=_off(off.itl_ms),
        chunk_gap_ms=_off(off.chunk_gap_ms),
        e2e_ms=_off(off.e2e_ms),
        tokens_per_second=_off(off.tokens_per_second),
    )


def _off(uncertainty: float | None) -> float | None:
    """To three decimals, rounded up: no figure is exact."""
    return None if uncertainty is None else allow.figure(math.ceil(uncertainty * 1000) / 1000)


def comparison_part(comparison: Comparison | None) -> ComparisonPart | None:
    """All columns; None where the run compared nothing."""
    if comparison is None:
        return None
    return ComparisonPart(
        runs=comparison.runs,
        warm_ups=comparison.warm_ups,
        concurrency=comparison.concurrency,
        seed=comparison.seed,
        planned=comparison.planned,
        same_text=comparison.same_text,
        notes=tuple(map(allow.sentence, comparison.notes)),
        columns=tuple(map(_column, comparison.columns)),
        changes=None if comparison.changes is None else tuple(map(_change, comparison.changes)),
        interval_s=allow.figure(comparison.interval_s),
        max_tokens=allow.count(comparison.max_tokens),
    )


def _column(column: ColumnFacts) -> ColumnPart:
    return ColumnPart(
        target=column.target,
        runs=column.runs,
        answered=column.answered,
        failures=_counts(column.failures),
        warnings=_counts(column.warnings),
        metrics={metric.value: _spread(spread) for metric, spread in column.spreads},
        queued_ms=allow.figure(column.queued_ms),
        served_models=tuple(dict.fromkeys(filter(None, map(allow.model, column.served_models)))),
        input_tokens=_tokens(column.input_tokens),
        output_tokens=_tokens(column.output_tokens),
        texts=column.texts,
        cost_usd=_dollars(column.cost_usd),
        stamps=stamps_part(column.stamps),
        estimated=column.estimated,
    )


def _tokens(counted: tuple[int, ...]) -> tuple[int, ...]:
    """What the server counted, where it is a count."""
    return tuple(number for number in counted if allow.count(number) is not None)


def _dollars(cost: float | None) -> float | None:
    """By the server's price list: None where that makes no sense."""
    return round(cost, 9) if cost is not None and 0 <= cost <= LARGEST_COST else None


def _counts(classes: tuple[tuple[FailureClass, int], ...]) -> tuple[CountPart, ...]:
    return tuple(CountPart(class_=failure_class, count=count) for failure_class, count in classes)


def _spread(spread: Spread) -> SpreadPart:
    return SpreadPart(
        n=spread.n,
        low=allow.figure(spread.low),
        p50=allow.figure(spread.p50),
        p90=allow.figure(spread.p90),
        p95=allow.figure(spread.p95),
        p99=allow.figure(spread.p99),
        high=allow.figure(spread.high),
        uncertainty=_off(spread.uncertainty),
    )


def _change(change: Change) -> ChangePart:
    return ChangePart(
        target=change.target,
        metric=allow.word(change.metric),
        verdict=change.verdict,
        before=allow.figure(change.before),
        now=allow.figure(change.now),
        n_before=change.n_before,
        n_now=change.n_now,
        ratio=allow.figure(change.ratio),
        effect=None if change.effect is None else round(change.effect, 3) + 0.0,
        p=None if change.p is None else float(f"{change.p:.3g}"),
    )

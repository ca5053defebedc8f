"""What the record's parts are made of, and the parts of a comparison."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gatewaytui.domain.comparison import Verdict
from gatewaytui.domain.failure import FailureClass


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the record: frozen, and built by field names only."""


class SlotPart(Part, frozen=True, kw_only=True):
    """Where in a comparison's schedule a check stands; times since the comparison began."""

    run: int
    warm_up: bool
    planned_ms: float | None
    started_ms: float | None
    text: int


class SpreadPart(Part, frozen=True, kw_only=True):
    """A metric over the answered runs of a column; a percentile is None where n is too small for it.

    ``uncertainty`` is what the stamps leave uncertain of the median, or of the only value.
    """

    n: int
    low: float | None
    p50: float | None
    p90: float | None
    p95: float | None
    p99: float | None
    high: float | None
    uncertainty: float | None = None


class StampsPart(Part, frozen=True, kw_only=True):
    """The reads that brought a token: how many the kernel stamped, came with several events, were read late."""

    reads: int
    kernel: int
    batched: int
    late: int
    events: int
    longest_lag_ms: float | None


class UncertaintyPart(Part, frozen=True, kw_only=True):
    """By how much a figure may be off either way for its stamps alone, in its own unit."""

    ttft_ms: float | None
    ttfat_ms: float | None
    itl_ms: float | None
    chunk_gap_ms: float | None
    e2e_ms: float | None
    tokens_per_second: float | None


class CountPart(Part, frozen=True, kw_only=True):
    """How often a class came."""

    class_: FailureClass = msgspec.field(name="class")
    count: int


class ColumnPart(Part, frozen=True, kw_only=True):
    """One target over all its runs, warm-ups left out.

    ``estimated`` tells that the metrics that count tokens go by our estimate of the text.
    """

    target: int
    runs: int
    answered: int
    failures: tuple[CountPart, ...]
    warnings: tuple[CountPart, ...]
    metrics: Mapping[str, SpreadPart]
    queued_ms: float | None
    served_models: tuple[str, ...]
    input_tokens: tuple[int, ...]
    output_tokens: tuple[int, ...]
    texts: tuple[int, ...]
    cost_usd: float | None
    stamps: StampsPart | None = None
    estimated: bool = False


class ChangePart(Part, frozen=True, kw_only=True):
    """One metric of one target against the baseline. ``effect`` is Cliff's delta, above 0 where it is better now."""

    target: int
    metric: str
    verdict: Verdict
    before: float | None
    now: float | None
    n_before: int
    n_now: int
    ratio: float | None
    effect: float | None
    p: float | None


class ComparisonPart(Part, frozen=True, kw_only=True):
    """Columns side by side and how they were made. ``texts`` are numbers of distinct answers, never their text.

    ``changes`` are against a baseline, None where there was none. ``interval_s`` is None in evidence of before it and
    ``max_tokens`` were kept, which is None for no limit too.
    """

    runs: int
    warm_ups: int
    concurrency: int
    seed: int
    planned: int
    same_text: bool | None
    notes: tuple[str, ...]
    columns: tuple[ColumnPart, ...]
    changes: tuple[ChangePart, ...] | None = None
    interval_s: float | None = None
    max_tokens: int | None = None

    @property
    def ended(self) -> int:
        """How many of the planned requests came to an end; fewer where it was stopped or its budget was spent."""
        return sum(column.runs for column in self.columns)

"""Gateways compared: the same prompt to several targets, several times, and what each column came to.

Definitions: design/measuring.md. Times are milliseconds; what was not measured is None.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from .failure import FailureClass
from .stamps import StampFacts

BEST = "\u25b2"
"""Stands before the best figure of several."""
ESTIMATED = "~"
"""Stands before a figure that goes by tokens nobody but us counted."""
ESTIMATED_MEANS = f"{ESTIMATED} tokens estimated from the text: the server gave no count that fits it."


class Metric(StrEnum):
    """What columns are compared by; the values are public (evidence, baselines).

    ``TTFT_CONNECTED`` is TTFT from the moment the connection stood: without the wait for a turn, DNS, TCP and TLS.
    """

    TTFT = "ttft_ms"
    TTFT_CONNECTED = "ttft_connected_ms"
    TTFAT = "ttfat_ms"
    ITL = "itl_ms"
    E2E = "e2e_ms"
    TOKENS_PER_SECOND = "tokens_per_second"

    @property
    def more_is_better(self) -> bool:
        """True for a rate, False for a time."""
        return self is Metric.TOKENS_PER_SECOND

    @property
    def counts_tokens(self) -> bool:
        """Whether it goes by a number of tokens, and so by who counted them: the server, or our estimate."""
        return self in (Metric.ITL, Metric.TOKENS_PER_SECOND)


class Slot(msgspec.Struct, frozen=True):
    """One request of a comparison: the how many-th of its target (from 1), and when it was to start and did.

    Times are ms since the comparison began; their difference is what the request waited for its turn in this client.
    ``text`` numbers the distinct answers of the whole comparison from 1; 0 is none. ``lane`` numbers the requests a
    target has in flight at once; lane 0 is the one that is told as it streams.
    """

    run: int
    planned_ms: float
    started_ms: float | None = None
    warm_up: bool = False
    text: int = 0
    lane: int = 0


class Spread(msgspec.Struct, frozen=True):
    """A metric over the runs of a column. A percentile is None where n is too small for it to mean anything.

    ``uncertainty`` is by how much the stamps leave the median uncertain, or the only value, either way.
    """

    n: int = 0
    low: float | None = None
    p50: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    high: float | None = None
    uncertainty: float | None = None

    @property
    def middle(self) -> float | None:
        """The median; the value itself where there is but one."""
        return self.low if self.n == 1 else self.p50


class ColumnFacts(msgspec.Struct, frozen=True):
    """One target over all its runs, warm-ups left out. ``answered`` counts those that passed or only warned.

    ``spreads`` are of answered runs alone: an error that comes fast is no fast answer. Token counts and served models
    are the distinct ones that were seen, ``texts`` the numbers of the distinct answers. ``cost_usd`` is by the
    catalogue's prices and the counted tokens. ``queued_ms`` is the longest that a request waited for its turn in this
    client; times to a token and in total are counted from the planned start. ``stamps`` are those of all answered
    streams together. ``estimated`` tells that the metrics that count tokens go by our estimate of the text; they are
    never mixed, and what most runs have decides. ``miscounted`` are output counts of the server's that the streamed
    text cannot be; ``text_tokens`` those of answers without any reasoning, which count nothing but their text.
    """

    target: int
    runs: int = 0
    answered: int = 0
    failures: tuple[tuple[FailureClass, int], ...] = ()
    warnings: tuple[tuple[FailureClass, int], ...] = ()
    spreads: tuple[tuple[Metric, Spread], ...] = ()
    queued_ms: float | None = None
    served_models: tuple[str, ...] = ()
    input_tokens: tuple[int, ...] = ()
    output_tokens: tuple[int, ...] = ()
    texts: tuple[int, ...] = ()
    cost_usd: float | None = None
    stamps: StampFacts | None = None
    estimated: bool = False
    miscounted: tuple[int, ...] = ()
    text_tokens: tuple[int, ...] = ()

    def spread(self, metric: Metric) -> Spread:
        """The spread of a metric; an empty one where it was not measured."""
        return dict(self.spreads).get(metric, Spread())


class Comparison(msgspec.Struct, frozen=True):
    """All columns, how they were made, and what is worth a sentence about them.

    ``seed`` shuffled the order in which targets start, ``interval_s`` is how far apart the runs of a target were
    planned (0: each after the one before), ``max_tokens`` the longest answer that was asked for. ``planned`` is how
    many requests were to be measured; fewer were where the run was stopped or its budget spent. ``same_text`` tells
    whether all answers are one text, None where fewer than two came or the temperature was not 0. ``changes`` are
    against a baseline, None without one.
    """

    columns: tuple[ColumnFacts, ...]
    runs: int
    warm_ups: int = 0
    concurrency: int = 1
    seed: int = 0
    interval_s: float = 0.0
    max_tokens: int | None = None
    planned: int = 0
    same_text: bool | None = None
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] | None = None


class Verdict(StrEnum):
    """What a later comparison says of a metric against its baseline."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNSURE = "unsure"


class Change(msgspec.Struct, frozen=True):
    """One metric of one target against the baseline.

    ``effect`` is Cliff's delta, from -1 (every run now is worse) to 1 (every run is better); ``p`` the two-sided
    p-value; ``ratio`` now's median by the baseline's. None where not computed. ``metric`` is "answered" for the
    success rate.
    """

    target: int
    metric: str
    verdict: Verdict
    before: float | None
    now: float | None
    n_before: int
    n_now: int
    ratio: float | None = None
    effect: float | None = None
    p: float | None = None

"""Which columns of a comparison may compete for the best figure: those whose figures are of the same thing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gatewaytui.domain.comparison import ColumnFacts, Metric
from gatewaytui.domain.stamps import StampFacts

_OFTEN = 0.1


def gathers(stamps: StampFacts | None) -> bool:
    """Whether the gateway gathers tokens: several came in one read although it was read at once, and often."""
    return stamps is not None and stamps.batched > stamps.late and stamps.batched >= stamps.reads * _OFTEN


def contenders(columns: Sequence[ColumnFacts], metric: Metric) -> frozenset[int]:
    """The targets whose figure of this metric may be the best; an empty set where none can be called so.

    Where servers count tokens, an estimate does not compete with them, and the average of tokens that came in heaps
    is no pace. tok/s counts n tokens over n - 1 gaps (design/measuring.md), so that a short answer looks faster: a
    best rate that is not the best ITL too is none.
    """
    found = [one for one in columns if one.spread(metric).n]
    if metric.counts_tokens:
        counted = [one for one in found if not one.estimated]
        found = [one for one in counted or found if not gathers(one.stamps)]
    if metric is Metric.TOKENS_PER_SECOND and not _fastest_of(found) & _fastest_of(found, by_pace=True):
        return frozenset()
    return frozenset(one.target for one in found)


def cost_contenders(columns: Sequence[ColumnFacts]) -> frozenset[int]:
    """The same of what the answered runs cost: a sum over fewer answers is no lower price."""
    found = [one for one in columns if one.cost_usd is not None]
    return frozenset(one.target for one in found) if len({one.answered for one in found}) == 1 else frozenset()


def _fastest_of(columns: Sequence[ColumnFacts], by_pace: bool = False) -> frozenset[int]:
    """The targets with the best median rate, or with the best median ITL."""
    metric, sign = (Metric.ITL, -1) if by_pace else (Metric.TOKENS_PER_SECOND, 1)
    medians = {one.target: median * sign for one in columns if (median := one.spread(metric).middle) is not None}
    best = max(medians.values(), default=None)
    return frozenset(target for target, value in medians.items() if value == best)

"""Which columns of a comparison may compete for the best figure: those whose figures are of the same thing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from gatewaytui.domain.comparison import ColumnFacts, Metric
from gatewaytui.domain.stamps import StampFacts

from .statistics import length_decides

OFTEN = 0.1
"""Of a stream's reads, this share is no chance."""


def gathers(stamps: StampFacts | None) -> bool:
    """Whether the gateway gathers tokens: several came in one read although it was read at once, and often."""
    return stamps is not None and stamps.batched > stamps.late and stamps.batched >= stamps.reads * OFTEN


def contenders(columns: Sequence[ColumnFacts], metric: Metric) -> frozenset[int]:
    """The targets whose figure of this metric may be the best; an empty set where none can be called the best.

    Where servers count tokens, an estimate does not compete with them, and the average of tokens that came in heaps
    is no pace. Where the length of the answers alone decides, none is the best.
    """
    found = [one for one in columns if one.spread(metric).n]
    if metric.counts_tokens:
        counted = [one for one in found if not one.estimated]
        found = [one for one in counted or found if not gathers(one.stamps)]
    lengths = [count for one in found for count in one.output_tokens if count]
    if length_decides(metric, lengths):
        return frozenset()
    return frozenset(one.target for one in found)


def cost_contenders(columns: Sequence[ColumnFacts]) -> frozenset[int]:
    """The same of what the answered runs cost: a sum over fewer answers is no lower price."""
    found = [one for one in columns if one.cost_usd is not None]
    return frozenset(one.target for one in found) if len({one.answered for one in found}) == 1 else frozenset()

"""How exactly a stream was stamped, and how uncertain that leaves each of its figures (design/measuring.md)."""

from __future__ import annotations

import msgspec


class Uncertainty(msgspec.Struct, frozen=True):
    """By how much a figure may be off either way, in the figure's own unit; None where the figure was not measured.

    It is that of the stamps alone. The spread of the runs is told by their percentiles.
    """

    ttft_ms: float | None = None
    ttfat_ms: float | None = None
    itl_ms: float | None = None
    chunk_gap_ms: float | None = None
    e2e_ms: float | None = None
    tokens_per_second: float | None = None


class StampFacts(msgspec.Struct, frozen=True):
    """The reads of one stream, or of several together, that brought a token; counts and ms.

    ``kernel`` of the ``reads`` carry the kernel's stamp, the others the time of the read itself. ``late`` lay unread
    so long that it was we who gathered what they hold; ``batched`` were read at once and yet held several of the
    ``events`` that bear tokens, so that whoever sent them had gathered them. ``longest_lag_ms`` is the longest that
    any of them lay unread.
    """

    reads: int = 0
    kernel: int = 0
    batched: int = 0
    late: int = 0
    events: int = 0
    longest_lag_ms: float = 0.0

"""How exactly a stream is stamped, and whether the gateway batches or we read late (design/measuring.md). Pure."""

from __future__ import annotations

from gatewaytui.domain.exchange import StampSource
from gatewaytui.domain.stamps import StampFacts, Uncertainty

LATE_NS = 5_000_000
KERNEL_DOUBT_NS = 50_000
READ_DOUBT_NS = 3_400_000


class StampBook:
    """The reads of one stream as they come, and what the stamp of each is worth.

    The kernel's stamp is that of a read's last bytes and good to ``KERNEL_DOUBT_NS`` (its clock is read beside ours;
    against the server's own stamps the 99th percentile was 0.037 ms). Of a read with several events the first may
    have come earlier, by about as long as the read lay or nobody looked. A read without the kernel's stamp is good to
    ``READ_DOUBT_NS``, by which the 99th percentile of such stamps was off, or to the longest that a read of this
    stream lay, if that is more.
    """

    __slots__ = (
        "_at_ns",
        "_batched",
        "_doubts",
        "_events",
        "_frames",
        "_kernel",
        "_kernel_reads",
        "_lag_ns",
        "_late",
        "_longest_ns",
        "_reads",
        "_tokens",
        "_unseen_ns",
    )

    def __init__(self) -> None:
        self._at_ns, self._lag_ns, self._unseen_ns, self._kernel = -1, 0, 0, False
        self._frames = self._tokens = 0
        self._reads = self._kernel_reads = self._batched = self._late = self._events = self._longest_ns = 0
        self._doubts: dict[int, int | None] = {}

    def read(self, at_ns: int, lag_ns: int, source: StampSource, unseen_ns: int = 0) -> None:
        """A read: the frames that follow came in it. Several pieces of one read count as that one read.

        Before it nobody may have looked for ``unseen_ns``.
        """
        if at_ns != self._at_ns:
            self._close()
            self._at_ns, self._lag_ns, self._unseen_ns = at_ns, lag_ns, unseen_ns
            self._kernel = source is StampSource.KERNEL

    def frame(self, *, token: bool) -> None:
        """An event of the read, and whether it bears a token."""
        self._frames += 1
        self._tokens += token

    def facts(self) -> StampFacts | None:
        """All reads that brought a token; None where no read was told of."""
        self._close()
        if not self._reads:
            return None
        return StampFacts(
            self._reads, self._kernel_reads, self._batched, self._late, self._events, self._longest_ns / 1e6
        )

    def doubt_ms(self, at_ns: int | None) -> float | None:
        """By how much the stamp of this read of a token may be off; None where no read was told of."""
        self._close()
        if at_ns is None or not self._reads:
            return None
        doubt = self._doubts.get(at_ns, KERNEL_DOUBT_NS)
        return (self._unstamped_ns() if doubt is None else doubt) / 1e6

    def widest_ms(self) -> float | None:
        """The widest doubt of all reads that brought a token."""
        self._close()
        doubts = (self._unstamped_ns() if doubt is None else doubt for doubt in self._doubts.values())
        return max((KERNEL_DOUBT_NS, *doubts)) / 1e6 if self._reads else None

    def _lay_ns(self) -> int:
        """How long the first bytes of the read may have lain: of a single event the kernel's stamp tells it."""
        tells = self._kernel and self._frames == 1
        return self._lag_ns if tells else max(self._lag_ns, self._unseen_ns)

    def _unstamped_ns(self) -> int:
        return max(READ_DOUBT_NS, self._longest_ns)

    def _close(self) -> None:
        """The read is over: count it where it brought a token."""
        if self._tokens:
            self._reads += 1
            self._kernel_reads += self._kernel
            self._events += self._tokens
            lay_ns = self._lay_ns()
            late = lay_ns >= LATE_NS
            self._late += late
            self._batched += self._tokens > 1 and not late
            self._longest_ns = max(self._longest_ns, lay_ns)
            if not self._kernel:
                self._doubts[self._at_ns] = None
            elif self._frames > 1:
                self._doubts[self._at_ns] = KERNEL_DOUBT_NS + lay_ns
        self._frames = self._tokens = 0


def uncertainty(
    book: StampBook, first_ns: int | None, answered_ns: int | None, last_ns: int | None, tokens: float | None
) -> Uncertainty:
    """What the stamps leave uncertain of the figures of a stream with these moments and so many tokens."""
    first, last = book.doubt_ms(first_ns), book.doubt_ms(last_ns)
    if first is None or last is None or first_ns is None or last_ns is None:
        return Uncertainty()
    widest = book.widest_ms()
    whole_ms, ends = (last_ns - first_ns) / 1e6, first + last
    return Uncertainty(
        ttft_ms=first,
        ttfat_ms=book.doubt_ms(answered_ns),
        itl_ms=ends / (tokens - 1) if whole_ms and tokens and tokens > 1 else None,
        chunk_gap_ms=None if widest is None or not whole_ms else 2 * widest,
        e2e_ms=last,
        tokens_per_second=_rate_doubt(tokens, whole_ms, ends) if whole_ms and tokens else None,
    )


def _rate_doubt(tokens: float, whole_ms: float, doubt_ms: float) -> float:
    """How far the rate goes where the time is as short as it may be; a time that may be nothing is taken as it is."""
    shortest = whole_ms - doubt_ms if doubt_ms < whole_ms else whole_ms / 2
    return tokens * 1000 / shortest - tokens * 1000 / whole_ms

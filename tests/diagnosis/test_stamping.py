"""What a stream's stamps are worth: the kernel's, our own, and those of reads that held several events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.stamping import KERNEL_DOUBT_NS, LATE_NS, READ_DOUBT_NS
from gatewaytui.diagnosis.statistics import StreamMeter
from gatewaytui.domain.chat import Answer, Frame, ReasoningDelta, StreamEvent, Terminator, TextDelta, Usage
from gatewaytui.domain.exchange import StampSource
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import StreamFacts
from gatewaytui.domain.stamps import StampFacts, Uncertainty

MS = 1_000_000
KERNEL, READ = StampSource.KERNEL, StampSource.READ
SURE, WIDE = KERNEL_DOUBT_NS / MS, READ_DOUBT_NS / MS
TOKEN = TextDelta("a")
Reading = tuple[float, float, StampSource, tuple[StreamEvent, ...]]


def streamed(*reads: Reading, tokens: int | None = None) -> StreamFacts:
    """Each read: when (ms), how long it lay unread (ms), whose stamp, and its events."""
    meter = StreamMeter()
    for at, lag, source, events in reads:
        meter.read(round(at * MS), round(lag * MS), source)
        for event in events:
            meter.saw(round(at * MS), Frame("", "", 10, (event,)))
    return meter.facts(Answer(usage=Usage(output_tokens=tokens)), StreamEnd.COMPLETE)


def test_every_figure_carries_what_its_own_stamps_leave_uncertain() -> None:
    facts = streamed(
        (10, 0.1, KERNEL, (ReasoningDelta("hm"),)), (20, 0.1, READ, (TOKEN,)), (50, 0.1, KERNEL, (TOKEN,)), tokens=5
    )
    off = facts.uncertainty
    assert (off.ttft_ms, off.ttfat_ms, off.e2e_ms) == (SURE, WIDE, SURE)
    assert off.chunk_gap_ms == 2 * WIDE
    assert off.itl_ms == pytest.approx(2 * SURE / 4)
    assert facts.tokens_per_second == pytest.approx(125)
    assert off.tokens_per_second == pytest.approx(5000 / (40 - 2 * SURE) - 125)


def test_without_the_kernels_stamp_the_longest_lag_of_the_stream_counts_where_it_is_more() -> None:
    facts = streamed((10, 0, READ, (TOKEN,)), (20, 9, KERNEL, (TOKEN,)))
    assert (facts.uncertainty.ttft_ms, facts.uncertainty.e2e_ms) == (9.0, SURE)


def test_the_gateway_batches_where_a_read_at_once_holds_several_tokens() -> None:
    facts = streamed((10, 0.2, KERNEL, (TOKEN, TOKEN, TOKEN)), (30, 0.2, KERNEL, (TOKEN, TOKEN)))
    assert facts.stamps == StampFacts(reads=2, kernel=2, batched=2, late=0, events=5, longest_lag_ms=0.2)
    assert facts.uncertainty.ttft_ms == pytest.approx(SURE + 0.2)


def test_we_read_late_where_bytes_lay_here() -> None:
    late = LATE_NS / MS
    facts = streamed((10, 0.1, KERNEL, (TOKEN,)), (30, late, KERNEL, (TOKEN, TOKEN, TOKEN)))
    assert facts.stamps == StampFacts(reads=2, kernel=2, batched=0, late=1, events=4, longest_lag_ms=late)
    assert (facts.uncertainty.ttft_ms, facts.uncertainty.e2e_ms) == (SURE, pytest.approx(SURE + late))


def test_a_late_read_of_a_single_event_is_as_sure_as_any() -> None:
    assert streamed((10, 80, KERNEL, (TOKEN,))).uncertainty.ttft_ms == SURE


def test_reads_without_a_token_do_not_count() -> None:
    facts = streamed((5, 90, READ, (TextDelta(""),)), (10, 0, KERNEL, (TOKEN,)), (11, 90, READ, (Terminator("x"),)))
    assert facts.stamps == StampFacts(reads=1, kernel=1, events=1)


def test_two_pieces_of_one_read_are_that_one_read() -> None:
    facts = streamed((10, 0.1, KERNEL, (TOKEN,)), (10, 0.1, KERNEL, (TOKEN,)))
    assert facts.stamps == StampFacts(1, 1, batched=1, events=2, longest_lag_ms=0.1)


def test_nothing_is_uncertain_of_what_was_not_measured() -> None:
    assert streamed((10, 0, KERNEL, (Terminator("x"),))).uncertainty == Uncertainty()
    one = streamed((10, 0, KERNEL, (TOKEN,)), tokens=1).uncertainty
    assert (one.itl_ms, one.chunk_gap_ms, one.tokens_per_second) == (None, None, None)
    assert streamed().stamps is None


@given(st.lists(st.tuples(st.floats(0, 50), st.sampled_from(StampSource), st.integers(1, 4)), min_size=1))
def test_every_measured_figure_is_uncertain_and_none_is_exact(reads: list[tuple[float, StampSource, int]]) -> None:
    facts = streamed(*((at, lag, whose, (TOKEN,) * n) for at, (lag, whose, n) in enumerate(reads, 1)), tokens=9)
    off, stamps = facts.uncertainty, facts.stamps
    assert stamps is not None and stamps.reads == len(reads) and stamps.events == facts.chunk_count
    assert stamps.batched + stamps.late <= stamps.reads
    for name in ("ttft_ms", "ttfat_ms", "itl_ms", "e2e_ms", "tokens_per_second"):
        figure, doubt = getattr(facts, name), getattr(off, name)
        assert (figure is None) == (doubt is None)
        assert doubt is None or doubt > 0


@pytest.mark.parametrize(
    ("events", "source", "late", "batched"),
    [((TOKEN,), KERNEL, 0, 0), ((TOKEN, TOKEN), KERNEL, 1, 0), ((TOKEN,), READ, 1, 0)],
)
def test_what_came_while_nobody_looked_may_be_as_old_as_that(
    events: tuple[StreamEvent, ...], source: StampSource, late: int, batched: int
) -> None:
    meter = StreamMeter()
    meter.read(100 * MS, MS, source, 80 * MS)
    for event in events:
        meter.saw(100 * MS, Frame("", "", 10, (event,)))
    facts = meter.facts(None, StreamEnd.COMPLETE)
    assert facts.stamps is not None and (facts.stamps.late, facts.stamps.batched) == (late, batched)
    sure = len(events) == 1 and source is KERNEL  # a single event is what the kernel stamped
    assert facts.uncertainty.ttft_ms == pytest.approx(SURE if sure else 80 + (SURE if source is KERNEL else 0))

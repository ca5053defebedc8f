from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.statistics import StreamMeter, common_source, estimated_tokens, gap_facts, percentile
from gatewaytui.domain.chat import (
    Answer,
    Frame,
    OtherContent,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamEvent,
    Terminator,
    TextDelta,
    ToolDelta,
    Usage,
    UsageReported,
)
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import StreamFacts, TokenSource

MS = 1_000_000


def measured(*frames: tuple[float, StreamEvent | None], usage: Usage | None = None) -> StreamFacts:
    meter = StreamMeter()
    for at_ms, event in frames:
        meter.saw(round(at_ms * MS), Frame("", "", 10, (event,) if event else ()))
    return meter.facts(Answer(usage=usage), StreamEnd.COMPLETE)


def test_only_tokens_start_the_clock() -> None:
    facts = measured(
        (5, None),
        (10, Started("m")),
        (20, TextDelta("")),
        (30, ReasoningDelta("hm")),
        (50, TextDelta("Hi")),
        (90, TextDelta("!")),
        (95, UsageReported(Usage(output_tokens=3))),
        (99, Terminator("[DONE]")),
    )
    assert (facts.ttft_ms, facts.ttfat_ms, facts.e2e_ms) == (30, 50, 90)
    assert facts.chunk_count == 3
    assert facts.stream_end is StreamEnd.COMPLETE


def test_a_refusal_and_a_tool_call_are_answers() -> None:
    assert measured((7, RefusalDelta("No."))).ttfat_ms == 7
    assert measured((8, ToolDelta(0, "id", "f", ""))).ttfat_ms == 8
    assert measured((9, ToolDelta(0, "id"))).ttft_ms is None


def test_pace_comes_from_the_servers_count() -> None:
    usage = Usage(output_tokens=11)
    facts = measured((100, TextDelta("a")), (150, TextDelta("b")), (200, TextDelta("c")), usage=usage)
    assert facts.itl_ms == pytest.approx(10)
    assert facts.tokens_per_second == pytest.approx(110)
    assert facts.token_source is TokenSource.USAGE


def test_without_a_count_the_text_is_estimated() -> None:
    facts = measured((0, TextDelta("x" * 40)), (1000, TextDelta("x" * 40)))
    assert facts.tokens_per_second == pytest.approx(20)
    assert facts.token_source is TokenSource.ESTIMATED


def test_hidden_reasoning_is_not_counted_as_streamed() -> None:
    usage = Usage(input_tokens=5, output_tokens=1000, total_tokens=1005, reasoning_tokens=980)
    facts = measured((0, TextDelta("x" * 40)), (1000, TextDelta("x" * 40)), usage=usage)
    assert facts.token_source is TokenSource.ESTIMATED
    assert facts.tokens_per_second == pytest.approx(20)


def test_streamed_reasoning_belongs_to_the_count() -> None:
    usage = Usage(output_tokens=100, reasoning_tokens=60)
    facts = measured((0, ReasoningDelta("hm")), (1000, TextDelta("so")), usage=usage)
    assert facts.token_source is TokenSource.USAGE


def test_thoughts_counted_apart_are_not_in_the_output() -> None:
    usage = Usage(input_tokens=5, output_tokens=20, total_tokens=125, reasoning_tokens=100)
    facts = measured((0, TextDelta("a")), (1000, TextDelta("b")), usage=usage)
    assert facts.tokens_per_second == pytest.approx(20)
    assert facts.token_source is TokenSource.USAGE


def test_frames_of_one_read_are_no_gap() -> None:
    facts = measured((10, TextDelta("a")), (10, TextDelta("b")), (30, TextDelta("c")))
    assert facts.chunk_gap.n == 1
    assert facts.chunk_gap.p50 == 20


def test_nothing_streamed_is_nothing_measured() -> None:
    facts = measured((5, None), (9, Started("m")))
    assert facts == StreamFacts(stream_end=StreamEnd.COMPLETE)


def test_a_single_burst_has_no_speed() -> None:
    facts = measured((10, TextDelta("a")), (10, TextDelta("b")), usage=Usage(output_tokens=2))
    assert facts.tokens_per_second is None
    assert facts.itl_ms is None


@pytest.mark.parametrize(
    ("n", "has_95", "has_99"), [(19, False, False), (20, True, False), (99, True, False), (100, True, True)]
)
def test_percentiles_need_enough_values(n: int, has_95: bool, has_99: bool) -> None:
    facts = gap_facts([float(value) for value in range(n)])
    assert facts.p50 is not None
    assert (facts.p95 is not None, facts.p99 is not None) == (has_95, has_99)


def test_percentile_interpolates() -> None:
    assert percentile([1, 2, 3, 4], 50) == 2.5
    assert percentile([4, 1], 0) == 1
    assert percentile([4, 1], 100) == 4
    assert percentile([], 50) is None


@given(st.lists(st.floats(0, 1e9), min_size=1), st.floats(0, 100))
def test_a_percentile_lies_between_its_values(values: list[float], q: float) -> None:
    found = percentile(values, q)
    assert found is not None
    assert min(values) <= found * (1 + 1e-9)
    assert found <= max(values) * (1 + 1e-9)


def test_chinese_counts_a_token_a_character() -> None:
    assert estimated_tokens("你好") == 2
    assert estimated_tokens("abcd") == 1


@pytest.mark.parametrize(
    ("tokens", "source"), [(20, "usage"), (350, "usage"), (5000, "estimated"), (10**15, "estimated")]
)
def test_a_count_that_the_text_cannot_be_is_not_used(tokens: int, source: str) -> None:
    usage = Usage(output_tokens=tokens)
    facts = measured((0, TextDelta("x" * 20)), (1000, TextDelta("x" * 20)), usage=usage)
    assert facts.token_source == source
    assert facts.tokens_per_second == pytest.approx(tokens if source == "usage" else 10)


def test_a_count_of_next_to_nothing_is_not_used_for_a_long_text() -> None:
    long = TextDelta("x" * 400)
    assert measured((0, long), (9, long), usage=Usage(output_tokens=9)).token_source is TokenSource.ESTIMATED
    assert measured((0, long), (9, long), usage=Usage(output_tokens=11)).token_source is TokenSource.USAGE


def test_other_content_may_be_any_number_of_tokens() -> None:
    facts = measured((0, OtherContent("image")), (9, TextDelta("x")), usage=Usage(output_tokens=1290))
    assert facts.token_source is TokenSource.USAGE


def test_what_most_streams_go_by_is_the_common_source() -> None:
    usage, estimated = TokenSource.USAGE, TokenSource.ESTIMATED
    assert common_source([usage, None, estimated, estimated]) is estimated
    assert common_source([estimated, usage]) is usage
    assert common_source([None]) is None

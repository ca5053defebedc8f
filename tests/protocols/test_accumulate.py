from __future__ import annotations

from gatewaytui.domain.chat import (
    Answer,
    ErrorObject,
    Finished,
    OtherContent,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamError,
    StreamEvent,
    Terminator,
    TextDelta,
    ToolCall,
    ToolDelta,
    Unrecognised,
    Usage,
    UsageReported,
)
from gatewaytui.protocols.accumulate import Accumulator


def _answer(*events: StreamEvent) -> Answer:
    accumulator = Accumulator()
    for event in events:
        accumulator.add(event)
    return accumulator.answer()


def test_nothing_is_an_empty_answer() -> None:
    answer = _answer()
    assert (answer.text, answer.choice_count, answer.usage, answer.terminated) == ("", 0, None, False)


def test_the_first_choice_is_the_lowest() -> None:
    answer = _answer(TextDelta("b", 2), TextDelta("a", 1), Finished("stop", 2), Finished("length", 1))
    assert (answer.text, answer.finish_reason, answer.choice_count) == ("a", "length", 2)


def test_only_text_that_is_there_counts_as_a_chunk() -> None:
    answer = _answer(TextDelta(""), TextDelta("a"), TextDelta("b"), ReasoningDelta("r"), RefusalDelta("no"))
    assert (answer.content_chunks, answer.reasoning, answer.refusal) == (2, "r", "no")


def test_tool_calls_are_put_together_by_their_number() -> None:
    answer = _answer(
        ToolDelta(0, "a", "f", "{"),
        ToolDelta(1, "b", "g", ""),
        ToolDelta(0, "", "f", "}"),
        ToolDelta(1, "x", "", "1"),
    )
    assert answer.tool_calls == (ToolCall("a", "f", "{}"), ToolCall("b", "g", "1"))


def test_the_last_usage_and_the_last_finish_stand_the_first_name_and_error_too() -> None:
    first, second = ErrorObject("one"), ErrorObject("two")
    answer = _answer(
        Started("m", ""),
        Started("n", "id"),
        UsageReported(Usage(1)),
        UsageReported(Usage(2)),
        Finished("tool_calls"),
        Finished("", detail="why"),
        StreamError(first),
        StreamError(second),
        Terminator("[DONE]"),
        Unrecognised("x"),
        OtherContent("image"),
    )
    assert (answer.served_model, answer.response_id) == ("m", "id")
    assert (answer.usage, answer.finish_reason, answer.finish_detail) == (Usage(2), "tool_calls", "why")
    assert (answer.error, answer.terminated, answer.unrecognised, answer.other_content) == (first, True, 1, 1)


def test_halves_of_a_character_are_joined() -> None:
    assert _answer(TextDelta("\ud83d"), TextDelta("\ude00\udc00")).text == "😀\ufffd"

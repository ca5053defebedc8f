from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui.domain.chat import (
    Finished,
    OtherContent,
    RefusalDelta,
    Started,
    StreamError,
    TextDelta,
    ToolDelta,
    Unrecognised,
    Usage,
)
from gatewaytui.protocols.openai_chat import ChatReader, read_usage, recognises

from .support import answer, chunk, sse


@pytest.mark.parametrize(
    ("usage", "wanted"),
    [
        ({"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}, Usage(1, 2, 3)),
        ({"input_tokens": 1, "output_tokens": 2}, Usage(1, 2)),
        ({"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 8}}, Usage(9, cached_tokens=8)),
        ({"prompt_tokens": 9, "prompt_cache_hit_tokens": 7}, Usage(9, cached_tokens=7)),
        ({"prompt_tokens": 9, "cached_tokens": 6}, Usage(9, cached_tokens=6)),
        (
            {"completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 0}},
            Usage(None, 9, None, None, 0),
        ),
        ({"completion_tokens": 9, "reasoning_tokens": 5}, Usage(None, 9, None, None, 5)),
        ({"prompt_tokens": 9, "prompt_tokens_details": None, "completion_tokens_details": []}, Usage(9)),
        ({}, None),
        ({"cost": 1.5}, None),
        (None, None),
        ("many", None),
    ],
)
def test_usage_as_servers_count_it(usage: object, wanted: Usage | None) -> None:
    assert read_usage(usage) == wanted


def _read(choice: dict[str, Any], **members: Any) -> list[Any]:
    return ChatReader().read({"choices": [choice], **members})


def test_model_and_id_are_told_once_and_late_ones_too() -> None:
    reader = ChatReader()
    found = [
        event
        for value in ({"choices": [], "id": "", "model": ""}, chunk(), chunk(model="other"), chunk(id="c2"))
        for event in reader.read(value)
    ]
    assert found == [Started("m", "c1")]


def test_a_chunk_in_the_form_of_a_whole_message() -> None:
    assert _read({"message": {"content": "a"}, "finish_reason": "stop"}) == [TextDelta("a"), Finished("stop")]


def test_a_whole_message_beside_an_empty_delta_counts() -> None:
    message, silent = {"role": "assistant", "content": "all of it"}, {"role": "assistant", "content": ""}
    found = answer("openai-chat", json.dumps({"choices": [{"message": message, "delta": silent}]}))
    assert (found.text, found.content_chunks) == ("all of it", 1)


@pytest.mark.parametrize("last", [{"role": "assistant", "content": ""}, {"content": "!"}])
def test_a_message_that_repeats_the_deltas_so_far_is_not_read_twice(last: dict[str, Any]) -> None:
    said = ("Red", " and", " blue")
    steps = [({"content": piece}, "".join(said[: at + 1])) for at, piece in enumerate(said)]
    steps.append((last, "Red and blue" + last["content"]))
    chunks = [{"choices": [{"delta": delta, "message": {"content": whole}}]} for delta, whole in steps]
    assert answer("openai-chat", sse(*chunks, "[DONE]")).text == "Red and blue" + last["content"]


@pytest.mark.parametrize("first", [{}, {"role": "assistant"}, {"content": "a"}])
def test_a_whole_message_after_deltas_is_not_read_twice(first: dict[str, Any]) -> None:
    opening = {"id": "c1", "model": "m", "choices": []}
    last = {"choices": [{"delta": {"role": "assistant"}, "message": {"content": "ab"}, "finish_reason": "stop"}]}
    said = answer("openai-chat", sse(opening, chunk(first), chunk({"content": "b"}), last, "[DONE]")).text
    assert said == first.get("content", "") + "b"


def test_a_text_beside_a_delta_is_the_same_piece_twice() -> None:
    chunks = [{"choices": [{"delta": {"content": piece}, "text": piece}]} for piece in ("a", "b")]
    thinking = {"choices": [{"delta": {"reasoning": "hm"}, "text": "hm"}]}
    found = answer("openai-chat", sse(thinking, *chunks, "[DONE]"))
    assert (found.text, found.reasoning, found.content_chunks) == ("ab", "hm", 2)
    assert _read({"text": "alone"}) == [TextDelta("alone")]


def test_a_chunk_without_choices_is_a_chunk_all_the_same() -> None:
    assert ChatReader().read({"object": "chat.completion.chunk", "usage": None}) == []
    assert ChatReader().read({"object": "novelty"}) == [Unrecognised("novelty")]


def test_whole_content_as_parts_with_refusal_and_image() -> None:
    parts = [
        {"type": "text", "text": "a"},
        "b",
        {"type": "refusal", "refusal": "no"},
        {"type": "image_url", "image_url": {}},
        {"type": "output_text", "text": "c"},
    ]
    found = _read({"message": {"content": parts}})
    assert TextDelta("abc") in found and RefusalDelta("no") in found and OtherContent("image_url") in found


@pytest.mark.parametrize("finish", [None, "", []])
def test_no_finish_is_none(finish: object) -> None:
    assert _read({"delta": {"content": ""}, "finish_reason": finish}) == []


@pytest.mark.parametrize("finish", ["eos", "length", "function_call", "content_filter", "something_new"])
def test_a_finish_keeps_the_wires_own_word(finish: str) -> None:
    assert _read({"delta": {}, "finish_reason": finish}) == [Finished(finish)]


def test_audio_is_other_content() -> None:
    assert _read({"message": {"content": None, "audio": {"id": "a", "data": "AA"}}}) == [OtherContent("audio")]


def test_tool_calls_of_two_choices_do_not_mix() -> None:
    reader = ChatReader()
    call = [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{}"}}]
    choices = [{"index": at, "delta": {"tool_calls": call}} for at in (0, 1)]
    assert reader.read({"choices": choices}) == [ToolDelta(0, "a", "f", "{}", 0), ToolDelta(0, "a", "f", "{}", 1)]


def test_an_error_beside_the_choices_and_one_within() -> None:
    beside = _read({"delta": {"content": "a"}}, error={"message": "x", "code": 502})
    within = _read({"delta": {}, "error": {"message": "y", "code": "z"}})
    assert [event.error.code for event in beside if isinstance(event, StreamError)] == ["502"]
    assert [event.error.code for event in within if isinstance(event, StreamError)] == ["z"]


def test_a_status_beside_no_choices_is_an_error_where_it_is_none_of_success() -> None:
    def errors(status: object, choices: object) -> list[str]:
        found = ChatReader().read({"id": "x", "choices": choices, "base_resp": status})
        return [event.error.code for event in found if isinstance(event, StreamError)]

    assert errors({"status_code": 1008, "status_msg": "insufficient balance"}, []) == ["1008"]
    assert errors({"status_code": 0, "status_msg": "success"}, []) == []
    assert errors({"status_code": 0, "status_msg": ""}, [{"index": 0, "delta": {"content": "a"}}]) == []


def test_what_is_recognised() -> None:
    assert recognises(chunk()) and recognises({"object": "chat.completion.chunk"}) and recognises({"choices": []})
    assert not recognises({"error": {}}) and not recognises({"choices": None}) and not recognises({"type": "message"})

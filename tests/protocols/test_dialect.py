"""Whole bodies: the same events as a stream would give, in one frame."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui.domain.chat import Answer, Usage
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.accumulate import Accumulator
from gatewaytui.protocols.table import PROTOCOLS

_BODIES: list[tuple[str, dict[str, Any], Answer]] = [
    (
        "openai-chat",
        {
            "id": "c1",
            "model": "m",
            "object": "chat.completion",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "4", "reasoning_content": "hm", "refusal": None},
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "prompt_cache_hit_tokens": 1},
        },
        Answer("4", "hm", finish_reason="stop", served_model="m", response_id="c1", usage=Usage(3, 2, 5, 1)),
    ),
    (
        "openai-responses",
        {
            "id": "r1",
            "object": "response",
            "model": "m",
            "status": "incomplete",
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"},
            "output": [
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
                {"type": "message", "content": [{"type": "output_text", "text": "4"}]},
            ],
            "usage": {"input_tokens": 3, "output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 1}},
        },
        Answer(
            "4",
            "hm",
            finish_reason="incomplete",
            finish_detail="max_output_tokens",
            served_model="m",
            response_id="r1",
            usage=Usage(3, 2, reasoning_tokens=1),
        ),
    ),
    (
        "anthropic",
        {
            "id": "a1",
            "type": "message",
            "model": "m",
            "content": [{"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": "4"}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 3, "output_tokens": 2, "cache_read_input_tokens": 1},
        },
        Answer(
            "4",
            "hm",
            finish_reason="end_turn",
            served_model="m",
            response_id="a1",
            usage=Usage(3, 2, cached_tokens=1),
        ),
    ),
    (
        "gemini",
        {
            "candidates": [
                {"content": {"parts": [{"text": "hm", "thought": True}, {"text": "4"}]}, "finishReason": "STOP"}
            ],
            "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "cachedContentTokenCount": 1},
            "modelVersion": "m",
            "responseId": "g1",
        },
        Answer(
            "4", "hm", finish_reason="STOP", served_model="m", response_id="g1", usage=Usage(3, 2, cached_tokens=1)
        ),
    ),
]


@pytest.mark.parametrize(("protocol", "body", "wanted"), _BODIES, ids=[row[0] for row in _BODIES])
def test_a_whole_body_is_one_frame_with_the_answer(protocol: str, body: dict[str, Any], wanted: Answer) -> None:
    data = json.dumps(body, indent=1).encode()
    (frame,) = PROTOCOLS[Protocol(protocol)].read_body(b"\n  \n" + data)
    accumulator = Accumulator()
    for event in frame.events:
        accumulator.add(event)
    found = accumulator.answer()
    assert (frame.data, frame.size) == (data.decode(), len(data))
    assert (found.choice_count, found.content_chunks) == (1, 1)
    wanted_members = (wanted.text, wanted.reasoning, wanted.finish_reason, wanted.finish_detail, wanted.usage)
    assert (found.text, found.reasoning, found.finish_reason, found.finish_detail, found.usage) == wanted_members
    assert (found.served_model, found.response_id) == (wanted.served_model, wanted.response_id)


@pytest.mark.parametrize("protocol", list(Protocol))
@pytest.mark.parametrize("body", [b"", b"   ", b"[]", b"null", b"{", b"\xff\xfe", b"<html></html>"])
def test_what_is_no_answer_gives_no_text_in_any_protocol(protocol: Protocol, body: bytes) -> None:
    accumulator = Accumulator()
    for frame in PROTOCOLS[protocol].read_body(body):
        for event in frame.events:
            accumulator.add(event)
    assert accumulator.answer().choice_count == 0


@pytest.mark.parametrize("protocol", list(Protocol))
def test_a_list_is_read_in_the_shape_it_has_whatever_was_asked(protocol: Protocol) -> None:
    for body in (b'{"data":[{"id":"x"}]}', b'{"models":[{"name":"models/x"}]}', b'[{"id":"x"}]'):
        found = PROTOCOLS[protocol].read_models(body)
        assert found is not None and [model.id for model in found.models] == ["x"]

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui.domain.chat import OtherContent, ReasoningDelta, TextDelta, Usage
from gatewaytui.protocols.anthropic_messages import MessagesReader, recognises

from .support import answer, sse


def _start(index: object, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def _json(index: object, text: str) -> dict[str, Any]:
    return {
        "type": "content_block_delta",
        "index": index,
        "delta": {"type": "input_json_delta", "partial_json": text},
    }


def _stop(index: object) -> dict[str, Any]:
    return {"type": "content_block_stop", "index": index}


def _calls(*events: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(call.id, call.name, call.arguments) for call in answer("anthropic", sse(*events)).tool_calls]


def _tool(index: object, name: str, **members: Any) -> dict[str, Any]:
    return _start(index, type="tool_use", id=f"id-{name}", name=name, **members)


@pytest.mark.parametrize("kind", ["signature_delta", "citations_delta", "compaction_delta"])
def test_deltas_that_are_no_text_say_nothing(kind: str) -> None:
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": kind, "content": "x"}}
    assert MessagesReader().read(delta) == []


def test_parallel_calls_by_block_index() -> None:
    events = (
        _tool(1, "f", input={}),
        _tool(2, "g", input={}),
        _json(1, "{"),
        _json(2, "["),
        _json(1, "}"),
        _json(2, "]"),
    )
    assert _calls(*events) == [("id-f", "f", "{}"), ("id-g", "g", "[]")]


def test_blocks_that_all_have_the_same_index_or_none() -> None:
    for index in (0, None):
        events = (
            _tool(index, "f"),
            _json(index, "{}"),
            _stop(index),
            _tool(index, "g"),
            _json(index, "[]"),
            _stop(index),
        )
        assert _calls(*events) == [("id-f", "f", "{}"), ("id-g", "g", "[]")]


@pytest.mark.parametrize(
    ("given", "arguments"), [({}, "{}"), (None, "{}"), ({"a": 1}, '{"a": 1}'), ('{"a":1}', '{"a":1}')]
)
def test_input_at_the_start_of_a_block(given: object, arguments: str) -> None:
    assert _calls(_tool(0, "f", input=given), _stop(0)) == [("id-f", "f", arguments)]


def test_input_at_the_start_and_again_in_pieces_is_read_once() -> None:
    assert _calls(_tool(0, "f", input={"a": 1}), _json(0, '{"a":1}'), _stop(0)) == [("id-f", "f", '{"a":1}')]


def test_a_whole_message_with_every_kind_of_block() -> None:
    blocks = [
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "text", "text": "a", "citations": []},
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
        {"type": "tool_use", "id": "t", "name": "f", "input": {}},
        {"type": "text", "text": "b"},
    ]
    body = {"type": "message", "content": blocks, "stop_reason": "refusal"}
    found = answer("anthropic", json.dumps(body))
    assert (found.text, found.reasoning, found.finish_reason, found.other_content) == ("ab", "hm", "refusal", 1)
    assert [call.arguments for call in found.tool_calls] == ["{}"]


def test_a_message_whose_type_a_gateway_left_out() -> None:
    body = {"role": "assistant", "content": [{"type": "text", "text": "a"}], "stop_reason": "end_turn"}
    assert answer("anthropic", json.dumps(body)).text == "a"


def test_text_and_thinking_at_the_start_of_a_block() -> None:
    assert MessagesReader().read(_start(0, type="text", text="a")) == [TextDelta("a")]
    assert MessagesReader().read(_start(0, type="thinking", thinking="b")) == [ReasoningDelta("b")]
    assert MessagesReader().read(_start(0, type="web_search_tool_result")) == [OtherContent("web_search_tool_result")]


def test_counts_replace_each_other_one_by_one_and_are_never_summed() -> None:
    start = {"type": "message_start", "message": {"usage": {"input_tokens": 10, "output_tokens": 1}}}
    ends = [{"type": "message_delta", "delta": {}, "usage": {"output_tokens": count}} for count in (5, 9)]
    last = {"type": "message_delta", "delta": {}, "usage": {"cache_read_input_tokens": 4, "input_tokens": None}}
    assert answer("anthropic", sse(start, *ends, last)).usage == Usage(10, 9, None, 4)


def test_what_is_recognised() -> None:
    assert recognises({"type": "message_start"}) and recognises({"type": "message", "content": []})
    assert recognises({"content": [], "stop_reason": None})
    assert not recognises({"type": "error"}) and not recognises({"content": []}) and not recognises({"type": "ping"})

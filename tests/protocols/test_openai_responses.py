from __future__ import annotations

from typing import Any

import pytest

from gatewaytui.domain.chat import OtherContent, StreamEvent, TextDelta
from gatewaytui.protocols.openai_responses import ResponsesReader, recognises

from .support import answer, sse


def _message(text: str, **members: Any) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}], **members}


def _completed(*output: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.completed", "response": {"status": "completed", "output": list(output)}}


def _call(arguments: str = "{}", **members: Any) -> dict[str, Any]:
    return {"type": "function_call", "call_id": "c", "name": "f", "arguments": arguments, **members}


def test_ids_that_differ_between_delta_and_item_do_not_double_the_text() -> None:
    found = answer(
        "openai-responses",
        sse(
            {"type": "response.output_text.delta", "item_id": "one", "output_index": 0, "delta": "a"},
            {"type": "response.output_item.done", "output_index": 0, "item": _message("a", id="two")},
            _completed(_message("a", id="three")),
        ),
    )
    assert found.text == "a"


def test_finished_items_without_their_place_are_known_by_their_id() -> None:
    found = answer(
        "openai-responses",
        sse(
            {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "m"}},
            {"type": "response.output_text.delta", "item_id": "m", "output_index": 0, "delta": "a"},
            {"type": "response.output_item.done", "item": _message("a", id="m")},
            {"type": "response.output_item.added", "output_index": 1, "item": _call("", id="fc")},
            {"type": "response.function_call_arguments.delta", "item_id": "fc", "delta": "{}"},
            {"type": "response.output_item.done", "item": _call(id="fc")},
            _completed(_message("a", id="m"), _call(id="fc")),
        ),
    )
    assert (found.text, [(call.name, call.arguments) for call in found.tool_calls]) == ("a", [("f", "{}")])


def test_calls_of_two_responses_in_one_stream_stay_apart() -> None:
    def response(number: int) -> list[dict[str, Any]]:
        delta = {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": f'{{"a":{number}}}'}
        return [
            {"type": "response.created", "response": {"id": f"r{number}", "model": "m"}},
            {"type": "response.output_item.added", "output_index": 0, "item": _call("", id=f"fc{number}")},
            delta,
            _completed(_call(f'{{"a":{number}}}')),
        ]

    found = answer("openai-responses", sse(*response(1), *response(2)))
    assert [call.arguments for call in found.tool_calls] == ['{"a":1}', '{"a":2}']


def test_two_messages_are_both_read() -> None:
    streamed = answer(
        "openai-responses",
        sse(
            {"type": "response.output_text.delta", "output_index": 0, "delta": "a"},
            {"type": "response.output_text.delta", "output_index": 2, "delta": "b"},
            _completed(_message("a"), _message("b")),
        ),
    )
    whole = answer("openai-responses", sse(_completed(_message("a"), _message("b"))))
    assert (streamed.text, whole.text) == ("ab", "ab")


def test_arguments_that_only_the_finished_item_brings() -> None:
    found = answer(
        "openai-responses",
        sse(
            {"type": "response.output_item.added", "output_index": 0, "item": _call("", id="fc")},
            _completed(_call('{"a":1}', id="fc")),
        ),
    )
    assert [(call.id, call.name, call.arguments) for call in found.tool_calls] == [("c", "f", '{"a":1}')]


def test_parallel_calls_whose_pieces_alternate() -> None:
    def piece(at: int, text: str) -> dict[str, Any]:
        return {"type": "response.function_call_arguments.delta", "output_index": at, "delta": text}

    added = [
        {"type": "response.output_item.added", "output_index": at, "item": _call("", call_id=f"c{at}", name=f"f{at}")}
        for at in (0, 1)
    ]
    found = answer("openai-responses", sse(*added, piece(0, "{"), piece(1, "["), piece(0, "}"), piece(1, "]")))
    assert [(call.id, call.name, call.arguments) for call in found.tool_calls] == [
        ("c0", "f0", "{}"),
        ("c1", "f1", "[]"),
    ]


def test_arguments_of_a_call_the_provider_makes_are_not_ours() -> None:
    found = answer(
        "openai-responses",
        sse({"type": "response.mcp_call_arguments.delta", "output_index": 0, "item_id": "mcp", "delta": "{}"}),
    )
    assert found.tool_calls == ()


def test_thinking_in_two_forms_is_read_once() -> None:
    found = answer(
        "openai-responses",
        sse(
            {"type": "response.reasoning_text.delta", "output_index": 0, "delta": "in full"},
            {"type": "response.reasoning_summary_text.delta", "output_index": 0, "delta": "in short"},
        ),
    )
    assert found.reasoning == "in full"


def test_a_status_missing_in_the_terminal_event_is_its_name() -> None:
    found = answer("openai-responses", sse({"type": "response.cancelled", "response": {}}))
    assert (found.finish_reason, found.terminated) == ("cancelled", True)


@pytest.mark.parametrize(
    "kind",
    [
        "response.in_progress",
        "response.content_part.added",
        "response.output_text.done",
        "response.output_text.annotation.added",
        "response.web_search_call.searching",
        "response.image_generation_call.partial_image",
        "keepalive",
        "ping",
    ],
)
def test_events_that_bring_nothing_are_known(kind: str) -> None:
    assert ResponsesReader().read({"type": kind}) == []


def test_items_that_are_neither_text_nor_call_are_other_content() -> None:
    events: list[StreamEvent] = ResponsesReader().read(
        {"object": "response", "status": "completed", "output": [{"type": "image_generation_call"}, _message("a")]}
    )
    assert OtherContent("image_generation_call") in events and TextDelta("a") in events


def test_what_is_recognised() -> None:
    assert recognises({"type": "response.created"}) and recognises({"object": "response"})
    assert recognises({"output": [], "status": "completed"})
    assert not recognises({"type": "error"}) and not recognises({"output": []}) and not recognises({"choices": []})

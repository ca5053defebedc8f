"""Exchanges read: what was promised beside what came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.exchange import Ask, AskKind, FaultKind, Phase, TransportFault
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import BodyShape, StreamEnd, WireKind
from gatewaytui.protocols.reading import read_exchange

from .support import chat, chunk, exchange, sse

_WHOLE = json.dumps({"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}], "model": "m"})
_STREAM = sse(chunk({"content": "hi"}), chunk(finish="stop"), "[DONE]")
_HALF = sse(chunk({"content": "hi"}))
_MODELS = Ask(AskKind.MODELS, Protocol.OPENAI_CHAT)


def test_a_whole_answer() -> None:
    reading = read_exchange(exchange(_WHOLE, chat("openai-chat", False)))
    assert (reading.kind, reading.shape, reading.streaming) == (WireKind.OPENAI_CHAT, BodyShape.JSON, False)
    assert reading.answer is not None and reading.answer.text == "hi"
    assert reading.stream_end is None and reading.error is None


def test_a_body_where_a_stream_was_asked_and_the_reverse() -> None:
    body, stream = exchange(_WHOLE, chat("openai-chat", True)), exchange(_STREAM, chat("openai-chat", False))
    assert not read_exchange(body).streaming and read_exchange(body).answer is not None
    assert read_exchange(stream).streaming
    assert read_exchange(stream).stream_end is StreamEnd.COMPLETE


def test_an_answer_that_was_read_as_it_came_is_not_read_again() -> None:
    streamed = read_exchange(exchange(_STREAM, chat("openai-chat"))).answer
    assert streamed is not None
    for cut in (_STREAM, _HALF):
        anew, again = exchange(cut, chat("openai-chat")), read_exchange(exchange(cut, chat("openai-chat"))).answer
        assert read_exchange(anew, again) == read_exchange(anew)
        assert read_exchange(anew, streamed).answer is streamed
    page = exchange("<html><body>no</body></html>", chat("openai-chat"))
    assert read_exchange(page, streamed).answer is None


def test_blanks_before_a_body_are_keep_alives() -> None:
    reading = read_exchange(exchange("\n         \n\n" + _WHOLE, chat("openai-chat", False)))
    assert reading.answer is not None and reading.answer.text == "hi"
    failed = read_exchange(exchange('\n  \n{"error":{"message":"x","code":502}}', chat("openai-chat", False)))
    assert failed.error is not None and failed.error.code == "502" and failed.answer is None


@pytest.mark.parametrize(
    ("fault", "end"),
    [
        (FaultKind.CUT, StreamEnd.CUT),
        (FaultKind.RESET, StreamEnd.CUT),
        (FaultKind.STALL_TIMEOUT, StreamEnd.STALLED),
        (FaultKind.CANCELLED, StreamEnd.CANCELLED),
        (FaultKind.TOTAL_TIMEOUT, StreamEnd.CUT),
        (FaultKind.TOO_LARGE, StreamEnd.CUT),
        (None, StreamEnd.CUT),
    ],
)
def test_a_fault_says_how_a_stream_ended_and_what_came_is_kept(fault: FaultKind | None, end: StreamEnd) -> None:
    broken = TransportFault(fault, Phase.BODY) if fault else None
    reading = read_exchange(exchange(_HALF, chat("openai-chat"), fault=broken))
    assert reading.stream_end is end
    assert reading.answer is not None and reading.answer.text == "hi"


def test_a_fault_after_the_end_mark_changes_nothing() -> None:
    for kind in (FaultKind.RESET, FaultKind.CANCELLED, FaultKind.STALL_TIMEOUT):
        ended = exchange(_STREAM, chat("openai-chat"), fault=TransportFault(kind, Phase.BODY))
        assert read_exchange(ended).stream_end is StreamEnd.COMPLETE


def test_a_stream_our_cap_ended_is_cut_though_a_finish_came() -> None:
    capped = exchange(sse(chunk({"content": "hi"}, "stop")), chat("openai-chat"))
    assert capped.response is not None
    capped = replace(capped, response=replace(capped.response, truncated=True))
    assert read_exchange(capped).stream_end is StreamEnd.CUT


def test_a_stream_of_keep_alives_alone_is_cut() -> None:
    reading = read_exchange(exchange(": ping\n\n: ping\n\n", chat("openai-chat")))
    assert (reading.shape, reading.stream_end) == (BodyShape.SSE, StreamEnd.CUT)


def test_a_failing_stream_under_an_error_status_is_still_a_stream() -> None:
    body = sse({"type": "error", "code": "x", "message": "y"})
    reading = read_exchange(exchange(body, chat("openai-responses"), status=500))
    assert reading.streaming and reading.stream_end is StreamEnd.ERROR_EVENT


def test_an_error_in_a_list_of_one_is_no_stream_under_an_error_status() -> None:
    body = '[{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"x"}}]'
    reading = read_exchange(exchange(body, chat("gemini"), status=400))
    assert (reading.shape, reading.streaming, reading.stream_end) == (BodyShape.JSON, False, None)
    assert reading.error is not None and reading.error.status == "INVALID_ARGUMENT"


def test_an_error_object_under_success_is_no_answer() -> None:
    reading = read_exchange(exchange('{"error":{"message":"x","code":"model_not_found"}}', chat("openai-chat")))
    assert reading.error is not None and reading.answer is None


def test_a_choice_that_failed_is_an_error() -> None:
    body = {
        "choices": [{"message": {"content": ""}, "finish_reason": "error", "error": {"code": 502, "message": "x"}}]
    }
    reading = read_exchange(exchange(json.dumps(body), chat("openai-chat", False)))
    assert reading.error is not None and reading.error.code == "502"
    assert reading.answer is not None and reading.answer.finish_reason == "error"


def test_a_bare_string_is_an_error_under_an_error_status() -> None:
    declared = {"content_type": "application/json"}
    failed = read_exchange(exchange('"Unauthorized"', chat("openai-chat"), status=401, **declared))
    fine = read_exchange(exchange('"Unauthorized"', chat("openai-chat"), **declared))
    assert failed.error is not None and failed.error.message == "Unauthorized"
    assert fine.error is None and fine.answer is None


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        ("", BodyShape.EMPTY),
        ("<html></html>", BodyShape.HTML),
        ("oops", BodyShape.TEXT),
        ('{"choices":[{"mess', BodyShape.CUT_JSON),
        ('{"choices": oops}', BodyShape.BAD_JSON),
        ('[{"id":1},{"id', BodyShape.CUT_JSON),
        ('{"hello":"world"}', BodyShape.JSON),
    ],
)
def test_what_is_no_answer_has_a_shape_and_nothing_else(body: str, shape: BodyShape) -> None:
    reading = read_exchange(exchange(body, chat("openai-chat", False)))
    assert reading.shape is shape
    assert (reading.answer, reading.error, reading.streaming, reading.stream_end) == (None, None, False, None)


def test_two_bodies_run_together_still_show_their_error() -> None:
    body = '{"error":{"message":"one","code":"a"}}{"error":{"message":"two"}}'
    reading = read_exchange(exchange(body, chat("openai-chat"), status=500))
    assert reading.error is not None and reading.error.code == "a"
    assert not reading.streaming


def test_a_list_is_named_by_its_shape_not_by_what_was_asked() -> None:
    openai_asked = read_exchange(exchange('{"models":[{"name":"models/g"}]}', _MODELS))
    assert openai_asked.kind is WireKind.MODELS_GEMINI
    assert openai_asked.models is not None and openai_asked.models.models[0].id == "g"


def test_a_list_that_is_none() -> None:
    for body in ('{"error":{"message":"no"}}', "<html></html>", '[{"id":"a"},{"id', "", '{"data":{}}'):
        reading = read_exchange(exchange(body, _MODELS))
        assert (reading.kind, reading.models) == (WireKind.MODELS_OPENAI, None)
    assert read_exchange(exchange('[{"id":"a"},{"id', _MODELS)).shape is BodyShape.CUT_JSON


def test_an_empty_object_is_geminis_empty_list_and_nobody_elses() -> None:
    gemini = read_exchange(exchange("{}", Ask(AskKind.MODELS, Protocol.GEMINI)))
    assert gemini.models is not None and gemini.models.models == ()
    assert read_exchange(exchange("{}", _MODELS)).models is None


@pytest.mark.parametrize(
    ("kind", "body", "items"),
    [
        (AskKind.EMBEDDINGS, '{"data":[{"embedding":[1]},{"embedding":[2]}]}', 2),
        (AskKind.EMBEDDINGS, '{"embeddings":[[1]]}', 1),
        (AskKind.EMBEDDINGS, '{"embedding":{"values":[1]}}', 1),
        (AskKind.EMBEDDINGS, "[[1],[2],[3]]", 3),
        (AskKind.EMBEDDINGS, '{"choices":[]}', None),
        (AskKind.RERANK, '{"results":[{"relevance_score":1}]}', 1),
        (AskKind.RERANK, '{"error":"no"}', None),
    ],
)
def test_vectors_and_scores_are_counted(kind: AskKind, body: str, items: int | None) -> None:
    assert read_exchange(exchange(body, Ask(kind))).items == items


@pytest.mark.parametrize(
    ("body", "kind", "streaming"),
    [
        (_STREAM, WireKind.OPENAI_CHAT, True),
        (_WHOLE, WireKind.OPENAI_CHAT, False),
        (": hi\n\n" * 20 + sse({"type": "message_start", "message": {}}), WireKind.ANTHROPIC, True),
        (sse({"type": "response.created", "response": {}}), WireKind.OPENAI_RESPONSES, True),
        ('[{"candidates":[]}\n,{"candidates":[]}]', WireKind.GEMINI, True),
        (
            sse({"object": "text_completion", "choices": [{"text": "a", "finish_reason": "stop"}]}),
            WireKind.OTHER,
            True,
        ),
        ('{"model":"l","done":false}\n{"model":"l","done":true}\n', WireKind.OTHER, True),
        ('{"data":[{"id":"m","type":"model"}],"has_more":false}', WireKind.MODELS_ANTHROPIC, False),
        ('{"models":[{"name":"models/g"}]}', WireKind.MODELS_GEMINI, False),
        ('{"hello":1}', WireKind.OTHER, False),
        ("data: hello\n\n", WireKind.OTHER, True),
    ],
)
def test_the_protocol_is_detected_where_nobody_knows(body: str, kind: WireKind, streaming: bool) -> None:
    reading = read_exchange(exchange(body))
    assert (reading.kind, reading.streaming) == (kind, streaming)


def test_legacy_completions_are_read_though_they_are_no_protocol_of_ours() -> None:
    body = sse(
        {"object": "text_completion", "model": "d", "choices": [{"text": "a", "finish_reason": "stop"}]}, "[DONE]"
    )
    reading = read_exchange(exchange(body, Ask(AskKind.OTHER, streaming=True)))
    assert reading.answer is not None
    assert (reading.answer.text, reading.answer.finish_reason, reading.stream_end) == (
        "a",
        "stop",
        StreamEnd.COMPLETE,
    )


def test_no_response_is_read_as_nothing() -> None:
    lost = replace(exchange("", chat("gemini")), response=None)
    assert read_exchange(lost).kind is WireKind.GEMINI
    assert read_exchange(lost).shape is BodyShape.EMPTY


def test_deep_huge_and_odd_json_is_survived() -> None:
    bodies = [
        "[" * 100_000,
        '{"choices":' + "[" * 50_000,
        '{"choices":[{"message":{"content":"x"},"n":' + "9" * 10_000 + "}]}",
        sse('{"choices":' + "[" * 5_000 + "]" * 5_000 + "}"),
        '{"usage":{"total_tokens":1e999},"choices":[{"index":1e999,"message":{"content":NaN}}]}',
    ]
    for protocol in Protocol:
        for body in bodies:
            assert read_exchange(exchange(body, chat(protocol))).kind.value == protocol.value


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["choices", "delta", "message", "content", "tool_calls", "function", "index", "usage", "finish_reason",
             "type", "response", "output", "item", "candidates", "parts", "functionCall", "content_block", "error",
             "usageMetadata", "promptFeedback", "reasoning", "reasoning_details", "status", "output_index", "text"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=14,
)  # fmt: skip
_TYPES = st.sampled_from(
    ["message_start", "content_block_start", "content_block_delta", "message_delta", "response.completed",
     "response.output_item.done", "response.output_item.added", "response.output_text.delta", "error", ""]
)  # fmt: skip


@given(st.sampled_from(Protocol), st.lists(st.tuples(_TYPES, _JSON), max_size=4), st.booleans())
def test_no_payload_of_any_shape_makes_a_reader_raise(
    protocol: Protocol, payloads: list[tuple[str, object]], streamed: bool
) -> None:
    values = [{"type": kind, **value} if kind and isinstance(value, dict) else value for kind, value in payloads]
    body = sse(*values) if streamed else json.dumps(values[0] if len(values) == 1 else values)
    for ask in (chat(protocol), Ask(AskKind.UNKNOWN), _MODELS):
        reading = read_exchange(exchange(body.encode("utf-8", "surrogatepass"), ask))
        assert (reading.stream_end is None) or reading.streaming
        if reading.answer is not None:
            assert reading.answer.text.encode() is not None

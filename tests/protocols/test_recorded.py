"""Every recorded exchange of the corpus, read as the official SDK read it, and better where that is known wrong."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from gatewaytui.domain.exchange import Ask, AskKind
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import Reading, StreamEnd
from gatewaytui.protocols.captures import read_capture
from gatewaytui.protocols.reading import read_exchange

from .support import CORPUS, exchange, recordings

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded corpus is not beside this checkout")

_PROTOCOLS = {protocol.value for protocol in Protocol}
_KINDS = {"embeddings": AskKind.EMBEDDINGS, "rerank": AskKind.RERANK, "other": AskKind.OTHER}
_LISTS = {"models-openai": "openai-chat", "models-anthropic": "anthropic", "models-gemini": "gemini"}


def _ask(recording: dict[str, Any]) -> Ask:
    name, request = recording["protocol"], recording["request"]
    model, streaming = request.get("model") or "", bool(request.get("stream"))
    if name in _PROTOCOLS:
        return Ask(AskKind.CHAT, Protocol(name), model, streaming)
    if name in _LISTS:
        return Ask(AskKind.MODELS, Protocol(_LISTS[name]))
    return Ask(_KINDS[name], None, model, streaming)


def _body(recording: dict[str, Any]) -> bytes:
    response = recording["response"]
    return base64.b64decode(response["body_b64"]) if "body_b64" in response else response["body"].encode()


def _read(recording: dict[str, Any]) -> Reading:
    response = recording["response"]
    declared = response["headers"].get("content-type", "")
    return read_exchange(
        exchange(_body(recording), _ask(recording), status=response["status"], content_type=declared)
    )


def _har(recording: dict[str, Any]) -> bytes:
    request, response = recording["request"], recording["response"]
    posted = {"model": request.get("model"), "stream": request.get("stream")}
    entry = {
        "request": {
            "method": request["method"],
            "url": f"https://{request.get('host') or 'host'}{request['path']}",
            "headers": [],
            "postData": {"mimeType": "application/json", "text": json.dumps(posted)},
        },
        "response": {
            "status": response["status"],
            "headers": [{"name": name, "value": str(value)} for name, value in response["headers"].items()],
            "content": {"text": base64.b64encode(_body(recording)).decode(), "encoding": "base64"},
        },
    }
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}}).encode()


def _json(text: object) -> object:
    if not isinstance(text, str):
        return text
    return json.loads(text) if text.strip() else {}


def _usage(expected: dict[str, Any]) -> dict[str, Any]:
    names = {
        "input": "input_tokens",
        "output": "output_tokens",
        "total": "total_tokens",
        "cached": "cached_tokens",
        "cache_read": "cached_tokens",
        "reasoning": "reasoning_tokens",
        "thoughts": "reasoning_tokens",
    }
    return {names[name]: count for name, count in expected.items() if name in names}


def _expected_text(expected: dict[str, Any]) -> str | None:
    """The SDK's text; None where the content is a list, which the SDKs hand on unread."""
    if isinstance(expected.get("content_nonstring"), list):
        return None
    return expected.get("text") or expected.get("delta_text") or ""


def _differences(recording: dict[str, Any], reading: Reading) -> list[str]:
    expected = recording["expected"]
    found: list[str] = []

    def same(name: str, ours: object, theirs: object) -> None:
        if ours != theirs:
            found.append(f"{name}: {ours!r:.200} is not {theirs!r:.200}")

    same("kind", reading.kind.value, recording["protocol"])
    same("streaming", reading.streaming, recording["streaming"])
    if not expected:
        same("error", reading.error is not None, recording["response"]["status"] >= 400)
        return found
    partial = expected if expected["ok"] else expected.get("partial") or {}
    same("error", reading.error is not None, not expected["ok"])
    if "count" in expected and "ids" in expected:
        ids = [model.id for model in reading.models.models] if reading.models else []
        same("ids", ids, [name.removeprefix("models/") for name in expected["ids"][: len(ids)]])
        same("count", len(ids), expected["count"])
        return found
    if recording["protocol"] not in _PROTOCOLS or not (reading.answer or expected["ok"]):
        return found
    assert reading.answer is not None
    answer = reading.answer
    if (text := _expected_text(partial)) is not None:
        same("text", answer.text, text)
    if partial.get("reasoning"):
        same("reasoning", answer.reasoning, partial["reasoning"])
    if expected["ok"]:
        same("finish", answer.finish_reason or None, partial.get("finish_reason"))
    if partial.get("usage"):
        counts = _usage(partial["usage"])
        same("usage", {name: getattr(answer.usage, name, None) for name in counts}, counts)
    if "usage" in partial and not partial["usage"]:
        same("no usage", answer.usage, None)
    calls = partial.get("tool_calls", [])
    same("tool names", [call.name for call in answer.tool_calls], [call["name"] for call in calls])
    same("tool arguments", [_json(c.arguments) for c in answer.tool_calls], [_json(c["arguments"]) for c in calls])
    if recording["streaming"] and "n_content_chunks" in partial:
        same("chunks", answer.content_chunks, partial["n_content_chunks"])
    if expected.get("model"):
        same("model", answer.served_model, expected["model"])
    return found


def test_every_recording_is_read_as_the_sdk_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    every = recordings()
    wrong = {r["id"]: differences for r in every if (differences := _differences(r, _read(r)))}
    with capsys.disabled():
        print(f"\nrecorded exchanges read as expected: {len(every) - len(wrong)}/{len(every)}")
    assert not wrong


def test_every_recording_is_read_the_same_from_a_har() -> None:
    for recording in recordings():
        (captured,) = read_capture(_har(recording))
        from_file, direct = read_exchange(captured), _read(recording)
        assert from_file == direct, recording["id"]


def test_successful_recordings_are_recognised_without_their_request() -> None:
    for recording in recordings():
        if recording["response"]["status"] < 400:
            (captured,) = read_capture(_body(recording))
            reading = read_exchange(captured)
            assert (reading.kind.value, reading.streaming) == (recording["protocol"], recording["streaming"])


def _recorded(name: str) -> Reading:
    return _read(next(recording for recording in recordings() if recording["id"] == name))


def test_thinking_in_a_list_of_parts_is_read_where_the_sdk_hands_the_list_on() -> None:
    whole, streamed = _recorded("openai-chat-1755b7f053cd"), _recorded("openai-chat-342f8f021019")
    assert whole.answer is not None and whole.answer.text == "144"
    assert whole.answer.reasoning.endswith("So, the answer is 144.")
    assert streamed.answer is not None and streamed.answer.reasoning.startswith("Okay, the user")


def test_tool_calls_without_an_index_stay_two() -> None:
    answer = _recorded("openai-chat-7929c9459b47").answer
    assert answer is not None and [call.name for call in answer.tool_calls] == ["plus", "minus"]


def test_an_error_inside_a_stream_keeps_what_had_arrived() -> None:
    reading = _recorded("openai-chat-bffc60e8b7bb")
    assert reading.stream_end is StreamEnd.ERROR_EVENT
    assert reading.error is not None and reading.error.code == "tool_use_failed"
    assert reading.answer is not None and reading.answer.text == "maybe"

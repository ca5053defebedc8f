from __future__ import annotations

from typing import Any

import pytest

from gatewaytui.domain.exchange import AskKind
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.detect import ask_of, kind_of


@pytest.mark.parametrize(
    ("path", "kind", "protocol"),
    [
        ("/v1/chat/completions", "chat", "openai-chat"),
        ("//openai/deployments/x/chat/completions", "chat", "openai-chat"),
        ("/v1/responses", "chat", "openai-responses"),
        ("/v1/responses/compact", "chat", "openai-responses"),
        ("/v1/messages", "chat", "anthropic"),
        ("/v1/projects/p/locations/l/publishers/anthropic/models/c:streamRawPredict", "chat", "anthropic"),
        ("/v1beta/models/g:generateContent", "chat", "gemini"),
        ("/v1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent", "chat", "gemini"),
        ("/v1beta/models/g:batchEmbedContents", "embeddings", None),
        ("/v1/embeddings", "embeddings", None),
        ("/v2/embed", "embeddings", None),
        ("/v2/rerank", "rerank", None),
        ("/v1/completions", "other", None),
        ("/v1/images/edits", "other", None),
        ("/v1/audio/speech", "other", None),
        ("/v1/messages/count_tokens", "other", None),
        ("/v1beta/models/g:countTokens", "other", None),
        ("/api/chat", "other", None),
        ("/v1/threads/t/messages", "unknown", None),
        ("/serving-endpoints/x/invocations", "unknown", None),
    ],
)
def test_a_path_tells_what_was_asked(path: str, kind: str, protocol: str | None) -> None:
    ask = ask_of("POST", path, {}, {})
    assert (ask.kind.value, ask.protocol and ask.protocol.value) == (kind, protocol)


@pytest.mark.parametrize(
    ("path", "headers", "protocol"),
    [
        ("/v1/models", {"authorization": "x"}, "openai-chat"),
        ("/v1/models", {}, "openai-chat"),
        ("/v1/models", {"x-api-key": "x", "anthropic-version": "y"}, "anthropic"),
        ("/v1beta/models", {}, "gemini"),
        ("/v1beta/models", {"authorization": "x"}, "openai-chat"),
        ("/v1/models", {"x-goog-api-key": "x"}, "gemini"),
    ],
)
def test_a_list_is_asked_for_in_the_shape_of_the_headers(path: str, headers: dict[str, str], protocol: str) -> None:
    ask = ask_of("GET", path, headers, {})
    assert ask.kind is AskKind.MODELS and ask.protocol is not None and ask.protocol.value == protocol


def test_model_and_stream_come_from_the_body_or_from_geminis_path() -> None:
    chat = ask_of("POST", "/v1/chat/completions", {}, {"model": "m", "stream": True})
    assert (chat.model, chat.streaming) == ("m", True)
    whole = ask_of("POST", "/v1/chat/completions", {}, {"model": "m"})
    assert whole.streaming is False
    unknown = ask_of("POST", "/v1/chat/completions", {}, {})
    assert (unknown.model, unknown.streaming) == ("", None)
    gemini = ask_of("POST", "/v1beta/models/google/g-2.5:streamGenerateContent", {}, {"contents": []})
    assert (gemini.model, gemini.streaming) == ("google/g-2.5", True)


def test_other_methods_ask_for_nothing_we_know() -> None:
    assert ask_of("OPTIONS", "/v1/chat/completions", {}, {}).kind is AskKind.OTHER
    assert ask_of("GET", "/", {}, {}).kind is AskKind.OTHER


def test_a_response_is_fetched_by_its_id() -> None:
    ask = ask_of("GET", "/v1/responses/resp_1", {}, {})
    assert (ask.kind, ask.protocol, ask.streaming) == (AskKind.CHAT, Protocol.OPENAI_RESPONSES, None)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"object": "chat.completion", "choices": []}, "openai-chat"),
        ({"choices": [{"delta": {}}]}, "openai-chat"),
        ({"type": "response.created", "response": {}}, "openai-responses"),
        ({"object": "response", "output": []}, "openai-responses"),
        ({"type": "message", "content": []}, "anthropic"),
        ({"type": "message_start", "message": {}}, "anthropic"),
        ({"candidates": []}, "gemini"),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, "gemini"),
        ([{"candidates": []}], "gemini"),
        ({"object": "list", "data": [{"id": "m", "object": "model"}]}, "models-openai"),
        ([{"id": "m", "object": "model"}], "models-openai"),
        ({"data": [{"id": "m", "type": "model"}], "has_more": False}, "models-openai"),
        ({"models": [{"name": "models/g"}]}, "models-openai"),
        ({"object": "list", "data": [{"object": "embedding", "embedding": [0.1]}]}, "embeddings"),
        ({"embeddings": [[0.1]]}, "embeddings"),
        ({"embedding": {"values": [0.1]}}, "embeddings"),
        ([[0.1, 0.2]], "embeddings"),
        ({"results": [{"index": 0, "relevance_score": 0.5}]}, "rerank"),
        ([{"index": 0, "score": 0.5}], "rerank"),
        ({"embeddings": [{"values": [0.1]}], "usageMetadata": {"promptTokenCount": 1}}, "embeddings"),
        ({"model": "l", "embeddings": [[0.1]], "done": True}, "embeddings"),
        ({"object": "text_completion", "choices": [{"text": "x"}]}, "other"),
        ({"output": {"message": {"content": []}}, "stopReason": "end_turn"}, "other"),
        ({"name": "cachedContents/c", "usageMetadata": {"totalTokenCount": 9}}, "other"),
        ({"name": "projects/p/cachedContents/c", "usageMetadata": {"totalTokenCount": 9}}, "other"),
        ({"data": [{"id": "f", "type": "file"}], "has_more": False}, None),
        ({"data": [{"url": "https://x"}]}, "other"),
        ({"model": "l", "message": {"content": "x"}, "done": False}, "other"),
        ({"id": "x", "finish_reason": "COMPLETE", "message": {}}, "other"),
        ({"type": "error", "error": {"type": "api_error"}}, "anthropic"),
        ({"type": "error", "code": "x", "message": "y"}, "openai-responses"),
        ({"error": {"code": 400, "status": "INVALID_ARGUMENT"}}, "gemini"),
        ({"error": {"message": "x"}}, "openai-chat"),
        ({"object": "error", "message": "x"}, "openai-chat"),
        ({"object": "job", "error": {}}, None),
        ({"object": "job", "error": {"code": None}}, None),
        ({"hello": 1}, None),
        ({}, None),
        (7, None),
        ([], None),
    ],
)
def test_a_body_tells_what_it_is(value: Any, kind: str | None) -> None:
    found = kind_of([value])
    assert (found and found.value) == kind


def test_lists_in_lists_are_not_followed_without_end() -> None:
    value: list[object] = [{"x": 1}]
    for _ in range(900):
        value = [{"x": 1}, value]
    assert kind_of([value]) is None

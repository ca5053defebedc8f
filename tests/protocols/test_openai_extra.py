"""The smallest requests of the endpoints beside chat: where they go and what they hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from gatewaytui.domain.exchange import AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.protocols.anthropic_tokens import count_request
from gatewaytui.protocols.multipart import BOUNDARY
from gatewaytui.protocols.openai_extra import (
    compact_request,
    edit_request,
    embeddings_request,
    generation_request,
    rerank_request,
    speech_request,
    transcription_request,
    translation_request,
    variation_request,
)

BASE = "https://g.example/v1"
BEARER = AuthHeader.BEARER
Build = Callable[[str, str, AuthHeader], WireRequest]


def _body(request: WireRequest) -> dict[str, Any]:
    value = json.loads(request.body or b"")
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("build", "path", "kind"),
    [
        (lambda b, m, a: compact_request(b, m, "hi", a), "/v1/responses/compact", AskKind.CHAT),
        (lambda b, m, a: embeddings_request(b, m, "hi", a), "/v1/embeddings", AskKind.EMBEDDINGS),
        (rerank_request, "/v1/rerank", AskKind.RERANK),
        (generation_request, "/v1/images/generations", AskKind.IMAGES),
        (edit_request, "/v1/images/edits", AskKind.IMAGES),
        (variation_request, "/v1/images/variations", AskKind.IMAGES),
        (speech_request, "/v1/audio/speech", AskKind.SPEECH),
        (transcription_request, "/v1/audio/transcriptions", AskKind.TRANSCRIPT),
        (translation_request, "/v1/audio/translations", AskKind.TRANSCRIPT),
        (lambda b, m, a: count_request(b, m, "hi", a), "/v1/messages/count_tokens", AskKind.TOKENS),
    ],
)
def test_where_each_goes_and_what_it_promises(build: Build, path: str, kind: AskKind) -> None:
    request = build(BASE, "m", BEARER)
    assert (request.method, request.url, request.path) == ("POST", "https://g.example" + path, path)
    assert (request.ask.kind, request.ask.model, request.ask.streaming) == (kind, "m", False)
    names = [name for name, _ in request.headers]
    assert names.count("content-type") == 1 and not {"authorization", "x-api-key"} & set(names)


def test_one_vector_and_two_documents_are_the_least() -> None:
    assert _body(embeddings_request(BASE, "m", "hi", BEARER)) == {"model": "m", "input": "hi"}
    ranked = _body(rerank_request(BASE, "m", BEARER))
    assert len(ranked["documents"]) == 2 and ranked["top_n"] == 1 and ranked["query"]


@pytest.mark.parametrize(
    ("model", "size", "quality"),
    [
        ("dall-e-2", "256x256", None),
        ("openai/dall-e-2", "256x256", None),
        ("dall-e-3", "1024x1024", None),
        ("gpt-image-1", "1024x1024", "low"),
        ("flux-schnell", None, None),
        ("imagen-4.0-generate-001", None, None),
    ],
)
def test_one_image_of_the_smallest_size_the_model_makes(model: str, size: str | None, quality: str | None) -> None:
    body = _body(generation_request(BASE, model, BEARER))
    assert (body["n"], body.get("size"), body.get("quality")) == (1, size, quality)


def test_a_variation_has_neither_prompt_nor_quality() -> None:
    body = variation_request(BASE, "gpt-image-1", BEARER).body or b""
    assert b'name="prompt"' not in body and b'name="quality"' not in body and b'name="image"' in body


@pytest.mark.parametrize("build", [edit_request, variation_request, transcription_request, translation_request])
def test_files_travel_in_a_form(build: Build) -> None:
    request = build(BASE, "m", BEARER)
    assert ("content-type", f"multipart/form-data; boundary={BOUNDARY}") in request.headers
    assert (request.body or b"").endswith(f"--{BOUNDARY}--\r\n".encode())


def test_speech_is_taken_in_any_form_of_sound() -> None:
    assert ("accept", "*/*") in speech_request(BASE, "m", BEARER).headers
    assert ("accept", "application/json") in transcription_request(BASE, "m", BEARER).headers


def test_the_count_names_the_version_and_no_limit() -> None:
    request = count_request(BASE, "claude", "hi", AuthHeader.X_API_KEY)
    assert ("anthropic-version", "2023-06-01") in request.headers
    assert "max_tokens" not in _body(request)

"""Requests of every dialect: where they go, what they carry, and that no key is in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui import __version__
from gatewaytui.domain.chat import ChatRequest, Message, Role, TokenLimitName
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.table import PROTOCOLS

BASE = "https://g.example/v1"
TURNS = (Message(Role.USER, "Hi"), Message(Role.ASSISTANT, "Hello"), Message(Role.USER, "Again"))
FULL = ChatRequest("m", TURNS, system="Be brief", stream=True, max_tokens=5, temperature=0.5)
BARE = ChatRequest("m", (Message(Role.USER, "Hi"),), stream=False)


def _built(protocol: str, request: ChatRequest, base: str = BASE) -> tuple[WireRequest, Any]:
    wire = PROTOCOLS[Protocol(protocol)].chat_request(base, request, AuthHeader.BEARER)
    assert wire.body is not None
    return wire, json.loads(wire.body)


@pytest.mark.parametrize(
    ("protocol", "url"),
    [
        ("openai-chat", "https://g.example/v1/chat/completions"),
        ("openai-responses", "https://g.example/v1/responses"),
        ("anthropic", "https://g.example/v1/messages"),
        ("gemini", "https://g.example/v1beta/models/m:streamGenerateContent?alt=sse"),
    ],
)
def test_where_a_chat_goes(protocol: str, url: str) -> None:
    wire, _ = _built(protocol, FULL)
    assert (wire.method, wire.url) == ("POST", url)
    assert wire.path == url.removeprefix("https://g.example").partition("?")[0]
    assert wire.ask == Ask(AskKind.CHAT, Protocol(protocol), "m", True)
    assert wire.auth_header is AuthHeader.BEARER


def test_openai_chat_in_full() -> None:
    assert _built("openai-chat", FULL)[1] == {
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "Again"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": 5,
        "temperature": 0.5,
    }


def test_openai_chat_leaves_out_what_is_not_asked() -> None:
    assert _built("openai-chat", BARE)[1] == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": False,
    }


def test_openai_chat_in_the_form_a_server_asked_for() -> None:
    asked = ChatRequest(
        "m", TURNS, max_tokens=5, include_usage=False, token_limit_name=TokenLimitName.MAX_COMPLETION_TOKENS
    )
    body = _built("openai-chat", asked)[1]
    assert body["max_completion_tokens"] == 5
    assert "max_tokens" not in body and "stream_options" not in body


def test_openai_responses_in_full() -> None:
    assert _built("openai-responses", FULL)[1] == {
        "model": "m",
        "input": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "Again"},
        ],
        "stream": True,
        "instructions": "Be brief",
        "max_output_tokens": 5,
        "temperature": 0.5,
    }


def test_anthropic_in_full_and_its_demanded_limit() -> None:
    wire, body = _built("anthropic", FULL)
    assert body == {
        "model": "m",
        "max_tokens": 5,
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello"},
            {"role": "user", "content": "Again"},
        ],
        "stream": True,
        "system": "Be brief",
        "temperature": 0.5,
    }
    assert ("anthropic-version", "2023-06-01") in wire.headers
    assert _built("anthropic", BARE)[1]["max_tokens"] == 1024


def test_gemini_in_full() -> None:
    assert _built("gemini", FULL)[1] == {
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [{"text": "Hello"}]},
            {"role": "user", "parts": [{"text": "Again"}]},
        ],
        "systemInstruction": {"parts": [{"text": "Be brief"}]},
        "generationConfig": {"maxOutputTokens": 5, "temperature": 0.5},
    }
    wire, body = _built("gemini", BARE)
    assert wire.url == "https://g.example/v1beta/models/m:generateContent"
    assert body == {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}


def test_gemini_ids_go_into_the_path_quoted_and_without_their_prefix() -> None:
    named = ChatRequest("models/a b?x", TURNS, stream=False)
    assert _built("gemini", named)[0].path == "/v1beta/models/a%20b%3Fx:generateContent"


@pytest.mark.parametrize(
    ("protocol", "path", "page", "url"),
    [
        ("openai-chat", "/models", "", "https://g.example/v1/models"),
        ("openai-responses", "/models", "", "https://g.example/v1/models"),
        ("openai-chat", "/v1beta/models", "", "https://g.example/v1beta/models"),
        ("openai-chat", "/models", "after=x", "https://g.example/v1/models?after=x"),
        ("anthropic", "/models", "", "https://g.example/v1/models?limit=1000"),
        ("anthropic", "/v1beta/models", "after_id=x", "https://g.example/v1/models?limit=1000&after_id=x"),
        ("gemini", "/models", "", "https://g.example/v1beta/models?pageSize=1000"),
        ("gemini", "/models", "pageToken=x", "https://g.example/v1beta/models?pageSize=1000&pageToken=x"),
    ],
)
def test_where_a_list_is_asked_for(protocol: str, path: str, page: str, url: str) -> None:
    wire = PROTOCOLS[Protocol(protocol)].models_request(BASE, path, AuthHeader.BEARER, page)
    assert (wire.method, wire.url, wire.body) == ("GET", url, None)
    assert wire.path == url.removeprefix("https://g.example").partition("?")[0]
    assert wire.ask.kind is AskKind.MODELS and wire.ask.streaming is False
    assert (("anthropic-version", "2023-06-01") in wire.headers) is (protocol == "anthropic")


@pytest.mark.parametrize("protocol", list(Protocol))
def test_headers_ask_for_identity_name_the_tool_and_hold_no_key(protocol: Protocol) -> None:
    for wire in (
        PROTOCOLS[protocol].chat_request(BASE, FULL, AuthHeader.BEARER),
        PROTOCOLS[protocol].models_request(BASE, "/models", AuthHeader.BEARER),
    ):
        headers = dict(wire.headers)
        assert headers["accept-encoding"] == "identity"
        assert headers["user-agent"] == f"gatewaytui/{__version__}"
        assert headers["accept"] == ("text/event-stream" if wire.ask.streaming else "application/json")
        assert not {"authorization", "x-api-key", "x-goog-api-key", "api-key"} & set(headers)

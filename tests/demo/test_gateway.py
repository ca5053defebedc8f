"""What the gateways say over real HTTP: answers, refusals, lists, in every protocol, against expectations as data."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from gatewaytui.demo.launch import Gateways, start
from gatewaytui.domain.profile import Protocol
from tests.demo.support import (
    CLIENT,
    Question,
    events,
    info_of,
    key_headers,
    key_of,
    question,
    said,
    said_whole,
    send,
    thought,
    thought_whole,
)

HERE = Path(__file__).parent
FAILURES = tomllib.loads((HERE / "failures.toml").read_text(encoding="utf-8"))
REFUSALS = tomllib.loads((HERE / "refusals.toml").read_text(encoding="utf-8"))
GOOD = {
    "tken": ["openai-chat"],
    "tokmodel": ["openai-chat", "openai-responses", "anthropic"],
    "tokenopen": ["openai-chat", "anthropic"],
    **{name: [*map(str, Protocol)] for name in ("tokone", "healthy", "slow", "empty-models")},
}
PAIRS = [(name, Protocol(protocol)) for name, protocols in GOOD.items() for protocol in protocols]
WORDS = [
    (name, Protocol(protocol), form == "stream", *expected)
    for name, protocols in FAILURES.items()
    for protocol, forms in protocols.items()
    for form, expected in forms.items()
]
NOS = [
    (name, Protocol(protocol), trouble, *expected)
    for name, protocols in REFUSALS.items()
    for protocol, troubles in protocols.items()
    for trouble, expected in troubles.items()
]
TERMINATORS = {
    Protocol.OPENAI_CHAT: "data: [DONE]\n\n",
    Protocol.OPENAI_RESPONSES: '"type":"response.completed"',
    Protocol.ANTHROPIC: 'data: {"type":"message_stop"}\n\n',
    Protocol.GEMINI: '"finishReason":"STOP"',
}


@pytest.mark.parametrize(("name", "protocol"), PAIRS)
def test_the_streamed_answer_is_the_whole_one_in_pieces(swift: Gateways, name: str, protocol: Protocol) -> None:
    info = info_of(swift, name)
    whole = send(question(info, protocol))
    stream = send(question(info, protocol, stream=True))
    assert (whole.status_code, stream.status_code) == (200, 200), whole.text
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert said(protocol, events(stream.text)) == said_whole(protocol, whole.json())
    assert len(said_whole(protocol, whole.json())) > 40
    assert TERMINATORS[protocol] in stream.text[-3000:]
    assert ("[DONE]" in stream.text) == (protocol is Protocol.OPENAI_CHAT)


@pytest.mark.parametrize(("name", "protocol", "stream", "status", "words"), WORDS)
def test_each_fault_in_each_protocols_own_shape(
    swift: Gateways, name: str, protocol: Protocol, stream: bool, status: int, words: str
) -> None:
    answer = send(question(info_of(swift, name), protocol, stream=stream))
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    if name == "error-in-200" and stream:
        assert answer.text.index(words) > 100


@pytest.mark.parametrize(("name", "protocol", "trouble", "status", "words"), NOS)
def test_each_gateway_says_no_in_its_documented_way(
    swift: Gateways, name: str, protocol: Protocol, trouble: str, status: int, words: str
) -> None:
    info = info_of(swift, name)
    asked = {
        "no_key": lambda: question(info, protocol, key=""),
        "bad_key": lambda: question(info, protocol, key="sk-wrong-0123456789abcdef"),
        "unknown_model": lambda: question(info, protocol, model="no-such-model-xyz"),
        "locked_model": lambda: question(info, protocol, model="claude-opus-4-6"),
        "malformed": lambda: question(info, protocol, messages=7, input=7, contents=7),
        "other_group": lambda: question(info, protocol, key=_key_of_another_group(info, protocol)),
    }[trouble]()
    answer = send(asked)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert "sk-wrong-0123456789abcdef" not in answer.text


def _key_of_another_group(info: Any, protocol: Protocol) -> str:
    return str(next(info.keys[group.name].reveal() for group in info.groups if protocol not in group.protocols))


def test_the_status_of_the_rate_limit_says_when_to_come_back(swift: Gateways) -> None:
    info = info_of(swift, "rate-limited")
    assert send(question(info, Protocol.OPENAI_CHAT)).headers["retry-after"] == "20"
    assert "retry-after" not in send(question(info, Protocol.GEMINI)).headers


@pytest.mark.parametrize("name", ["key", "api_key"])
def test_tokone_refuses_a_key_in_the_query_even_beside_a_good_header(swift: Gateways, name: str) -> None:
    info = info_of(swift, "tokone")
    asked = question(info, Protocol.GEMINI)
    answer = send(Question(f"{asked.url}?{name}={key_of(info, Protocol.GEMINI)}", asked.headers, asked.body))
    assert (answer.status_code, answer.json()["code"]) == (400, "api_key_in_query_deprecated")


def test_tokone_reads_bearer_before_the_other_headers(swift: Gateways) -> None:
    info = info_of(swift, "tokone")
    asked = question(info, Protocol.ANTHROPIC)
    bearer = Question(asked.url, {**asked.headers, "authorization": "Bearer sk-wrong-0123456789"}, asked.body)
    google = Question(asked.url, {**asked.headers, "x-goog-api-key": "sk-wrong-0123456789"}, asked.body)
    assert (send(bearer).status_code, send(google).status_code) == (401, 200)


@pytest.mark.parametrize("name", ["tken", "tokmodel"])
def test_where_only_bearer_counts_another_header_is_no_key(swift: Gateways, name: str) -> None:
    info = info_of(swift, name)
    asked = question(info, Protocol.OPENAI_CHAT)
    assert send(Question(asked.url, {"x-api-key": info.api_key}, asked.body)).status_code == 401


def test_every_gateway_behind_its_edge_needs_its_own_key(swift: Gateways) -> None:
    for info in swift.personas:
        if not info.tour or info.name in ("wrong-route", "html-502"):
            continue
        path = "/v1beta/models" if info.name == "tokmodel" else "/v1/models"
        url = info.base_url.removesuffix("/v1") + path
        statuses = [send(Question(url, headers)).status_code for headers in ({}, {"authorization": "Bearer sk-no"})]
        good = send(Question(url, key_headers(info, Protocol.OPENAI_CHAT)))
        assert (statuses, good.status_code) == ([401, 401], 200), info.name


def test_tokmodels_list_is_in_the_openai_shape_at_its_own_path_only(swift: Gateways) -> None:
    info = info_of(swift, "tokmodel")
    headers, root = key_headers(info, Protocol.OPENAI_CHAT), info.base_url.removesuffix("/v1")
    listed = send(Question(f"{root}/v1beta/models", headers)).json()["data"]
    assert all("/" in entry["id"] and "pricing" in entry for entry in listed)
    missing = send(Question(f"{root}/v1/models", headers))
    assert (missing.status_code, missing.json()["error"]["message"]) == (404, "Invalid URL (GET /v1/models)")


@pytest.mark.parametrize("name", ["tokenopen", "tokone", "healthy"])
def test_the_headers_sent_decide_the_shape_of_the_list(swift: Gateways, name: str) -> None:
    info = info_of(swift, name)
    keys = {protocol: key_of(info, protocol) for protocol in info.protocols}
    google = keys.get(Protocol.GEMINI, info.api_key)
    asks = (
        {"authorization": f"Bearer {info.api_key}"},
        {"x-api-key": keys[Protocol.ANTHROPIC], "anthropic-version": "2023-06-01"},
        {"x-goog-api-key": google},
    )
    openai, anthropic, gemini = (send(Question(f"{info.base_url}/models", headers)).json() for headers in asks)
    assert openai["object"] == "list" and openai["data"][0]["object"] == "model"
    assert anthropic["data"][0]["type"] == "model" and "has_more" in anthropic
    assert gemini["models"][0]["name"].removeprefix("models/")
    types = openai["data"][0].get("supported_endpoint_types")
    assert types == (["openai", "openai-response"] if name == "tokenopen" else None)


def test_a_group_lists_its_own_models_only(swift: Gateways) -> None:
    info = info_of(swift, "tokone")
    listed = {
        group: {entry["id"] for entry in send(Question(f"{info.base_url}/models", headers)).json()["data"]}
        for group in ("openai", "anthropic", "gemini")
        for headers in ({"authorization": f"Bearer {info.keys[group].reveal()}"},)
    }
    assert "gpt-5.5" in listed["openai"] and "claude-opus-4-6" in listed["anthropic"]
    assert not listed["openai"] & listed["anthropic"] and not listed["openai"] & listed["gemini"]


def test_the_empty_list_is_empty_in_every_shape(swift: Gateways) -> None:
    info = info_of(swift, "empty-models")
    asks = (Protocol.OPENAI_CHAT, Protocol.ANTHROPIC, Protocol.GEMINI)
    bodies = [send(Question(f"{info.base_url}/models", key_headers(info, protocol))).json() for protocol in asks]
    assert bodies[0] == {"object": "list", "data": []}
    assert bodies[1] == {"data": [], "has_more": False, "first_id": None, "last_id": None}
    assert bodies[2] == {"models": []}


def test_below_the_dashboards_api_path_all_is_well(swift: Gateways) -> None:
    info = info_of(swift, "wrong-route")
    moved = question(info, Protocol.OPENAI_CHAT)
    answer = send(Question(moved.url.replace("/v1/", "/api/v1/"), moved.headers, moved.body))
    assert (answer.status_code, bool(said_whole(Protocol.OPENAI_CHAT, answer.json()))) == (200, True)


@pytest.mark.parametrize("name", ["tken", "tokmodel", "tokenopen", "healthy"])
def test_unknown_paths_and_methods(swift: Gateways, name: str) -> None:
    info = info_of(swift, name)
    headers = key_headers(info, Protocol.OPENAI_CHAT)
    unknown = send(Question(f"{info.base_url}/nothing/here", headers))
    assert (unknown.status_code, "Invalid URL (GET /v1/nothing/here)" in unknown.text) == (404, True)
    wrong = send(Question(f"{info.base_url}/chat/completions", headers))
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("name", ["tken", "tokenopen"])
def test_a_protocol_a_gateway_does_not_document_is_not_there(swift: Gateways, name: str) -> None:
    answer = send(question(info_of(swift, name), Protocol.OPENAI_RESPONSES))
    assert (answer.status_code, "Invalid URL (POST /v1/responses)" in answer.text) == (404, True)


def test_request_ids_are_in_headers_and_messages_and_never_twice(swift: Gateways) -> None:
    info = info_of(swift, "tken")
    answers = [send(question(info, Protocol.OPENAI_CHAT, key="sk-wrong-0123456789")) for _ in range(2)]
    ids = [answer.headers["x-oneapi-request-id"] for answer in answers]
    assert len(set(ids)) == 2
    assert all(f"(request id: {id})" in answer.text for id, answer in zip(ids, answers, strict=True))
    assert send(question(info_of(swift, "healthy"), Protocol.OPENAI_CHAT)).headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("protocol", Protocol)
def test_thinking_comes_apart_from_the_answer(swift: Gateways, protocol: Protocol) -> None:
    model = {Protocol.ANTHROPIC: "claude-opus-4-7", Protocol.GEMINI: "gemini-2.5-pro"}.get(protocol, "o4-mini")
    info = info_of(swift, "healthy")
    whole = send(question(info, protocol, model=model)).json()
    stream = events(send(question(info, protocol, stream=True, model=model)).text)
    assert thought(protocol, stream) == thought_whole(protocol, whole) != ""
    assert said(protocol, stream) == said_whole(protocol, whole) != thought(protocol, stream)


@pytest.mark.parametrize("protocol", Protocol)
def test_the_limit_ends_the_answer_and_says_so(swift: Gateways, protocol: Protocol) -> None:
    info = info_of(swift, "healthy")
    whole = send(question(info, protocol, limit=5)).json()
    stream = send(question(info, protocol, stream=True, limit=5)).text
    reasons = {
        Protocol.OPENAI_CHAT: '"finish_reason":"length"',
        Protocol.OPENAI_RESPONSES: '"incomplete_details":{"reason":"max_output_tokens"}',
        Protocol.ANTHROPIC: '"stop_reason":"max_tokens"',
        Protocol.GEMINI: '"finishReason":"MAX_TOKENS"',
    }
    counts = {
        Protocol.OPENAI_CHAT: ("usage", "completion_tokens"),
        Protocol.OPENAI_RESPONSES: ("usage", "output_tokens"),
        Protocol.ANTHROPIC: ("usage", "output_tokens"),
        Protocol.GEMINI: ("usageMetadata", "candidatesTokenCount"),
    }
    place, name = counts[protocol]
    assert whole[place][name] == 5
    assert reasons[protocol] in stream and f'"{name}":5' in stream


def test_gemini_without_sse_streams_one_array(swift: Gateways) -> None:
    info = info_of(swift, "healthy")
    asked = question(info, Protocol.GEMINI, stream=True)
    answer = send(Question(asked.url.removesuffix("?alt=sse"), asked.headers, asked.body))
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    whole = send(question(info, Protocol.GEMINI)).json()
    assert said(Protocol.GEMINI, answer.json()) == said_whole(Protocol.GEMINI, whole)
    assert answer.json()[-1]["usageMetadata"] == whole["usageMetadata"]


def test_gemini_events_end_in_crlf(swift: Gateways) -> None:
    text = send(question(info_of(swift, "healthy"), Protocol.GEMINI, stream=True)).text
    assert text.count("\r\n\r\n") == len(events(text)) and "\n\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', "{}", '{"model": 1}', '{"model": "m", "stream": "yes"}', "[" * 9999]
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/messages"])
def test_a_broken_body_is_a_400(swift: Gateways, path: str, text: str) -> None:
    info = info_of(swift, "healthy")
    url, headers = info.base_url.removesuffix("/v1") + path, {"authorization": f"Bearer {info.api_key}"}
    answer = CLIENT.post(url, headers=headers, content=text)
    assert answer.status_code == 400 and answer.json()["error"]["type"] == "invalid_request_error"


def test_what_a_client_sends_is_escaped_in_what_comes_back(swift: Gateways) -> None:
    answer = send(question(info_of(swift, "tken"), Protocol.OPENAI_CHAT, model='a"b\\c\nd $request_id'))
    assert 'model a"b\\c\nd $request_id under group' in answer.json()["error"]["message"]


def test_the_same_questions_get_the_same_bytes_but_for_the_clock() -> None:
    def answers() -> list[bytes]:
        with start(personas=("healthy",), pace=0) as fresh:
            info = fresh.personas[0]
            asks = [question(info, protocol, stream=stream) for protocol in Protocol for stream in (False, True)]
            return [re.sub(rb'"created(_at)?":\d+', b"", send(ask).content) for ask in asks]

    assert answers() == answers()

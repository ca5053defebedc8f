from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import NO_KEY, AuthHeader, KeyReference, KeySource, Protocol
from gatewaytui.handoff.table import curl_for, snippet
from gatewaytui.protocols.table import PROTOCOLS

from .support import BASE, hostile, read, target

PLACES = {
    Protocol.OPENAI_CHAT: ("https://api.example.com/v1/chat/completions", "Authorization", "Bearer K"),
    Protocol.OPENAI_RESPONSES: ("https://api.example.com/v1/responses", "Authorization", "Bearer K"),
    Protocol.ANTHROPIC: ("https://api.example.com/v1/messages", "x-api-key", "K"),
    Protocol.GEMINI: ("https://api.example.com/v1beta/models/m:generateContent", "x-goog-api-key", "K"),
}


@pytest.mark.parametrize(("protocol", "place"), PLACES.items(), ids=PLACES.keys())
def test_each_protocol_is_asked_at_its_own_place_with_its_own_header(
    protocol: Protocol, place: tuple[str, str, str]
) -> None:
    url, header, value = place
    written = snippet("curl", target(protocol), "m")
    command = read(written.text)
    assert written.language == "bash"
    assert command.url == url
    assert command.headers[header] == value
    assert ("anthropic-version" in command.headers) is (protocol is Protocol.ANTHROPIC)


@pytest.mark.parametrize("auth", [auth for auth in AuthHeader if auth is not AuthHeader.AUTO])
def test_one_auth_header_goes_with_a_request(auth: AuthHeader) -> None:
    command = read(snippet("curl", target(Protocol.ANTHROPIC, auth), "m").text)
    sent = [name for name, value in command.headers.items() if "K" in value]
    assert len(sent) == (auth is not AuthHeader.NONE)


def test_without_a_key_there_is_no_variable() -> None:
    assert "$" not in snippet("curl", target(key=NO_KEY), "m").text


def test_extra_headers_come_along_their_keys_as_variables() -> None:
    org = KeyReference(KeySource.ENV, name="ORG")
    command = read(snippet("curl", target(headers=(("X-Title", 'it\'s "mine" $HOME'), ("x-`id`", org))), "m").text)
    assert command.headers["X-Title"] == 'it\'s "mine" $HOME'
    assert command.headers["x-`id`"] == "O"


@given(hostile, st.sampled_from(Protocol))
def test_no_model_id_leaves_its_place(model: str, protocol: Protocol) -> None:
    text = snippet("curl", target(protocol), model).text
    command = read(text)
    assert command.flags in (["-sS"], ["-sS", "-g"])
    assert command.headers.keys() - {"Authorization", "x-api-key", "x-goog-api-key"} <= {
        "content-type",
        "accept",
        "anthropic-version",
    }
    if protocol is not Protocol.GEMINI:
        assert command.body["model"] == model.encode("utf-8", "replace").decode()
    assert all(character.isprintable() or character == "\n" for character in text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.booleans())
def test_any_request_can_be_sent_again(prompt: str, stream: bool) -> None:
    request = ChatRequest("m", (Message(Role.USER, prompt),), stream=stream)
    wire = PROTOCOLS[Protocol.OPENAI_CHAT].chat_request(BASE, request, AuthHeader.BEARER)
    command = read(curl_for(wire, "LAB_KEY"))
    assert command.body["messages"][0]["content"] == prompt
    assert command.headers["Authorization"] == "Bearer K"
    assert ("-N" in command.flags) is stream


@pytest.mark.parametrize(
    ("method", "body", "flags"),
    [
        ("GET", None, ["-sS"]),
        ("POST", b"{}", ["-sS"]),
        ("DELETE", None, ["-sS", "-X DELETE"]),
        ("PUT", b"{}", ["-sS", "-X PUT"]),
    ],
)
def test_the_method_is_said_where_curl_would_choose_another(
    method: str, body: bytes | None, flags: list[str]
) -> None:
    wire = WireRequest(method, f"{BASE}/models?a=b&c=d", "/v1/models", Ask(AskKind.OTHER), AuthHeader.NONE, body=body)
    command = read(curl_for(wire, "LAB_KEY"))
    assert (command.flags, command.url) == (flags, f"{BASE}/models?a=b&c=d")


def test_curl_is_kept_from_expanding_brackets() -> None:
    wire = WireRequest("GET", "http://[::1]:8000/v1/{a,b}", "/v1", Ask(AskKind.OTHER), AuthHeader.NONE)
    assert "-g" in read(curl_for(wire, "LAB_KEY")).flags

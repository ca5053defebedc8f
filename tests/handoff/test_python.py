from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import NO_KEY, AuthHeader, KeyReference, KeySource, Protocol
from gatewaytui.handoff.table import snippet

from .support import BASE, hostile, target

ROOT = "https://api.example.com"
SDKS = {
    Protocol.OPENAI_CHAT: ("openai", BASE),
    Protocol.OPENAI_RESPONSES: ("openai", BASE),
    Protocol.ANTHROPIC: ("anthropic", ROOT),
    Protocol.GEMINI: ("google", ROOT),
}


def _strings(text: str) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _argument(text: str, name: str) -> str:
    """The source of the first argument of that name in any call."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg == name:
            return ast.unparse(node.value)
    return ""


@pytest.mark.parametrize(("protocol", "sdk"), SDKS.items(), ids=SDKS.keys())
def test_each_protocol_has_its_sdk_and_its_base_url(protocol: Protocol, sdk: tuple[str, str]) -> None:
    module, base_url = sdk
    written = snippet("python", target(protocol), "gpt-5.5")
    assert written.language == "python"
    imported = [node.module for node in ast.walk(ast.parse(written.text)) if isinstance(node, ast.ImportFrom)]
    assert imported == [module]
    assert base_url in _strings(written.text)
    assert "gpt-5.5" in _strings(written.text)
    assert _argument(written.text, "api_key") == "os.environ['LAB_KEY']"


def test_the_openai_sdk_sends_its_own_bearer_header() -> None:
    assert _argument(snippet("python", target(), "m").text, "extra_headers") == ""


@pytest.mark.parametrize(
    ("protocol", "auth", "headers"),
    [
        (Protocol.OPENAI_CHAT, AuthHeader.X_API_KEY, "{'Authorization': Omit(), 'X-Api-Key': os.environ['LAB_KEY']}"),
        (
            Protocol.OPENAI_RESPONSES,
            AuthHeader.API_KEY,
            "{'Authorization': Omit(), 'api-key': os.environ['LAB_KEY']}",
        ),
        (Protocol.ANTHROPIC, AuthHeader.AUTO, "{'X-Api-Key': os.environ['LAB_KEY'], 'Authorization': Omit()}"),
        (
            Protocol.ANTHROPIC,
            AuthHeader.BEARER,
            "{'X-Api-Key': Omit(), 'Authorization': 'Bearer ' + os.environ['LAB_KEY']}",
        ),
        (Protocol.ANTHROPIC, AuthHeader.NONE, "{'X-Api-Key': Omit(), 'Authorization': Omit()}"),
    ],
)
def test_one_auth_header_is_set_and_the_sdks_own_left_out(protocol: Protocol, auth: AuthHeader, headers: str) -> None:
    assert _argument(snippet("python", target(protocol, auth), "m").text, "extra_headers") == headers


@pytest.mark.parametrize("auth", [AuthHeader.BEARER, AuthHeader.X_API_KEY, AuthHeader.API_KEY])
def test_what_the_gemini_sdk_cannot_send_is_said(auth: AuthHeader) -> None:
    with pytest.raises(Problem) as trouble:
        snippet("python", target(Protocol.GEMINI, auth), "m")
    assert trouble.value.failure_class is FailureClass.CONFIG
    assert "curl" in trouble.value.next_step


@pytest.mark.parametrize("protocol", Protocol)
def test_without_a_key_nothing_is_read_from_the_environment(protocol: Protocol) -> None:
    text = snippet("python", target(protocol, key=NO_KEY), "m").text
    assert "environ" not in text
    assert "import os" not in text


@pytest.mark.parametrize("protocol", Protocol)
def test_extra_headers_come_along_their_keys_as_variables(protocol: Protocol) -> None:
    org = KeyReference(KeySource.ENV, name="ORG")
    text = snippet("python", target(protocol, headers=(("X-Title", 'a"b'), ("X-Org", org))), "m").text
    assert "{'X-Title': 'a\"b', 'X-Org': os.environ['ORG']}" in ast.unparse(ast.parse(text))


@given(hostile, st.sampled_from(Protocol))
def test_no_model_id_leaves_its_quotes(model: str, protocol: Protocol) -> None:
    text = snippet("python", target(protocol), model).text
    plain = snippet("python", target(protocol), "m").text
    sent = model.encode("utf-8", "replace").decode()
    assert ast.literal_eval(_argument(text, "model")) == sent
    assert len(list(ast.walk(ast.parse(text)))) == len(list(ast.walk(ast.parse(plain))))
    assert all(character.isprintable() or character == "\n" for character in text)

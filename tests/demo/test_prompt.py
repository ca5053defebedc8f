from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.demo.prompt import Asked, Malformed, read_asked
from gatewaytui.domain.profile import Protocol

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
LIMITS = st.sampled_from(["max_tokens", "max_output_tokens", "generationConfig", "thinking", "response_format"])
MEMBERS = LIMITS | st.sampled_from(
    ["model", "messages", "input", "contents", "stream", "stream_options", "tools", "text"]
)


def _read(protocol: Protocol, **body: object) -> Asked:
    return read_asked(protocol, json.dumps(body).encode(), "gemini", False, False)


@given(st.sampled_from(Protocol), st.dictionaries(MEMBERS, JSON))
def test_any_json_is_read_or_malformed(protocol: Protocol, body: dict[str, object]) -> None:
    try:
        asked = read_asked(protocol, json.dumps({"model": "m", **body}).encode(), "g", True, True)
    except Malformed as trouble:
        assert trouble.detail
    else:
        assert asked.input_tokens >= 1 and asked.model


@given(st.binary())
def test_any_bytes_are_read_or_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        read_asked(Protocol.OPENAI_CHAT, body + b"\xff", "", False, False)


@pytest.mark.parametrize(
    ("protocol", "body"),
    [
        (Protocol.OPENAI_CHAT, {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "Hi"}]}),
        (Protocol.OPENAI_CHAT, {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]}),
        (Protocol.OPENAI_RESPONSES, {"input": "Hi"}),
        (Protocol.OPENAI_RESPONSES, {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]}),
        (Protocol.ANTHROPIC, {"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}),
        (Protocol.GEMINI, {"contents": [{"parts": [{"text": "Hi"}]}]}),
    ],
)
def test_the_last_words_of_the_user_are_the_prompt(protocol: Protocol, body: dict[str, object]) -> None:
    assert _read(protocol, model="m", **body).prompt == "Hi"


def test_anthropic_demands_a_limit() -> None:
    with pytest.raises(Malformed, match="max_tokens: Field required"):
        _read(Protocol.ANTHROPIC, model="m", messages=[{"role": "user", "content": "Hi"}])


@pytest.mark.parametrize("limit", [0, -1, "many", 1.5])
def test_a_limit_is_a_positive_number(limit: object) -> None:
    with pytest.raises(Malformed) as caught:
        _read(Protocol.OPENAI_CHAT, model="m", max_tokens=limit, messages=[{"role": "user", "content": "Hi"}])
    assert caught.value.param == "max_tokens"


def test_usage_comes_in_a_stream_only_where_asked() -> None:
    ask = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
    assert not _read(Protocol.OPENAI_CHAT, **ask).wants_usage
    assert _read(Protocol.OPENAI_CHAT, **ask, stream_options={"include_usage": True}).wants_usage

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.exchange import AskKind
from gatewaytui.protocols.captures import read_capture
from gatewaytui.protocols.reading import read_exchange

from .support import chunk, sse


@pytest.mark.parametrize(
    ("body", "kind", "streaming"),
    [
        (sse(chunk({"content": "a"}), "[DONE]"), "openai-chat", True),
        (json.dumps({"choices": []}), "openai-chat", False),
        ("\ufeff" + json.dumps({"type": "message", "content": []}), "anthropic", False),
        ('[{"candidates":[]},\n{"candidates":[]}]', "gemini", True),
        ('{"object":"list","data":[{"id":"m"}]}', "models-openai", False),
        ('{"error":{"message":"x"}}', "openai-chat", False),
        ('{"detail":"Not Found"}', "other", False),
        ('{"choices":[{"message":{"con', "other", False),
        ("<!doctype html><html></html>", "other", False),
        ('{"model":"l","done":false}\n{"model":"l","done":true}\n', "other", True),
    ],
)
def test_a_raw_body_is_an_exchange_without_a_request(body: str, kind: str, streaming: bool) -> None:
    (captured,) = read_capture(body.encode())
    assert captured.request.ask.kind is AskKind.UNKNOWN
    assert (captured.request.url, captured.request.ask.model, captured.request.ask.streaming) == ("", "", None)
    reading = read_exchange(captured)
    assert (reading.kind.value, reading.streaming) == (kind, streaming)


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n", b"hello there", b"\x89PNG\x00\x01", b'{"name":"left-pad","version":"1.0.0"}', b"[1,2,3]", b"{}",
     b'{"log":{"version":"1.2"}}'],
)  # fmt: skip
def test_what_is_nothing_of_ours_is_not_recognised(data: bytes) -> None:
    assert read_capture(data) == ()


@given(st.binary(max_size=120), st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", b'{"log":{"entries":[', b"data: "]))
def test_no_file_makes_it_raise(data: bytes, start: bytes) -> None:
    for captured in read_capture(start + data):
        if captured.response is not None:
            read_exchange(captured)

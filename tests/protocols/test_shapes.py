from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.reading import BodyShape
from gatewaytui.protocols.shapes import look_at


@pytest.mark.parametrize(
    ("body", "declared", "shape"),
    [
        (b"", "application/json", "empty"),
        (b" \n\r\n ", "text/event-stream", "empty"),
        (b'{"a":1}', "text/plain", "json"),
        (b'\n     \n\n{"a":1}', "application/json", "json"),
        (b'\xef\xbb\xbf{"a":1}', "", "json"),
        (b'{"a":"\xff"}', "application/json; charset=bogus", "json"),
        (b'{"a": NaN}', "application/json", "json"),
        (b'{"error":{"message":"x"}}', "application/octet-stream", "json"),
        (b'{"error":{"message":"x"}}', "text/html", "json"),
        (b'"Unauthorized"', "application/json", "json"),
        (b"null", "application/json", "json"),
        (b'{"choices":[{"mess', "application/json", "cut_json"),
        (b'[{"id":', "application/json", "cut_json"),
        (b'{"choices": oops}', "application/json", "bad_json"),
        (b"{'a': 1}", "application/json", "bad_json"),
        (b"Internal Server Error", "application/json", "bad_json"),
        (b"[" * 50_000 + b"]" * 50_000, "application/json", "bad_json"),
        (b'{"a":1}\n{"a":2}\n', "application/x-ndjson", "ndjson"),
        (b'[{"a":1},\n{"a":', "application/json", "json_array_stream"),
        (b"data: {}\n\n", "application/json", "sse"),
        (b": OPENROUTER PROCESSING\n\n", "text/event-stream", "sse"),
        (b":\n\n", "", "sse"),
        (b":keepalive\n\n", "text/event-stream", "sse"),
        (b"\xef\xbb\xbfevent: x\ndata: 1\n\n", "", "sse"),
        (b"error: {}\n\n", "text/event-stream", "sse"),
        (b"error: unauthorized", "text/plain", "text"),
        (b"<!DOCTYPE html><title>x</title>", "application/json", "html"),
        (b"\n<html><head></head></html>", "", "html"),
        (b"<center><h1>502 Bad Gateway</h1></center>", "text/html", "html"),
        (b"<p>plain", "text/html", "html"),
        (b"<?xml version='1.0'?><Error><Code>x</Code></Error>", "application/xml", "text"),
        (b"404 page not found", "text/plain", "text"),
        (b"404 page not found", "text/html", "text"),
        (b"error code: 1020", "text/plain", "text"),
        (b"RIFF\x00\x00\x00\x00WAVE", "audio/wav", "binary"),
        (b"ID3\x03tags", "audio/mpeg", "binary"),
    ],
)
def test_a_body_is_what_it_looks_like_then_what_it_says(body: bytes, declared: str, shape: str) -> None:
    assert look_at(body, declared).shape is BodyShape(shape)


@given(st.binary(max_size=80), st.sampled_from(["", "application/json", "text/event-stream", "text/html"]))
def test_any_bytes_have_a_shape(body: bytes, declared: str) -> None:
    assert look_at(body, declared).shape in BodyShape

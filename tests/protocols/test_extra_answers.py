"""What is an answer of an endpoint beside chat, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gatewaytui.protocols.extra_answers import (
    has_compaction,
    has_images,
    has_scores,
    has_token_count,
    has_transcript,
    has_vectors,
    is_audio,
)

JUDGES = (has_vectors, has_scores, has_images, has_transcript, has_token_count, has_compaction)
HOSTILE = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"[[[]]]",
    b'{"data":null}',
    b'{"data":{"0":1}}',
    b'{"data":[null,1,"x",[]]}',
    b'{"results":[{"index":"0","relevance_score":"0.5"}]}',
    b'{"data":[{"url":1,"b64_json":[]}]}',
    b'{"text":null}',
    b'{"input_tokens":true}',
    b'{"input_tokens":-1}',
    b'{"output":{}}',
    b'{"data":[{"embedding":[true]}]}',
    b'{"data":[{"embedding":["a"]}]}',
    b"{" * 5_000,
    b"\xff\xfe\x00",
)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("body", HOSTILE)
def test_a_body_that_holds_nothing_of_it_is_none(judge: Callable[[bytes], bool], body: bytes) -> None:
    assert judge(body) is False


@pytest.mark.parametrize(
    ("judge", "body"),
    [
        (has_vectors, b'{"data":[{"embedding":[0.1,-1,2]}]}'),
        (has_vectors, b'{"data":[{"embedding":"AAAA"}]}'),
        (has_vectors, b'[{"embedding":[0.5]}]'),
        (has_scores, b'{"results":[{"index":0,"relevance_score":0.5}]}'),
        (has_scores, b'{"data":[{"index":1,"relevance_score":0}]}'),
        (has_images, b'{"data":[{"url":"https://x/1.png"}]}'),
        (has_images, b'{"data":[{"b64_json":"aGk="}]}'),
        (has_transcript, b'{"text":""}'),
        (has_token_count, b'{"input_tokens":9}'),
        (has_compaction, b'{"object":"response.compaction"}'),
        (has_compaction, b'{"output":[]}'),
    ],
)
def test_an_answer_is_one(judge: Callable[[bytes], bool], body: bytes) -> None:
    assert judge(body) is True


@pytest.mark.parametrize(
    ("body", "declared", "sound"),
    [
        (b"ID3\x04", "application/octet-stream", True),
        (b"\xff\xfb\x90", "", True),
        (b"raw samples", "audio/pcm", True),
        (b"", "audio/mpeg", False),
        (b'{"error":"no"}', "audio/mpeg", False),
        (b"<html>", "audio/mpeg", False),
        (b"hello", "text/plain", False),
    ],
)
def test_sound_is_told_by_its_declaration_or_its_first_bytes(body: bytes, declared: str, sound: bool) -> None:
    assert is_audio(body, declared) is sound

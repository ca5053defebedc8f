"""The endpoints beside chat over real HTTP: answers in the vendors' shapes, refusals in each gateway's own words."""

from __future__ import annotations

import base64
import io
import json
import math
import re
import struct
import wave
import zlib
from typing import Any

import httpx
import pytest

from gatewaytui.demo.extras.audio import FRAME_SAMPLES, RATE
from gatewaytui.demo.extras.base import Extra
from gatewaytui.demo.extras.images import png
from gatewaytui.demo.extras.table import OFFERS
from gatewaytui.demo.launch import Gateways
from gatewaytui.demo.persona import load_personas
from tests.demo.support import CLIENT, info_of

PERSONAS = load_personas()
PICTURE, SOUND = png(64, 64, (255, 0, 0)), b"ID3" + bytes(1597)
MODELS = {
    "embedding": "text-embedding-3-small", "rerank": "qwen3-reranker-8b", "image": "gpt-image-1", "speech": "tts-1",
    "transcript": "whisper-1", "chat": "gpt-5.5",
}  # fmt: skip
USER = [{"role": "user", "content": "Hello there"}]
SMALLEST: dict[str, tuple[dict[str, Any], dict[str, bytes]]] = {
    "/v1/embeddings": ({"input": "one"}, {}),
    "/v1/rerank": ({"query": "red wine", "documents": ["blue sky", {"text": "Red, wine"}, "red"]}, {}),
    "/v1/images/generations": ({"prompt": "A red dot"}, {}),
    "/v1/images/edits": ({"prompt": "A red dot"}, {"image": PICTURE}),
    "/v1/images/variations": ({}, {"image": PICTURE}),
    "/v1/audio/speech": ({"input": "Hello there", "voice": "alloy"}, {}),
    "/v1/audio/transcriptions": ({}, {"file": SOUND}),
    "/v1/audio/translations": ({}, {"file": SOUND}),
    "/v1/messages/count_tokens": ({"messages": USER}, {}),
    "/v1/responses/compact": ({"input": USER}, {}),
}
REQUIRED = [(path, name) for path, (fields, files) in SMALLEST.items() for name in ("model", *fields, *files)]
CLOCK = re.compile(rb'("created(_at)?":\d+|"id":"[^"]*")')


def ask(
    gateways: Gateways, path: str, name: str = "healthy", key: str | None = None, **fields: Any
) -> httpx.Response:
    """The smallest request of that path with these fields over it; one that is None is left out."""
    info, offer = info_of(gateways, name), OFFERS[path]
    usual, files = SMALLEST[path]
    with_owner = {"rerank": "cohere/rerank-v3.5"}.get(offer.makes, f"openai/{MODELS[offer.makes]}")
    model = with_owner if "/" in info.model else MODELS[offer.makes]
    values = {name: value for name, value in ({"model": model} | usual | fields).items() if value is not None}
    url, sent = info.base_url.removesuffix("/v1") + path, info.api_key if key is None else key
    headers = {"authorization": f"Bearer {sent}"} if sent else {}
    if not offer.form:
        return CLIENT.post(url, headers=headers, content=json.dumps(values))
    parts = [(part, ("file.bin", fields.get(part, data))) for part, data in files.items() if fields.get(part, data)]
    data = {name: str(value) for name, value in values.items() if not isinstance(value, bytes)}
    return CLIENT.post(url, headers=headers, data=data, files=parts or [("other", ("x", b"x"))])


def test_who_offers_what() -> None:
    offers = {name: set(persona.extras) for name, persona in PERSONAS.items() if persona.extras}
    assert offers == {
        "tokmodel": set(Extra),
        "healthy": set(Extra),
        "tokenopen": {Extra.EMBEDDINGS, Extra.AUDIO},
    }


@pytest.mark.parametrize("name", ["tken", "tokmodel", "tokenopen", "tokone", "healthy"])
def test_what_is_offered_is_there_and_nothing_else(swift: Gateways, name: str) -> None:
    there = {path for path in OFFERS if ask(swift, path, name).status_code == 200}
    assert there == {path for path, offer in OFFERS.items() if offer.extra in PERSONAS[name].extras}
    for missing in set(OFFERS) - there:
        answer = ask(swift, missing, name)
        assert answer.status_code == 404 and isinstance(answer.json(), dict), answer.text


@pytest.mark.parametrize("path", OFFERS)
def test_the_same_request_gets_the_same_answer(swift: Gateways, path: str) -> None:
    bodies = [re.sub(rb"(resp|msg|cmp)_\w+", b"", CLOCK.sub(b"", ask(swift, path).content)) for _ in range(2)]
    assert bodies[0] == bodies[1] != b""


@pytest.mark.parametrize(("path", "name"), REQUIRED)
def test_a_missing_field_is_named(swift: Gateways, path: str, name: str) -> None:
    nothing: dict[str, Any] = {name: b"" if name in SMALLEST[path][1] else None}
    answer = ask(swift, path, **nothing)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")
    assert name in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", OFFERS)
def test_each_refuses_as_the_chats_do(swift: Gateways, path: str) -> None:
    assert [ask(swift, path, key=key).status_code for key in ("", "sk-wrong-0123456789abcdef")] == [401, 401]
    assert ask(swift, path, model="no-such-model-xyz").status_code == 404
    other = ask(swift, path, model="gpt-image-1" if OFFERS[path].makes != "image" else "gpt-5.5")
    assert other.status_code == 400 and "model" in other.json()["error"]["message"]
    info = info_of(swift, "healthy")
    wrong = CLIENT.get(info.base_url.removesuffix("/v1") + path, headers={"authorization": f"Bearer {info.api_key}"})
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_refusals_are_in_the_gateways_own_words(swift: Gateways) -> None:
    for path in ("/v1/embeddings", "/v1/messages/count_tokens"):
        bad = ask(swift, path, "tokmodel", key="sk-wrong").json()["error"]
        assert (bad["type"], bad["code"]) == ("authentication_error", 401)
        assert ask(swift, path, "tokmodel", model="x/y").json()["error"]["code"] == 404
        assert ask(swift, path, "tokmodel", model=None).json()["error"]["code"] == 400
    assert "No available channel" in ask(swift, "/v1/embeddings", "tokenopen", model="nobody-has-it").text
    assert "no access to this model" in ask(swift, "/v1/embeddings", "tokenopen", model="gpt-image-1").text
    assert ask(swift, "/v1/messages/count_tokens", model="nobody-has-it").json()["type"] == "error"
    assert ask(swift, "/v1/audio/speech", "tokmodel").headers["x-request-id"]


def test_vectors_are_of_length_one_and_the_same_packed(swift: Gateways) -> None:
    body = ask(swift, "/v1/embeddings", input=["one", "two", "one"]).json()
    vectors = [item["embedding"] for item in body["data"]]
    assert (body["object"], [item["index"] for item in body["data"]], len(vectors[0])) == ("list", [0, 1, 2], 256)
    assert vectors[0] == vectors[2] != vectors[1] and math.hypot(*vectors[1]) == pytest.approx(1)
    assert body["usage"]["prompt_tokens"] == body["usage"]["total_tokens"] > 0
    packed = ask(swift, "/v1/embeddings", input=["one"], encoding_format="base64").json()["data"][0]["embedding"]
    assert list(struct.unpack("<256f", base64.b64decode(packed))) == vectors[0]
    tokens = ask(swift, "/v1/embeddings", input=[[1, 2, 3], [4]], dimensions=8).json()
    assert [len(item["embedding"]) for item in tokens["data"]] == [8, 8] and tokens["usage"]["total_tokens"] == 4


def test_ranks_begin_with_the_most_relevant(swift: Gateways) -> None:
    results = ask(swift, "/v1/rerank").json()["results"]
    assert [result["index"] for result in results] == [1, 2, 0]
    scores = [result["relevance_score"] for result in results]
    assert 1 >= scores[0] > scores[1] > scores[2] >= 0
    first = ask(swift, "/v1/rerank", top_n=1, return_documents=True).json()["results"]
    assert [result["document"]["text"] for result in first] == ["Red, wine"]


def _pixels(data: bytes) -> tuple[int, int, int]:
    """Width, height and how many bytes its rows unpack to; every checksum must be right."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at, found = 8, {}
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk, (check,) = data[at + 8 : at + 8 + length], struct.unpack_from(">I", data, at + 8 + length)
        assert check == zlib.crc32(kind + chunk)
        found[kind], at = chunk, at + 12 + length
    assert list(found) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height = struct.unpack_from(">II", found[b"IHDR"])
    return width, height, len(zlib.decompress(found[b"IDAT"]))


@pytest.mark.parametrize("path", [path for path in OFFERS if "/images/" in path])
def test_images_are_real_and_of_the_size_asked(swift: Gateways, path: str) -> None:
    body = ask(swift, path, n=2, size="300x200", quality="low").json()
    images = [base64.b64decode(item["b64_json"]) for item in body["data"]]
    assert [_pixels(image) for image in images] == [(300, 200, 200 * (1 + 38))] * 2
    assert max(map(len, images)) < 500
    usage = body["usage"]
    assert usage["output_tokens"] == 544 and usage["total_tokens"] == usage["input_tokens"] + 544
    assert _pixels(base64.b64decode(ask(swift, path).json()["data"][0]["b64_json"]))[:2] == (1024, 1024)


def test_speech_is_sound_of_its_declared_kind(swift: Gateways) -> None:
    mp3 = ask(swift, "/v1/audio/speech")
    frames = mp3.content.split(b"\xff\xf3\x84\xc4")
    assert mp3.headers["content-type"] == "audio/mpeg" and frames[0] == b"" and {len(f) for f in frames[1:]} == {188}
    assert (len(frames) - 1) * FRAME_SAMPLES / RATE == pytest.approx(11 / 16, abs=0.03)
    wav = ask(swift, "/v1/audio/speech", response_format="wav")
    with wave.open(io.BytesIO(wav.content)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(11 / 16, abs=0.03)
        samples = sound.readframes(sound.getnframes())
    assert wav.headers["content-type"] == "audio/wav" and any(samples)
    assert ask(swift, "/v1/audio/speech", response_format="pcm").content == samples


@pytest.mark.parametrize(("path", "task"), [("transcriptions", "transcribe"), ("translations", "translate")])
def test_a_file_is_heard_in_every_form(swift: Gateways, path: str, task: str) -> None:
    def heard(form: str | None) -> httpx.Response:
        return ask(swift, f"/v1/audio/{path}", response_format=form)

    text = heard("json").json()["text"]
    assert text and heard(None).json() == heard("json").json()
    assert (heard("text").text, heard("text").headers["content-type"][:10]) == (text + "\n", "text/plain")
    verbose = heard("verbose_json").json()
    assert (verbose["task"], verbose["text"], verbose["duration"]) == (task, text, 0.1)
    assert heard("srt").text.startswith("1\n00:00:00,000 --> 00:00:00,100\n" + text)
    assert heard("vtt").text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:00.100\n" + text)


def test_a_wav_is_as_long_as_it_says(swift: Gateways) -> None:
    wav = ask(swift, "/v1/audio/speech", response_format="wav", input="x" * 48).content
    verbose = {"response_format": "verbose_json"}
    assert ask(swift, "/v1/audio/transcriptions", file=wav, **verbose).json()["duration"] == 3.0
    usual = [
        ask(swift, "/v1/audio/transcriptions", file=short, **verbose) for short in (wav[:20], wav[:28] + bytes(9))
    ]
    assert [answer.json()["duration"] for answer in usual] == [0.0, 0.0]
    usage = ask(swift, "/v1/audio/transcriptions", file=wav).json()["usage"]
    assert usage["type"] == "duration" and usage["seconds"] in (3, 4)


def test_counted_tokens_are_the_ones_the_message_is_billed(swift: Gateways) -> None:
    info = info_of(swift, "healthy")
    headers = {"x-api-key": info.api_key, "anthropic-version": "2023-06-01"}
    asked = {"model": "claude-sonnet-4-6", "messages": USER, "system": "Be brief."}
    said = CLIENT.post(f"{info.base_url}/messages", headers=headers, json=asked | {"max_tokens": 9}).json()
    counted = CLIENT.post(f"{info.base_url}/messages/count_tokens", headers=headers, json=asked)
    assert counted.json() == {"input_tokens": said["usage"]["input_tokens"]}


def test_a_compacted_conversation_keeps_what_the_user_said(swift: Gateways) -> None:
    turns = [
        *USER,
        {"role": "assistant", "content": "Hi"},
        {"role": "user", "content": [{"text": "And \ud800 now?"}]},
    ]
    body = ask(swift, "/v1/responses/compact", input=turns).json()
    *kept, sealed = body["output"]
    assert [item["content"][0]["text"] for item in kept] == ["Hello there", "And ? now?"]
    assert (body["object"], sealed["type"]) == ("response.compaction", "compaction")
    assert base64.urlsafe_b64decode(sealed["encrypted_content"].removeprefix("gAAAAAB"))
    usage = body["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    assert ask(swift, "/v1/responses/compact", input="Hello there").json()["output"][0] != sealed


BAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/v1/embeddings", {"input": ""}),
    ("/v1/embeddings", {"input": []}),
    ("/v1/embeddings", {"input": ["one", 2]}),
    ("/v1/embeddings", {"input": ["x"] * 2049}),
    ("/v1/embeddings", {"dimensions": 0}),
    ("/v1/embeddings", {"dimensions": True}),
    ("/v1/embeddings", {"dimensions": "8"}),
    ("/v1/embeddings", {"encoding_format": "hex"}),
    ("/v1/embeddings", {"model": 7}),
    ("/v1/rerank", {"documents": []}),
    ("/v1/rerank", {"documents": "red"}),
    ("/v1/rerank", {"documents": ["red", {"title": "x"}]}),
    ("/v1/rerank", {"top_n": 0}),
    ("/v1/rerank", {"return_documents": "yes"}),
    ("/v1/images/generations", {"n": 11}),
    ("/v1/images/generations", {"size": "9999x9999"}),
    ("/v1/images/generations", {"size": "large"}),
    ("/v1/images/generations", {"response_format": "url"}),
    ("/v1/images/generations", {"stream": True}),
    ("/v1/images/edits", {"n": "two"}),
    ("/v1/images/edits", {"image": b"GIF89a"}),
    ("/v1/images/variations", {"image": b"<html>"}),
    ("/v1/audio/speech", {"input": "x" * 4097}),
    ("/v1/audio/speech", {"response_format": "opus"}),
    ("/v1/audio/transcriptions", {"file": b"no sound"}),
    ("/v1/audio/transcriptions", {"response_format": "poem"}),
    ("/v1/messages/count_tokens", {"max_tokens": 5}),
    ("/v1/messages/count_tokens", {"messages": []}),
    ("/v1/responses/compact", {"input": ""}),
    ("/v1/responses/compact", {"previous_response_id": "resp_1"}),
)


@pytest.mark.parametrize(("path", "fields"), BAD, ids=lambda value: json.dumps(value, default=str)[:40])
def test_what_is_not_valid_is_refused(swift: Gateways, path: str, fields: dict[str, Any]) -> None:
    answer = ask(swift, path, **fields)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error"), answer.text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 9999, b"--x\r\n\r\n"])
@pytest.mark.parametrize("path", OFFERS)
def test_a_broken_body_is_a_400(swift: Gateways, path: str, body: bytes) -> None:
    info = info_of(swift, "healthy")
    headers = {"authorization": f"Bearer {info.api_key}", "content-type": "multipart/form-data; boundary=x"}
    answer = CLIENT.post(info.base_url.removesuffix("/v1") + path, headers=headers, content=body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")

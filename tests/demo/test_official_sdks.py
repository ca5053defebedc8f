"""The official SDKs are satisfied by the embedded gateways: answers whole and streamed, errors as their classes."""

from __future__ import annotations

import base64
import io
import math
import wave
from collections.abc import Callable
from typing import Any

import pytest

from gatewaytui.demo.launch import Gateways

openai = pytest.importorskip("openai", reason="the official SDKs come with the extra: pip install -e '.[sdk]'")
anthropic = pytest.importorskip("anthropic")
genai = pytest.importorskip("google.genai")

pytestmark = pytest.mark.filterwarnings("default")
GOOD = ("healthy", "tokone")
PROMPT = "Explain how a gateway does routing."
TOOL = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def _place(gateways: Gateways, name: str, group: str) -> tuple[str, str]:
    info = next(info for info in gateways.personas if info.name == name)
    return info.base_url, info.keys.get(group, info.keys[""]).reveal()


def _openai(gateways: Gateways, name: str, key: str = "") -> Any:
    url, own = _place(gateways, name, "openai")
    return openai.OpenAI(base_url=url, api_key=key or own, max_retries=0)


def _anthropic(gateways: Gateways, name: str, key: str = "") -> Any:
    url, own = _place(gateways, name, "anthropic")
    return anthropic.Anthropic(base_url=url.removesuffix("/v1"), api_key=key or own, max_retries=0)


def _gemini(gateways: Gateways, name: str, key: str = "") -> Any:
    url, own = _place(gateways, name, "gemini")
    return genai.Client(api_key=key or own, http_options={"base_url": url.removesuffix("/v1")})


@pytest.mark.parametrize("name", GOOD)
def test_openai_chat(swift: Gateways, name: str) -> None:
    with _openai(swift, name) as client:
        ask: dict[str, Any] = {"model": "gpt-5.5", "messages": [{"role": "user", "content": PROMPT}]}
        whole = client.chat.completions.create(**ask)
        pieces = list(client.chat.completions.create(**ask, stream=True, stream_options={"include_usage": True}))
    text = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
    assert text == whole.choices[0].message.content
    assert pieces[-1].usage == whole.usage and whole.usage.total_tokens > whole.usage.prompt_tokens
    assert [piece.choices[0].finish_reason for piece in pieces if piece.choices][-1] == "stop"


@pytest.mark.parametrize("name", GOOD)
def test_openai_chat_with_a_tool(swift: Gateways, name: str) -> None:
    tools = [{"type": "function", "function": {"name": "weather", "parameters": TOOL}}]
    with (
        _openai(swift, name) as client,
        client.chat.completions.stream(
            model="gpt-5.5", messages=[{"role": "user", "content": "Weather in Florence?"}], tools=tools
        ) as stream,
    ):
        final = stream.get_final_completion()
    call = final.choices[0].message.tool_calls[0]
    assert (call.function.name, call.function.arguments) == ("weather", '{"city": "florence"}')


@pytest.mark.parametrize("name", GOOD)
def test_openai_responses(swift: Gateways, name: str) -> None:
    with _openai(swift, name) as client:
        whole = client.responses.create(model="o4-mini", input=PROMPT)
        with client.responses.stream(model="o4-mini", input=PROMPT) as stream:
            deltas = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
            final = stream.get_final_response()
    assert deltas == whole.output_text == final.output_text != ""
    assert [item.type for item in whole.output] == ["reasoning", "message"]
    assert final.usage == whole.usage and final.status == "completed"


@pytest.mark.parametrize("name", GOOD)
def test_openai_responses_cut_by_the_limit(swift: Gateways, name: str) -> None:
    with _openai(swift, name) as client:
        cut = client.responses.create(model="gpt-5.5", input=PROMPT, max_output_tokens=5)
    assert (cut.status, cut.incomplete_details.reason) == ("incomplete", "max_output_tokens")


@pytest.mark.parametrize("name", GOOD)
def test_anthropic_messages(swift: Gateways, name: str) -> None:
    ask: dict[str, Any] = {
        "model": "claude-opus-4-7",
        "max_tokens": 400,
        "messages": [{"role": "user", "content": PROMPT}],
    }
    with _anthropic(swift, name) as client:
        whole = client.messages.create(**ask)
        with client.messages.stream(**ask) as stream:
            final = stream.get_final_message()
    assert [block.type for block in whole.content] == [block.type for block in final.content] == ["thinking", "text"]
    assert final.content[1].text == whole.content[1].text and final.content[0].thinking == whole.content[0].thinking
    assert (final.stop_reason, final.usage.output_tokens) == ("end_turn", whole.usage.output_tokens)


@pytest.mark.parametrize("name", GOOD)
def test_anthropic_tool_use(swift: Gateways, name: str) -> None:
    ask: dict[str, Any] = {
        "model": "claude-sonnet-4-6",
        "max_tokens": 400,
        "messages": [{"role": "user", "content": "Weather in Florence?"}],
        "tools": [{"name": "weather", "input_schema": TOOL}],
    }
    with _anthropic(swift, name) as client, client.messages.stream(**ask) as stream:
        final = stream.get_final_message()
    assert (final.stop_reason, final.content[0].input) == ("tool_use", {"city": "florence"})


@pytest.mark.parametrize("name", GOOD)
def test_gemini(swift: Gateways, name: str) -> None:
    with _gemini(swift, name) as client:
        whole = client.models.generate_content(model="gemini-2.5-pro", contents=PROMPT)
        pieces = list(client.models.generate_content_stream(model="gemini-2.5-pro", contents=PROMPT))
    assert "".join(piece.text or "" for piece in pieces) == whole.text != ""
    assert pieces[-1].usage_metadata == whole.usage_metadata
    assert whole.usage_metadata.thoughts_token_count > 0
    assert [piece.candidates[0].finish_reason for piece in pieces][-1] == "STOP"


@pytest.mark.parametrize("name", GOOD)
def test_model_lists(swift: Gateways, name: str) -> None:
    with _openai(swift, name) as client, _anthropic(swift, name) as other:
        assert "gpt-5.5" in [model.id for model in client.models.list()]
        assert client.models.retrieve("gpt-5.5").owned_by == "openai"
        assert "claude-opus-4-7" in [model.id for model in other.models.list()]
    with _gemini(swift, name) as third:
        assert "models/gemini-2.5-pro" in [model.name for model in third.models.list()]


def test_openai_embeddings(swift: Gateways) -> None:
    ask: dict[str, Any] = {"model": "text-embedding-3-small", "input": ["one", "two"]}
    with _openai(swift, "healthy") as client:
        packed = client.embeddings.create(**ask)
        written = client.embeddings.create(**ask, encoding_format="float")
    assert [item.embedding for item in packed.data] == [item.embedding for item in written.data]
    assert math.hypot(*packed.data[1].embedding) == pytest.approx(1) and packed.usage.total_tokens > 0


def test_openai_images(swift: Gateways) -> None:
    with _openai(swift, "healthy") as client:
        ask: dict[str, Any] = {"model": "gpt-image-1", "size": "1024x1024"}
        made = client.images.generate(**ask, prompt="A red dot", quality="low")
        file = base64.b64decode(made.data[0].b64_json)
        edited = client.images.edit(**ask, image=("dot.png", file), prompt="Make it blue")
        several = client.images.edit(**ask, image=[("a.png", file), ("b.png", file)], prompt="Make it blue")
    assert file.startswith(b"\x89PNG") and made.size == "1024x1024"
    assert made.usage.total_tokens == made.usage.input_tokens + made.usage.output_tokens
    assert edited.data == several.data and edited.data[0].b64_json != made.data[0].b64_json


def test_openai_audio(swift: Gateways) -> None:
    with _openai(swift, "healthy") as client:
        ask: dict[str, Any] = {"model": "tts-1", "voice": "alloy", "input": "Hello there"}
        mp3 = client.audio.speech.create(**ask)
        wav = client.audio.speech.create(**ask, response_format="wav").content
        heard = client.audio.transcriptions.create(model="whisper-1", file=("said.wav", wav))
        verbose = client.audio.transcriptions.create(
            model="whisper-1", file=("said.wav", wav), response_format="verbose_json"
        )
        translated = client.audio.translations.create(model="whisper-1", file=("said.wav", wav))
    with wave.open(io.BytesIO(wav)) as sound:
        assert sound.getnframes() > 0
    assert (mp3.response.headers["content-type"], mp3.content[:2]) == ("audio/mpeg", b"\xff\xf3")
    assert heard.text == verbose.text == translated.text != "" and heard.usage.seconds == 1


def test_openai_compaction_and_anthropics_count(swift: Gateways) -> None:
    turns: list[dict[str, str]] = [{"role": "user", "content": PROMPT}]
    with _openai(swift, "healthy") as client, _anthropic(swift, "healthy") as other:
        compacted = client.responses.compact(model="gpt-5.5", input=turns)
        counted = other.messages.count_tokens(model="claude-sonnet-4-6", messages=turns)
    assert [item.type for item in compacted.output] == ["message", "compaction"]
    assert compacted.usage.total_tokens > compacted.usage.input_tokens and counted.input_tokens > 0


def test_openai_refusals_beside_chat(swift: Gateways) -> None:
    with _openai(swift, "healthy") as client, pytest.raises(openai.BadRequestError, match="file format"):
        client.audio.transcriptions.create(model="whisper-1", file=("said.wav", b"nothing"))
    with _openai(swift, "healthy", "sk-wrong-0123456789") as client, pytest.raises(openai.AuthenticationError):
        client.images.generate(model="gpt-image-1", prompt="A red dot")
    with _openai(swift, "tken") as client, pytest.raises(openai.NotFoundError, match="Invalid URL"):
        client.embeddings.create(model="text-embedding-3-small", input="one")


def test_every_page_of_a_long_list(swift: Gateways) -> None:
    with _anthropic(swift, "healthy") as client:
        ids = [model.id for model in client.models.list()]
    with _gemini(swift, "healthy") as client:
        names = [model.name for model in client.models.list()]
    assert len(ids) == len(set(ids)) == len(names) == len(set(names)) == 60


def _chat(client: Any, stream: bool) -> None:
    answer = client.chat.completions.create(
        model="gpt-5.5", messages=[{"role": "user", "content": PROMPT}], stream=stream
    )
    list(answer)


def _message(client: Any, stream: bool) -> None:
    ask: dict[str, Any] = {"model": "claude-sonnet-4-6", "max_tokens": 50, "stream": stream}
    list(client.messages.create(messages=[{"role": "user", "content": PROMPT}], **ask))


def _generate(client: Any, stream: bool) -> None:
    ask = client.models.generate_content_stream if stream else client.models.generate_content
    list(ask(model="gemini-3.5-flash", contents=PROMPT))


Clients = dict[str, tuple[Callable[..., Any], Callable[..., None]]]
CLIENTS: Clients = {"openai": (_openai, _chat), "anthropic": (_anthropic, _message), "gemini": (_gemini, _generate)}
ERRORS = (
    ("healthy", "openai", "sk-wrong-0123456789", openai.AuthenticationError, 401),
    ("healthy", "anthropic", "sk-wrong-0123456789", anthropic.AuthenticationError, 401),
    ("healthy", "gemini", "sk-wrong-0123456789", genai.errors.ClientError, 400),
    ("tokone", "openai", "sk-wrong-0123456789", openai.AuthenticationError, 401),
    ("tokone", "anthropic", "sk-wrong-0123456789", anthropic.AuthenticationError, 401),
    ("no-credit", "openai", "", openai.RateLimitError, 429),
    ("no-credit", "anthropic", "", anthropic.APIStatusError, 402),
    ("rate-limited", "openai", "", openai.RateLimitError, 429),
    ("rate-limited", "anthropic", "", anthropic.RateLimitError, 429),
    ("rate-limited", "gemini", "", genai.errors.ClientError, 429),
    ("overloaded", "openai", "", openai.InternalServerError, 503),
    ("overloaded", "gemini", "", genai.errors.ServerError, 503),
    ("html-502", "openai", "", openai.InternalServerError, 502),
    ("html-502", "anthropic", "", anthropic.InternalServerError, 502),
)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("name", "sdk", "key", "kind", "status"), ERRORS, ids=lambda value: str(value)[:24])
def test_an_error_is_the_sdks_own_class(
    swift: Gateways, name: str, sdk: str, key: str, kind: type[Exception], status: int, stream: bool
) -> None:
    make, ask = CLIENTS[sdk]
    with make(swift, name, key) as client, pytest.raises(kind) as caught:
        ask(client, stream)
    assert getattr(caught.value, "status_code", getattr(caught.value, "code", None)) == status


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_anthropics_overload_comes_as_status_or_as_event(swift: Gateways, stream: bool) -> None:
    with _anthropic(swift, "overloaded") as client, pytest.raises(anthropic.APIStatusError) as caught:
        _message(client, stream)
    assert "overloaded_error" in str(caught.value)


def test_a_failed_response_is_told_in_the_stream(swift: Gateways) -> None:
    with _openai(swift, "no-credit") as client, pytest.raises(openai.APIError, match="quota"):
        list(client.responses.create(model="gpt-5.5", input=PROMPT, stream=True))


@pytest.mark.parametrize(("name", "status"), [("healthy", 404), ("tokone", 503), ("tken", 503), ("tokmodel", 404)])
def test_an_unknown_model_has_the_gateways_own_status(swift: Gateways, name: str, status: int) -> None:
    with _openai(swift, name) as client, pytest.raises(openai.APIStatusError) as caught:
        client.chat.completions.create(model="no-such-model-xyz", messages=[{"role": "user", "content": "Hi"}])
    assert caught.value.status_code == status

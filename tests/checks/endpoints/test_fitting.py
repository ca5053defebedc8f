"""Which model an endpoint is asked with."""

from __future__ import annotations

import pytest

from gatewaytui.checks.endpoints.fitting import GUESSED, NOTHING_FITS, choose
from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.catalogue import ModelInfo

MIXED = tuple(
    map(
        ModelInfo,
        (
            "whisper-1",
            "gpt-5.5",
            "claude-opus-4-6",
            "gemini-3.5-flash",
            "bge-reranker-v2",
            "bge-m3",
            "tts-1",
            "gpt-image-1",
            "dall-e-2",
        ),
    )
)


def _model(endpoint: str, models: tuple[ModelInfo, ...] = MIXED, asked: str = "", insist: bool = False) -> str:
    fit = ENDPOINTS[endpoint].fit
    assert fit is not None
    return choose(fit, models, asked, insist).model


@pytest.mark.parametrize(
    ("endpoint", "model"),
    [
        ("chat", "gpt-5.5"),
        ("responses", "gpt-5.5"),
        ("messages", "claude-opus-4-6"),
        ("generate_content", "gemini-3.5-flash"),
        ("embeddings", "bge-m3"),
        ("rerank", "bge-reranker-v2"),
        ("images_generations", "gpt-image-1"),
        ("images_variations", "dall-e-2"),
        ("audio_speech", "tts-1"),
        ("audio_transcriptions", "whisper-1"),
    ],
)
def test_the_id_tells_what_a_model_is_for(endpoint: str, model: str) -> None:
    assert _model(endpoint) == model


def test_a_model_asked_for_is_taken_where_it_fits() -> None:
    assert _model("chat", asked="gpt-4.1", insist=True) == "gpt-4.1"
    assert _model("messages", asked="claude-haiku-4-5") == "claude-haiku-4-5"
    assert _model("messages", asked="gpt-5.5") == "claude-opus-4-6", "the protocol's own kind is listed"
    assert _model("messages", (ModelInfo("gpt-5.5"), ModelInfo("glm-5")), asked="glm-5") == "glm-5"
    assert _model("embeddings", asked="gpt-5.5") == "bge-m3"
    assert _model("embeddings", asked="text-embedding-3-small") == "text-embedding-3-small"
    assert _model("embeddings", asked="house-vectors", insist=True) == "house-vectors"


def test_what_the_list_declares_goes_before_what_the_id_says() -> None:
    models = (ModelInfo("claude-a", endpoint_types=("openai",)), ModelInfo("glm-5", endpoint_types=("anthropic",)))
    assert _model("messages", models) == "glm-5"


def test_where_nothing_fits_a_usual_model_is_asked_for_or_none() -> None:
    fit, chat = ENDPOINTS["embeddings"].fit, ENDPOINTS["chat"].fit
    assert fit is not None and chat is not None
    guess = choose(fit, (ModelInfo("gpt-5.5"),), "", insist=False)
    assert guess.model and guess.info is None and guess.note == GUESSED
    assert choose(chat, (ModelInfo("whisper-1"),), "", insist=False).note == NOTHING_FITS


@pytest.mark.parametrize(
    ("endpoint", "types", "declared"),
    [
        ("chat", ("openai",), True),
        ("messages", ("openai",), False),
        ("messages", (), None),
        ("generate_content", ("generateContent",), True),
        ("chat", ("generateContent",), None),
        ("audio_speech", ("openai",), None),
        ("responses_compact", ("openai-response",), False),
    ],
)
def test_what_a_list_declares(endpoint: str, types: tuple[str, ...], declared: bool | None) -> None:
    fit = ENDPOINTS[endpoint].fit
    assert fit is not None and fit.declared(ModelInfo("m", endpoint_types=types)) is declared

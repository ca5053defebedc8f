from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.models import nearest, same_model

SAME = [
    ("gpt-5.5", "gpt-5.5-2026-01-01"),
    ("gpt-5.5", ""),
    ("gpt-4", "gpt-4-0613"),
    ("openai/gpt-4o", "gpt-4o-2024-08-06"),
    ("anthropic/claude-sonnet-4", "claude-4-sonnet-20250522"),
    ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
    ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
    ("claude-3.5-sonnet", "us.anthropic.claude-3-5-sonnet-20241022-v2:0"),
    ("meta-llama/llama-3.1-8b-instruct:free", "meta-llama/llama-3.1-8b-instruct"),
    ("llama3.1", "llama3.1:8b"),
    ("tiny", "/srv/models/tiny.gguf"),
    ("qwen2.5-7b-instruct", "qwen2.5-7b-instruct-q4_k_m.gguf"),
    ("gemini-2.5-pro", "models/gemini-2.5-pro-preview-06-05"),
    ("gemini-flash-latest", "gemini-2.5-flash-preview-09-2025"),
    ("gemini-1.5-pro", "gemini-1.5-pro-002"),
    ("gpt-4o-audio-preview", "gpt-4o-audio-preview-2024-12-17"),
    ("gemini-3-flash-preview", "google/gemini-3-flash-preview-20251217"),
    ("accounts/fireworks/models/deepseek-v3", "deepseek-v3"),
    ("gpt-35-turbo", "gpt-3.5-turbo-0125"),
    ("deepseek-chat", "deepseek-v3.2"),
    ("o3-mini-high", "o3-mini"),
    ("openrouter/auto", "anthropic/claude-x"),
    ("GPT-4o", "gpt-4o"),
]
OTHER = [
    ("gpt-5.5", "other-cheap"),
    ("gpt-5.5", "gpt-5"),
    ("gpt-4o", "gpt-4o-mini"),
    ("gpt-5-nano", "gpt-5"),
    ("claude-opus-4-1", "claude-opus-4-20250514"),
    ("claude-opus-4", "claude-sonnet-4"),
    ("deepseek-v3", "deepseek-v2"),
    ("llama3:8b", "llama3:70b"),
    ("gemini-flash-latest", "gemini-2.5-flash-lite"),
    ("o1", "o1-preview"),
    ("gpt-4o-audio-preview", "gpt-4o-realtime-preview-2024-12-17"),
    ("grok-3-mini", "grok-4.3"),
    ("anything", "tiny-random"),
]


@pytest.mark.parametrize(("asked", "served"), SAME)
def test_another_name_of_the_same_model(asked: str, served: str) -> None:
    assert same_model(asked, served)


@pytest.mark.parametrize(("asked", "served"), OTHER)
def test_another_model(asked: str, served: str) -> None:
    assert not same_model(asked, served)


def test_nearest_ids_come_best_first_and_at_most_three() -> None:
    ids = ("gpt-5.5", "gpt-5.5-mini", "gpt-5", "gpt-4o", "claude-sonnet-4", "gpt-5.5-pro")
    assert nearest("gpt5.5", ids)[0] == "gpt-5.5"
    assert len(nearest("gpt5.5", ids)) == 3


def test_the_same_model_under_a_prefix_is_near() -> None:
    assert nearest("claude-sonnet-4", ("openai/gpt-4o", "anthropic/claude-sonnet-4")) == (
        "anthropic/claude-sonnet-4",
    )


def test_nothing_near_is_nothing() -> None:
    assert nearest("zzzz", ("gpt-4o", "claude-3")) == ()


def test_hostile_ids_are_never_proposed() -> None:
    assert nearest("gpt-4o", ("gpt-4o\x1b[31m", "sk-proj-AbCdEfGhIjKlMnOpQrStUvWx1234567890", "gpt 4o")) == ()


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_compared(asked: str, served: str) -> None:
    assert same_model(asked, asked)
    assert isinstance(same_model(asked, served), bool)
    assert isinstance(nearest(asked, (served,)), tuple)

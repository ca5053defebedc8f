from __future__ import annotations

import random
import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.text import safe_line, safe_text, valid_model_id

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = st.text(st.characters() | st.sampled_from(f"\x1b\x07\x9b\x7f\r\n\t\u2028\u200b\u200d\ufeff{BIDI}"))


def unsafe(text: str, allowed: str = "\n\t") -> list[str]:
    return [
        char for char in text if char not in allowed and (unicodedata.category(char) in ("Cc", "Cs") or char in BIDI)
    ]


@given(HOSTILE)
def test_safe_text_holds_no_control_character_but_line_feed_and_tab(text: str) -> None:
    assert unsafe(safe_text(text)) == []


@given(st.lists(HOSTILE))
def test_safe_text_is_the_same_however_the_text_is_cut(chunks: list[str]) -> None:
    assert "".join(map(safe_text, chunks)) == safe_text("".join(chunks))


@given(HOSTILE, st.integers(0, 20))
def test_a_limit_holds(text: str, limit: int) -> None:
    assert len(safe_text(text, limit)) <= max(limit, 1)
    assert len(safe_line(text, limit)) <= max(limit, 1)


@given(HOSTILE)
def test_safe_line_is_one_line_without_invisible_characters(text: str) -> None:
    line = safe_line(text, 10_000)
    assert unsafe(line, "") == []
    assert len(line.splitlines()) <= 1
    assert not set(line) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@pytest.mark.parametrize(
    ("text", "prose", "line"),
    [
        ("a\x1b[31mb", "a\u241b[31mb", "a\u241b[31mb"),
        ("a\nb\tc", "a\nb\tc", "a\u240ab\u2409c"),
        ("\x9b2J", "\u241b2J", "\u241b2J"),
        ("x\ud800y", "x\ufffdy", "x\ufffdy"),
        ("abc\u202edef", "abc<U+202E>def", "abc<U+202E>def"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469", "\U0001f468<U+200D>\U0001f469"),
        ("\u7ed9\u6211", "\u7ed9\u6211", "\u7ed9\u6211"),
    ],
)
def test_examples(text: str, prose: str, line: str) -> None:
    assert safe_text(text) == prose
    assert safe_line(text) == line


def test_long_text_ends_with_an_ellipsis() -> None:
    assert safe_text("abcdef", 4) == "abc\u2026"
    assert safe_text("abcd", 4) == "abcd"


@pytest.mark.parametrize(
    "model",
    [
        "gpt-5.4-mini",
        "claude-3-5-sonnet@20240620",
        "us.anthropic.claude-sonnet-4-20250514-v1:0",
        "us.amazon.nova-premier-v1:0:1000k",
        "deepseek/deepseek-r1-0528-qwen3-8b:free",
        "accounts/fireworks/models/qwen3-coder-480b-a35b-instruct",
        "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "unsloth/DeepSeek-R1-Distill-Llama-8B-GGUF:Q4_K_M",
        "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:IQ3_M",
        "@cf/meta/llama-3.1-8b-instruct-fp8-fast",
        "models/gemini-2.5-flash-preview-native-audio-dialog",
        "publishers/google/models/gemini-2.0-flash-001",
        "nvidia/llama-3.1-nemotron-ultra-253b-v1",
        "sk-coder-7b-instruct-v1",
        "ft:gpt-4o-mini-2024-07-18",
        "o1",
        "Qwen3-1.7B-Q4_K_M.gguf",
        "TheBloke/Mixtral-8x7B-Instruct-v0.1-GPTQ",
        "snowflake-arctic-embed-l-v2.0",
        "cognitivecomputations/dolphin-2.9-llama3-8b",
    ],
)
def test_model_ids_pass(model: str) -> None:
    assert valid_model_id(model)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "x\n",
        "<script>",
        "a" * 129,
        "sk-proj-4f9dKq2Lw8ZrT6vB1nXs7Hj3",
        "vendor/sk-4f9dKq2Lw8ZrT6vB1nXs7Hj3",
        "AIzaSyhv7tIj3QW9L5X5NdTJ3twWTeXfLQfKGup",
        "UzrYEfupAfilNT7AkY6H5xwyy1IPHgJP",
        "d58e3ab8f599b15b5b48779ed4836386",
        "757687c5-f310-4e30-ab52-c70686f68878",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "AKIAIOSFODNN7EXAMPLE",
        "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",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/x",
        "ft:gpt-4o-mini-2024-07-18:acme-corp::A1b2C3d4",
        "jane@example.org",
        "http://10.0.0.1/model",
        "models/Users/jane/llama.gguf",
    ],
)
def test_keys_accounts_and_addresses_do_not(text: str) -> None:
    assert not valid_model_id(text)


@given(
    st.sampled_from(["", "sk-", "xai-", "hf_", "vendor/", "models/sk-"]),
    st.integers(32, 64),
    st.randoms(use_true_random=False),
)
def test_no_random_key_passes_as_a_model_id(prefix: str, length: int, source: random.Random) -> None:
    assert not valid_model_id(prefix + "".join(source.choices(string.ascii_letters + string.digits, k=length)) + "7")

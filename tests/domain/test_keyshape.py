from __future__ import annotations

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.keyshape import has_vendor_prefix, is_random, looks_like_key

SOURCES = st.integers(0, 2**32).map(random.Random)  # hypothesis would choose every letter to be an "a"


@pytest.mark.parametrize(
    "word",
    [
        "generate_content_free_tier_requests",
        "AuthenticationErrorException",
        "ResponsibleAIPolicyViolation",
        "SSLCertVerificationError",
        "Qwen3-Coder-480B-A35B-Instruct-FP8",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "must-start-with-sk-",
        "sk-your-own-key-here",
        "sk-coder-7b-instruct-v1",
        "2026-05-07T12-34-56Z",
        "model-00001-of-00030",
        "1763712345678",
    ],
)
def test_names_are_no_keys(word: str) -> None:
    assert not looks_like_key(word)


@given(
    SOURCES,
    st.sampled_from([string.hexdigits.lower()[:16], string.ascii_letters + string.digits]),
    st.integers(32, 64),
)
def test_random_words_are(source: random.Random, alphabet: str, length: int) -> None:
    assert looks_like_key("a1" + "".join(source.choices(alphabet, k=length)))


@pytest.mark.parametrize("prefix", ["sk-", "sk-ant-api03-", "gsk_", "hf_", "xai-", "key-"])
def test_a_prefix_with_a_random_tail_is_a_vendors_key(prefix: str) -> None:
    assert has_vendor_prefix(f"{prefix}4f9dKq2Lw8ZrT6vB")
    assert not has_vendor_prefix(f"{prefix}mini")


def test_randomness_needs_length() -> None:
    assert is_random("4f9dKq2Lw8Z") and not is_random("Qwen3-8B") and not is_random("claude-sonnet-20250514")

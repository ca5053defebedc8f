from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.vocabulary import (
    BROAD_TYPES,
    CODES,
    Topic,
    shown,
    spelled_out,
    squash,
    status_of,
    topic_of,
)


@pytest.mark.parametrize("code", ["invalid_api_key", "InvalidApiKey", "INVALID_API_KEY", "invalid-api-key"])
def test_spellings_are_one_code(code: str) -> None:
    assert topic_of(code) is Topic.AUTH


def test_dotted_codes_fall_back_to_their_first_part() -> None:
    assert topic_of("RateLimitExceeded.EndpointTPMExceeded") is Topic.RATE
    assert topic_of("Unheard.Of") is None


def test_no_code_stands_for_two_things() -> None:
    names = [squash(name) for listed in (*CODES.values(), *BROAD_TYPES.values()) for name in listed.split()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_broad_types_stand_for_a_status() -> None:
    assert status_of("rate_limit_error") == 429
    assert status_of("503") == 503
    assert status_of("1113") is None
    assert status_of("٤٠١") is None


def test_only_our_own_spelling_is_shown() -> None:
    assert shown("INSUFFICIENT_QUOTA") == "insufficient_quota"
    assert shown("401") == 401
    assert shown("sk-secret") == "other"


def test_codes_become_words() -> None:
    assert spelled_out("NOT_ENOUGH_BALANCE") == "not enough balance"
    assert spelled_out("NotEnoughBalance2") == "not enough balance"


@given(st.text(max_size=80))
def test_any_text_is_a_code(text: str) -> None:
    topic_of(text)
    status_of(text)
    assert (
        shown(text) == "other"
        or shown(text) != text
        or text in "".join(CODES.values()) + "".join(BROAD_TYPES.values())
    )

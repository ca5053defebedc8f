from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Protocol, Target
from gatewaytui.storage.presets import PRESETS
from gatewaytui.storage.profiles import BrokenProfile, ProfileBook
from gatewaytui.storage.target import parse_target

from .support import KEY

TOKONE = PRESETS["tokone"].profile
MINE = Profile("mine.eu-1", "https://mine.example/v1")
BOOK = ProfileBook(
    (TOKONE, MINE), broken=(BrokenProfile("bad", Problem(FailureClass.CONFIG, "base_url of profile bad is odd.")),)
)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("mine.eu-1", Target(MINE)),
        (" mine.eu-1 ", Target(MINE)),
        ("tokone/gemini", Target(TOKONE, "gemini")),
        ("mine.eu-1,model=openai/gpt-5.5", Target(MINE, model="openai/gpt-5.5")),
        ("mine.eu-1,model=a,b/c,d", Target(MINE, model="a,b/c,d")),
        ("mine.eu-1,model=a=b", Target(MINE, model="a=b")),
        ("tokone/anthropic,protocol=anthropic", Target(TOKONE, "anthropic", "", Protocol.ANTHROPIC)),
        ("tokone,model=x,y,protocol=gemini", Target(TOKONE, "", "x,y", Protocol.GEMINI)),
        ("tokone,protocol=gemini,model=x,y", Target(TOKONE, "", "x,y", Protocol.GEMINI)),
    ],
)
def test_a_target_as_it_is_typed(text: str, target: Target) -> None:
    assert parse_target(text, BOOK) == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mine", "mine.eu-1"),
        ("Tokone", "tokone"),
        ("tken", "profiles add tken"),
        ("quite another", "profiles list"),
        ("", "profiles list"),
        ("tokone/", "tokone/openai"),
        ("tokone/opnai", "tokone/anthropic"),
        ("mine.eu-1/x", "no groups"),
        ("mine.eu-1,protocol=smtp", "openai-chat"),
        ("mine.eu-1,model=", "PROFILE"),
        ("mine.eu-1,model=a,model=b", "PROFILE"),
        ("mine.eu-1,colour=red", "PROFILE"),
        ("mine.eu-1,", "PROFILE"),
    ],
)
def test_what_is_not_known_is_a_sentence_with_the_way_on(text: str, said: str) -> None:
    with pytest.raises(Problem) as trouble:
        parse_target(text, BOOK)
    assert trouble.value.failure_class is FailureClass.CONFIG
    assert said in trouble.value.next_step


def test_without_profiles_the_way_on_is_a_preset() -> None:
    with pytest.raises(Problem) as trouble:
        parse_target("nobody", ProfileBook())
    assert "nobody" in trouble.value.sentence
    assert "profiles add" in trouble.value.next_step


def test_a_profile_that_cannot_be_used_says_why() -> None:
    with pytest.raises(Problem, match="base_url of profile bad is odd"):
        parse_target("bad", BOOK)


@pytest.mark.parametrize("text", [KEY, f"tokone/{KEY}", f"{KEY},model=x"])
def test_a_key_in_the_wrong_place_is_not_repeated(text: str) -> None:
    with pytest.raises(Problem) as trouble:
        parse_target(text, BOOK)
    assert KEY not in trouble.value.sentence + trouble.value.next_step


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    try:
        parse_target(text, BOOK)
    except Problem as trouble:
        assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in str(trouble))

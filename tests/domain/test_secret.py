from __future__ import annotations

import copy
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.secret import KeyTextError, Secret, clean_key

KEY = "sk-4f9dKq2Lw8ZrT6vB1nXs7Hj3"


def test_no_way_of_showing_it_shows_it() -> None:
    secret = Secret(KEY)
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>40}",
        f"{secret!s}",
        repr([secret]),
        repr({"k": secret}),
    ]
    assert not [text for text in shown if KEY in text or KEY[-4:] in text]
    assert secret.reveal() == KEY


def test_it_crosses_a_process_boundary() -> None:
    assert pickle.loads(pickle.dumps(Secret(KEY))).reveal() == KEY
    assert copy.deepcopy(Secret(KEY)) == Secret(KEY)


def test_it_equals_only_another_secret() -> None:
    assert Secret(KEY) == Secret(KEY) and hash(Secret(KEY)) == hash(Secret(KEY))
    assert Secret(KEY) != Secret(KEY + "x") and Secret(KEY) != KEY
    assert not Secret("") and Secret("x")


@pytest.mark.parametrize(("length", "tail"), [(0, None), (19, None), (20, "wxyz"), (51, "wxyz")])
def test_the_tail_is_shown_of_long_keys_only(length: int, tail: str | None) -> None:
    assert Secret(("a" * 100 + "wxyz")[-length:] if length else "").tail == tail


@pytest.mark.parametrize(
    ("pasted", "stripped"),
    [
        (KEY, ()),
        (f"  {KEY}\n", ("blanks",)),
        (f"\ufeff{KEY}", ("invisible characters",)),
        (f"'{KEY}'", ("quotes",)),
        (f"\u201c{KEY}\u201d", ("quotes",)),
        (f"Bearer {KEY}", ("the word Bearer",)),
        (f"Authorization: Bearer {KEY}", ("the word Bearer",)),
        (f"x-api-key: {KEY}", ("the word Bearer",)),
        (f"OPENAI_API_KEY={KEY}", ("a variable assignment",)),
        (f'export OPENAI_API_KEY="{KEY}"', ("a variable assignment", "quotes")),
        (f"\u200b set TKEN_API_KEY={KEY} ", ("invisible characters", "blanks", "a variable assignment")),
    ],
)
def test_what_people_paste_around_a_key_is_stripped_and_told(pasted: str, stripped: tuple[str, ...]) -> None:
    cleaned = clean_key(pasted)
    assert cleaned.secret.reveal() == KEY
    assert set(cleaned.stripped) == set(stripped)
    assert KEY not in repr(cleaned)


def test_padding_belongs_to_the_key() -> None:
    assert clean_key("YWJjZGVm==").secret.reveal() == "YWJjZGVm=="


@pytest.mark.parametrize(
    "text", ["", "  ", '""', "Bearer ", "sk-a b", f"{KEY}\n{KEY}", "sk-\u00e9\u00e8", "sk-\x00", "sk-\ud800"]
)
def test_what_cannot_be_a_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(KeyTextError) as refused:
        clean_key(text)
    told = "".join(traceback.format_exception_only(refused.value))
    assert not text.strip() or len(text) < 4 or text not in told
    assert KEY not in told


@given(st.text())
def test_any_text_gives_a_key_fit_for_a_header_or_a_refusal(text: str) -> None:
    try:
        key = clean_key(text).secret.reveal()
    except KeyTextError as refused:
        assert len(text) < 8 or text not in str(refused)
    else:
        assert key and key.isascii() and key.isprintable() and " " not in key

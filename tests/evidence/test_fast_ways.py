"""What redaction skips as cheap to tell must be what the plain way finds nothing in."""

from __future__ import annotations

import json
import random
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.secret import Secret
from gatewaytui.evidence import patterns, words
from gatewaytui.evidence.folding import squeeze, trace, trace_of_plain
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.spans import Span
from gatewaytui.evidence.views import Views

from .builders import ENCODINGS
from .test_redact import HOSTILE, SCENARIOS

WORDS = st.text(string.ascii_letters + string.digits + "-_+/=.", min_size=6, max_size=60)
BORDER = 1 << 16
"""So many characters are looked at together."""
LONG = 5_000
"""Texts that long are sketched before they are searched."""


class Plain(Views):
    """Views that leave nothing out: every rule looks through the whole text."""

    @property
    def sketch(self) -> Views:
        return self

    def may_hold(self, literal: str) -> bool:
        return True


def plainly(text: str) -> list[Span]:
    views = Plain(text)
    named = [replace(rule, tail=rule.tail.replace(patterns._NO_COUNT, "")) for rule in patterns._NAMED]
    return [*words.find(views), *(span for rule in (*named, *patterns._NEARBY) for span in rule.find(views))]


def padded(text: str, start: int) -> str:
    """The text somewhere in a long log, beginning at about that character."""
    row = '{"id": "model-3-mini", "usage": {"prompt_tokens": 17, "total_tokens": 40}}, '
    return (row * (start // len(row) + 1))[:start] + text + row * 3


@given(HOSTILE)
@example('{"tokens": 12345, "tokens":123456789, "token": "k1:23456", "s": 1}')
@example('"token\\": 12} "tokens": 1234567890123456}')
@example("ip-10-3-7-9 ec2-10-3-7-9 the key ending in 7aQ4, last 4 digits 9d2f")
def test_rules_that_are_skipped_would_have_found_nothing(text: str) -> None:
    for whole in (text, padded(text, LONG)):
        assert patterns.secrets(whole) == plainly(whole)


def test_the_scenarios_at_the_border_of_what_is_looked_at_together() -> None:
    texts = [case["text"] for case in SCENARIOS]
    for at, text in enumerate(texts):
        whole = padded(text, BORDER - at % (len(text) + 8))
        assert patterns.secrets(whole) == plainly(whole), text


@given(HOSTILE)
def test_a_trace_is_that_of_the_squeezed_text(text: str) -> None:
    left = trace(text)
    assert left is None or left == trace_of_plain(squeeze(text)).replace(b"%", b"").replace(b"&", b"")


@given(WORDS, st.sampled_from(sorted(ENCODINGS)), st.integers(0, 40), HOSTILE, st.booleans())
def test_known_values_are_found_as_if_every_text_were_unfolded(
    key: str, encoding: str, before: int, around: str, cut: bool
) -> None:
    """An ampersand at the end makes the text one whose escapes are undone first; nothing else changes."""
    known = Known(keys=(Secret(key),))
    shown = ENCODINGS[encoding](key[3:-2] if cut else key)
    for text in (around + shown + around, padded(shown, BORDER - before)):
        assert known.find(text) == known.find(f"{text}\n&"), json.dumps(shown)


@pytest.mark.parametrize("seed", range(6))
def test_every_run_of_sixteen_characters_of_a_known_key_is_found(seed: int) -> None:
    key = "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=50))
    known = Known(keys=(Secret(key), Secret("sk-of-somebody-else")))
    for start in range(len(key) - 15):
        text = f"refused: {key[start : start + 8]} \n{key[start + 8 : start + 16].upper()}, {{}}"
        assert known.find(text) == known.find(f"{text}\n&") != []

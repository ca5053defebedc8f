from __future__ import annotations

import json
import random
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.secret import Secret
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.markers import MARKER
from gatewaytui.evidence.redact import redact

from .builders import ENCODINGS

SCENARIOS = [
    json.loads(line) for line in Path(__file__).with_name("redaction.jsonl").read_text("utf-8").splitlines() if line
]
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "redaction" / "dev.jsonl"
KEY = "sk-4f9dKq2Lw8ZrT6vB1nXs7Hj3"
LETTERS = string.ascii_letters + string.digits


def known_of(case: dict[str, Any]) -> Known:
    known = case.get("known", {})
    keys = tuple(Secret(known[name]) for name in ("api_key",) if name in known)
    return Known(keys=keys, prompts=tuple(known[name] for name in ("prompt",) if name in known))


@pytest.mark.parametrize("case", SCENARIOS, ids=[case["id"] for case in SCENARIOS])
def test_scenario(case: dict[str, Any]) -> None:
    clean = redact(case["text"], known_of(case))
    assert [secret for secret in case.get("secrets", []) if secret in clean] == []
    assert [word for word in case.get("keep", []) if word not in clean] == []


def test_corpus() -> None:
    if not CORPUS.exists():
        pytest.skip("the redaction corpus is not beside this checkout")
    wrong = []
    for case in map(json.loads, CORPUS.read_text("utf-8").splitlines()):
        clean = redact(case["text"], known_of(case))
        wrong += [case["id"] for secret in (*case["secrets"], *case["canon"]) if secret in clean]
        wrong += [case["id"] for word in case["keep"] if word not in clean]
    assert wrong == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_known_key_goes_in_every_encoding(encoding: str) -> None:
    text = f'{{"debug": "{ENCODINGS[encoding](KEY)}", "status": 401}}'
    clean = redact(text, Known(keys=(Secret(KEY),)))
    assert MARKER.search(clean) and ENCODINGS[encoding](KEY) not in clean
    assert clean.startswith('{"debug": "') and clean.endswith('", "status": 401}')


@pytest.mark.parametrize("encoding", sorted(set(ENCODINGS) - {"blanks"}))
def test_a_key_with_a_vendors_prefix_goes_in_every_encoding_without_being_known(encoding: str) -> None:
    assert ENCODINGS[encoding](KEY) not in redact(f"refused: {ENCODINGS[encoding](KEY)} (401)")


PREFIXES = ["sk-", "sk-proj-", "gsk_", "xai-", "AIza", "hf_", "r8_", "ghp_", "pplx-", "nvapi-", "LTAI", "AKID", ""]


@given(st.sampled_from(PREFIXES), st.integers(32, 80), st.randoms(use_true_random=False))
def test_random_keys_go_wherever_they_stand(prefix: str, length: int, source: random.Random) -> None:
    key = prefix + "".join(source.choices(LETTERS, k=length - 1)) + "7"
    for text in (f"key {key} refused", f'{{"input":"{key}"}}', f"GET /v1/{key}/x", f"<b>{key}</b>", key):
        assert key not in redact(text)


FRAGMENTS = st.sampled_from(
    [
        KEY,
        "Bearer ",
        "x-api-key: ",
        "api_key=",
        '"',
        "'",
        "\n",
        "\\n",
        " ",
        "%",
        "%73",
        "\\u0073",
        "&#115;",
        "\u200b",
        "@",
        "://",
        "/home/",
        "C:\\Users\\",
        "10.1.2.3",
        "2001:db8::1",
        ":",
        ".",
        "***",
        "...",
        "[key withheld]",
        "[",
        "]",
        "=",
        "eyJ",
        "org-",
        "user_id=",
        "Cookie: a=",
        "-----BEGIN PRIVATE KEY-----",
        "sk-",
        "XXXX",
        "ending in ",
        "415-555-2671",
        "+1",
    ]
)
HOSTILE = st.lists(FRAGMENTS | st.text(max_size=8) | st.text(LETTERS, max_size=30), max_size=14).map("".join)


@given(HOSTILE)
def test_redacting_twice_is_redacting_once(text: str) -> None:
    known = Known(keys=(Secret("4f9dKq2L"),), prompts=("key withheld",))
    once = redact(text, known)
    assert redact(once, known) == once


@given(HOSTILE)
def test_no_known_value_is_left(text: str) -> None:
    known = Known(keys=(Secret(KEY),))
    assert known.find(redact(text, known)) == []


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "-",
        "a-",
        "A1",
        "1.",
        ":",
        "a:",
        "@",
        "a@",
        "***",
        "x",
        "sk-",
        "key ",
        "key=",
        "://",
        "%41",
        "\\",
        "\\u0041",
        "&#65;",
        "=",
        "/",
        "aB1/",
        "cookie=",
        "-----BEGIN PRIVATE KEY-----",
        "eyJa",
        "\n",
        "a\n",
        "[key withheld]",
        ".local",
        "user ",
    ],
)
def test_time_grows_with_length_not_with_its_square(unit: str) -> None:
    """100,000 hostile characters end within the test's patience; a quadratic rule would need minutes."""
    text = unit * (100_000 // len(unit))
    assert redact(text, Known(keys=(Secret(KEY),), prompts=(unit * 200,))) is not None


def test_nothing_to_redact_is_returned_as_it_was() -> None:
    text = "HTTP 404: the model `vendor/model-7b` does not exist."
    assert redact(text) is text

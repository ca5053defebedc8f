from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import FROM_KEYRING, FROM_PROMPT, NO_KEY, KeyReference, KeySource
from gatewaytui.storage.keyrefs import BadReference, command_reference, format_reference, parse_reference

from .support import KEY

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
references = st.one_of(
    st.sampled_from([FROM_KEYRING, FROM_PROMPT, NO_KEY]),
    st.from_regex(r"[A-Z_][A-Z0-9_]{0,15}", fullmatch=True).map(lambda name: KeyReference(KeySource.ENV, name=name)),
    st.lists(words, max_size=4).map(lambda rest: KeyReference(KeySource.CMD, argv=("op", *rest))),
)


@given(references)
def test_what_is_written_is_read_back(reference: KeyReference) -> None:
    assert parse_reference(format_reference(reference)) == reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("keyring:", FROM_KEYRING),
        ("keyring", FROM_KEYRING),
        (" prompt ", FROM_PROMPT),
        ("none", NO_KEY),
        ("env: TKEN_API_KEY", KeyReference(KeySource.ENV, name="TKEN_API_KEY")),
        ('cmd:["op", "read", "op://a/b c"]', KeyReference(KeySource.CMD, argv=("op", "read", "op://a/b c"))),
    ],
)
def test_the_forms_a_person_writes(text: str, reference: KeyReference) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "", "env:", "env:A B", "env:1X", "env:A=B", "cmd:", "cmd:op read", "cmd:[]", 'cmd:[""]', 'cmd:["a", 1]',
        'cmd:{"a": 1}', 'cmd:["a\\u0000b"]', "cmd:" + "[" * 5000, "keyring:tken", "file:/etc/key", "Keyring:",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(BadReference) as refused:
        parse_reference(text)
    assert refused.value.failure_class is FailureClass.CONFIG
    assert not refused.value.literal
    assert "env:NAME" in refused.value.next_step


@pytest.mark.parametrize(
    "text", [KEY, f"Bearer {KEY}", f'"{KEY}"', f"env:{KEY}", f"keyring:{KEY}", f"export A={KEY}"]
)
def test_a_key_itself_is_known_and_never_repeated(text: str) -> None:
    with pytest.raises(BadReference) as refused:
        parse_reference(text)
    assert refused.value.literal
    assert KEY not in f"{refused.value.sentence} {refused.value.next_step} {refused.value!r}"


def test_a_key_among_the_words_of_a_command_is_refused() -> None:
    with pytest.raises(BadReference) as refused:
        command_reference(["echo", KEY])
    assert KEY not in f"{refused.value.sentence} {refused.value!r}"

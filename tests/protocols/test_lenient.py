from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.protocols.lenient import (
    Malformed,
    as_code,
    as_count,
    as_list,
    as_number,
    as_object,
    as_text,
    decode,
    encode,
    first_count,
    first_text,
    objects,
    repaired,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b' \n {"a": 1}  ', {"a": 1}),
        ('{"a": NaN, "b": -Infinity}', {"a": None, "b": None}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        ('{"a": "\\ud83d"}', {"a": "\ud83d"}),
        (b"\xef\xbb\xbf[]", []),
        ('{"a": 100000000000000000000000000}', {"a": 10**26}),
    ],
)
def test_what_is_nearly_json_is_read(text: str | bytes, value: object) -> None:
    assert decode(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", "<html>", "[" * 100_000, '{"a":' * 50_000, "9" * 5_000, '{"a": "x\ny"}', "{}{}"],
    ids=["nothing", "cut", "quotes", "html", "deep list", "deep object", "huge number", "raw newline", "two"],
)
def test_what_is_no_json_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        decode(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_malformed(data: bytes) -> None:
    try:
        decode(data)
    except Malformed as problem:
        assert str(problem) == "not JSON"


@pytest.mark.parametrize(
    ("value", "count"),
    [(5, 5), ("12", 12), (3.0, 3), (-1, None), (True, None), (None, None), ("x", None), (float("inf"), None),
     ("9" * 30, None), ([], None), ("²", None), (2**53, 2**53), (2**53 + 1, None), (10**310, None), (1e300, None)],
)  # fmt: skip
def test_counts(value: object, count: int | None) -> None:
    assert as_count(value) == count


@pytest.mark.parametrize(
    ("value", "number"),
    [(1, 1.0), ("0.5", 0.5), (True, None), ("nan", None), ("", None), ({}, None), (10**400, None)],
)
def test_numbers(value: object, number: float | None) -> None:
    assert as_number(value) == number


@pytest.mark.parametrize(
    ("value", "code"),
    [("invalid_api_key", "invalid_api_key"), (401, "401"), (401.0, "401"), ("401", "401"), (None, ""), ("None", ""),
     ("null", ""), (True, ""), ([], ""), (" x ", "x")],
)  # fmt: skip
def test_codes_are_compared_as_strings(value: object, code: str) -> None:
    assert as_code(value) == code


def test_types_are_never_trusted() -> None:
    assert as_object([1]) == {} and as_list({}) == [] and as_text(5) == ""
    assert list(objects([1, {"a": 1}, None])) == [{"a": 1}]
    assert first_text({"a": 5, "b": "", "c": "x"}, "a", "b", "c") == "x"
    assert first_count({"a": None, "b": 0}, "a", "b") == 0


def test_what_cannot_be_written_is_empty() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    assert encode(value) == ""
    while value:  # taken apart by hand: deep structures are not freed recursively
        value = value.pop()  # type: ignore[assignment]


@given(st.text(), st.text())
def test_repaired_text_can_be_encoded_and_good_text_is_left_alone(left: str, right: str) -> None:
    assert repaired(left) == left
    halves = left + "\ud83d" + "\ude00" + right
    assert repaired(halves) == left + "😀" + right
    assert "\ufffd" in repaired(left + "\ud800" + right)

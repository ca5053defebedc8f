"""``redact``: secrets go, everything else stays to the byte."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.cli.redact import command
from gatewaytui.domain.problem import Problem

from .support import KEY


def redact(text: str | bytes, *argv: str) -> str:
    done = CliRunner().invoke(command, list(argv), input=text)
    if isinstance(done.exception, Problem):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_plain_text_loses_its_keys_and_keeps_its_words() -> None:
    out = redact(f"POST gpt-5.5 Authorization: Bearer {KEY} -> 401\n")
    assert KEY not in out and out.startswith("POST gpt-5.5 Authorization: Bearer ") and out.endswith(" -> 401\n")


@pytest.mark.parametrize(
    "line",
    [
        '{"a": 1.10, "b" : [true, null, 1e400, 123456789012345678901234567890]}',
        '{"a":1,"a":2}',
        '"\\ud800 \\u4f60 \\" \\\\"',
        '{"key\\": \\"x": "y"}',
        "[]",
        "0",
        "",
    ],
)
def test_json_lines_without_a_secret_stay_as_they_are(line: str) -> None:
    assert redact(line + "\n", "--jsonl") == line + "\n"


def test_each_line_in_is_a_line_out() -> None:
    out = redact(f'{{"{KEY}": "{KEY}", "n": ["Bearer {KEY}"]}}\r\n\n"x"', "--jsonl")
    first, blank, last = out.splitlines()
    assert (blank, last) == ("", '"x"')
    assert list(json.loads(first)) == [KEY, "n"] and first.count(KEY) == 1


@pytest.mark.parametrize("line", ["{", "NaN", '{"a": Infinity}', "plain", "[" * 100_000, "'x'"])
def test_what_is_no_json_is_named_by_its_line(line: str) -> None:
    with pytest.raises(Problem, match="Line 2 is not JSON"):
        redact(f'"first"\n{line}\n', "--jsonl")


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=8)
)
def test_structure_stays_and_strings_are_redacted_as_alone(value: object) -> None:
    line = redact(json.dumps(value) + "\n", "--jsonl")
    assert _shape(json.loads(line)) == _shape(value)


def _shape(value: object) -> object:
    return [_shape(item) for item in value] if isinstance(value, list) else type(value)


def test_a_known_value_goes_however_it_is_spelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINE", "correct horse battery")
    out = redact("x correct%20horse%20battery y\n", "--known-env", "MINE")
    assert "horse" not in out and out.startswith("x ") and out.endswith(" y\n")


def test_bytes_that_are_no_text_do_not_stop_it() -> None:
    assert KEY not in redact(b"\xff\xfe\x00 " + KEY.encode() + b" \x80")

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.chat import ErrorObject
from gatewaytui.protocols.errors import find_error

from .support import scenarios

_ERRORS = scenarios("errors")


@pytest.mark.parametrize("scenario", _ERRORS, ids=[scenario["name"] for scenario in _ERRORS])
def test_the_error_is_found_where_the_server_put_it(scenario: dict[str, Any]) -> None:
    expect = scenario.get("expect")
    wanted = ErrorObject(**{**expect, "reasons": tuple(expect.get("reasons", ()))}) if expect else None
    assert find_error(json.loads(scenario["body"])) == wanted


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["error", "errors", "message", "code", "detail", "details", "metadata", "raw", "success", "base_resp",
             "fault", "type", "object", "param", "loc", "retry_after", "retryDelay", "choices", "description"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_no_json_makes_it_raise_and_what_it_finds_is_text(value: object) -> None:
    found = find_error(value)
    if found is not None:
        texts = (found.message, found.code, found.type, found.status, found.param, found.place, found.provider)
        assert all(isinstance(text, str) for text in texts)
        assert all(isinstance(reason, str) for reason in found.reasons)


def test_long_hostile_messages_cost_little() -> None:
    for message in ("try again in " + "1h" * 200_000, "retry in " + "9" * 3_900 + "h", "retry " * 100_000):
        found = find_error({"error": {"message": message}})
        assert found is not None and found.message == message.strip()


def test_errors_wrapped_in_errors_without_end_are_survived() -> None:
    for key in ("error", "message", "detail"):
        value: object = "x"
        for _ in range(900):
            value = {"error": {key: value}}
        assert find_error(value) is None or isinstance(find_error(value), ErrorObject)

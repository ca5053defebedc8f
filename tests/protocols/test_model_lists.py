from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.protocols.model_lists import LARGEST_LIST, looks_like_models, read_model_list

from .support import scenarios

_LISTS = scenarios("models")


@pytest.mark.parametrize("scenario", _LISTS, ids=[scenario["name"] for scenario in _LISTS])
def test_a_list_is_read_in_every_shape(scenario: dict[str, Any]) -> None:
    found = read_model_list(scenario["body"].encode())
    if "shape" not in scenario:
        assert found is None
        return
    assert found is not None
    assert found.shape.value == scenario["shape"]
    assert len(found.models) == scenario["count"]
    assert found.next_page == scenario.get("next_page", "")
    assert not found.truncated
    for member, wanted in scenario.get("first", {}).items():
        value = getattr(found.models[0], member)
        assert (list(value) if isinstance(value, tuple) else value) == wanted, member


def test_a_list_beyond_the_cap_is_cut_and_says_so() -> None:
    body = json.dumps({"data": [{"id": f"m{n}"} for n in range(LARGEST_LIST + 1)]}).encode()
    found = read_model_list(body)
    assert found is not None and found.truncated
    assert len(found.models) == LARGEST_LIST


def test_the_same_model_listed_twice_stays_twice() -> None:
    found = read_model_list(b'{"data":[{"id":"a"},{"id":"a"}]}')
    assert found is not None and [model.id for model in found.models] == ["a", "a"]


@pytest.mark.parametrize(
    "value",
    [
        {"object": "list", "data": [{"object": "embedding", "embedding": [1]}]},
        {"data": [{"url": "https://x"}]},
        {"data": [{"relevance_score": 0.5, "index": 1}]},
        {"object": "list", "data": [{"id": "file-1", "object": "file"}]},
        {"choices": []},
        [{"index": 0, "score": 0.5}],
    ],
)
def test_other_lists_are_not_taken_for_models(value: object) -> None:
    assert not looks_like_models(value)


_MEMBER = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2) | st.just({"a": True})
_ENTRY = st.dictionaries(
    st.sampled_from(
        ["id", "name", "key", "pricing", "meta", "providers", "capabilities", "created_at", "top_provider"]
    ),
    _MEMBER,
)


@given(
    st.dictionaries(st.sampled_from(["data", "models", "links", "has_more", "last_id"]), st.lists(_ENTRY) | _MEMBER)
)
def test_no_body_makes_it_raise_and_every_entry_has_an_id(document: dict[str, object]) -> None:
    found = read_model_list(json.dumps(document).encode())
    assert found is None or all(model.id for model in found.models)

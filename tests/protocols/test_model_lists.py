from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewaytui.protocols import model_lists
from gatewaytui.protocols.model_entries import Entry
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


_ODD = (
    st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats(allow_nan=False, allow_infinity=False)
    | st.just([1]) | st.just({"usd": 1})
)  # fmt: skip
_PRICE = st.sampled_from(["0.000001", "-1", "0", "2.5", "x", ""]) | st.floats(0, 3) | _ODD
_USUAL: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(["m", "a/m", "models/m", "", "M é", "x" * 30]),
    "object": st.sampled_from(["model", "engine", None]),
    "created": st.integers(0, 2_000_000_000),
    "owned_by": st.sampled_from(["openai", "", None]),
    "name": st.sampled_from(["m", "The m", "", None, "vendor: m"]),
    "context_length": st.integers(0, 2_000_000),
    "max_completion_tokens": st.integers(0, 64_000),
    "pricing": st.none()
    | st.dictionaries(st.sampled_from(["prompt", "completion", "input", "output", "image"]), _PRICE),
    "supported_endpoint_types": st.none() | st.lists(st.sampled_from(["openai", "anthropic", ""]), max_size=3),
    "description": st.text(max_size=5),
}
_MEMBERS = sorted(field.encode_name for field in msgspec.structs.fields(Entry))
_PLAIN_ENTRY = st.fixed_dictionaries({"id": _USUAL.pop("id")}, optional=_USUAL)
_NEARLY = st.builds(
    lambda usual, rare: {**usual, **rare},
    _PLAIN_ENTRY,
    st.dictionaries(st.sampled_from(_MEMBERS), _ODD | st.text(max_size=3), max_size=1),
)
_PAGE = st.fixed_dictionaries(
    {"data": st.lists(_PLAIN_ENTRY | _NEARLY, max_size=4)},
    optional={
        "object": st.sampled_from(["list", None, "x"]),
        "success": st.booleans() | st.none(),
        "has_more": st.booleans(),
        "last_id": st.sampled_from(["z", None, 1]),
        "error": st.sampled_from([None, "", {"message": "no"}]),
        "models": st.sampled_from([None, []]),
        "nextPageToken": st.sampled_from([None, "p"]),
        "links": st.sampled_from([None, {"next": "https://x/y?z=1"}]),
    },
)


@settings(max_examples=1_000)
@given(_PAGE)
def test_the_fast_way_finds_exactly_what_the_lenient_way_finds(page: dict[str, object]) -> None:
    body = json.dumps(page).encode()
    fast = model_lists._read_plain(body)
    assert fast is None or fast == model_lists._read_any(body)


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "m", "object": "model", "created": 1, "owned_by": "openai", "supported_endpoint_types": ["openai"]},
        {"id": "a/m", "name": "M", "context_length": 9, "pricing": {"prompt": "0.000001", "completion": 2.5}},
        {"id": "m", "permission": [{"id": "p"}], "root": "m", "parent": None, "unheard_of": {"deep": [1]}},
    ],
)
def test_the_commonest_shapes_are_read_the_fast_way(entry: dict[str, object]) -> None:
    body = json.dumps({"object": "list", "success": True, "data": [entry]}).encode()
    assert model_lists._read_plain(body) == model_lists._read_any(body) != None  # noqa: E711


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "m", "display_name": "M"},
        {"id": "m", "context_length": "9"},
        {"id": "m", "created": -1},
        {"id": "m", "pricing": {"input": 1}},
        {"id": "m", "capabilities": []},
        {"name": "models/m"},
    ],
)
def test_anything_odd_is_left_to_the_lenient_way(entry: dict[str, object]) -> None:
    body = json.dumps({"data": [{"id": "plain"}, entry]}).encode()
    assert model_lists._read_plain(body) is None
    found = read_model_list(body)
    assert found is not None and len(found.models) == 2

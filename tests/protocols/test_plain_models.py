"""Lists that are decoded by type: they say exactly what the general reader says of them."""

from __future__ import annotations

import json
import pickle
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatewaytui.domain.catalogue import ModelList, ModelTable
from gatewaytui.protocols import model_lists
from gatewaytui.protocols.model_entries import Entry
from gatewaytui.protocols.model_lists import LARGEST_LIST, read_model_list
from gatewaytui.protocols.plain_models import plain_list

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
_TOLD = st.builds(
    lambda usual, told: {**usual, **told},
    _PLAIN_ENTRY,
    st.fixed_dictionaries(
        {
            "owned_by": st.sampled_from(["openai", "é"]),
            "supported_endpoint_types": st.lists(st.sampled_from(["openai", "", "\\", "\0"]), min_size=1, max_size=2),
        }
    ),
)
_NEARLY = st.builds(
    lambda usual, rare: {**usual, **rare},
    _PLAIN_ENTRY | _TOLD,
    st.dictionaries(st.sampled_from(_MEMBERS), _ODD | st.text(max_size=3), max_size=1),
)
_PAGE = st.fixed_dictionaries(
    {
        "data": st.lists(_PLAIN_ENTRY | _NEARLY, max_size=4)
        | st.lists(_TOLD, max_size=3)
        | st.lists(_NEARLY, max_size=2)
    },
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


def plainly(body: bytes) -> ModelList | None:
    """Read the fast way; its numbers the other way where they are not plain."""

    def otherwise() -> ModelTable:
        found = model_lists._read_any(body)
        assert found is not None
        return ModelTable.of(found.models)

    return plain_list(body, LARGEST_LIST, otherwise)


@settings(max_examples=2_000)
@given(_PAGE)
def test_the_fast_way_finds_exactly_what_the_lenient_way_finds(page: dict[str, object]) -> None:
    body = json.dumps(page).encode()
    fast = plainly(body)
    assert fast is None or fast == model_lists._read_any(body)
    assert read_model_list(body) == model_lists._read_any(body)


_USUAL_ENTRY = {"id": "m", "object": "model", "owned_by": "openai", "supported_endpoint_types": ["openai"]}


@pytest.mark.parametrize(
    "entry",
    [
        {**_USUAL_ENTRY, "created": 1},
        {**_USUAL_ENTRY, "id": "a/m", "owned_by": ""},
        {**_USUAL_ENTRY, "supported_endpoint_types": []},
        {"id": "a/m", "name": "M", "context_length": 9, "pricing": {"prompt": "0.000001", "completion": 2.5}},
        {"id": "m", "permission": [{"id": "p"}], "root": "m", "parent": None, "unheard_of": {"deep": [1]}},
    ],
)
@pytest.mark.parametrize("beside", [(), (_USUAL_ENTRY,)])
def test_the_commonest_shapes_are_read_the_fast_way(
    entry: dict[str, object], beside: tuple[dict[str, object]]
) -> None:
    body = json.dumps({"object": "list", "success": True, "data": [*beside, entry]}).encode()
    found = plainly(body)
    assert found is not None and found == model_lists._read_any(body) and len(found.models) == len(beside) + 1


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "m", "display_name": "M"},
        {"id": "m", "capabilities": []},
        {"id": "m", "publisher": "a"},
        {"id": "m", "supported_endpoint_types": "openai"},
        {"id": "m", "supported_endpoint_types": [1]},
        {"id": "", "key": "m"},
        {"name": "models/m"},
    ],
)
@pytest.mark.parametrize("told", [{}, {"owned_by": "a"}])
def test_odd_words_are_left_to_the_lenient_way(entry: dict[str, object], told: dict[str, object]) -> None:
    body = json.dumps({"object": "list", "data": [_USUAL_ENTRY, {**told, **entry}]}).encode()
    assert plainly(body) is None
    found = read_model_list(body)
    assert found is not None and len(found.models) == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"context_length": "9"},
        {"created_at": "2026-01-02T03:04:05Z"},
        {"pricing": {"input": 1}},
        {"top_provider": {"context_length": 7}},
    ],
)
def test_odd_numbers_are_read_the_lenient_way_and_the_words_stay(odd: dict[str, object]) -> None:
    body = json.dumps({"object": "list", "data": [{**_USUAL_ENTRY, **odd}, _USUAL_ENTRY]}).encode()
    found = plainly(body)
    assert found is not None and found == model_lists._read_any(body)
    assert found.models[0] != found.models[1]


_HUGE = "9" * 4301  # more digits than any reader takes


@pytest.mark.parametrize("odd", [f'"created":{_HUGE}', f'"context_length":{"9" * 310}', f'"unheard_of":{_HUGE}'])
def test_a_number_that_nobody_can_read_leaves_every_model_where_it_is(odd: str) -> None:
    usual = json.dumps(_USUAL_ENTRY)
    found = read_model_list(f'{{"object":"list","data":[{usual},{{"id":"b",{odd}}}]}}'.encode())
    assert found is not None and [(model.id, model.context) for model in found.models] == [("m", None), ("b", None)]
    assert found.ids == ("m", "b")


def test_nesting_that_only_a_shallower_caller_can_read_loses_no_model() -> None:
    def deeper(frames: int) -> int:
        return deeper(frames - 1) if frames else sum(1 for model in found.models if model.context is None)

    for depth in (100, 600, 800, 850, 900, 940, 980):
        nested = "[" * depth + "]" * depth
        found = read_model_list(f'{{"object":"list","data":[{{"id":"m","unheard_of":{nested}}}]}}'.encode())
        if found is not None:
            assert deeper(100) == 1


def test_a_table_goes_to_another_process_with_its_numbers() -> None:
    body = json.dumps({"object": "list", "data": [{**_USUAL_ENTRY, "context_length": 7}, {"id": "b"}]}).encode()
    found = plainly(body)
    assert found is not None and pickle.loads(pickle.dumps(found)) == found
    assert [model.context for model in pickle.loads(pickle.dumps(found)).models] == [7, None]


def test_a_cut_list_is_cut_in_every_column() -> None:
    body = json.dumps({"object": "list", "data": [{"id": f"m{n}", "created": n + 1} for n in range(5)]}).encode()
    found = plain_list(body, 3, lambda: ModelTable.of(()))
    assert found is not None and found.truncated
    assert [(model.id, model.created) for model in found.models] == [("m0", 1), ("m1", 2), ("m2", 3)]

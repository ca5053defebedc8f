"""Two catalogues compared: every id in one place, differences told, renamed models found and others not."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.catalogues import CatalogueDiff, Field, Pair, diff, diff_each
from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.failure import Confidence


def listed(*models: ModelInfo | str, truncated: bool = False) -> ModelList:
    infos = tuple(ModelInfo(model) if isinstance(model, str) else model for model in models)
    return ModelList(ListShape.OPENAI, infos, truncated=truncated)


def ids(pairs: tuple[Pair, ...]) -> list[tuple[str, str]]:
    return [(pair.a.id, pair.b.id) for pair in pairs]


def test_a_model_is_in_one_list_or_in_both() -> None:
    found = diff(listed("a", "both"), listed("both", "b"))
    assert [model.id for model in found.only_a] == ["a"]
    assert [model.id for model in found.only_b] == ["b"]
    assert ids(found.same) == [("both", "both")] and not found.equal


def test_equal_lists_are_equal_in_any_order() -> None:
    assert diff(listed("a", "b"), listed("b", "a")).equal
    assert diff(listed(), listed()).equal


@pytest.mark.parametrize(
    ("field", "a", "b"),
    [
        (Field.CONTEXT, 400_000, 200_000),
        (Field.MAX_OUTPUT, 64_000, 32_000),
        (Field.INPUT_PRICE, 1.25, 1.1),
        (Field.OUTPUT_PRICE, 10.0, 0.0),
        (Field.ENDPOINTS, ("anthropic", "openai"), ("openai",)),
    ],
)
def test_what_both_state_differently_is_told(field: Field, a: object, b: object) -> None:
    found = diff(listed(ModelInfo("m", **{field.value: a})), listed(ModelInfo("m", **{field.value: b})))  # type: ignore[arg-type]
    ((change,),) = (pair.differences for pair in found.changed)
    assert (change.field, change.a, change.b) == (field, a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (ModelInfo("m", context=1000), ModelInfo("m")),
        (ModelInfo("m", input_price=1.25), ModelInfo("m", input_price=1.25 + 1e-9)),
        (ModelInfo("m", endpoint_types=("a", "b")), ModelInfo("m", endpoint_types=("b", "a", "a"))),
        (ModelInfo("m", provider="x", created=1), ModelInfo("m", provider="y", created=2)),
    ],
    ids=["one says nothing", "rounding", "order", "who and when"],
)
def test_what_only_one_states_or_does_not_matter_is_no_difference(a: ModelInfo, b: ModelInfo) -> None:
    assert diff(listed(a), listed(b)).equal


@pytest.mark.parametrize(
    ("a", "b", "confidence"),
    [
        ("gpt-5.4-mini", "openai/gpt-5.4-mini", Confidence.CERTAIN),
        ("GPT-5.4-Mini", "gpt-5.4-mini", Confidence.CERTAIN),
        ("claude-sonnet-4.5", "anthropic/claude-sonnet-4-5", Confidence.CERTAIN),
        ("qwen/q3", "ali/q3", Confidence.LIKELY),
        ("claude-haiku-4-5", "claude-haiku-4-5-20251001", Confidence.LIKELY),
        ("llama-3.3-70b", "llama-3.3-70b-fp8", Confidence.LIKELY),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06", Confidence.POSSIBLE),
        ("claude-4-sonnet", "claude-sonnet-4", Confidence.POSSIBLE),
    ],
)
def test_a_renamed_model_is_found(a: str, b: str, confidence: Confidence) -> None:
    for first, second in ((a, b), (b, a)):
        (pair,) = diff(listed(first, "x"), listed("y", second)).look_alikes
        assert (pair.a.id, pair.b.id, pair.confidence) == (first, second, confidence)


@pytest.mark.parametrize(
    ("a", "b"), [("gpt-5.4", "gpt-5.4-mini"), ("llama3:8b", "llama3:70b"), ("qwen3-8b", "qwen3-80b"), ("a/", "b/")]
)
def test_another_size_or_variant_is_another_model(a: str, b: str) -> None:
    assert diff(listed(a), listed(b)).look_alikes == ()


def test_what_is_in_both_lists_was_not_renamed() -> None:
    found = diff(listed("gpt-5.5"), listed("gpt-5.5", "openai/gpt-5.5"))
    assert found.look_alikes == () and [model.id for model in found.only_b] == ["openai/gpt-5.5"]


def test_several_names_of_one_model_stand_beside_it() -> None:
    found = diff(listed("gpt-5.5"), listed("openai/gpt-5.5", "azure/gpt-5.5"))
    assert ids(found.look_alikes) == [("gpt-5.5", "openai/gpt-5.5"), ("gpt-5.5", "azure/gpt-5.5")]


def test_an_alias_that_a_list_itself_gives_is_certain() -> None:
    found = diff(listed(ModelInfo("mistral-large-2512", aliases=("mistral-best",))), listed("mistral-best"))
    (pair,) = found.look_alikes
    assert pair.confidence is Confidence.CERTAIN and not found.only_a and not found.only_b


def test_a_look_alike_tells_its_differences_too() -> None:
    found = diff(listed(ModelInfo("m", input_price=1.0)), listed(ModelInfo("p/m", input_price=2.0)))
    assert [change.field for change in found.look_alikes[0].differences] == [Field.INPUT_PRICE]


def test_a_list_that_was_cut_makes_the_comparison_incomplete() -> None:
    assert not diff(listed("a", truncated=True), listed("a")).complete
    assert diff(listed("a"), listed("a")).complete


def test_each_of_several_is_held_against_the_first() -> None:
    first, second = diff_each(listed("a"), (listed("a"), listed("b")))
    assert first.equal and [model.id for model in second.only_b] == ["b"]


def test_narrowing_keeps_what_concerns_the_words() -> None:
    found = diff(listed("gpt-5.5", "x", "both"), listed("openai/gpt-5.5", "y", "both")).narrowed("OPENAI")
    assert ids(found.look_alikes) == [("gpt-5.5", "openai/gpt-5.5")]
    assert found.only_a == found.only_b == found.same == ()


_IDS = st.lists(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["", "openai/", "a/b/", "us.anthropic."]),
        st.sampled_from(["gpt-5", "GPT-5", "claude-4-sonnet", "claude-sonnet-4", "llama3", "", "/"]),
        st.sampled_from(["", "-mini", "-20250101", "-high", "-fp8"]),
        st.sampled_from(["", ":8b", ":70b", "@x"]),
    ),
    max_size=12,
)


@given(_IDS, _IDS)
def test_every_id_is_in_exactly_one_place(first: list[str], second: list[str]) -> None:
    found = diff(listed(*first), listed(*second))
    for given_ids, alone, side in ((first, found.only_a, "a"), (second, found.only_b, "b")):
        paired = {getattr(pair, side).id for pair in found.look_alikes}
        both = [getattr(pair, side).id for pair in (*found.same, *found.changed)]
        places = [*(model.id for model in alone), *paired, *both]
        assert sorted(places) == sorted(set(given_ids))


@given(_IDS, _IDS)
def test_the_other_way_round_it_is_the_same_comparison(first: list[str], second: list[str]) -> None:
    there, back = diff(listed(*first), listed(*second)), diff(listed(*second), listed(*first))
    assert [model.id for model in there.only_a] == [model.id for model in back.only_b]
    assert len(there.look_alikes) == len(back.look_alikes)


@pytest.mark.parametrize("prefix", ["", "vendor/", "other-"])
def test_the_work_grows_with_the_lists_and_not_with_their_product(prefix: str) -> None:
    def calls(count: int) -> int:
        a = listed(*(f"family{n}-{n % 7}b" for n in range(count)))
        b = listed(*(f"{prefix}family{n}-{n % 7}b" for n in range(count)))
        made = 0

        def counting(frame: object, event: str, arg: object) -> None:
            nonlocal made
            made += event == "call"

        sys.setprofile(counting)
        try:
            diff(a, b)
        finally:
            sys.setprofile(None)
        return made

    assert calls(400) < 5 * calls(100) + 200


def test_thousands_of_ids_with_one_name_stay_cheap() -> None:
    a = listed(*(f"a{n}/same" for n in range(2_000)))
    b = listed(*(f"b{n}/same" for n in range(3_000)))
    found: CatalogueDiff = diff(a, b)
    assert len(found.look_alikes) == 3_000 and not found.only_a and not found.only_b

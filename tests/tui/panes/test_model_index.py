"""Looking through a catalogue: what matches, how rows are laid out, that hostile ids stay harmless."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.tui.panes.model_index import ModelIndex, ModelLines, Rows, Sort, provider_of
from tests.tui.scripted import CATALOGUE

INDEX = ModelIndex.of(CATALOGUE)


def ids(words: str) -> list[str]:
    matches = INDEX.narrowed(INDEX.everything(), words)
    return [INDEX.model(place).id for place in matches.places]


def text(lines: ModelLines, at: int) -> str:
    return "".join(part for part, _ in lines[at])


def test_every_word_must_occur_in_any_order_and_case() -> None:
    assert ids("MINI gpt") == ["gpt-5.4-mini"]
    assert ids("anthropic opus") == ["claude-opus-4-6"]
    assert ids("embeddings") == ["text-embedding-4"]
    assert ids("no such model") == []
    assert len(ids("")) == len(CATALOGUE)


@given(st.lists(st.sampled_from("gpt-5.4 minclaudeoxz/"), max_size=8).map("".join), st.integers(0, 8))
def test_narrowing_step_by_step_finds_what_a_fresh_look_finds(words: str, first: int) -> None:
    partly = INDEX.narrowed(INDEX.everything(), words[:first])
    assert list(INDEX.narrowed(partly, words).places) == list(INDEX.narrowed(INDEX.everything(), words).places)


def test_a_shorter_filter_widens_again() -> None:
    narrow = INDEX.narrowed(INDEX.everything(), "gpt-5.4")
    assert len(INDEX.narrowed(narrow, "gpt").places) == 2


def test_groups_stand_in_order_and_hold_every_match_once() -> None:
    index = INDEX.arranged(Sort.LISTED, by_provider=True)
    rows = index.rows(index.everything())
    heads = [provider_of(index.model(~row)) for row in rows if row < 0]
    assert heads == ["anthropic", "google", "openai", "qwen"]
    assert {index.model(row).id for row in rows if row >= 0} == {model.id for model in CATALOGUE}
    for row, after in pairwise(rows):
        assert row >= 0 or provider_of(index.model(~row)) == provider_of(index.model(after))


def test_a_group_without_a_match_has_no_head() -> None:
    index = INDEX.arranged(Sort.LISTED, by_provider=True)
    rows = index.rows(index.narrowed(index.everything(), "gpt"))
    assert [provider_of(index.model(~row)) for row in rows if row < 0] == ["openai"] and len(rows) == 3
    assert list(index.rows(index.narrowed(index.everything(), "no such model"))) == []


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        (ModelInfo("a/b"), "a"),
        (ModelInfo("a/b", provider="c"), "c"),
        (ModelInfo("b"), "other"),
    ],
)
def test_the_provider_is_listed_or_the_first_part_of_the_id(model: ModelInfo, provider: str) -> None:
    assert provider_of(model) == provider


@pytest.mark.parametrize("room", [40, 74, 114, 194])
def test_numbers_end_at_the_same_cell_and_no_row_is_wider_than_the_room(room: int) -> None:
    lines = ModelLines(INDEX, range(len(CATALOGUE)), room, "gpt-5.5")
    widths = {cell_len(text(lines, at)) for at in range(len(lines))}
    assert len(widths) == 1 and widths.pop() <= room
    assert text(lines, 0).startswith("●") and not text(lines, 1).startswith("●")


def test_the_columns_are_those_the_list_has_something_for() -> None:
    bare = ModelIndex.of((ModelInfo("a"), ModelInfo("b", context=1_000)))
    assert [column.head for column in bare.columns] == ["", "model", "context"]


def test_prices_stand_point_below_point() -> None:
    index = ModelIndex.of((ModelInfo("a", input_price=0.0375), ModelInfo("b", input_price=12.5)))
    lines = ModelLines(index, range(2), 80, "")
    assert text(lines, 0).index(".0375") == text(lines, 1).index(".50")


@given(st.text(max_size=200), st.integers(20, 200))
def test_a_hostile_id_becomes_one_harmless_line(id: str, room: int) -> None:
    lines = ModelLines(ModelIndex.of((ModelInfo(id, provider=id),)), (0, ~0), room, "")
    for at in range(2):
        shown = text(lines, at)
        assert not any(character < " " or "\x7f" <= character < "\xa0" for character in shown)


def test_the_head_of_a_group_is_no_model() -> None:
    lines = ModelLines(INDEX, (~0, 0), 80, "")
    assert lines.place_at(0) is None and lines.place_at(7) is None
    assert lines.place_at(1) == 0


def test_fifty_thousand_rows_are_formatted_only_where_they_are_seen() -> None:
    formatted: list[str] = []

    class Counted(str):
        def __len__(self) -> int:
            return super().__len__()

        def isprintable(self) -> bool:
            formatted.append(self)
            return super().isprintable()

    models = tuple(ModelInfo(Counted(f"model-{number}")) for number in range(50_000))
    index = ModelIndex.of(models)
    lines = ModelLines(index, index.narrowed(index.everything(), "model-4").places, 80, "")
    assert [text(lines, at).strip() for at in range(2)] == ["model-4", "model-40"]
    assert len(formatted) == 2


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        (Sort.LISTED, "gpt-5.5", "qwen3-coder-480b-a35b-instruct"),
        (Sort.ID, "claude-haiku-4-5-20251001", "text-embedding-4"),
        (Sort.PROVIDER, "claude-opus-4-6", "qwen3-coder-480b-a35b-instruct"),
        (Sort.CONTEXT, "gemini-3-pro", "text-embedding-4"),
        (Sort.PRICE, "text-embedding-4", "qwen3-coder-480b-a35b-instruct"),
    ],
)
def test_a_list_is_put_into_any_order(sort: Sort, first: str, last: str) -> None:
    index = INDEX.arranged(sort)
    assert (index.model(0).id, index.model(len(index) - 1).id) == (first, last)


def test_the_key_turns_through_every_order_and_back() -> None:
    seen, sort = [], Sort.LISTED
    for _ in Sort:
        seen.append(sort)
        sort = sort.after
    assert set(seen) == set(Sort) and sort is Sort.LISTED


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("grouped", [False, True])
def test_in_every_order_a_filter_finds_the_same_models_and_their_own_cells(sort: Sort, grouped: bool) -> None:
    for base in (ModelIndex.of(CATALOGUE), ModelIndex.of(CATALOGUE).searchable()):
        index = base.arranged(sort, grouped)
        places = index.narrowed(index.everything(), "4").places
        assert {index.model(place).id for place in places} == set(ids("4"))
        for place in places:
            assert index.cells(place)[0][0] == index.model(place).id


def test_providers_in_groups_keep_the_order_within() -> None:
    index = INDEX.arranged(Sort.PRICE, by_provider=True)
    openai = [index.model(place).id for place in range(len(index)) if index.model(place).provider == "openai"]
    assert openai == ["text-embedding-4", "gpt-5.4-mini", "gpt-5.5"]


@given(st.lists(st.text(max_size=8), max_size=150), st.text(max_size=4))
def test_a_search_over_blocks_finds_what_a_look_at_each_finds(names: list[str], words: str) -> None:
    index = ModelIndex.of(tuple(map(ModelInfo, names)))
    wanted = words.casefold().split()
    places = [at for at, name in enumerate(names) if all(word in f"{name}  ".casefold() for word in wanted)]
    assert list(index.narrowed(index.everything(), words).places) == places


_SAID = st.sampled_from(["openai", "Öl", "STRASSE", "a b", "x\ny", "", "gpt"])
_MODELS = st.builds(
    ModelInfo,
    _SAID,
    _SAID,
    _SAID,
    endpoint_types=st.lists(_SAID, max_size=2).map(tuple),
    aliases=st.lists(_SAID, max_size=2).map(tuple),
)


@given(st.lists(_MODELS, max_size=80), st.sampled_from(["o", "öl", "ss", "a", "openai", "gpt b", "ny", "no such"]))
@pytest.mark.parametrize("sort", [Sort.LISTED, Sort.ID])
def test_a_word_is_found_in_every_column_of_words(sort: Sort, models: list[ModelInfo], words: str) -> None:
    index = ModelIndex.of(models).arranged(sort)
    shown = [index.model(place) for place in range(len(index))]
    said = [(m.id, m.name, m.provider, *m.endpoint_types, *m.aliases) for m in shown]
    wanted = words.split()
    holding = [at for at, texts in enumerate(said) if all(any(w in t.casefold() for t in texts) for w in wanted)]
    assert list(index.narrowed(index.everything(), words).places) == holding
    step_by_step = index.narrowed(index.narrowed(index.everything(), words[:1]), words)
    assert list(step_by_step.places) == holding


def test_words_beside_a_row_are_found_too_and_say_their_source() -> None:
    models = (ModelInfo("a"), ModelInfo("b"))
    index = ModelIndex.over(Rows(models, sources=(0, 1), beside=("only here", "only there")))
    (place,) = index.narrowed(index.everything(), "only THERE").places
    assert index.model(place).id == "b" and index.source(place) == 1 and INDEX.source(0) == 0


@given(st.lists(st.sampled_from(["", "g", "gp", "gpt", "gpt o", "o", "opus", "opus 4", "no such"]), max_size=8))
def test_typing_on_and_back_finds_what_a_fresh_search_finds(words: list[str]) -> None:
    matches = INDEX.everything()
    for typed in words:
        matches = INDEX.narrowed(matches, typed)
        assert list(matches.places) == list(INDEX.narrowed(INDEX.everything(), typed).places)

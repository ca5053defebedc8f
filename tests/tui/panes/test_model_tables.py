"""What the Models pane looks through: lists side by side, what differs, whose a row is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.profile import Target
from gatewaytui.storage.catalogues import KeptList
from gatewaytui.tui.panes.model_index import ModelIndex, ModelLines
from gatewaytui.tui.panes.model_tables import Fetched, Shelf, place_of
from tests.tui.scripted import NOON, gateway

HERE, THERE = Target(gateway("tken")), Target(gateway("tokmodel"))
FIRST = Fetched(
    HERE,
    ModelList(
        ListShape.OPENAI,
        (
            ModelInfo("same"),
            ModelInfo("gpt-5.5", context=400_000, input_price=1.25),
            ModelInfo("gpt-5.4-mini", input_price=0.0375),
            ModelInfo("mine", context=8_192),
        ),
    ),
)
SECOND = Fetched(
    THERE,
    ModelList(
        ListShape.OPENAI,
        (
            ModelInfo("same"),
            ModelInfo("gpt-5.5", context=200_000, input_price=1.1),
            ModelInfo("openai/gpt-5.4-mini", input_price=0.04),
            ModelInfo("theirs"),
        ),
    ),
)


def kept(days: int, *ids: str) -> KeptList:
    seen = NOON - timedelta(days=days)
    return KeptList(seen, seen, ModelList(ListShape.OPENAI, tuple(map(ModelInfo, ids))))


def shown(index: ModelIndex, words: str = "", room: int = 150) -> list[str]:
    rows = index.rows(index.narrowed(index.everything(), words))
    lines = ModelLines(index, rows, room, "")
    assert all(cell_len("".join(text for text, _ in line)) <= room for line in lines)
    return [" ".join("".join(text for text, _ in line).split()) for line in lines]


def test_one_list_is_shown_as_it_is() -> None:
    index, heading = Shelf((FIRST,)).index()
    assert len(index) == 4 and heading == "" and "profile" not in [column.head for column in index.columns]
    assert Shelf().index()[1] == "" and len(Shelf().index()[0]) == 0


def test_several_lists_stand_in_one_with_a_column_that_names_each() -> None:
    shelf = Shelf().having(FIRST).having(SECOND)
    index, _ = shelf.index()
    assert len(index) == 8 and "profile" in [column.head for column in index.columns]
    assert [row.split()[0] for row in shown(index, "tokmodel")] == ["tokmodel"] * 4
    assert shelf.target_of(index.source(0)) == HERE and shelf.target_of(index.source(7)) == THERE


def test_a_list_that_comes_again_takes_the_place_of_the_older() -> None:
    newer = replace(FIRST, models=replace(FIRST.models, models=()))
    assert Shelf((FIRST, SECOND)).having(newer).lists == (newer, SECOND)


def test_a_comparison_tells_by_sign_and_word_what_differs_the_telling_rows_first() -> None:
    index, heading = Shelf((FIRST,), against=SECOND).index()
    assert shown(index) == [
        "~ differs gpt-5.5 context 400 000 → 200 000 · $/M in 1.25 → 1.10",
        "? look-alike gpt-5.4-mini openai/gpt-5.4-mini (certain) · $/M in 0.0375 → 0.04",
        "- only tken mine context 8 192",
        "+ only tokmodel theirs",
        "= the same same",
    ]
    assert heading == "tken against tokmodel: 1 differ, 1 look alike, 2 in one only, 1 the same"


@pytest.mark.parametrize(
    ("words", "ids"),
    [("differs", ["gpt-5.5"]), ("only tokmodel", ["theirs"]), ("look-alike openai", ["gpt-5.4-mini"])],
)
def test_a_filter_finds_the_verdicts(words: str, ids: list[str]) -> None:
    index, _ = Shelf((FIRST,), against=SECOND).index()
    assert [index.model(place).id for place in index.narrowed(index.everything(), words).places] == ids


def test_a_row_of_a_comparison_belongs_to_the_list_it_is_from() -> None:
    shelf = Shelf((FIRST,), against=SECOND)
    index, _ = shelf.index()
    targets = {index.model(place).id: shelf.target_of(index.source(place)) for place in range(len(index))}
    assert targets["theirs"] == THERE and targets["mine"] == targets["gpt-5.5"] == HERE


def test_an_earlier_list_shows_what_is_new_and_what_is_gone() -> None:
    shelf = Shelf((FIRST,), against=kept(2, "same", "gpt-5.5", "gpt-5.4-mini", "old"))
    index, heading = shelf.index()
    assert shown(index)[:2] == ["- gone old", "+ new mine context 8 192"]
    assert heading.startswith("tken since 2026-01-29 ") and shelf.target_of(1) == HERE


def test_each_press_goes_a_list_back_and_the_last_one_home() -> None:
    shelf = Shelf((FIRST,), earlier=(kept(1, "a"), kept(5, "b")))
    seen = []
    for _ in range(3):
        shelf = shelf.a_day_earlier()
        seen.append(shelf.against)
    assert seen == [*shelf.earlier, None]


def test_backing_out_leaves_the_comparison_first_and_then_the_other_lists() -> None:
    both = Shelf((FIRST, SECOND), against=SECOND)
    assert both.backed_out == Shelf((FIRST, SECOND)) and both.backed_out.backed_out == Shelf((FIRST,))


def test_an_equal_list_says_so() -> None:
    assert Shelf((FIRST,), against=replace(FIRST, target=THERE)).index()[1] == "tken against tokmodel: the same"


def test_another_model_of_the_same_target_is_the_same_place() -> None:
    assert place_of(replace(HERE, model="m")) == place_of(HERE) != place_of(THERE)
    assert Shelf((FIRST,)).has(place_of(HERE)) and not Shelf((FIRST,)).has(place_of(THERE))


def test_hostile_names_in_a_comparison_are_harmless() -> None:
    hostile = Fetched(THERE, ModelList(ListShape.OPENAI, (ModelInfo("x\x1b]52;c;aGk=\x07/gpt-5.4-mini"),)))
    index, _ = Shelf((FIRST,), against=hostile).index()
    assert not any("\x1b" in row or "\x07" in row for row in shown(index))


def test_a_moment_is_shown_in_local_time() -> None:
    moment = datetime(2026, 1, 29, 12, 0, tzinfo=UTC)
    _, heading = Shelf((FIRST,), against=KeptList(moment, moment, FIRST.models)).index()
    assert f"{moment.astimezone():%H:%M}" in heading

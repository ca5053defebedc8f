"""A table of models is the models it was made of; its numbers are read once, and only when they are asked for."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList, ModelNumbers, ModelTable

_WORDS = st.lists(st.text(max_size=3), max_size=2).map(tuple)
_MODELS = st.lists(
    st.builds(
        ModelInfo,
        st.text(max_size=4),
        st.text(max_size=4),
        st.sampled_from(["", "openai"]),
        st.none() | st.integers(),
        st.none() | st.integers(),
        st.none() | st.floats(0, 9),
        st.none() | st.floats(0, 9),
        _WORDS,
        _WORDS,
        _WORDS,
        st.none() | st.integers(),
    ),
    max_size=6,
)


@given(_MODELS)
def test_a_table_is_the_models_it_was_made_of(models: list[ModelInfo]) -> None:
    table = ModelTable.of(models)
    assert tuple(table) == tuple(models) and table == tuple(models) and len(table) == len(models)
    assert [table[at] for at in range(len(models))] == models and table[1:4] == tuple(models[1:4])
    assert pickle.loads(pickle.dumps(table)) == table == ModelTable.of(models)
    assert ModelTable.of(table) is table
    assert table != (*models, ModelInfo("another"))
    assert ModelList(ListShape.OPENAI, table).ids == ModelList(ListShape.OPENAI, tuple(models)).ids


def test_numbers_are_read_once_and_not_for_what_words_can_say() -> None:
    asked = []

    def read() -> ModelNumbers:
        asked.append(1)
        return known.numbers

    known = ModelTable.of((ModelInfo("a", context=7), ModelInfo("b")))
    table = ModelTable(known.texts, read)
    assert ModelList(ListShape.OPENAI, table).ids == ("a", "b") and len(table) == 2 and not asked
    assert [model.context for model in table] == [7, None] and table[0].context == 7 and table == known
    assert table.saying(known.texts).numbers is known.numbers and len(asked) == 1


def test_columns_of_unlike_length_are_an_error_and_no_shorter_list() -> None:
    table = ModelTable(ModelTable.of((ModelInfo("a"), ModelInfo("b"))).texts, lambda: ModelNumbers.unknown(1))
    with pytest.raises(ValueError, match="zip"):
        list(table)

"""A coded column is the column it was made of, whatever is done with it."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.coded import Coded

_FEW = st.lists(st.sampled_from(["a", "", "é", "b"]), max_size=20)
_MANY = st.integers(250, 600).map(lambda count: [str(number % 300) for number in range(count)])
_COLUMN = _FEW | _MANY


@given(_COLUMN)
def test_it_holds_what_it_was_made_of(column: list[str]) -> None:
    coded = Coded.of(column)
    assert list(coded) == column and len(coded) == len(column)
    assert [coded[at] for at in range(len(column))] == column
    assert list(coded[1:7]) == column[1:7] and list(coded[::-1]) == column[::-1]
    assert sorted(coded.values) == sorted(set(column))
    assert list(pickle.loads(pickle.dumps(coded))) == column


@given(_COLUMN, st.randoms())
def test_another_order_and_other_values_are_those_of_the_rows(column: list[str], random: object) -> None:
    order = list(range(len(column)))
    random.shuffle(order)  # type: ignore[attr-defined]
    coded = Coded.of(column).ordered(order)
    assert list(coded) == [column[row] for row in order]
    assert list(coded.with_values(str.upper)) == [column[row].upper() for row in order]


@given(_COLUMN, st.sampled_from(["a", "", "1", "29"]))
def test_a_byte_a_row_says_which_have_a_wanted_value(column: list[str], word: str) -> None:
    coded = Coded.of(column)
    marks = coded.having(word in value for value in coded.values)
    assert list(marks) == [int(word in value) for value in column]


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_column_of_one_value(count: int) -> None:
    assert list(Coded.alike((), count)) == [()] * count

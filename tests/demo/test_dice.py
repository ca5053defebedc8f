from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.demo.dice import Dice


@given(st.text(), st.integers(1, 1000))
def test_the_same_seed_chooses_the_same_within_bounds(seed: str, end: int) -> None:
    first, second = Dice(seed), Dice(seed)
    chosen = [first.below(end) for _ in range(5)]
    assert chosen == [second.below(end) for _ in range(5)] and all(0 <= one < end for one in chosen)


@given(st.lists(st.integers(), unique=True), st.integers(0, 20))
def test_picks_are_never_twice(choices: list[int], count: int) -> None:
    picked = Dice("seed").picks(choices, count)
    assert len(picked) == len(set(picked)) == min(count, len(choices)) and set(picked) <= set(choices)


def test_another_seed_chooses_otherwise() -> None:
    assert Dice(1, "a").letters(32) != Dice(1, "b").letters(32) != Dice(2, "a").letters(32)

"""Numbers with their unit, grouped, a dash for what was not measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.sparkline import sparkline


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.04, "0.0 ms"), (4.24, "4.2 ms"), (10, "10 ms"), (214.4, "214 ms"), (1214, "1\u00a0214 ms")],
)
def test_milliseconds(value: float | None, shown: str) -> None:
    assert figures.milliseconds(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0, "0 B"), (999, "999 B"), (21_400, "21.4 kB"), (3_700_000, "3.7 MB")])
def test_size(value: int, shown: str) -> None:
    assert figures.size(value) == shown


def test_plural_and_rate() -> None:
    assert (figures.plural(1, "event"), figures.plural(1332, "event")) == ("1 event", "1\u00a0332 events")
    assert (figures.rate(52.34), figures.rate(None)) == ("52.3 tok/s", "–")


@given(st.text(alphabet="ab 你🙂", max_size=20), st.integers(1, 12), st.booleans())
def test_padded_takes_exactly_its_width(text: str, width: int, right: bool) -> None:
    assert cell_len(figures.padded(text, width, right)) == width


@given(st.lists(st.integers(0, 500), max_size=200), st.integers(0, 40))
def test_a_sparkline_fits_and_its_peak_is_a_full_block(values: list[int], width: int) -> None:
    drawn = sparkline(values, width)
    assert len(drawn) == min(len(values), width)
    assert ("█" in drawn) == (any(values) and width > 0)

"""Waterfall, aligned columns and heat table: exact alignment at any width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from gatewaytui.tui.widgets.columns import Column, table, widths
from gatewaytui.tui.widgets.heat_table import HeatRow, heat_table
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.waterfall import Bar, waterfall

BARS = (
    Bar("dns", 0, 4_000_000),
    Bar("first byte", 4_000_000, 218_000_000),
    Bar("answer", 218_000_000, 1_218_000_000),
)


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


@pytest.mark.parametrize("width", [30, 47, 60, 120])
def test_every_bar_fills_the_width_and_ends_with_its_duration(width: int) -> None:
    lines = [text(line) for line in waterfall(BARS, width)]
    assert [cell_len(line) for line in lines] == [width] * 3
    assert [line[-8:].strip() for line in lines] == ["4.0 ms", "214 ms", "1\u00a0000 ms"]


def test_bars_stand_one_after_the_other() -> None:
    drawn = [text(line)[11:50] for line in waterfall(BARS, 60)]
    ends = [len(bar.rstrip()) for bar in drawn]
    starts = [len(bar) - len(bar.lstrip()) for bar in drawn]
    assert ends == sorted(ends)
    assert starts[1] <= ends[0]
    assert abs(starts[2] - ends[1]) <= 1
    assert ends[2] == 39


def test_a_phase_of_no_length_still_shows() -> None:
    assert text(waterfall((Bar("dns", 0, 0),), 40)[0]).split()[1] == "▏"


COLUMNS = (Column("target", gives=True), Column("TTFT", right=True), Column("verdict", gives=True, rank=0))
ROWS = (
    (("tken", Ink.STRONG), ("212 ms", Ink.PLAIN), ("✓ passed", Ink.PASSED)),
    (
        ("a gateway with a long name", Ink.STRONG),
        ("1\u00a0431 ms", Ink.PLAIN),
        ("✗ group_or_model_access", Ink.FAILED),
    ),
)


@pytest.mark.parametrize("room", [20, 36, 44, 80])
def test_columns_line_up_and_fit(room: int) -> None:
    lines = [text(line) for line in table(COLUMNS, ROWS, room)]
    assert len({cell_len(line) for line in lines}) == 1
    assert cell_len(lines[0]) <= room


def test_where_nothing_fits_the_lowest_rank_goes_first() -> None:
    assert "verdict" not in text(table(COLUMNS, ROWS, 20)[0])
    assert "verdict" in text(table(COLUMNS, ROWS, 80)[0])


def test_numbers_stand_right_under_their_head() -> None:
    lines = [text(line) for line in table(COLUMNS, ROWS, 80)]
    end = lines[0].index("TTFT") + len("TTFT")
    assert lines[1][:end].endswith("212 ms")
    assert lines[2][:end].endswith("1\u00a0431 ms")


HEAT = (HeatRow("auth_or_permission", (0, 2, 11), "today 10:41"), HeatRow("stream", (0, 0, 0)))


@pytest.mark.parametrize("width", [50, 76, 116, 196])
def test_the_heat_table_lines_up_and_sums(width: int) -> None:
    lines = heat_table(("tken", "tokmodel", "tokone"), HEAT, "all", width)
    assert all(cell_len(text(line)) <= width for line in lines)
    head, auth, stream = map(text, lines)
    end = head.index("all") + 3
    assert (auth[:end].split()[-1], stream[:end].split()[-1]) == ("13", "0")


def test_the_deeper_the_more_and_nothing_has_no_ground() -> None:
    auth = heat_table(("a", "b", "c"), HEAT, "all", 116)[1]
    inks = {part.strip(): ink for part, ink in auth if part.strip()}
    assert (inks["·"], inks["2"], inks["11"]) == (Ink.MUTED, Ink.MILD, Ink.HOT)


def test_columns_of_equal_rank_share_what_is_short() -> None:
    columns = (Column("profile", rank=9), Column("base URL", gives=True, rank=3), Column("key", gives=True, rank=3))
    row = (("tken", Ink.PLAIN), ("https://gateway.example/v1", Ink.PLAIN), ("env GATEWAY_KEY_OF_TEAM", Ink.PLAIN))
    whole, short, none = widths(columns, [row], 80), widths(columns, [row], 45), widths(columns, [row], 20)
    assert whole == (7, 26, 23)
    assert sum(short) + 4 == 45 and abs(short[1] - short[2]) <= 1
    assert none == (7, 11, 0)


def test_columns_that_do_not_fit_are_counted_all_the_same() -> None:
    many = tuple(f"profile-{i}" for i in range(40))
    row = HeatRow("timeout", (1,) * 40)
    assert text(heat_table(many, (row,), "all", 76)[1]).split()[-1] == "40"

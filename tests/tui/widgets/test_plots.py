"""Spreads drawn over a common axis: every mark stands where its value does."""

from __future__ import annotations

from gatewaytui.diagnosis.spread import spread_of
from gatewaytui.domain.comparison import Spread
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.plots import PlotRow, bar_plot, percentile_plot

TEN = spread_of([100.0 + 10 * i for i in range(11)])  # 100 to 200, the median 150
TWENTY = spread_of([400.0 - 10 * i for i in range(21)])  # 200 to 400, the median 300
ROWS = (PlotRow("tken", TEN, best=True), PlotRow("tokmodel", TWENTY), PlotRow("tokone", Spread()))


def told(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def test_a_bar_reaches_its_median_and_its_whisker_the_ends() -> None:
    head, rule, first, second, third, legend = told(bar_plot("TTFT", "ms", ROWS, 100))
    zero, last = head.index("0"), rule.rindex("─")
    assert rule.index("┴") == zero

    def value(cell: int) -> float:
        return (cell - zero) / (max(last, rule.rindex("┴")) - zero) * 400

    assert [round(value(first.index(mark)), -1) for mark in "├┃┤"] == [100, 150, 200]
    assert [round(value(second.index(mark)), -1) for mark in "├┃┤"] == [200, 300, 400]
    assert first.split("▲")[1].split() == ["150", "100–200", "n", "11"]
    assert "200–400" in second and "n 21" in second
    assert "no answer" in third and "n" not in third.split("answer")[1]
    assert "p50" in legend and "lowest" in legend


def test_the_axis_names_round_values_from_nothing_on() -> None:
    head = told(bar_plot("ITL", "ms", (PlotRow("a", spread_of([3.1, 4.7])),), 90))[0]
    named = head.split("p50")[0].split()[1:]
    assert named[0] in ("0", "0.0") and [float(word) for word in named] == sorted(float(word) for word in named)
    assert float(named[-1]) <= 4.7


def test_one_value_is_a_bar_without_a_whisker() -> None:
    row = told(bar_plot("TTFT", "ms", (PlotRow("a", spread_of([120.0])),), 80))[2]
    assert "┃" in row and "120" in row and "n 1" in row
    assert not set("├┤–") & set(row)


def test_percentiles_are_marked_where_there_are_enough_values() -> None:
    hundred = PlotRow("many", spread_of([float(i) for i in range(1, 101)]))
    rows = told(percentile_plot("TTFT", "ms", (*ROWS, hundred), 120))
    marks = [[mark in row for mark in "●○◆◇"] for row in rows[2:6]]
    assert marks == [[True, True, False, False], [True, True, True, False], [False] * 4, [True] * 4]
    assert rows[5].index("●") < rows[5].index("○") < rows[5].index("◆") < rows[5].index("◇")
    assert "n too small: p95 needs 20, p99 needs 100" in rows[-1]
    assert "n too small" not in told(percentile_plot("TTFT", "ms", (hundred,), 120))[-1]


def test_a_single_value_has_no_percentiles_and_says_so() -> None:
    rows = told(percentile_plot("TTFT", "ms", (PlotRow("a", spread_of([120.0])),), 90))
    assert "n too small: 1" in rows[2] and "p50 needs 2" in rows[-1]


def test_nothing_measured_at_all_is_drawn_as_such() -> None:
    empty = (PlotRow("a", Spread()), PlotRow("b", Spread()))
    assert [row.count("no answer") for row in told(bar_plot("TTFT", "ms", empty, 80))[2:4]] == [1, 1]
    assert "no answer" in told(percentile_plot("TTFT", "ms", empty, 80))[2]


def test_the_best_is_told_by_a_sign_as_well_as_its_ink() -> None:
    lines = bar_plot("TTFT", "ms", ROWS, 100)
    assert any(ink is Ink.PASSED for _, ink in lines[2]) and "▲" in told(lines)[2]
    assert not any(ink is Ink.PASSED for _, ink in lines[3]) and "▲" not in told(lines)[3]


def test_names_of_any_width_keep_the_columns_in_line() -> None:
    rows = (PlotRow("网关" * 8, TEN), PlotRow("b", TWENTY))
    lines = told(bar_plot("TTFT", "ms", rows, 90))
    assert lines[2].index("┃") > 0 and "…" in lines[2]

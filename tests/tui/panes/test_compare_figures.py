"""A comparison in figures: table, notes, progress, plots and what changed, drawn from frozen events."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.domain.comparison import Metric, Slot
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import CheckFinished
from gatewaytui.domain.run import Budget, Spending, TokenSource
from gatewaytui.evidence.record import build
from gatewaytui.storage.baselines import sampled
from gatewaytui.tui.panes.compare_baseline import Baseline, change_lines, change_words
from gatewaytui.tui.panes.compare_figures import best_of, cell_figures, comparison_lines, note_lines
from gatewaytui.tui.panes.compare_progress import bar, ended_words, progress_words, standing_words, tally
from gatewaytui.tui.panes.compare_settings import RunSettings, asks_first, cost_words, dollars, planned
from gatewaytui.tui.panes.compare_state import LineUp
from gatewaytui.tui.panes.compare_views import METRICS, View, metric_after, view_lines
from gatewaytui.tui.widgets.ink import Line
from tests.tui.comparing import answered, ended, heard, job_of, once, refused, rounds
from tests.tui.scripted import NOON, gateway
from tests.tui.streams import answering, connecting, passed

PROFILES = tuple(gateway(name, default_model="claude-opus-4-6") for name in ("tken", "tokmodel", "tokone"))
SECOND = 1_000_000_000


def begun(runs: int = 1, temperature: float | None = None) -> LineUp:
    return LineUp.of_profiles(PROFILES).begun(job_of(PROFILES, runs, temperature), NOON)


def finished(runs: int = 24) -> LineUp:
    return begun(runs, 0.0).hearing(rounds(PROFILES, runs))  # type: ignore[arg-type]


def told(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def table(line_up: LineUp, width: int = 180, now_ns: int = 0) -> list[str]:
    return told(comparison_lines(line_up, width, now_ns))


def test_the_best_of_each_column_carries_a_sign() -> None:
    rows = table(begun().hearing(once(PROFILES)))
    assert "TTFT " in rows[0] and "p50" not in rows[0]
    assert "▲ 52.3" in rows[1] and "▲ 212 ms" in rows[2]
    assert "▲" not in rows[3] and "✗ rate_limit" in rows[3] and "0/1" in rows[3]


def test_nothing_is_best_while_something_runs() -> None:
    running = begun(2).hearing([answered(0, 1), answered(0, 2), answered(1, 1)])
    assert not any("▲" in row for row in table(running))


def test_the_figures_of_one_run_are_live() -> None:
    running = begun().hearing([*connecting(0), *answering(0)[:40]])
    assert "ms" in table(running)[1]


def test_several_runs_show_medians_a_tail_and_how_they_went() -> None:
    rows = table(finished())
    assert all(head in rows[0] for head in ("success", "TTFT p50", "p95", "TTFAT p50", "ITL p50", "tok/s p50", "e2e"))
    assert "24/24" in rows[1] and "✓ passed" in rows[1] and "! 2" in rows[1]
    assert "same" in rows[2]
    assert "18/24" in rows[3] and "✗ rate_limit ×6" in rows[3]


def test_a_tail_is_shown_only_where_there_are_enough_runs() -> None:
    assert "p95" not in table(finished(12))[0] and "p90" in table(finished(12))[0]
    assert "p90" not in table(finished(6))[0]


@pytest.mark.parametrize("width", [76, 116, 196])
def test_columns_that_do_not_fit_go_by_rank(width: int) -> None:
    rows = table(finished(), width)
    assert max(map(len, rows)) <= width
    assert all(head in rows[0] for head in ("target", "success", "TTFT p50", "verdict"))
    assert ("served model" in rows[0]) == (width == 196)


def test_a_column_that_is_silent_says_so_for_its_own_request() -> None:
    running = begun(3).hearing([*connecting(0), *answering(0)[:5]], 10 * SECOND)
    assert "… run 1 of 3" in table(running, now_ns=11 * SECOND)[1]
    assert "… silent" in table(running, now_ns=14 * SECOND)[1]


def test_a_served_model_that_was_not_asked_for_is_marked() -> None:
    check = passed(0)
    assert check.answer is not None
    other = replace(check, answer=replace(check.answer, served_model="gpt-4o-mini"))
    line_up = begun(2).hearing([heard(other, 1), heard(passed(0), 2), heard(replace(other, target=1), 1)])
    rows = table(line_up)
    assert "! 2 models" in rows[1] and "! gpt-4o-mini" in rows[2]


def test_trouble_on_this_machine_is_the_verdict_of_what_was_open() -> None:
    problem = Problem(FailureClass.KEYSTORE, "The keyring is locked.", "Unlock it.")
    rows = table(begun().hearing([answered(0, 1)]).troubled(problem))
    assert ["keystore" in row for row in rows[1:]] == [False, True, True]


def test_notes_stand_below_and_those_without_room_are_counted() -> None:
    notes = told(note_lines(finished(), 100))
    assert "3 different texts in 66 answers, at temperature 0." in notes[0]
    measured = finished().measured
    assert measured is not None
    noted = replace(finished(), measured=replace(measured, notes=("One thing.", "Another thing.")))
    assert len(note_lines(noted, 100)) == 3
    short = told(note_lines(noted, 100, 2))
    assert len(short) == 2 and "2 more notes in the evidence" in short[1]
    assert note_lines(begun().hearing([answered(0, 1)]), 100) == ()


def test_the_head_of_a_column_tells_its_tally() -> None:
    line_up = begun(20).hearing([answered(0, 1), refused(0, 2)])
    assert told((tally(line_up, 0, 40),)) == ["1/20 answered · ✗ rate_limit"]
    assert told((tally(line_up, 0, 20),)) == ["1/20 · ✗ rate_limit"]
    assert tally(begun(), 0, 40) == ()


def test_a_warm_up_is_told_before_the_first_run() -> None:
    job = replace(job_of(PROFILES, 3), warm_ups=2)
    line_up = LineUp.of_profiles(PROFILES).begun(job, NOON).hearing([heard(passed(0), 1, warm_up=True)])
    assert told((tally(line_up, 0, 40), tally(line_up, 1, 40))) == ["warm-up 2 of 2", "warm-up 1 of 2"]


def test_the_progress_tells_run_columns_requests_tokens_and_money_in_the_width_at_hand() -> None:
    events = rounds(PROFILES, 20, until=6)
    line_up = begun(20).hearing(events)  # type: ignore[arg-type]
    words = progress_words(line_up, SECOND, 130)
    assert words.startswith("━") and "─" in words
    for part in ("run 7 of 20", "3 columns", "18 of 60 requests", "tokens", " of at most $0.0523", "Esc stops"):
        assert part in words
    narrow = progress_words(line_up, SECOND, 76)
    assert len(narrow) <= 76 and narrow.startswith("━") and "Esc stops" in narrow  # the bar says how many requests
    assert " of at most $0.0523" in narrow and "requests" not in narrow


def test_one_run_counts_the_targets_that_are_done() -> None:
    assert progress_words(begun().hearing([answered(1, 1)]), SECOND, 80) == "1 of 3 targets done · 1.0 s · Esc stops"


def test_the_bar_is_as_long_as_what_is_done() -> None:
    assert (bar(0, 10, 4), bar(5, 10, 4), bar(10, 10, 4)) == ("────", "━━──", "━━━━")
    assert bar(3, 8, 4) == "━╸──"
    assert bar(0, 0, 3) == "───"


def test_the_end_says_how_much_was_measured() -> None:
    assert ended_words(begun(3).stopped()) == "Stopped before anything was measured"
    assert ended_words(begun(3).hearing([answered(0, 1)]).stopped()) == "Stopped: 1 of 9 runs measured"
    assert ended_words(finished()).startswith("72 of 72 runs measured · ")
    assert ended_words(LineUp.of_profiles(PROFILES)) == ""


def test_every_view_has_a_key_and_the_metrics_go_round() -> None:
    views = [View.TABLE]
    while views[-1].after(changes=True) is not View.TABLE:
        views.append(views[-1].after(changes=True))
    assert views == list(View)
    assert View.PERCENTILES.after(changes=False) is View.TABLE
    metrics = [Metric.TTFT]
    while metric_after(metrics[-1]) is not Metric.TTFT:
        metrics.append(metric_after(metrics[-1]))
    assert metrics == list(METRICS)


@pytest.mark.parametrize("width", [76, 116, 196])
@pytest.mark.parametrize("view", [View.BARS, View.PERCENTILES])
def test_a_plot_has_a_row_a_target_and_keeps_to_its_width(view: View, width: int) -> None:
    rows = told(view_lines(finished(), view, Metric.E2E, width))
    assert max(map(len, rows)) <= width
    assert rows[0].startswith("e2e") and rows[1].startswith("ms")
    assert [row.split()[0] for row in rows[2:5]] == ["tken", "tokmodel", "tokone"]


def test_money_and_requests_are_asked_about_from_a_bound_on() -> None:
    assert not asks_first(planned(job_of(PROFILES, 16)))
    assert asks_first(planned(job_of(PROFILES, 17)))
    dear = planned(job_of(PROFILES), {0: (100.0, 1_000.0)})
    assert asks_first(dear)
    assert cost_words(dear).startswith("at most $0.2") and "2 targets without a listed price" in cost_words(dear)
    assert "not known" in cost_words(planned(job_of(PROFILES)))


def test_dollars_have_as_many_decimals_as_they_need() -> None:
    assert [dollars(amount) for amount in (0, 0.0000123, 0.0021, 1.2)] == ["$0.00", "$0.000012", "$0.0021", "$1.20"]


def held_against(factor: float) -> LineUp:
    before = ended(job_of(PROFILES, 8), rounds(PROFILES, 8)).run
    checks = [answered(0, run, 310 * factor) for run in range(1, 9)]
    line_up = begun(8).hearing([*checks, ended(job_of(PROFILES, 8), checks)])
    assert line_up.run is not None
    run = Baseline("main", sampled(build(before))).held_against(line_up.run)
    return replace(line_up, run=run, measured=run.comparison)


def test_what_got_worse_since_the_baseline_comes_first_with_its_sign() -> None:
    line_up = held_against(2.0)
    rows = told(change_lines(line_up, 116, 40))
    assert "TTFT p50" in rows[1] and "✗ worse" in rows[1] and "+100 %" in rows[1] and "8 / 8" in rows[1]
    assert any("= same" in row for row in rows)
    assert line_up.run is not None and change_words(line_up.run, "main").startswith("Against main: 2 worse, ")


def test_what_got_better_is_told_and_the_rest_is_counted() -> None:
    rows = told(change_lines(held_against(0.5), 76, 4))
    assert "✓ better" in rows[1] and "more in the evidence" in rows[-1]
    assert len(rows) == 4


def test_without_a_common_target_there_is_nothing_to_hold_against() -> None:
    assert "no target stands in both" in told(change_lines(begun(), 80, 5))[0]


def test_a_check_without_a_schedule_is_no_run() -> None:
    line_up = begun(3).hearing([CheckFinished(0, passed(0))])
    assert line_up.facts(0).runs == 0 and Spending(Budget(1, 1)).requests == 0


def estimated(check: CheckFinished) -> CheckFinished:
    stream = check.check.stream
    assert stream is not None
    return CheckFinished(0, replace(check.check, stream=replace(stream, token_source=TokenSource.ESTIMATED)))


def test_an_estimate_is_marked_and_is_not_the_best_beside_a_count() -> None:
    checks = [answered(0, 1, rate=40.0), answered(1, 1, rate=50.0), estimated(answered(2, 1, rate=90.0))]
    line_up = begun().hearing([*checks, ended(job_of(PROFILES), checks)])
    assert best_of(line_up, Metric.TOKENS_PER_SECOND) == {1}
    rows = table(line_up)
    assert "▲ 48.0" in rows[2] and "~88.0" in rows[3] and "~" not in rows[1]
    assert any("~ tokens estimated from the text" in row for row in told(note_lines(line_up, 120)))


def test_where_all_are_equal_none_is_the_best() -> None:
    assert best_of(begun().hearing([answered(at, 1, 300.0) for at in range(3)]), Metric.TTFT) == frozenset()


def test_a_refusal_is_told_with_status_and_time_and_no_figure_that_it_has_not() -> None:
    line_up = begun().hearing([*connecting(0), refused(0, 1)])
    assert cell_figures(line_up.runners[0].answer)[0].split(" · ")[0] == "HTTP 429"


def test_a_column_and_the_table_say_one_ttft_where_the_request_had_to_wait_for_its_turn() -> None:
    waited = CheckFinished(0, replace(passed(0, 310, 52.3), slot=Slot(1, 100.0, 140.0)))
    line_up = begun().hearing([*connecting(0), *answering(0), waited, ended(job_of(PROFILES), [waited])])
    assert cell_figures(line_up.runners[0].answer)[0].startswith("TTFT 350 ms")
    assert "350 ms" in table(line_up)[1]


@pytest.mark.parametrize(("width", "ending"), [(200, "n sets the runs"), (60, "at most 256 tokens")])
def test_what_does_not_fit_is_left_out_not_cut(width: int, ending: str) -> None:
    words = standing_words(LineUp.of_profiles(PROFILES), RunSettings(), width)
    assert words.endswith(ending) and len(words) <= width

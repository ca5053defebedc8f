"""A comparison: who takes part, each column on its own, what was measured when it ended or was stopped."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.comparison import Metric
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_KEYRING, Group, Target
from gatewaytui.domain.progress import CheckFinished
from gatewaytui.domain.run import Outcome
from gatewaytui.tui.panes.compare_settings import RunSettings
from gatewaytui.tui.panes.compare_state import MOST, LineUp, model_of
from tests.tui.comparing import answered, ended, heard, job_of, once, refused, rounds, spending
from tests.tui.scripted import BAD_KEY, NOON, gateway
from tests.tui.streams import answering, connecting, passed

PROFILES = tuple(gateway(name, default_model="gpt-5.5") for name in ("tken", "tokmodel", "tokone"))


def begun(runs: int = 1) -> LineUp:
    return LineUp.of_profiles(PROFILES).begun(job_of(PROFILES, runs), NOON)


def test_it_begins_with_the_first_four_profiles_and_their_first_group() -> None:
    grouped = gateway("grouped", groups=(Group("claude", FROM_KEYRING), Group("gpt", FROM_KEYRING)))
    many = LineUp.of_profiles([grouped, *PROFILES, gateway("fifth")])
    assert [target.label for target in many.targets] == ["grouped/claude", "tken", "tokmodel", "tokone"]


def test_targets_of_one_name_are_told_apart() -> None:
    one, other = gateway("one", default_model="gpt-5.5"), gateway("other")
    line_up = LineUp((Target(one), Target(one, model="gpt-5.4-mini"), Target(other), Target(one)))
    assert line_up.names == ("one #1 (gpt-5.5)", "one #2 (gpt-5.4-mini)", "other", "one #3 (gpt-5.5)")


def test_at_most_eight_take_part_and_any_may_leave() -> None:
    line_up = begun()
    for number in range(10):
        line_up = line_up.adding(Target(gateway(f"extra-{number}")))
    assert len(line_up.targets) == MOST
    assert line_up.without(0).targets == line_up.targets[1:]


def test_every_answer_is_its_own() -> None:
    line_up = begun().hearing(once(PROFILES))
    assert [runner.answer.text[:8] for runner in line_up.runners] == ["A packet", "A packet", ""]
    assert line_up.run is not None and line_up.run.kind == "compare"
    assert line_up.over


def test_each_column_counts_its_runs_and_keeps_the_class_of_its_last_failure() -> None:
    line_up = begun(3).hearing([answered(0, 1), refused(0, 2), answered(0, 3), answered(1, 1)])
    first, second, third = line_up.runners
    assert (first.answered, first.heard, first.last_failure) == (2, 3, FailureClass.RATE_LIMIT)
    assert (second.answered, second.heard, second.last_failure) == (1, 1, None)
    assert [runner.done(3) for runner in line_up.runners] == [True, False, False]
    assert third.heard == 0 and line_up.done == 1


def test_warm_ups_are_counted_apart_and_never_measured() -> None:
    line_up = begun(2).hearing([heard(passed(0, 9_000), warm_up=True), answered(0, 1, 200), answered(0, 2, 200)])
    assert (line_up.runners[0].warmed, line_up.runners[0].heard) == (1, 2)
    highest = line_up.facts(0).spread(Metric.TTFT).high
    assert highest is not None and highest < 1_000
    assert line_up.requests_heard == 3


def test_a_verdict_of_another_lane_does_not_end_the_answer_that_is_shown() -> None:
    streaming = [*connecting(0), *answering(0)[:20]]
    line_up = begun(4).hearing([*streaming, heard(passed(0), 2, lane=1)])
    assert line_up.runners[0].answer.result is None and line_up.runners[0].answer.text
    assert line_up.runners[0].heard == 1
    assert begun(4).hearing([*streaming, heard(passed(0), 2)]).runners[0].answer.result is not None


def test_a_column_whose_list_or_key_failed_is_done_at_once() -> None:
    line_up = begun(5).hearing([CheckFinished(1, replace(BAD_KEY, target=1))])
    assert line_up.runners[1].broken and line_up.runners[1].last_failure is FailureClass.AUTH
    assert line_up.done == 1


def test_what_was_heard_is_measured_while_it_runs() -> None:
    line_up = begun(3).hearing([answered(0, 1), answered(0, 2)])
    assert line_up.run is None
    assert line_up.facts(0).spread(Metric.TTFT).n == 2
    assert line_up.facts(2).runs == 0


def test_a_stop_ends_only_what_was_open_and_records_what_was_heard() -> None:
    events = [*connecting(0), answered(0, 1), answered(0, 2), *connecting(1), answered(1, 1), *connecting(1)]
    line_up = begun(2).hearing([spending(2, 3, requests=4), *events]).stopped()
    assert [runner.answer.stopped for runner in line_up.runners] == [False, True, True]
    run = line_up.run
    assert run is not None and run.comparison is not None and run.spending is not None
    assert [check.outcome for check in run.checks] == [Outcome.PASSED] * 3
    assert [column.answered for column in run.comparison.columns] == [2, 1, 0]
    assert (run.comparison.planned, run.spending.requests, run.started_at) == (6, 4, NOON)


def test_a_stop_before_any_verdict_leaves_no_record() -> None:
    line_up = begun(2).hearing(connecting(0)).stopped()
    assert line_up.run is None and line_up.so_far is None


def test_a_stop_after_the_end_keeps_the_engines_own_record() -> None:
    finished = begun().hearing(once(PROFILES))
    assert finished.stopped().run is finished.run


def test_trouble_on_this_machine_ends_what_was_open() -> None:
    problem = Problem(FailureClass.KEYSTORE, "The keyring is locked.", "Unlock it.")
    line_up = begun().hearing([answered(0, 1)]).troubled(problem)
    assert [runner.answer.trouble for runner in line_up.runners] == [None, problem, problem]
    assert line_up.run is not None and len(line_up.run.checks) == 1


def test_listed_prices_are_kept_for_the_next_run_and_cost_what_was_counted() -> None:
    line_up = begun(2).hearing([spending(2, 3, cost_usd=0.05), answered(0, 1)])
    assert line_up.prices[0] == (1.25, 10.0)
    assert line_up.facts(0).cost_usd is not None and line_up.facts(2).cost_usd is None
    assert line_up.begun(job_of(PROFILES), NOON).prices == line_up.prices
    assert line_up.adding(Target(gateway("other"))).prices == line_up.prices
    assert line_up.without(0).prices == {0: (0.5, 4.0)}  # the second target is the first now


def test_the_engines_comparison_stands_at_the_end() -> None:
    events = rounds(PROFILES, 4)
    line_up = begun(4).hearing([event for event in events if not isinstance(event, Problem)])  # type: ignore[misc]
    assert line_up.run is not None and line_up.measured is line_up.run.comparison
    assert ended(job_of(PROFILES, 4), events).run.checks == line_up.run.checks


def test_all_targets_are_asked_the_same() -> None:
    job = RunSettings(7, 2, 3, 0.0, None).job(LineUp.of_profiles(PROFILES).targets, "hello", seed=5)
    assert (job.runs, job.warm_ups, job.concurrency, job.seed) == (7, 2, 3, 5)
    assert (job.request.messages[0].text, len(job.targets)) == ("hello", 3)
    assert (job.request.temperature, job.request.max_tokens) == (0.0, None)


def test_a_model_is_named_as_far_as_it_is_known() -> None:
    assert model_of(Target(PROFILES[0])) == "gpt-5.5"
    assert model_of(Target(gateway()), "served") == "served"
    assert model_of(Target(gateway())) == "first listed model"

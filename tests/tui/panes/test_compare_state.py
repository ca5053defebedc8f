"""A comparison: who takes part, each answer on its own, the best marked by sign among those that did not fail."""

from __future__ import annotations

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_KEYRING, Group, Target
from gatewaytui.domain.progress import CheckFinished, RunFinished
from gatewaytui.tui.panes.compare_state import MOST, Comparison, comparison_lines, model_of
from tests.tui.scripted import gateway
from tests.tui.streams import answering, connecting, failed, passed, run_of, side_by_side

PROFILES = tuple(gateway(name, default_model="gpt-5.5") for name in ("tken", "tokmodel", "tokone"))


def begun() -> Comparison:
    return Comparison.of_profiles(PROFILES).begun()


def done() -> Comparison:
    checks = [passed(0, 310, 52.3), passed(1, 212, 48.0), failed(target=2)]
    streams = [[*connecting(i), *answering(i)] for i in range(2)]
    events = side_by_side(*streams, [*connecting(2)])
    finished = [CheckFinished(check.target, check) for check in checks]
    return begun().hearing([*events, *finished, RunFinished(run_of(checks, *PROFILES))])


def lines(comparison: Comparison, width: int = 110) -> list[str]:
    return ["".join(text for text, _ in line) for line in comparison_lines(comparison, width)]


def test_it_begins_with_the_first_four_profiles_and_their_first_group() -> None:
    grouped = gateway("grouped", groups=(Group("claude", FROM_KEYRING), Group("gpt", FROM_KEYRING)))
    many = Comparison.of_profiles([grouped, *PROFILES, gateway("fifth")])
    assert [target.label for target in many.targets] == ["grouped/claude", "tken", "tokmodel", "tokone"]


def test_at_most_eight_take_part_and_any_may_leave() -> None:
    comparison = begun()
    for number in range(10):
        comparison = comparison.adding(Target(gateway(f"extra-{number}")))
    assert len(comparison.targets) == MOST
    assert comparison.without(0).targets == comparison.targets[1:]


def test_every_answer_is_its_own() -> None:
    comparison = done()
    assert [answer.text[:8] for answer in comparison.answers] == ["A packet", "A packet", ""]
    assert comparison.run is not None and comparison.run.kind == "chat"
    assert comparison.done == 3


def test_the_best_of_each_column_carries_a_sign() -> None:
    table = lines(done())
    assert [line.count("▲") for line in table] == [0, 2, 2, 0]
    assert "▲ 52.3" in table[1]
    assert "▲ 212 ms" in table[2]
    assert "✗ group_or_model_access" in table[3]


def test_nothing_is_best_while_something_runs() -> None:
    running = begun().hearing([*connecting(0), *answering(0), CheckFinished(0, passed()), *connecting(1)])
    assert not any("▲" in line for line in lines(running))
    assert running.done == 1


def test_a_stop_ends_only_what_was_open() -> None:
    comparison = begun().hearing([*connecting(0), CheckFinished(0, passed()), *connecting(1)]).stopped()
    assert [answer.stopped for answer in comparison.answers] == [False, True, True]


def test_trouble_on_this_machine_ends_what_was_open() -> None:
    problem = Problem(FailureClass.KEYSTORE, "The keyring is locked.", "Unlock it.")
    comparison = begun().hearing([CheckFinished(0, passed())]).troubled(problem)
    assert ["keystore" in line for line in lines(comparison)[1:]] == [False, True, True]


def test_all_targets_are_asked_the_same() -> None:
    job = begun().job("hello")
    assert (job.kind, job.request.messages[0].text, len(job.targets)) == ("compare", "hello", 3)
    assert job.request.max_tokens is not None


def test_a_model_is_named_as_far_as_it_is_known() -> None:
    assert model_of(Target(PROFILES[0]), None) == "gpt-5.5"
    assert model_of(Target(gateway()), None) == "first listed model"

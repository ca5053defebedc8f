"""Counts a day, their course, and what flaps."""

from __future__ import annotations

from datetime import date

import pytest

from gatewaytui.diagnosis.trends import AnswerSeen, Course, DaySeen, course, outcome_changes, trends
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Outcome

TODAY = date(2026, 11, 20)
AUTH, RATE = FailureClass.AUTH, FailureClass.RATE_LIMIT
OUTCOMES = {"p": Outcome.PASSED, "w": Outcome.WARNED, "f": Outcome.FAILED, "s": Outcome.SKIPPED}


def day(number: int, count: int = 1, failure_class: FailureClass = AUTH, profile: str = "tken") -> DaySeen:
    text = f"2026-11-{number:02}"
    return DaySeen(profile, "", failure_class, text, count, f"{text}T08:00:00Z", f"{text}T20:00:00Z")


def answers(
    outcomes: str,
    check: str = "chat",
    model: str = "gpt-5.5",
    failure_class: FailureClass = AUTH,
    variant: str = "",
    first: int = 1,
) -> list[AnswerSeen]:
    """The answers to one question, a run each, oldest first."""
    return [
        AnswerSeen(
            "tken", "", check, "openai-chat", model, variant, first + number, OUTCOMES[one],
            failure_class if one in "wf" else None,
        )
        for number, one in enumerate(outcomes)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "known_before", "expected"),
    [
        ((0, 0, 0, 0, 2, 0, 1), False, Course.NEW),
        ((0, 0, 0, 0, 2, 0, 1), True, Course.RISING),
        ((3, 1, 0, 0, 0, 0, 0), False, Course.GONE),
        ((0, 0, 0, 0, 5, 0, 0), False, Course.GONE),
        ((1, 0, 0, 2, 2, 2, 2), False, Course.RISING),
        ((4, 4, 4, 0, 1, 1, 1), False, Course.FALLING),
        ((2, 2, 2, 2, 2, 2, 2), False, Course.STEADY),
        ((1, 0, 2, 0), False, Course.STEADY),
        ((1, 1, 0, 0), False, Course.GONE),
        ((1,), False, Course.NEW),
        ((1,), True, Course.RISING),
        ((), False, Course.GONE),
    ],
)
def test_the_course_of_counts_is_a_word(counts: tuple[int, ...], known_before: bool, expected: Course) -> None:
    assert course(counts, known_before) is expected


@pytest.mark.parametrize(
    ("outcomes", "changes"),
    [
        ("", 0),
        ("fffff", 0),
        ("ppfpp", 2),
        ("pfpf", 3),
        ("pwpw", 3),
        ("fwfw", 0),
        ("pfsspssf", 3),
        ("pfpfpf" + "p" * 10, 0),
        ("pfpfpf" + "p" * 9, 1),
    ],
)
def test_changes_of_outcome_among_the_last_ten_answers(outcomes: str, changes: int) -> None:
    assert outcome_changes(answers(outcomes)) == changes


def test_answers_may_come_in_any_order() -> None:
    assert outcome_changes(reversed(answers("ppff"))) == 1


def test_a_trend_has_counts_by_day_and_first_and_last_seen_over_all_that_is_kept() -> None:
    (one,) = trends([day(20, 3), day(1), day(16, 2)], (), 7, TODAY)
    assert (one.per_day, one.count) == ((0, 0, 2, 0, 0, 0, 3), 5)
    assert (one.first_at, one.last_at) == ("2026-11-01T08:00:00Z", "2026-11-20T20:00:00Z")
    assert (one.course, one.flapping) == (Course.STEADY, False)


def test_what_was_seen_before_the_window_is_not_new() -> None:
    assert [one.course for one in trends([day(20)], (), 7, TODAY)] == [Course.NEW]
    assert [one.course for one in trends([day(20), day(2)], (), 7, TODAY)] == [Course.RISING]


def test_places_are_apart_the_most_frequent_first_and_those_outside_the_window_left_out() -> None:
    seen = [day(19), day(20, 9, RATE), day(20, profile="tokone"), day(2, 50, profile="old")]
    found = [(one.profile, one.failure_class, one.count) for one in trends(seen, (), 7, TODAY)]
    assert found == [("tken", RATE, 9), ("tokone", AUTH, 1), ("tken", AUTH, 1)]


def flapping(*given: AnswerSeen) -> bool:
    (one,) = trends([day(20)], given, 7, TODAY)
    return one.flapping


def test_one_failure_between_passes_is_no_flapping_and_two_are() -> None:
    assert not flapping(*answers("pppfpp"))
    assert flapping(*answers("ppfpfp"))


def test_only_answers_to_the_same_question_can_flap() -> None:
    sound, broken = answers("pppppp", model="a"), answers("ffffff", model="b")
    assert not flapping(*sound, *broken)
    assert not flapping(*answers("ppp", check="stream"), *answers("fff", check="chat"))
    matrix = (answers("ppp", "families", variant="chat bearer"), answers("fff", "families", variant="chat x-api-key"))
    assert not flapping(*(one for row in matrix for one in row))


def test_a_check_that_sends_no_model_is_one_question_whatever_the_model() -> None:
    mixed = [answers(one, "models", model=f"m{i % 2}", first=i + 1)[0] for i, one in enumerate("pfpf")]
    assert flapping(*mixed)
    assert not flapping(*(answers(one.outcome[0], model=one.model, first=one.run_id)[0] for one in mixed))


def test_a_class_that_is_not_among_the_last_answers_does_not_flap() -> None:
    assert not flapping(*answers("pfpfpf", failure_class=RATE))

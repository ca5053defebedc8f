"""How failures go over time: counts a day, their course in a word, and whether a check flaps.

Days are UTC, as ISO dates (``2026-01-31``); times are UTC as the evidence writes them, so that texts compare as
times do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter

import msgspec

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Outcome

ANSWERS_LOOKED_AT = 10
CHANGES_THAT_FLAP = 3
_WITH_A_MODEL = frozenset(("model", "chat", "stream"))
_SOUND = Outcome.PASSED


class Course(StrEnum):
    """Where the counts of a window are going."""

    NEW = "new"
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    GONE = "gone"


class DaySeen(msgspec.Struct, frozen=True):
    """How often a class was found at a profile and group on one UTC day, and when the first and the last time."""

    profile: str
    group: str
    failure_class: FailureClass
    day: str
    count: int
    first_at: str
    last_at: str


class AnswerSeen(msgspec.Struct, frozen=True):
    """The verdict of one check of one past run. ``run_id`` grows with time.

    ``variant`` says where in the endpoint matrix the check stands, "" for one that is not of it.
    """

    profile: str
    group: str
    check: str
    protocol: str
    model: str
    variant: str
    run_id: int
    outcome: Outcome
    failure_class: FailureClass | None = None

    @property
    def question(self) -> tuple[str, ...]:
        """What was asked: answers to the same question can be compared.

        Profile, group, check, protocol and variant, and the model where the check sends one to the server.
        """
        model = self.model if self.check in _WITH_A_MODEL else ""
        return (self.profile, self.group, self.check, self.protocol, self.variant, model)


Place = tuple[str, str, FailureClass]
"""Profile, group and class: what one trend is about."""


class Trend(msgspec.Struct, frozen=True):
    """One class at one profile and group in a window of days.

    ``per_day`` has a count for each day, oldest first; ``count`` is their sum. ``first_at`` is the first time in all
    that is kept, also before the window; ``last_at`` the last. ``changes`` counts how often the outcome of the most
    unsteady check that showed this class changed in its last ten answers (:func:`outcome_changes`).
    """

    profile: str
    group: str
    failure_class: FailureClass
    per_day: tuple[int, ...]
    first_at: str
    last_at: str
    course: Course
    changes: int = 0

    @property
    def place(self) -> Place:
        """The key of the trend."""
        return (self.profile, self.group, self.failure_class)

    @property
    def count(self) -> int:
        """Findings in the window."""
        return sum(self.per_day)

    @property
    def flapping(self) -> bool:
        """Whether passes and failures alternate: three changes of outcome or more among the last ten answers.

        One failure between passes makes two changes and is no flapping; pass, fail, pass, fail is.
        """
        return self.changes >= CHANGES_THAT_FLAP


def course(counts: Sequence[int], known_before: bool = False) -> Course:
    """The course of counts over equal spans of time, oldest first.

    In this order: *gone*, none in the last third (two spans at least); *new*, none in the first half, nor before it
    (``known_before``); *rising*, the second half has more than twice the first; *falling*, the first more than twice
    the second; else *steady*. With an odd number the middle belongs to the second half.
    """
    half, third = len(counts) // 2, max(len(counts) // 3, 2)
    early, late = sum(counts[:half]), sum(counts[half:])
    if not sum(counts[-third:]):
        return Course.GONE
    if not early and not known_before:
        return Course.NEW
    if late > 2 * early:
        return Course.RISING
    return Course.FALLING if early > 2 * late else Course.STEADY


def outcome_changes(answers: Iterable[AnswerSeen]) -> int:
    """How often the outcome changed from one answer to the next, in the last ten answers to one question.

    Passed is one side, warned and failed the other; skipped checks are no answers.
    """
    given = sorted((one for one in answers if one.outcome is not Outcome.SKIPPED), key=attrgetter("run_id"))
    recent = [one.outcome is _SOUND for one in given[-ANSWERS_LOOKED_AT:]]
    return sum(before is not after for before, after in pairwise(recent))


def trends(seen: Iterable[DaySeen], answers: Iterable[AnswerSeen], days: int, today: date) -> tuple[Trend, ...]:
    """The trend of every class at every profile and group that was found in the ``days`` days that end today.

    ``seen`` reaches as far back as anything is kept. The most frequent first, then the latest.
    """
    window = [(today - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
    unsteady = _unsteady(answers)
    found = []
    for place, spots in groupby(sorted(seen, key=_place_and_day), key=_place):
        spans = list(spots)
        counts = tuple(sum(one.count for one in spans if one.day == day) for day in window)
        if not any(counts):
            continue
        before = spans[0].day < window[0]
        first, last = min(one.first_at for one in spans), max(one.last_at for one in spans)
        found.append(Trend(*place, counts, first, last, course(counts, before), unsteady.get(place, 0)))
    found.sort(key=attrgetter("last_at"), reverse=True)
    return tuple(sorted(found, key=lambda trend: -trend.count))


def _unsteady(answers: Iterable[AnswerSeen]) -> dict[Place, int]:
    """The most changes of outcome of any question in whose last ten answers a class was found."""
    worst: dict[Place, int] = {}
    for question, given in groupby(sorted(answers, key=attrgetter("question", "run_id")), key=attrgetter("question")):
        recent = [one for one in given if one.outcome is not Outcome.SKIPPED][-ANSWERS_LOOKED_AT:]
        changes = outcome_changes(recent)
        for failure_class in {one.failure_class for one in recent if one.failure_class is not None}:
            place = (question[0], question[1], failure_class)
            worst[place] = max(worst.get(place, 0), changes)
    return worst


def _place(one: DaySeen) -> Place:
    return (one.profile, one.group, one.failure_class)


def _place_and_day(one: DaySeen) -> tuple[str, str, FailureClass, str]:
    return (*_place(one), one.day)

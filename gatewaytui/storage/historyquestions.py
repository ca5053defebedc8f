"""The longer questions to the history, as SQL with its values: trends, and the last good run."""

from __future__ import annotations

import sqlite3
from typing import Any

from gatewaytui.diagnosis.trends import ANSWERS_LOOKED_AT, AnswerSeen, DaySeen
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Outcome
from gatewaytui.evidence.document import TargetPart

from .historyrows import FindingRow, GoodRun

_DAYS = (
    "SELECT profile, grp, class, substr(at, 1, 10) AS day, count(*), min(at), max(at) FROM findings"
    " WHERE class IS NOT NULL GROUP BY profile, grp, class, day"
)
_ANSWERS = (
    "SELECT profile, grp, check_name, protocol, model, variant, run_id, outcome, class FROM ("
    "SELECT *, row_number() OVER ("
    "PARTITION BY profile, grp, check_name, protocol, model, variant ORDER BY run_id DESC, rowid DESC) AS place"
    " FROM findings WHERE outcome <> 'skipped'"
    " AND (profile, grp, check_name) IN (SELECT profile, grp, check_name FROM findings WHERE class IS NOT NULL)"
    ") WHERE place <= ? ORDER BY run_id, place DESC"
)
_LAST_GOOD = (
    "SELECT run_id, target, max(at), max(check_name = :check AND outcome <> 'skipped') AS asked,"
    " (SELECT kind FROM runs WHERE id = run_id) = (SELECT kind FROM runs WHERE id = :run_id) AS alike FROM findings"
    " WHERE profile = :profile AND grp = :group AND run_id < :run_id GROUP BY run_id, target"
    " HAVING NOT sum(outcome = 'failed' OR coalesce(class, '') = :class) AND sum(outcome <> 'skipped')"
    " ORDER BY asked AND alike DESC, asked DESC, run_id DESC LIMIT 1"
)
_ANSWERED_WELL = (
    "SELECT DISTINCT check_name, variant FROM findings JOIN runs ON runs.id = run_id"
    " WHERE findings.profile = ? AND findings.grp = ? AND runs.base_url = ? AND variant <> ''"
    " AND outcome IN ('passed', 'warned')"
)


def answered_well(database: sqlite3.Connection, target: TargetPart) -> frozenset[tuple[str, str]]:
    """What was asked of this target's endpoint matrix and answered, in the runs that are kept: name and place."""
    place = (target.profile or "", target.group or "", target.base_url)
    return frozenset((check, variant) for check, variant in database.execute(_ANSWERED_WELL, place))


def days_seen(database: sqlite3.Connection) -> tuple[DaySeen, ...]:
    """Every class at every profile and group, a row a UTC day, over all that is kept."""
    return tuple(
        DaySeen(profile, group, FailureClass(failure_class), *rest)
        for profile, group, failure_class, *rest in database.execute(_DAYS)
    )


def answers_seen(database: sqlite3.Connection) -> tuple[AnswerSeen, ...]:
    """The last answers to each question (and somewhat more) of the checks that ever failed or warned, in order."""
    # A question splits by model only for some checks, which the pure side knows: so by model for all of them here.
    return tuple(map(_answer, database.execute(_ANSWERS, (ANSWERS_LOOKED_AT,))))


def last_good(database: sqlite3.Connection, finding: FindingRow) -> tuple[GoodRun, ...]:
    """The newest run before this finding, at the same profile and group, that was good; () where none is kept.

    Good is a run of which this target shows no failed check and not this class, and something that was not skipped.
    One that asked the same check comes before one that did not; among those, one of the same kind: a smoke run has
    too little of what the doctor asks to compare the two.
    """
    wanted = {
        "check": finding.check,
        "profile": finding.profile,
        "group": finding.group,
        "run_id": finding.run_id,
        "class": finding.failure_class or "",
    }
    return tuple(GoodRun(run_id, target, at) for run_id, target, at, *_ in database.execute(_LAST_GOOD, wanted))


def _answer(row: tuple[Any, ...]) -> AnswerSeen:
    profile, group, check, protocol, model, variant, run_id, outcome, failure_class = row
    found = failure_class and FailureClass(failure_class)
    return AnswerSeen(profile, group, check, protocol, model, variant, run_id, Outcome(outcome), found)

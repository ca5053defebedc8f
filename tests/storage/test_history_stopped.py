"""Stopped runs in the history: found by their class, and nobody's failure."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.storage.history import History
from gatewaytui.storage.historyrows import RunFilter
from gatewaytui.storage.locations import Locations

from .test_history import NOW, PASSED, TKEN, TOKONE, evidence, failed

STOPPED = failed(FailureClass.CANCELLED)
WAITS = CheckResult("stream", Outcome.SKIPPED, note="Waits for chat.")
CANCELLED = RunFilter(failure_class=FailureClass.CANCELLED)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Locations.below(tmp_path))


def ids(history: History, wanted: RunFilter) -> list[int]:
    return [row.id for row in history.runs(wanted)]


def test_stopped_runs_are_found_by_their_class_and_no_others(history: History) -> None:
    history.append(evidence())
    first = history.append(evidence(PASSED, STOPPED, WAITS))
    history.append(evidence(failed(FailureClass.AUTH), WAITS))
    history.append(evidence(failed(FailureClass.KEYSTORE)))
    second = history.append(evidence(failed(FailureClass.CANCELLED, name="models")))
    assert ids(history, CANCELLED) == [second, first]
    assert [row.status for row in history.runs(CANCELLED)] == ["Stopped", "Stopped"]


def test_a_stopped_run_is_of_its_family_too(history: History) -> None:
    stopped = history.append(evidence(PASSED, STOPPED))
    other = history.append(evidence(failed(FailureClass.KEYSTORE)))
    history.append(evidence(failed(FailureClass.AUTH)))
    local = RunFilter(family=FailureFamily.LOCAL)
    assert ids(history, local) == [other, stopped]
    assert ids(history, replace(local, failure_class=FailureClass.KEYSTORE)) == [other]
    assert ids(history, replace(local, failure_class=FailureClass.CANCELLED)) == [stopped]
    assert ids(history, RunFilter(family=FailureFamily.TIMEOUT, failure_class=FailureClass.CANCELLED)) == []


def test_the_check_that_was_stopped_is_the_one_whose_profile_counts(history: History) -> None:
    broken = failed(FailureClass.AUTH, target=0)
    run = history.append(evidence(broken, failed(FailureClass.CANCELLED, target=1), targets=(TKEN, TOKONE)))
    assert ids(history, replace(CANCELLED, profile="tokone")) == [run]
    assert ids(history, replace(CANCELLED, profile="tokone", group="gemini")) == [run]
    assert ids(history, replace(CANCELLED, profile="tokone", group="")) == []
    assert ids(history, replace(CANCELLED, profile="tken")) == []


def test_the_other_filters_hold_for_stopped_runs_as_well(history: History) -> None:
    old = history.append(evidence(STOPPED, at=NOW - timedelta(days=9)))
    new = history.append(evidence(STOPPED))
    assert ids(history, replace(CANCELLED, since=NOW - timedelta(days=1))) == [new]
    assert ids(history, replace(CANCELLED, ids=(old, old))) == [old]
    assert [row.id for row in history.runs(CANCELLED, limit=1)] == [new]


def test_a_stopped_run_stays_out_of_what_counts_failures(history: History) -> None:
    history.append(evidence(STOPPED))
    assert history.heat(NOW - timedelta(days=1)) == () and history.findings() == ()
    assert history.trends(7, NOW.date()) == ()


def test_evidence_that_cannot_be_read_hides_no_other_run(history: History, tmp_path: Path) -> None:
    lost, kept = history.append(evidence(STOPPED)), history.append(evidence(STOPPED))
    with sqlite3.connect(Locations.below(tmp_path).history) as database:
        database.execute("UPDATE runs SET evidence = '{' WHERE id = ?", (lost,))
    database.close()
    assert ids(history, CANCELLED) == [kept]

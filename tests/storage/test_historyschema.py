"""A history of an older version is brought up to date with its rows."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.evidence import json as evidence_json
from gatewaytui.storage.history import History
from gatewaytui.storage.historyrows import FindingFilter, finding_columns, run_columns
from gatewaytui.storage.historyschema import VERSION
from gatewaytui.storage.locations import Locations

from .test_history import PASSED, TKEN, TOKONE, evidence, failed

FIRST_VERSION = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, profile TEXT NOT NULL, grp TEXT NOT NULL,
  targets INTEGER NOT NULL, base_url TEXT NOT NULL, protocol TEXT NOT NULL, model TEXT NOT NULL, status TEXT NOT NULL,
  class TEXT, family TEXT, input_tokens INTEGER, output_tokens INTEGER, ttft_ms REAL, elapsed_ms REAL,
  evidence TEXT NOT NULL
);
CREATE TABLE findings (
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, target INTEGER NOT NULL, profile TEXT NOT NULL,
  grp TEXT NOT NULL, check_name TEXT NOT NULL, outcome TEXT NOT NULL, class TEXT, family TEXT, at TEXT NOT NULL,
  elapsed_ms REAL, whose TEXT NOT NULL, next_step TEXT NOT NULL
);
CREATE INDEX runs_at ON runs(at);
CREATE INDEX findings_run ON findings(run_id);
CREATE INDEX findings_seen ON findings(family, at);
PRAGMA user_version = 1;
"""
DOCUMENT = evidence(PASSED, failed(FailureClass.AUTH, target=1), targets=(TKEN, TOKONE))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of the first version with one run, and one whose evidence is no JSON any more."""
    locations = Locations.below(tmp_path)
    locations.state_dir.mkdir()
    with sqlite3.connect(locations.history) as database:
        database.executescript(FIRST_VERSION)
        for text in (evidence_json.render(DOCUMENT).decode(), "not json"):
            run_id = insert(database, "runs", run_columns(DOCUMENT) | {"evidence": text})
            for check in DOCUMENT.checks:
                row = {"run_id": run_id} | finding_columns(DOCUMENT, check)
                insert(database, "findings", {k: row[k] for k in row if k not in ("protocol", "model", "variant")})
    database.close()
    return tmp_path


def insert(database: sqlite3.Connection, table: str, row: dict[str, object]) -> int:
    marks = ", ".join("?" * len(row))
    return database.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    ).lastrowid or 0  # fmt: skip


def questions(place: Path) -> list[tuple[str, ...]]:
    database = sqlite3.connect(Locations.below(place).history)
    rows = list(database.execute("SELECT check_name, protocol, model, variant FROM findings ORDER BY rowid"))
    assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)
    database.close()
    return rows


def test_a_file_of_the_first_version_keeps_its_rows_and_learns_what_was_asked(old: Path) -> None:
    history = History(Locations.below(old))
    assert [row.id for row in history.runs()] == [2, 1]
    assert len(history.findings(FindingFilter(with_passed=True))) == 4
    assert history.evidence(1) == DOCUMENT
    assert questions(old) == [
        ("models", "openai-chat", "gpt-5.5", ""),
        ("chat", "gemini", "", ""),
        ("models", "", "", ""),
        ("chat", "", "", ""),
    ]
    assert history.append(DOCUMENT) == 3


def test_several_may_bring_it_up_to_date_at_once(old: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: len(History(Locations.below(old)).runs()), range(8)))
    assert found == [2] * 8
    assert len(questions(old)) == 4


def test_a_failed_step_leaves_the_file_as_it_was(old: Path) -> None:
    path = Locations.below(old).history
    with sqlite3.connect(path) as database:
        database.execute("CREATE INDEX findings_place ON findings(run_id)")  # in the way of the last statement
    database.close()
    with pytest.raises(Exception, match="history could not be used"):
        History(Locations.below(old)).runs()
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        names = [row[1] for row in database.execute("PRAGMA table_info(findings)")]
    database.close()
    assert "protocol" not in names


def test_a_skipped_check_is_kept_with_its_question(tmp_path: Path) -> None:
    History(Locations.below(tmp_path)).append(evidence(CheckResult("stream", Outcome.SKIPPED)))
    assert questions(tmp_path) == [("stream", "openai-chat", "gpt-5.5", "")]

"""The tables of the history, version by version: an older file is brought up to date and keeps its rows."""

from __future__ import annotations

import sqlite3

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

_FIRST = (
    """
    CREATE TABLE IF NOT EXISTS runs (
      id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, profile TEXT NOT NULL, grp TEXT NOT NULL,
      targets INTEGER NOT NULL, base_url TEXT NOT NULL, protocol TEXT NOT NULL, model TEXT NOT NULL,
      status TEXT NOT NULL, class TEXT, family TEXT, input_tokens INTEGER, output_tokens INTEGER, ttft_ms REAL,
      elapsed_ms REAL, evidence TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS findings (
      run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, target INTEGER NOT NULL, profile TEXT NOT NULL,
      grp TEXT NOT NULL, check_name TEXT NOT NULL, outcome TEXT NOT NULL, class TEXT, family TEXT, at TEXT NOT NULL,
      elapsed_ms REAL, whose TEXT NOT NULL, next_step TEXT NOT NULL
    )
    """,
    "CREATE INDEX IF NOT EXISTS runs_at ON runs(at)",
    "CREATE INDEX IF NOT EXISTS findings_run ON findings(run_id)",
    "CREATE INDEX IF NOT EXISTS findings_seen ON findings(family, at)",
)

_OF_TARGET = (
    "coalesce((SELECT CASE WHEN json_valid(evidence) THEN {} END FROM runs WHERE runs.id = findings.run_id), '')"
)
_PROTOCOL = _OF_TARGET.format("json_extract(evidence, '$.targets[' || findings.target || '].protocol')")
_MODEL = _OF_TARGET.format(
    "coalesce(json_extract(evidence, '$.targets[' || findings.target || '].selected_model'),"
    " json_extract(evidence, '$.targets[' || findings.target || '].requested_model'))"
)
_WITH_QUESTIONS = (
    "ALTER TABLE findings ADD COLUMN protocol TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE findings ADD COLUMN model TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE findings ADD COLUMN variant TEXT NOT NULL DEFAULT ''",
    f"UPDATE findings SET protocol = {_PROTOCOL}, model = {_MODEL}",  # noqa: S608  (constants)
    "CREATE INDEX findings_place ON findings(profile, grp, run_id)",
)
"""With which protocol and model, and where in the endpoint matrix, a check asked: only answers to the same question
can flap. A file of the first version has no endpoint matrix."""

_STEPS = (_FIRST, _WITH_QUESTIONS)
VERSION = len(_STEPS)


def bring_up_to_date(database: sqlite3.Connection) -> None:
    """Make or migrate the tables, all steps or none; safe for several processes at once.

    Raises Problem (storage) for a file of a newer version, which is left alone.
    """
    if _version(database) > VERSION:
        sentence = "The history was written by a newer gatewaytui and is left alone."
        raise Problem(FailureClass.STORAGE, sentence, "Update gatewaytui.")
    if _version(database) == VERSION:
        return
    with database:
        database.execute("BEGIN IMMEDIATE")
        for step in _STEPS[_version(database) :]:  # asked again: another process may have been faster
            for statement in step:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {VERSION}")


def _version(database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return int(version)

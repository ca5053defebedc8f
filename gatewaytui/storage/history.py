"""The history: past runs as redacted evidence in SQLite, with the columns that lists and the dashboard ask for.

Kept 90 days and 10,000 runs unless the settings say otherwise. Fields: design/rules.md, "Documents".
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.run import Outcome
from gatewaytui.evidence import json as evidence_json
from gatewaytui.evidence.document import CheckPart, Evidence

from .atomic import PRIVATE_FILE, aside_name, private_directory
from .historyrows import (
    FindingFilter,
    FindingRow,
    GoodRun,
    HeatCell,
    RunFilter,
    RunRow,
    finding_columns,
    is_absent,
    question,
    run_columns,
)
from .historyschema import bring_up_to_date
from .locations import Locations
from .lock import locked
from .settings import Settings, SettingsStore

if TYPE_CHECKING:
    from gatewaytui.diagnosis.trends import Trend

Result = TypeVar("Result")

BUSY_MS = 5_000
_RUN = (
    "id, at, kind, profile, grp, targets, base_url, protocol, model, status, class, family, input_tokens,"
    " output_tokens, ttft_ms, elapsed_ms"
)
_FINDING = "run_id, target, profile, grp, check_name, outcome, class, family, at, elapsed_ms, whose, next_step"
_STOPPED = (
    "outcome = 'skipped' AND (run_id, check_name, target) IN ("
    "SELECT runs.id, json_extract(value, '$.name'), json_extract(value, '$.target') FROM runs,"
    " json_each(CASE WHEN json_valid(evidence) THEN evidence ELSE '{}' END, '$.checks')"
    " WHERE instr(evidence, '\"cancelled\"') AND json_extract(value, '$.failure.class') = 'cancelled')"
)
_DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})

_REASONS: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "it cannot be written",
        sqlite3.SQLITE_PERM: "it cannot be written",
        sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
        sqlite3.SQLITE_BUSY: "another gatewaytui holds it",
        sqlite3.SQLITE_LOCKED: "another gatewaytui holds it",
        sqlite3.SQLITE_IOERR: "the disk failed",
    }
)


class History:
    """Past runs. Every call opens the database, is short and blocks; safe for several threads and processes.

    Raises Problem (storage). ``notice`` says what was odd about the file at the last call, else "".
    """

    def __init__(self, locations: Locations, settings: SettingsStore | None = None) -> None:
        self._path = locations.history
        self._settings = settings or SettingsStore(locations)
        self.notice = ""

    def append(self, evidence: Evidence) -> int:
        """Keep a run and drop what is older or more than the settings allow. Returns the run's id."""
        columns = run_columns(evidence) | {"evidence": evidence_json.render(evidence).decode("ascii")}
        kept = self._settings.load()

        def work(database: sqlite3.Connection) -> int:
            with database:
                run_id = _insert(database, "runs", columns)
                never = _never_offered(database, evidence)
                for check in evidence.checks:
                    finding = finding_columns(evidence, check, nobodys=check in never)
                    _insert(database, "findings", {"run_id": run_id} | finding)
                _prune(database, kept, run_id)
            return run_id

        return self._with_database(work)

    def runs(self, wanted: RunFilter | None = None, limit: int = 50) -> tuple[RunRow, ...]:
        """Past runs that fit the filter, newest first."""
        wanted = wanted or RunFilter()
        found, seen = _of_one_check(wanted)
        first, last = wanted.ids or (None, None)
        where, values = _where(
            (
                ("at >= ?", wanted.since and _stamp(wanted.since)),
                ("id >= ?", first),
                ("id <= ?", last),
            ),
            found,
        )
        query = f"SELECT {_RUN} FROM runs{where} ORDER BY id DESC LIMIT ?"  # noqa: S608
        asked = (*values, *seen, limit)
        return self._asked(lambda database: tuple(RunRow(*row) for row in database.execute(query, asked)))

    def findings(self, wanted: FindingFilter | None = None, limit: int = 200) -> tuple[FindingRow, ...]:
        """Findings that fit the filter, newest first."""
        wanted = wanted or FindingFilter()
        where, values = _where(
            (
                ("profile = ?", wanted.profile or None),
                ("family = ?", wanted.family),
                ("class = ?", wanted.failure_class),
                ("run_id = ?", wanted.run_id),
                ("at >= ?", wanted.since and _stamp(wanted.since)),
                ("(? OR family IS NOT NULL)", wanted.with_passed),
            )
        )
        query = f"SELECT {_FINDING} FROM findings{where} ORDER BY run_id DESC, rowid LIMIT ?"  # noqa: S608
        return self._asked(lambda database: tuple(map(_finding, database.execute(query, (*values, limit)))))

    def heat(self, since: datetime) -> tuple[HeatCell, ...]:
        """How many findings of each family each profile had on each UTC day since then, newest day first."""
        query = (
            "SELECT family, profile, substr(at, 1, 10) AS day, sum(outcome = 'failed'), sum(outcome = 'warned'),"
            " max(at) FROM findings WHERE family IS NOT NULL AND at >= ? GROUP BY family, profile, day"
            " ORDER BY day DESC, family, profile"
        )
        return self._asked(
            lambda database: tuple(
                HeatCell(FailureFamily(family), *rest) for family, *rest in database.execute(query, (_stamp(since),))
            )
        )

    def trends(self, days: int, today: date) -> tuple[Trend, ...]:
        """How each class goes at each profile and group in the ``days`` UTC days that end today."""
        from gatewaytui.diagnosis.trends import trends  # late: a run is kept without it

        from .historyquestions import answers_seen, days_seen

        rows = self._asked(lambda database: ((days_seen(database), answers_seen(database)),))
        return tuple(trend for seen, answers in rows for trend in trends(seen, answers, days, today))

    def last_good(self, finding: FindingRow) -> GoodRun | None:
        """The newest good run before this finding at its profile and group; None where none is kept."""
        from .historyquestions import last_good

        return next(iter(self._asked(lambda database: last_good(database, finding))), None)

    def evidence(self, run_id: int) -> Evidence | None:
        """The evidence of a past run, ready to be exported again; None where the run is not kept any more."""
        query = "SELECT evidence FROM runs WHERE id = ?"
        rows = self._asked(lambda database: tuple(database.execute(query, (run_id,))))
        try:
            return msgspec.json.decode(rows[0][0], type=Evidence) if rows else None
        except msgspec.DecodeError:
            raise _problem("The evidence of this run was kept by another version and cannot be read.") from None

    def _asked(self, work: Callable[[sqlite3.Connection], tuple[Result, ...]]) -> tuple[Result, ...]:
        """What a question answers; nothing, and no file made, where there is no history yet."""
        return self._with_database(work) if self._path.exists() else ()

    def _with_database(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self.notice = ""
        try:
            try:
                with _opened(self._path) as database:
                    return work(database)
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
            self._set_aside()
            with _opened(self._path) as database:
                return work(database)
        except sqlite3.Error as error:
            raise _problem(f"The history could not be used: {_reason(error)}.") from None
        except OSError as error:
            reason = os.strerror(error.errno).lower() if error.errno else "the system refused"
            raise _problem(f"The history could not be used: {reason}.") from None

    def _set_aside(self) -> None:
        """Move a damaged database away with what belongs to it, unless another process did so just now."""
        with locked(self._path):
            if _sound(self._path):
                return
            aside = aside_name(self._path)
            for suffix in ("-journal", ""):
                with suppress(FileNotFoundError):
                    self._path.with_name(self._path.name + suffix).replace(aside.with_name(aside.name + suffix))
        self.notice = f"The history was damaged: it was set aside as {aside.name} and a new one was begun."


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    private_directory(path.parent)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE))  # SQLite gives its side files the same mode
    # The plain rollback journal, and the write lock taken at once: every wait for another process then goes through
    # SQLite's busy timeout. Turning WAL on, and a read that becomes a write, fail at once instead.
    with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level="IMMEDIATE")) as database:
        database.execute("PRAGMA foreign_keys = ON")
        bring_up_to_date(database)
        yield database


def _sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as database:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        return not _damaged(error)


def _insert(database: sqlite3.Connection, table: str, columns: dict[str, Any]) -> int:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  (names are ours)
    return database.execute(statement, tuple(columns.values())).lastrowid or 0


def _never_offered(database: sqlite3.Connection, evidence: Evidence) -> list[CheckPart]:
    """Endpoints that this gateway does not have and never had: nobody's failure. One that is gone is a failure."""
    absent = [check for check in evidence.checks if is_absent(check)]
    if not absent:
        return []
    from .historyquestions import answered_well  # late: only a run of the matrix asks it

    had = {at: answered_well(database, evidence.targets[at]) for at in {check.target for check in absent}}
    return [check for check in absent if question(check) not in had[check.target]]


def _prune(database: sqlite3.Connection, kept: Settings, newest: int) -> None:
    oldest = _stamp(datetime.now(UTC) - timedelta(days=kept.history_days))
    database.execute("DELETE FROM runs WHERE at < ? OR id <= ?", (oldest, newest - kept.history_runs))


def _where(conditions: tuple[tuple[str, object], ...], last: str = "") -> tuple[str, tuple[object, ...]]:
    """The clause and its values, of the conditions that have a value; ``last`` is a condition whose values follow."""
    asked = [(clause, value) for clause, value in conditions if value is not None]
    clause = " AND ".join(filter(None, (*(clause for clause, _ in asked), last)))
    return f" WHERE {clause}" if clause else "", tuple(value for _, value in asked)


def _of_one_check(wanted: RunFilter) -> tuple[str, tuple[object, ...]]:
    """The condition that one check of a run fits, and its values; "" where nothing is asked of it.

    A check that a person stopped is nobody's failure and has no class in its row: its evidence has.
    """
    place = (("profile = ?", wanted.profile or None), ("grp = ?", wanted.group))
    kind = (("family = ?", wanted.family), ("class = ?", wanted.failure_class))
    found, seen = _where((*place, *kind))
    if not seen:
        return "", ()
    among = f"SELECT run_id FROM findings{found}"  # noqa: S608  (columns are constants)
    stopped = FailureClass.CANCELLED
    named = (wanted.failure_class, wanted.family)
    if any(named) and named[0] in (None, stopped) and named[1] in (None, stopped.family):
        where, asked = _where(place, _STOPPED)
        among += f" UNION SELECT run_id FROM findings{where}"  # noqa: S608  (columns are constants)
        seen += asked
    return f"id IN ({among})", seen


def _finding(row: tuple[Any, ...]) -> FindingRow:
    run_id, target, profile, group, check, outcome, failure_class, family, *rest = row
    return FindingRow(
        run_id,
        target,
        profile,
        group,
        check,
        Outcome(outcome),
        failure_class and FailureClass(failure_class),
        family and FailureFamily(family),
        *rest,
    )


def _stamp(moment: datetime) -> str:
    """UTC as the evidence writes it, so that texts compare as times do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _damaged(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED


def _reason(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _REASONS.get(code, "SQLite refused")


def _problem(sentence: str, next_step: str = "") -> Problem:
    return Problem(FailureClass.STORAGE, sentence, next_step)

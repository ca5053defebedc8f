from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.domain.chat import Usage
from gatewaytui.domain.failure import Confidence, FailureClass, FailureFamily, Finding, Origin
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import AnswerFacts, CheckResult, Outcome, Run, StreamFacts, TargetFacts
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.record import build
from gatewaytui.storage.history import History
from gatewaytui.storage.historyrows import FindingFilter, RunFilter
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.settings import SettingsStore

from .support import read_only_directory

NOW = datetime.now(UTC).replace(microsecond=0)
TKEN = TargetFacts("tken", "", "https://www.tken.shop/v1", AuthHeader.BEARER, Protocol.OPENAI_CHAT, "", "gpt-5.5")
TOKONE = TargetFacts("tokone", "gemini", "https://api.tokone.ai/v1", AuthHeader.X_GOOG_API_KEY, Protocol.GEMINI)


def failed(failure: FailureClass, target: int = 0, name: str = "chat") -> CheckResult:
    finding = Finding(failure, "some.rule", Origin.GATEWAY, Confidence.CERTAIN, "Yours.", "Do this.")
    outcome = Outcome.WARNED if failure.meaning.only_warns else Outcome.FAILED
    return CheckResult(name, outcome, "POST", "/v1/x", 500, 12.5, finding, target=target)


PASSED = CheckResult("models", Outcome.PASSED, "GET", "/v1/models", 200, 30.0)
CHATTED = CheckResult(
    "chat",
    Outcome.PASSED,
    elapsed_ms=70.0,
    answer=AnswerFacts(1, usage=Usage(11, 5)),
    stream=StreamFacts(ttft_ms=21.0),
)


def evidence(*checks: CheckResult, at: datetime = NOW, targets: tuple[TargetFacts, ...] = (TKEN,)) -> Evidence:
    return build(Run("smoke", at, targets, checks or (PASSED, CHATTED)), now=at)


@pytest.fixture
def locations(tmp_path: Path) -> Locations:
    return Locations.below(tmp_path)


@pytest.fixture
def history(locations: Locations) -> History:
    return History(locations)


def test_asking_an_empty_history_makes_no_file(history: History, locations: Locations) -> None:
    assert history.runs() == ()
    assert history.findings() == ()
    assert history.heat(NOW) == ()
    assert history.evidence(1) is None
    assert not locations.state_dir.exists()


def test_a_run_is_kept_with_its_fields(history: History) -> None:
    run_id = history.append(evidence())
    (row,) = history.runs()
    assert row.as_dict() == {
        "id": run_id,
        "at": NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": "smoke",
        "profile": "tken",
        "group": "",
        "targets": 1,
        "base_url": "https://www.tken.shop/v1",
        "protocol": "openai-chat",
        "model": "gpt-5.5",
        "status": "Success",
        "failure_class": None,
        "failure_family": None,
        "input_tokens": 11,
        "output_tokens": 5,
        "ttft_ms": 21.0,
        "elapsed_ms": 100.0,
    }
    assert row.label == "tken"
    json.dumps(row.as_dict())


def test_a_run_of_several_targets_shows_the_one_that_decided_it(history: History) -> None:
    checks = (CHATTED, failed(FailureClass.AUTH, target=1))
    history.append(evidence(*checks, targets=(TKEN, TOKONE)))
    assert history.runs()[0].label == "tokone/gemini +1"
    assert [row.profile for row in history.findings(FindingFilter(with_passed=True))] == ["tken", "tokone"]


def test_runs_come_newest_first_and_by_family_or_profile(history: History) -> None:
    history.append(evidence())
    history.append(evidence(failed(FailureClass.RATE_LIMIT)))
    history.append(evidence(targets=(TOKONE,)))
    assert [row.profile for row in history.runs()] == ["tokone", "tken", "tken"]
    limited = history.runs(RunFilter(family=FailureFamily.RATE_OR_QUOTA))
    assert [row.failure_class for row in limited] == ["rate_limit"]
    assert len(history.runs(RunFilter(profile="tken"))) == 2
    assert len(history.runs(limit=1)) == 1


def test_findings_are_counted_by_family_profile_and_day(history: History) -> None:
    yesterday = NOW - timedelta(days=1)
    history.append(evidence(failed(FailureClass.AUTH), failed(FailureClass.PERMISSION), at=yesterday))
    history.append(evidence(failed(FailureClass.AUTH)))
    history.append(evidence(PASSED, failed(FailureClass.MODEL_MISMATCH), targets=(TOKONE,)))
    cells = {(cell.family, cell.profile, cell.day): (cell.failed, cell.warned) for cell in history.heat(yesterday)}
    day, before = f"{NOW:%Y-%m-%d}", f"{yesterday:%Y-%m-%d}"
    assert cells == {
        (FailureFamily.AUTH_OR_PERMISSION, "tken", day): (1, 0),
        (FailureFamily.AUTH_OR_PERMISSION, "tken", before): (2, 0),
        (FailureFamily.RESPONSE_SHAPE, "tokone", day): (0, 1),
    }
    assert history.heat(NOW + timedelta(seconds=1)) == ()


@pytest.mark.parametrize(
    ("wanted", "classes"),
    [
        (FindingFilter(), ["rate_limit", "auth"]),
        (FindingFilter(profile="tokone"), ["rate_limit"]),
        (FindingFilter(family=FailureFamily.AUTH_OR_PERMISSION), ["auth"]),
        (FindingFilter(failure_class=FailureClass.RATE_LIMIT), ["rate_limit"]),
        (FindingFilter(since=NOW), ["rate_limit"]),
        (FindingFilter(run_id=1), ["auth"]),
        (FindingFilter(profile="'; DROP TABLE runs; --"), []),
        (FindingFilter(with_passed=True), ["rate_limit", None, "auth"]),
    ],
)
def test_findings_are_listed_by_what_is_asked(
    history: History, wanted: FindingFilter, classes: list[str | None]
) -> None:
    history.append(evidence(PASSED, failed(FailureClass.AUTH), at=NOW - timedelta(hours=3)))
    history.append(evidence(failed(FailureClass.RATE_LIMIT), targets=(TOKONE,)))
    assert [row.failure_class for row in history.findings(wanted)] == classes


def test_the_evidence_of_a_run_comes_back_as_it_was(history: History) -> None:
    document = evidence(PASSED, failed(FailureClass.AUTH))
    assert history.evidence(history.append(document)) == document
    assert history.evidence(99) is None


def test_old_runs_and_too_many_are_dropped_as_the_settings_say(history: History, locations: Locations) -> None:
    SettingsStore(locations).change(lambda settings: replace(settings, history_days=10, history_runs=3))
    history.append(evidence(failed(FailureClass.AUTH), at=NOW - timedelta(days=11)))
    assert history.runs() == ()
    for hours in range(5, 0, -1):
        history.append(evidence(failed(FailureClass.DNS), at=NOW - timedelta(hours=hours)))
    assert len(history.runs()) == 3
    assert len(history.findings()) == 3


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_nobody_else_can_read_it(history: History, locations: Locations) -> None:
    before = os.umask(0)
    try:
        history.append(evidence())
        held = sqlite3.connect(locations.history)
        held.execute("SELECT * FROM runs").fetchone()
        for path in locations.state_dir.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
        held.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(locations.state_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_history_is_set_aside_and_a_new_one_begun(
    history: History, locations: Locations, damage: bytes
) -> None:
    locations.state_dir.mkdir()
    locations.history.write_bytes(damage)
    history.append(evidence())
    assert "set aside" in history.notice
    (aside,) = locations.state_dir.glob("history.sqlite3.corrupt-*")
    assert aside.read_bytes() == damage
    assert len(history.runs()) == 1
    assert history.notice == ""


def test_damage_inside_is_found_when_it_is_met(history: History, locations: Locations) -> None:
    for _ in range(30):
        history.append(evidence(PASSED, failed(FailureClass.AUTH)))
    content = bytearray(locations.history.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    locations.history.write_bytes(content)
    assert history.runs() == ()
    assert "set aside" in history.notice


def test_a_newer_history_is_left_alone(history: History, locations: Locations) -> None:
    history.append(evidence())
    with sqlite3.connect(locations.history) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(Problem, match="newer") as trouble:
        history.append(evidence())
    assert trouble.value.failure_class is FailureClass.STORAGE


def test_a_home_that_cannot_be_written_is_a_sentence() -> None:
    with read_only_directory() as place, pytest.raises(Problem, match="could not be used") as trouble:
        History(Locations.below(place)).append(evidence())
    assert trouble.value.failure_class is FailureClass.STORAGE


def test_threads_append_at_once(history: History) -> None:
    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(lambda _: history.append(evidence()), range(12)))
    assert len(set(ids)) == 12
    assert len(history.runs()) == 12


APPENDER = """
import sys
from pathlib import Path
from gatewaytui.storage.history import History
from gatewaytui.storage.locations import Locations
from tests.storage.test_history import evidence
history = History(Locations.below(Path(sys.argv[1])))
for _ in range(5):
    history.append(evidence())
"""


def test_processes_append_at_once(history: History, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    running = [subprocess.Popen([sys.executable, "-c", APPENDER, str(tmp_path)], cwd=root) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert len(history.runs()) == 20


def test_a_finding_keeps_the_sentences_of_its_diagnosis(history: History) -> None:
    check = failed(FailureClass.RATE_LIMIT)
    assert check.finding is not None
    sharper = replace(check, finding=replace(check.finding, next_step="Wait 20 s and try again."))
    history.append(evidence(sharper))
    assert [row.next_step for row in history.findings()] == ["Wait 20 s and try again."]
    assert [row.whose for row in history.findings()] == [check.finding.whose]

"""``history`` as a person and a program use it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.evidence.schema import problems
from gatewaytui.storage.history import History
from gatewaytui.storage.locations import Locations
from tests.storage.test_history import CHATTED, NOW, PASSED, TKEN, TOKONE, evidence, failed

from .conftest import Quick


@pytest.fixture
def kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """Six runs: tken well, ill, well, ill again and moved; tokone with a warning; one of both."""
    monkeypatch.setenv("GATEWAYTUI_HOME", str(home / "gatewaytui"))
    history = History(Locations.find({"GATEWAYTUI_HOME": str(home / "gatewaytui")}))
    for days, check in ((9, CHATTED), (8, failed(FailureClass.RATE_LIMIT)), (2, CHATTED)):
        history.append(evidence(PASSED, check, at=NOW - timedelta(days=days)))
    moved = replace(TKEN, base_url="https://www.tken.shop")
    history.append(evidence(PASSED, failed(FailureClass.RATE_LIMIT), at=NOW - timedelta(days=1), targets=(moved,)))
    history.append(evidence(PASSED, failed(FailureClass.MODEL_MISMATCH), targets=(TOKONE,)))
    history.append(evidence(failed(FailureClass.AUTH), replace(CHATTED, target=1), targets=(TOKONE, TKEN)))
    return history


def listed(quick: Quick, *argv: str) -> list[int]:
    done = quick("history", *argv, "--format", "jsonl")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("argv", "ids"),
    [
        ((), [6, 5, 4, 3, 2, 1]),
        (("--family", "rate_or_quota"), [4, 2]),
        (("--class", "model_mismatch"), [5]),
        (("--profile", "tokone"), [6, 5]),
        (("--profile", "tokone/gemini", "--class", "auth"), [6]),
        (("--profile", "tokone/claude"), []),
        (("--since", "3d"), [6, 5, 4, 3]),
        (("--since", "2001-01-31", "--limit", "2"), [6, 5]),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_runs_are_listed_by_what_is_asked(quick: Quick, kept: History, argv: tuple[str, ...], ids: list[int]) -> None:
    assert listed(quick, *argv) == ids


def test_a_stopped_run_is_listed_by_its_class(quick: Quick, kept: History) -> None:
    stopped = kept.append(evidence(PASSED, failed(FailureClass.CANCELLED)))
    assert (
        listed(quick, "--class", "cancelled")
        == listed(quick, "--class", "cancelled", "--profile", "tken")
        == [stopped]
    )
    assert listed(quick, "--class", "cancelled", "--profile", "tokone") == []
    done = quick("history", "--class", "cancelled")
    assert "Stopped" in done.stdout and "cancelled" in done.stdout


def test_the_table_names_each_run_so_that_it_can_be_asked_for(quick: Quick, kept: History) -> None:
    head, first, *_ = quick("history").stdout.splitlines()
    assert head.split()[:2] == ["run", "at"]
    assert first.split()[0] == "6" and first.endswith("auth")
    assert json.loads(quick("history", "--format", "json").stdout)["runs"][0]["id"] == 6


def test_trends_count_and_say_since_when_and_whether_it_flaps(quick: Quick, kept: History) -> None:
    head, first, *rest = quick("history", "--trends").stdout.splitlines()
    assert head.split()[:3] == ["class", "profile", "count"]
    assert first.split()[:3] == ["rate_limit", "tken", "2"] and first.endswith("yes: 4 changes")
    assert len(rest) == 2
    found = json.loads(
        quick("history", "--trends", "--since", "3d", "--class", "rate_limit", "--format", "json").stdout
    )
    (trend,) = found["trends"]
    assert (trend["count"], trend["trend"], trend["flapping"], trend["outcome_changes"]) == (1, "rising", True, 4)
    assert trend["first_seen"] == (NOW - timedelta(days=8)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert sum(trend["per_day"]) == 1 and found["since"] < found["until"]


def test_nothing_that_failed_is_said_and_not_printed(quick: Quick, kept: History) -> None:
    done = quick("history", "--trends", "--class", "dns")
    assert (done.returncode, done.stdout) == (0, "") and "30 days" in done.stderr


def test_changes_tell_what_was_and_what_is(quick: Quick, kept: History) -> None:
    done = quick("history", "--changes", "4")
    assert "since run 3, the last good one" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["base", "URL", "https://www.tken.shop/v1", "https://www.tken.shop"] in rows
    document = json.loads(quick("history", "--changes", "4", "--format", "json").stdout)
    (found,) = document["findings"]
    assert document["run"]["id"] == 4 and found["last_good"]["run_id"] == 3
    assert {"what": "chat", "was": "passed", "is": "failed: rate_limit"} in found["changes"]


def test_changes_of_a_run_that_was_good_or_has_no_good_one_before_it(quick: Quick, kept: History) -> None:
    assert "found nothing wrong" in quick("history", "--changes", "3").stderr
    assert "No good run of tokone/gemini is kept" in quick("history", "--changes", "5").stdout
    document = json.loads(quick("history", "--changes", "5", "--format", "json").stdout)
    assert document["findings"][0]["last_good"] is None


def test_a_range_is_exported_as_one_document_into_a_file(quick: Quick, kept: History, tmp_path: Path) -> None:
    out = tmp_path / "week.json"
    done = quick("history", "--export", "2..4", "--format", "json", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    document = json.loads(out.read_text(encoding="ascii"))
    assert problems(document) == ()
    outcomes = [check["outcome"] for check in document["checks"]]
    assert outcomes == ["passed", "failed", "passed", "passed", "passed", "failed"]


def test_a_range_can_be_narrowed_and_turned_into_junit(quick: Quick, kept: History) -> None:
    root = ElementTree.fromstring(
        quick("history", "--export", "6..1", "--profile", "tokone", "--format", "junit").stdout
    )
    assert [suite.get("name") for suite in root] == ["tokone/gemini", "tokone/gemini", "tken"]
    assert root.get("failures") == "1"


def test_one_run_is_exported_as_markdown(quick: Quick, kept: History) -> None:
    assert quick("history", "--export", "2").stdout.startswith("# Gateway evidence")


def test_the_gate_stands_before_an_export(
    quick: Quick, kept: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "www.tken.shop")
    done = quick("history", "--export", "1", "--known-env", "SECRET", "--out", str(tmp_path / "x.md"))
    assert (done.returncode, done.stdout) == (24, "") and "leak gate" in done.stderr
    assert not (tmp_path / "x.md").exists()


@pytest.mark.parametrize(
    "argv",
    [
        ("--export", "9..12"),
        ("--export", "x"),
        ("--export", "1", "--format", "text"),
        ("--export", "1", "--trends"),
        ("--changes", "99"),
        ("--format", "junit"),
        ("--since", "tomorrow"),
        ("--since", "2999-01-01"),
        ("--since", "0001-01-01T00:00+23:59"),
        ("--class", "nope"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_a_usage_error(quick: Quick, kept: History, argv: tuple[str, ...]) -> None:
    done = quick("history", *argv)
    assert (done.returncode, done.stdout) == (2, "")
    assert "next: Read gatewaytui history --help" in done.stderr


def test_a_sample_is_junit_too(quick: Quick) -> None:
    root = ElementTree.fromstring(quick("smoke", "--sample", "--format", "junit").stdout)
    assert (root.get("tests"), root.get("failures")) == ("2", "0")

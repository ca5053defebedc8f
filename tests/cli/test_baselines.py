"""A comparison kept, and later ones held against it: what is said, and what a CI job ends with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.answers import chat_answer
from tests.servers.recording import Answer, Asked, Gateway

from .conftest import Done, Quick
from .recorded import Profile, chats, limited, paced

RUNS = ("--runs", "6", "--concurrency", "3")


class Moody:
    """A gateway whose behaviour a test changes between two comparisons."""

    def __init__(self) -> None:
        self.behaviour: Callable[[Asked], Answer | None] = chat_answer

    def __call__(self, asked: Asked) -> Answer | None:
        return self.behaviour(asked)


@pytest.fixture
def moody() -> Moody:
    return Moody()


@pytest.fixture
def kept(quick: Quick, profile: Profile, moody: Moody) -> Gateway:
    """The gateway of the baseline ``main``, quick as it was then."""
    gateway = profile("here", moody)
    done = quick("compare", "here", *RUNS, "--save", "main")
    assert done.returncode == 0 and "Saved as the baseline main." in done.stderr
    return gateway


def again(quick: Quick, *more: str) -> Done:
    return quick("compare", "here", *RUNS, "--baseline", "main", *more)


@pytest.mark.usefixtures("kept")
def test_what_became_slower_ends_a_ci_job_with_23(quick: Quick, moody: Moody) -> None:
    moody.behaviour = paced(0.15)
    done = again(quick)
    assert done.returncode == 23, done.stderr
    lines = [line for line in done.stdout.splitlines() if "worse: here" in line]
    assert {"TTFT ms", "e2e ms"} <= {line.split("  ")[2].strip() for line in lines if line.startswith("✗")}
    assert all(line.endswith("6/6") for line in lines)
    assert "the same as in main" in done.stdout


@pytest.mark.usefixtures("kept")
def test_a_worse_one_does_not_replace_the_baseline_it_is_worse_than(quick: Quick, moody: Moody) -> None:
    moody.behaviour = paced(0.15)
    before = quick("baselines", "show", "main", "--format", "json").stdout
    done = again(quick, "--save", "main")
    assert done.returncode == 23 and "Not saved as main: it is worse" in done.stderr
    assert quick("baselines", "show", "main", "--format", "json").stdout == before
    assert "Saved as the baseline slow." in again(quick, "--save", "slow").stderr


@pytest.mark.usefixtures("kept")
def test_what_a_later_one_replaces_is_said(quick: Quick) -> None:
    done = quick("compare", "here", "--runs", "2", "--save", "main")
    assert re.search(r"Replaced the baseline main, which had 6 runs of 1 target \(2\S+Z\)\.", done.stderr)
    assert "Saved as" not in done.stderr


@pytest.mark.usefixtures("kept")
def test_where_no_table_is_shown_what_changed_is_said(quick: Quick, moody: Moody, tmp_path: Path) -> None:
    moody.behaviour = paced(0.15)
    lines = again(quick, "--format", "jsonl")
    filed = again(quick, "--out", str(tmp_path / "table.txt"))
    for done in (lines, filed):
        assert done.returncode == 23
        (worse,) = (line for line in done.stderr.splitlines() if line.startswith("✗ worse: here against main: "))
        assert re.search(r"TTFT [0-9.,]+ ms instead of [0-9.]+, ", worse) and "e2e " in worse
        assert "the same as in main." in done.stderr
    assert {json.loads(line)["target_label"] for line in lines.stdout.splitlines()} == {"here"}
    assert "worse" not in again(quick).stderr  # the table has it


@pytest.mark.usefixtures("kept")
def test_where_no_table_is_shown_what_cannot_be_held_against_it_is_said(quick: Quick, profile: Profile) -> None:
    profile("there")
    done = quick("compare", "there", "--baseline", "main", "--format", "jsonl")
    assert done.returncode == 21
    assert "there with gpt-5.5 (openai-chat) is not in the baseline." in done.stderr


@pytest.mark.usefixtures("kept")
def test_what_fails_more_often_is_a_regression_too(quick: Quick, moody: Moody) -> None:
    moody.behaviour = limited
    assert again(quick).returncode == 14  # a failure comes before a regression
    assert again(quick, "--fail-on", "regression").returncode == 14  # no answer at all
    seen = 0

    def mostly(asked: Asked) -> Answer:
        nonlocal seen
        seen += 1
        return chat_answer(asked) if seen == 1 else limited(asked)

    moody.behaviour = mostly
    done = again(quick, "--fail-on", "regression")
    assert done.returncode == 23 and re.search(r"worse: here +answered +17% +100% ", done.stdout)


@pytest.mark.usefixtures("kept")
def test_one_failure_is_no_regression_where_it_is_asked_so(quick: Quick, moody: Moody) -> None:
    seen = 0

    def once(asked: Asked) -> Answer:
        nonlocal seen
        seen += 1
        return limited(asked) if seen == 3 else chat_answer(asked)

    moody.behaviour = once
    document = json.loads(again(quick, "--fail-on", "regression", "--format", "json").stdout)
    (answered,) = (each for each in document["comparison"]["changes"] if each["metric"] == "answered")
    assert (answered["verdict"], answered["n_now"], answered["now"]) == ("same", 6, pytest.approx(5 / 6, abs=0.01))
    seen = 0
    assert again(quick).returncode == 14


@pytest.mark.usefixtures("kept")
def test_few_runs_are_no_verdict(quick: Quick, moody: Moody) -> None:
    moody.behaviour = paced(0.15)
    done = quick("compare", "here", "--runs", "2", "--baseline", "main")
    assert done.returncode == 0
    assert "worse" not in done.stdout and "unsure: here" in done.stdout
    assert "too few runs on a side for a verdict" in done.stdout


@pytest.mark.usefixtures("kept")
def test_what_was_made_otherwise_or_is_not_in_both_is_said(quick: Quick, profile: Profile) -> None:
    profile("there")
    done = quick("compare", "there", "--runs", "2", "--warm-up", "1", "--baseline", "main")
    assert done.returncode == 21  # nothing could be held against it
    for sentence in (
        "there with gpt-5.5 (openai-chat) is not in the baseline.",
        "here with gpt-5.5 (openai-chat) is in the baseline only.",
        "Other requests at a time than in the baseline, 1 instead of 3",
        "Other runs to warm up than in the baseline, 1 instead of 0",
    ):
        assert sentence in done.stdout
    both = quick("compare", "here", "there", *RUNS, "--baseline", "main")
    assert both.returncode in (0, 23) and "there with gpt-5.5 (openai-chat) is not in" in both.stdout


def test_a_baseline_that_cannot_be_used_sends_nothing(quick: Quick, kept: Gateway, tmp_path: Path) -> None:
    sent = chats(kept)
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{")
    missing = quick("compare", "here", "--baseline", "nosuch")
    assert missing.returncode == 21 and "There is no baseline nosuch." in missing.stderr
    assert "baselines list" in missing.stderr
    broken = quick("compare", "here", "--baseline", str(damaged))
    assert broken.returncode == 21 and "damaged.json is damaged" in broken.stderr
    for path, said in (
        (tmp_path / "no.json", "There is no file no.json."),
        (tmp_path, "is a directory, not a file."),
    ):
        nothing = quick("compare", "here", "--baseline", str(path))
        assert nothing.returncode == 21 and said in nothing.stderr
        assert "--format json --out FILE" in nothing.stderr
    assert "rm" not in broken.stderr.split() and "config path" not in broken.stderr
    named = quick("compare", "here", "--save", "../up")
    assert named.returncode == 21 and "name" in named.stderr
    assert chats(kept) == sent


def test_nothing_answered_is_no_baseline(quick: Quick, profile: Profile) -> None:
    profile("busy", limited)
    done = quick("compare", "busy", "--runs", "2", "--save", "bad")
    assert done.returncode == 14 and "holds no answer" in done.stderr
    assert quick("baselines", "list").stdout == ""
    assert "rate_limit x2" in done.stdout  # and what was measured is shown all the same


@pytest.mark.usefixtures("kept")
def test_a_file_of_another_machine_does_as_well(quick: Quick, moody: Moody, tmp_path: Path) -> None:
    file = tmp_path / "main.json"
    assert quick("baselines", "show", "main", "--format", "json", "--out", str(file)).returncode == 0
    assert quick("verify", str(file)).returncode == 0
    moody.behaviour = paced(0.15)
    done = quick("compare", "here", *RUNS, "--baseline", str(file), "--format", "json")
    assert done.returncode == 23
    verdicts = {change["metric"]: change["verdict"] for change in json.loads(done.stdout)["comparison"]["changes"]}
    assert (verdicts["ttft_ms"], verdicts["answered"]) == ("worse", "same")


@pytest.mark.usefixtures("kept")
def test_baselines_are_listed_shown_and_removed(quick: Quick) -> None:
    row = quick("baselines", "list").stdout.splitlines()[1].split()
    assert (row[0], row[2:]) == ("main", ["1", "6", "6/6"])
    assert "## Comparison" in quick("baselines", "show", "main").stdout
    assert quick("baselines", "remove", "main").returncode == 0
    assert quick("baselines", "remove", "main").returncode == 21
    assert "No baselines yet" in quick("baselines", "list").stderr

"""``compare`` stopped by a signal: what was measured until then is shown and kept."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest

from tests.engine.answers import chat_answer

from .conftest import Quick
from .recorded import Profile, chats
from .support import started
from .test_compare import rows


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_shows_and_keeps_what_was_measured(
    quick: Quick, profile: Profile, number: signal.Signals, code: int
) -> None:
    good = profile("good")
    profile("silent", lambda _: None)
    with started("compare", "good", "silent", "--runs", "90", "--interval", "0.05", "--save", "half") as process:
        for _ in range(600):
            if chats(good) >= 4:
                break
            time.sleep(0.05)
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == code, err
    answered, of = rows(out)["good"][1].split()[0].split("/")
    assert answered == of and 3 <= int(answered) <= chats(good) < 90
    assert rows(out)["silent"][1] == "0/0"
    assert re.search(r"^\d+ of 180 runs came to an end \(90 each\), ", out, re.MULTILINE)
    assert "Not saved as half" in err and "Traceback" not in err
    assert "compare" in quick("history").stdout
    assert quick("baselines", "list").stdout == ""


def test_interrupted_before_anything_came_it_says_what_was_sent(profile: Profile) -> None:
    silent = profile("silent", lambda _: None)
    with started("compare", "silent", "--runs", "9", "--concurrency", "4") as process:
        for _ in range(600):
            if chats(silent) == 4:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "") and "Interrupted." in err
    assert re.search(r"^No run came to its end: 4 requests, at most [\d,]+ tokens\.$", err, re.MULTILINE)


def test_what_was_under_way_when_it_was_stopped_counts_as_spent(profile: Profile) -> None:
    good = profile("good", lambda asked: chat_answer(asked) if chats(good) <= 3 else None)
    with started("compare", "good", "--runs", "90", "--concurrency", "5") as process:
        for _ in range(600):
            if chats(good) == 8:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert re.search(r"^8 requests, at most [\d,]+ tokens\.$", err, re.MULTILINE), err


def test_interrupted_the_evidence_of_what_was_measured_is_whole(
    profile: Profile, quick: Quick, tmp_path: Path
) -> None:
    good, out = profile("good"), tmp_path / "evidence.json"
    argv = ("compare", "good", "--runs", "90", "--interval", "0.05", "--format", "json", "--out", str(out))
    with started(*argv) as process:
        for _ in range(600):
            if chats(good) >= 4:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
    assert quick("verify", str(out)).returncode == 0
    document = json.loads(out.read_text())
    measured = sum(check["outcome"] == "passed" for check in document["checks"])
    assert 3 <= measured == document["comparison"]["columns"][0]["answered"] < document["comparison"]["planned"] == 90


def test_interrupted_after_one_run_it_does_not_ask_for_more(profile: Profile) -> None:
    gateway = profile("one", lambda asked: chat_answer(asked) if chats(gateway) < 2 else None)
    with started("compare", "one", "--runs", "20") as process:
        for _ in range(600):
            if chats(gateway) >= 2:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "1 of 20 runs came to an end. Times in ms" in out and "No more than one run came to an end" in out
    assert "runs each" not in out and "Give more runs" not in out

"""Whatever is typed wrong: one clear sentence, the next step, the exit code, no traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.conftest import Cli

from .conftest import Quick

CASES = {
    "no target": (("smoke",), 2, "--base-url"),
    "no such command": (("smok",), 2, "smoke"),
    "no such flag": (("smoke", "--nope"), 2, "--nope"),
    "unknown profile": (("smoke", "nobody"), 21, "nobody"),
    "not a URL": (("smoke", "--base-url", "gateway"), 21, "https://"),
    "user info in the URL": (("smoke", "--base-url", "https://a:b@gateway.example/v1"), 21, "user"),
    "a pasted endpoint": (
        ("smoke", "--base-url", "https://g.example/v1/chat/completions"),
        21,
        "https://g.example/v1",
    ),
    "a missing file": (("explain", "nowhere.har"), 21, "nowhere.har"),
    "a missing evidence file": (("verify", "nowhere.json"), 21, "nowhere.json"),
    "an unknown preset": (("profiles", "add", "x", "--preset", "nope"), 21, "tken"),
    "an unknown persona": (("demo", "--headless", "--persona", "nope"), 21, "healthy"),
    "a pipe instead of a terminal": ((), 2, "headless"),
    "a diff of one": (("models", "--diff", "a"), 21, "a"),
    "a key as a variable": (("smoke", "--api-key-env", "sk-abcdefgh12345678abcdefgh12345678"), 2, "variable"),
    "an evidence file that is a folder": (("verify", "/"), 21, "directory"),
    "a format that is not there": (("models", "x", "--format", "xml"), 2, "jsonl"),
    "a port out of range": (("demo", "--port", "99999"), 2, "65535"),
    "a history of nothing": (("history", "--limit", "0"), 2, "--limit"),
    "a shell without completion": (("completion", "tcsh"), 2, "bash"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gets_a_sentence_a_next_step_and_its_exit_code(quick: Quick, name: str) -> None:
    argv, code, hint = CASES[name]
    done = quick(*argv)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert hint in done.stderr
    first, second, *_ = done.stderr.splitlines()
    assert first.startswith("gatewaytui: ") and second.startswith("  next: ")


def test_a_closed_port_is_said_as_such(cli: Cli) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    done = cli("smoke", "--base-url", f"http://127.0.0.1:{port}/v1", "--model", "m")
    assert (done.returncode, "connection_refused" in done.stdout) == (20, True)


def test_a_corrupt_profile_file_is_set_aside_and_said(cli: Cli) -> None:
    place = Path(cli("config", "path").stdout.splitlines()[0].split("\t")[1])
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("this is = = not TOML [", encoding="utf-8")
    done = cli("profiles", "list")
    assert "Traceback" not in done.stderr
    assert "profiles.toml" in done.stderr
    assert any("corrupt" in path.name for path in place.parent.iterdir())


def test_a_missing_keyring_names_the_alternatives(cli: Cli) -> None:
    assert cli("profiles", "add", "tken").returncode == 0
    done = cli("profiles", "set-key", "tken", stdin="sk-canary-0123456789abcdefghij\n")
    assert (done.returncode, "env:" in done.stderr, "canary" in done.stderr) == (21, True, False)
    run = cli("smoke", "tken", "--json")
    assert (run.returncode, '"keystore"' in run.stdout) == (21, True)


def test_a_failed_write_loses_nothing_and_says_so(cli: Cli, tmp_path: Path) -> None:
    done = cli("smoke", "--sample", "--out", str(tmp_path / "no" / "such" / "folder.md"))
    assert (done.returncode, "folder.md" in done.stderr) == (21, True)


def test_a_missing_key_variable_is_named_and_is_evidence_too(cli: Cli) -> None:
    done = cli("smoke", "--base-url", "http://127.0.0.1:9/v1", "--api-key-env", "NOT_SET")
    assert (done.returncode, "NOT_SET" in done.stderr, "keystore" in done.stdout) == (21, True, True)

"""The group itself: help, misspellings, how a run ends by a signal."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from gatewaytui.cli.root import COMMANDS, root
from gatewaytui.demo.launch import Gateways
from tests.conftest import Cli

from .support import persona, started

GROUPS = {
    "profiles": ("list", "presets", "add", "edit", "show", "remove", "set-key", "import"),
    "config": ("path",),
}
PAGES = [(), *((name,) for name in COMMANDS), *((group, name) for group, names in GROUPS.items() for name in names)]
ENDINGS = ((signal.SIGINT, 130, "Interrupted."), (signal.SIGTERM, 143, "SIGTERM"))


@pytest.mark.parametrize("argv", PAGES, ids=" ".join)
def test_every_help_page_has_an_example_and_explains_each_option(argv: tuple[str, ...]) -> None:
    done = CliRunner().invoke(root, [*argv, "--help"], prog_name="gatewaytui")
    assert (done.exit_code, "Example" in done.stdout) == (0, True)
    lines = done.stdout.splitlines()
    for here, after in zip(lines, [*lines[1:], ""], strict=True):
        if here.startswith("  --"):
            assert "  " in here.strip() or after.startswith("      "), f"{here!r} says nothing"
        assert here == here.rstrip()


def test_short_help_is_help(cli: Cli) -> None:
    assert cli("smoke", "-h").stdout == cli("smoke", "--help").stdout


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_alone_shows_its_commands_as_a_usage_error(cli: Cli, group: str) -> None:
    done = cli(group)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(name in done.stderr for name in GROUPS[group])


@pytest.mark.parametrize(("number", "code", "said"), ENDINGS, ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("command", ["smoke", "chat"])
def test_a_signal_in_a_stalled_request_ends_it_at_once(
    gateways: Gateways, command: str, number: signal.Signals, code: int, said: str
) -> None:
    url, key = persona(gateways, "stalls")
    words = ("hello",) if command == "chat" else ()
    with started(command, "--base-url", url, "--api-key-env", "K", "--model", "gpt-5.5", *words, K=key) as process:
        assert process.stdout is not None and process.stderr is not None
        (process.stdout if command == "chat" else process.stderr).read(5)  # the list came, or the first words did
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, said in err, "Traceback" in err) == (code, True, False)


def test_an_interrupted_chat_says_what_was_measured_and_is_kept(cli: Cli, gateways: Gateways) -> None:
    url, key = persona(gateways, "stalls")
    at = ("--base-url", url, "--api-key-env", "K", "--model", "gpt-5.5")
    with started("chat", *at, "hello", K=key) as process:
        assert process.stdout is not None
        first = process.stdout.read(5)
        process.send_signal(signal.SIGINT)
        rest, err = process.communicate(timeout=20)
    assert (process.returncode, len(first), rest[-1:]) == (130, 5, "\n")
    assert "Interrupted." in err and "TTFT" in err and "end cancelled" in err
    (row,) = map(json.loads, cli("history", "--format", "jsonl").stdout.splitlines())
    assert (row["status"], row["failure_class"]) == ("Stopped", "cancelled")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_tour_takes_its_gateways_along(number: signal.Signals, code: int) -> None:
    with started("demo", "--persona", "stalls") as process:
        child = _child_of(process.pid)
        process.send_signal(number)
        process.communicate(timeout=20)
    assert process.returncode == code
    assert _gone(child)


def _child_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if not children.exists():
        pytest.skip("this system does not list a process's children")
    for _ in range(200):
        if found := children.read_text(encoding="ascii").split():
            return int(found[0])
        time.sleep(0.05)
    raise AssertionError("the gateways never started")


def _gone(pid: int) -> bool:
    """True once the process ended; a parent that died before it may leave it as a zombie."""
    status = Path(f"/proc/{pid}/status")
    for _ in range(100):
        try:
            if "\nState:\tZ" in status.read_text(encoding="utf-8"):
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_crash_of_its_own_is_a_sentence(cli: Cli, home: Path) -> None:
    saboteur = home / "sitecustomize.py"
    saboteur.write_text(
        "import gatewaytui.cli.sample as sample\n"
        "def broken(skip): raise RuntimeError('sk-in-the-exception')\n"
        "sample.sample_run = broken\n",
        encoding="utf-8",
    )
    done = cli("smoke", "--sample", PYTHONPATH=str(home))
    assert (done.returncode, done.stdout) == (70, "")
    assert "RuntimeError" in done.stderr
    assert "sk-in-the-exception" not in done.stderr and "Traceback" not in done.stderr


def test_served_gateways_are_one_object_a_line(gateways: Gateways) -> None:
    with started("demo", "--headless", "--persona", "no-credit") as process:
        assert process.stdout is not None
        served = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert (served["persona"], served["shows"], process.returncode) == ("no-credit", "billing_quota", 0)

"""However the console ends, the terminal is as it was and nothing of it runs on."""

from __future__ import annotations

import os
import signal
import sys
import time

import pytest

from .desk import Desk
from .terminal import DEFAULT_MODES, Terminal, terminal

pytestmark = pytest.mark.pty

BROKEN = """
from gatewaytui.tui.panes.failures import FailuresPane
def broken(self):
    password = "canary-" + "in-a-variable"
    raise RuntimeError("canary-in-the-message " + password)
FailuresPane.action_window = broken
from gatewaytui.__main__ import main
main()
"""


def opened(window: Terminal) -> None:
    """Wait for the console with both its processes, the gateways and the engine; it has changed the terminal."""
    window.wait_for("tokmodel", "^p commands")
    window.until(lambda: len(window.companions) == 2, "the engine never started")
    assert window.modes[1049] and not window.modes[25] and not window.attributes_kept


def restored(window: Terminal) -> None:
    """The terminal is as it was before: screen, cursor, mouse, paste, keyboard, line discipline."""
    assert {number: on for number, on in window.modes.items() if on != DEFAULT_MODES.get(number, False)} == {}
    assert window.keyboard_depth == 0
    assert window.attributes_kept


def alone(window: Terminal) -> None:
    """None of its processes is left."""
    window.until(lambda: not window.companions, "processes were left behind")


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
    ids=["term", "hup", "int"],
)
def test_a_signal_ends_it_with_the_terminal_restored(number: signal.Signals, code: int) -> None:
    with terminal("demo") as window:
        opened(window)
        window.send_signal(number)
        assert window.wait() == code
        restored(window)
        alone(window)
        assert b"Traceback" not in window.written


@pytest.mark.parametrize("later_s", [0.0, 0.02, 0.04, 0.07, 0.1, 0.15])
def test_a_signal_in_the_middle_of_the_start_is_no_error_of_its_own(later_s: float) -> None:
    with terminal() as window:
        window.until(lambda: bool(window.written), "it never began")
        time.sleep(later_s)  # where in its start it is met
        window.send_signal(signal.SIGTERM)
        assert window.wait() == 143
        restored(window)
        alone(window)
        assert b"unexpected error" not in window.written and b"Traceback" not in window.written


def test_the_key_ends_it_in_mid_stream_with_the_terminal_restored(desk: Desk) -> None:
    desk.add_gateways("slow")
    before = desk.answers("slow")
    with desk.console("slow", "chat") as window:
        window.wait_for("› a prompt", "F1 help")
        window.type("Tell me of rivers\r")
        window.wait_for("Esc stops")
        window.until(lambda: desk.answers("slow")["started"] > before["started"], "it was never asked")
        window.type("\x11")
        assert window.wait() == 0
        restored(window)
        alone(window)
        window.until(lambda: desk.answers("slow")["aborted"] > before["aborted"], "the socket stayed open")


def test_a_closed_window_or_a_killed_console_leaves_no_process_behind() -> None:
    for end, code in ((Terminal.hang_up, 129), (_kill, 137)):
        with terminal("demo") as window:
            opened(window)
            end(window)
            assert window.wait() == code
            alone(window)


def _kill(window: Terminal) -> None:
    os.kill(window.pid, signal.SIGKILL)


def test_suspended_it_gives_the_terminal_back_and_resumes_where_it_was() -> None:
    with terminal("demo") as window:
        opened(window)
        window.send_signal(signal.SIGTSTP)
        window.until(lambda: window.stopped, "it was not suspended")
        window.settle()
        restored(window)
        window.send_signal(signal.SIGCONT)
        window.until(lambda: window.modes[1049], "it did not resume")
        window.type("6")
        window.wait_for("Nothing has failed yet")
        window.type("\x11")
        assert window.wait() == 0
        restored(window)


def test_an_unexpected_error_ends_in_a_sentence_without_a_traceback() -> None:
    with terminal("demo", program=(sys.executable, "-c", BROKEN)) as window:
        opened(window)
        window.type("6")
        window.wait_for("Nothing has failed yet")
        window.type("w")
        assert window.wait() == 70
        restored(window)
        alone(window)
        assert b"unexpected error" in window.written
        for secret in (b"canary", b"Traceback", b"RuntimeError", b"password"):
            assert secret not in window.written

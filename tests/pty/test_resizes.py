"""Windows dragged about and shrunk to nothing: the console lays itself out again and stands."""

from __future__ import annotations

import random
import signal

import pytest

from .terminal import Terminal, terminal

pytestmark = pytest.mark.pty
RESIZES = 500
_ODD = ((1, 1), (1, 200), (500, 1), (2, 2), (80, 24), (79, 23), (300, 100))


def whole(window: Terminal, columns: int) -> bool:
    """The rule under the tabs reaches from margin to margin, and everything stands once."""
    once = all(window.text.count(words) == 1 for words in ("1 Profiles", "^p commands"))
    return once and len(window.lines[3]) == columns - 2 and "too small" not in window.text


def test_five_hundred_resizes_leave_a_whole_screen() -> None:
    dice = random.Random(20_260_131)
    with terminal("demo") as window:
        window.wait_for("tokmodel", "^p commands")
        for number in range(RESIZES):
            columns, rows = (
                _ODD[number % 8] if number % 8 < len(_ODD) else (dice.randint(1, 250), dice.randint(1, 80))
            )
            window.resize(columns, rows)
            if number % 10 == 0:
                window.type("1235"[number // 10 % 4])  # not 4: the Chat pane takes what follows for a prompt
            window.look(0)
        for columns, rows in ((120, 36), (100, 30)):
            window.resize(columns, rows)
            window.until(lambda wide=columns: whole(window, wide), f"it was not laid out for {columns} x {rows}")
        window.type("6")
        window.wait_for("Nothing has failed yet")
        window.type("\x11")
        assert window.wait() == 0
        assert b"Traceback" not in window.written


def test_a_terminal_of_one_cell_opens_grows_and_ends() -> None:
    with terminal("demo", columns=1, rows=1) as window:
        window.until(lambda: window.modes.get(1049), "it never came up")
        window.resize(120, 36)
        window.wait_for("tokmodel", "^p commands")
        window.resize(1, 1)
        window.settle()
        window.type("\x11")
        assert window.wait() == 0


def test_a_terminal_of_one_cell_is_given_back_on_a_signal() -> None:
    with terminal("demo", columns=1, rows=1) as window:
        window.until(lambda: window.modes.get(1049) and len(window.companions) == 2, "it never came up")
        window.send_signal(signal.SIGTERM)
        assert window.wait() == 143
        assert window.attributes_kept

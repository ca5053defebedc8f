"""What stands on the screen first, at the sizes people have."""

from __future__ import annotations

import pytest

from .terminal import Terminal, terminal

pytestmark = pytest.mark.pty
SIZES = pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 36)])


def fits(window: Terminal, columns: int) -> bool:
    """The rule under the tabs reaches from margin to margin, and the keys are in the last lines."""
    return len(window.lines[3]) == columns - 2 and "^p commands" in "\n".join(window.lines[-2:])


@SIZES
def test_the_demo_opens_on_its_gateways(columns: int, rows: int) -> None:
    with terminal("demo", columns=columns, rows=rows) as window:
        window.wait_for("gatewaytui demo", "1 Profiles", "6 Failures", "tokmodel", "no-credit", "^p commands")
        window.settle()
        assert fits(window, columns), window.text
        assert window.text.count("1 Profiles") == 1
        assert "passed" not in window.text
        window.type("\x11")
        assert window.wait() == 0


@SIZES
def test_without_a_profile_the_walkthrough_opens_and_the_empty_panes_say_what_to_press(
    columns: int, rows: int
) -> None:
    with terminal(columns=columns, rows=rows) as window:
        window.wait_for("Step 1 of 5", "base URL", "Enter go on")
        window.type("\x1b")
        window.wait_for("No profiles yet", "the walkthrough", "gatewaytui demo")
        window.settle()
        assert fits(window, columns), window.text
        for key, words in (
            ("3", "No target yet"),
            ("6", "Nothing has failed yet"),
            ("5", "Compare needs two targets"),
        ):
            window.type(key)
            window.wait_for(words)
        window.type("\x11")
        assert window.wait() == 0


def test_a_window_too_small_is_told_so_and_works_once_it_is_large_enough() -> None:
    with terminal("demo", columns=60, rows=15) as window:
        window.wait_for("too small", "60 x 15", "80 x 24")
        window.resize(80, 24)
        window.wait_for("1 Profiles", "tokmodel", "^p commands")
        window.resize(79, 24)
        window.wait_for("too small", "79 x 24")
        window.type("\x11")
        assert window.wait() == 0

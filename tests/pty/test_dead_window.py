"""A window that is closed while the console paints hard: it ends all the same, and takes its processes along."""

from __future__ import annotations

from .terminal import terminal


def test_a_window_closed_while_everything_paints_leaves_nothing_behind() -> None:
    for _ in range(3):
        with terminal("demo", columns=200, rows=60) as window:
            window.wait_for("last verdict")
            window.type("5")
            window.wait_for("targets")
            window.type("r")
            window.wait_for("tok/s")
            window.hang_up()
            assert window.wait() == 129

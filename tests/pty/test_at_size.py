"""At size on real sockets: four columns at 200 tokens a second each, and an engine that dies in mid-stream."""

from __future__ import annotations

import os

import pytest

from gatewaytui.storage.history import History
from gatewaytui.storage.locations import Locations
from tests.benchmarks.stream_server import MODEL, base_url, streaming

from .desk import Desk
from .terminal import Terminal
from .test_streaming import asked, left_column, stream

pytestmark = pytest.mark.pty
COLUMNS, GAP_US, TOKENS = 4, 5_000, 600
WITHOUT_END = 100_000
KEY = "sk-at-size-0123456789abcdef"


def columns(desk: Desk, origin: str, tokens: int) -> list[str]:
    """Profiles of so many columns, each to stream so many tokens, 200 a second."""
    names = [f"fast-{number}" for number in range(COLUMNS)]
    for name in names:
        desk.add(name, base_url(origin, tokens, GAP_US), KEY, MODEL)
    return names


def whole(window: Terminal, names: list[str]) -> list[str]:
    """The rows of the table that say that all came."""
    rows = [line for line in window.lines if line.split()[:1] and line.split()[0] in names]
    return [row for row in rows if "✓ passed" in row and f" {TOKENS} " in row]


def test_four_columns_of_200_tokens_a_second_arrive_whole(desk: Desk) -> None:
    history = History(Locations.find(os.environ))
    with streaming() as origin:
        names = columns(desk, origin, TOKENS)
        with desk.console(names[0], "compare", columns=160, rows=48) as window:
            window.wait_for("4 targets")
            window.type("r")
            window.wait_for("0 of 4 targets done")
            window.wait_until_gone("targets done")
            window.until(lambda: len(whole(window, names)) == COLUMNS, "not every column is told as whole")
            window.until(history.runs, "the run was not kept")
            window.type("\x11")
            assert window.wait() == 0
    (kept,) = history.runs()
    evidence = history.evidence(kept.id)
    assert evidence is not None
    assert [check.chunk_count for check in evidence.checks if check.chunk_count] == [TOKENS] * COLUMNS


def test_the_keyboard_answers_while_four_columns_stream(desk: Desk) -> None:
    with streaming() as origin:
        names = columns(desk, origin, WITHOUT_END)
        with desk.console(names[0], "compare", columns=160, rows=48) as window:
            window.wait_for("4 targets")
            window.type("r")
            window.wait_for("token with", "0 of 4 targets done")
            window.type("\x0f")
            window.wait_for("Go to")
            window.type("5")
            window.wait_until_gone("Go to")
            window.type("p")
            window.wait_for("F1 help")
            window.type("typed at once")
            window.wait_for("typed at once", "0 of 4 targets done")
            window.type("\x1b")
            window.wait_until_gone("targets done")
            window.until(lambda: window.text.count("stopped by you") >= COLUMNS, "a column was not stopped")
            window.type("\x11")
            assert window.wait() == 0


def test_an_engine_killed_in_mid_stream_is_said_and_replaced_and_what_had_arrived_stays(desk: Desk) -> None:
    desk.add_gateways("slow")
    with desk.console("slow", "chat") as window:
        asked(window)
        arrived = [line for line in left_column(window)[9:20] if line.strip()]
        window.kill_companion("gatewaytui.engine.child")
        window.wait_for("The engine's process ended unexpectedly.", "Run it again")
        kept = left_column(window)
        assert arrived and all(any(line.startswith(part) for line in kept) for part in arrived), window.text
        window.wait_until_gone("Esc stops")
        window.wait_for("ended on this machine")
        window.type("once more\r")
        window.wait_for("once more", "Esc stops")
        window.until(lambda: stream(window)[1] > 5, "the next request brought nothing")
        assert any("gatewaytui.engine.child" in companion for companion in window.companions)
        assert "The engine's process ended unexpectedly." in window.text
        window.type("\x11")
        assert window.wait() == 0

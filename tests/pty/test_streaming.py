"""Answers that stream: side by side, stopped, typed into, resized."""

from __future__ import annotations

import re
from functools import partial

import pytest

from .desk import Desk
from .terminal import Terminal

pytestmark = pytest.mark.pty
PROMPT = "Tell me of rivers"
_EVENTS = re.compile(r"stream +(open|complete|stopped by you) · (\d+) events")


def stream(window: Terminal) -> tuple[str, int]:
    """How the stream stands and how many events of it are on the screen."""
    found = _EVENTS.search(window.text)
    return (found[1], int(found[2])) if found else ("", 0)


def flowing(window: Terminal, beyond: int) -> int:
    """Wait until it streams with more events than these on the screen; how many there are."""
    window.until(lambda: stream(window)[0] == "open" and stream(window)[1] > beyond, "no more events came")
    return stream(window)[1]


def left_column(window: Terminal) -> list[str]:
    """The conversation, which stands beside the figures."""
    edge = next(line.index("TTFT") for line in window.lines if "TTFT" in line)
    return [line[:edge].rstrip(" ▐") for line in window.lines]


def asked(window: Terminal) -> int:
    """Ask; wait until the answer streams and something of it can be read."""
    window.wait_for("› a prompt", "F1 help")
    window.type(PROMPT + "\r")
    window.wait_for("Esc stops")
    return flowing(window, 5)


def row_of(window: Terminal, target: str) -> str:
    """The target's row of the table at the foot; "" where there is none."""
    return next((line for line in window.lines[-12:] if line.split()[:1] == [target]), "")


def test_a_column_that_stalls_never_holds_up_the_others(desk: Desk) -> None:
    desk.add_gateways("healthy", "stalls", "tken")
    before = desk.answers("stalls")
    with desk.console("healthy", "compare") as window:
        window.wait_for("3 targets")
        window.type("r")
        window.wait_for("2 of 3 targets done")
        verdicts = {"healthy": "passed", "tken": "passed", "stalls": "silent"}
        window.until(
            lambda: all(verdict in row_of(window, target) for target, verdict in verdicts.items()),
            "the table never said how each stands",
        )
        window.type("\x1b")
        window.wait_for("stopped by you")
        window.until(
            lambda: desk.answers("stalls")["aborted"] == before["aborted"] + 1, "the stalled socket stayed open"
        )
        window.type("\x11")
        assert window.wait() == 0


def test_esc_in_mid_stream_keeps_what_arrived_and_closes_the_socket(desk: Desk) -> None:
    desk.add_gateways("slow")
    before = desk.answers("slow")
    with desk.console("slow", "chat") as window:
        asked(window)
        arrived = [line for line in left_column(window)[9:20] if line.strip()]
        window.type("\x1b")
        window.wait_for("stopped by you after")
        window.until(lambda: desk.answers("slow")["aborted"] == before["aborted"] + 1, "the socket stayed open")
        window.settle()
        kept = left_column(window)
        assert arrived and all(any(line.startswith(part) for line in kept) for part in arrived), window.text
        assert stream(window)[0] == "stopped by you"
        assert "Esc stops" not in window.text
        now = desk.answers("slow")
        assert (now["started"], now["finished"]) == (before["started"] + 1, before["finished"])
        window.type("\x11")
        assert window.wait() == 0


def test_keys_typed_while_an_answer_streams_are_not_lost(desk: Desk) -> None:
    desk.add_gateways("slow")
    typed = "the next question, written at once: 0123456789 äöü 汉字"
    with desk.console("slow", "chat") as window:
        asked(window)
        window.type(typed)
        window.wait_for(f"› {typed}")
        window.type("\x0f")
        window.wait_for("Go to")
        window.type("3")
        window.wait_for("models ·", "text-embedding-3-small")
        window.type("4")
        window.wait_for(f"› {typed}")
        flowing(window, stream(window)[1])
        window.type("\x11")
        assert window.wait() == 0


def test_what_streams_while_another_pane_is_in_front_is_laid_out_like_the_rest(desk: Desk) -> None:
    desk.add_gateways("slow")
    with desk.console("slow", "chat") as window:
        before = asked(window)
        window.type("\x0f")
        window.wait_for("Go to")
        window.type("3")
        window.wait_for("models ·", "text-embedding-3-small")
        window.type("4")
        window.wait_for("Esc stops", "TTFT")
        flowing(window, before + 5)
        window.type("\x1b")
        window.wait_for("stopped by you after")
        window.settle()
        answer = [line.strip() for line in left_column(window)[8:] if line.strip()]
        told = [line for line in answer if not line.startswith(("· stopped", "openai-chat", "›", "Enter"))]
        assert len(told) < 8 and len(max(told, key=len)) > 30, window.text


def laid_out(window: Terminal, columns: int) -> bool:
    """Everything stands once, the tabs and the figures reach the right margin, the keys are at the foot."""
    once = ("1 Profiles", "TTFAT", "› a prompt", "Esc stops", "^p commands", PROMPT)
    margin = len(window.lines[3]) == columns - 2 and columns - 4 <= max(map(len, window.lines)) < columns
    return margin and all(window.text.count(words) == 1 for words in once) and "^p commands" in window.text[-200:]


def test_a_resize_in_mid_stream_lays_out_anew_and_streams_on(desk: Desk) -> None:
    desk.add_gateways("slow")
    with desk.console("slow", "chat") as window:
        events = asked(window)
        for columns, rows in ((80, 24), (200, 50), (120, 36)):
            window.resize(columns, rows)
            window.until(partial(laid_out, window, columns), f"it was not laid out for {columns} x {rows}")
            events = flowing(window, events)
        window.until(partial(laid_out, window, columns), "what stood did not stay")
        window.type("\x11")
        assert window.wait() == 0

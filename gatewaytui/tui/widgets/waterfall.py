"""Where the time of a request went: one bar a phase, each beginning where the one before ended."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from .figures import nanoseconds, padded
from .ink import Ink, Line

LABEL_WIDTH = 12
FIGURE_WIDTH = 10
_HALVES = 2


class Bar(msgspec.Struct, frozen=True):
    """A phase from ``start_ns`` to ``end_ns`` after the request began; ``open`` while it lasts."""

    label: str
    start_ns: int
    end_ns: int
    ink: Ink = Ink.MUTED
    open: bool = False


def waterfall(bars: Sequence[Bar], width: int) -> tuple[Line, ...]:
    """A line a bar: label, bar at a resolution of half a cell, duration aligned right."""
    span = max((bar.end_ns for bar in bars), default=0)
    room = max(width - LABEL_WIDTH - FIGURE_WIDTH, 1)
    return tuple(_line(bar, span, room) for bar in bars)


def _line(bar: Bar, span: int, room: int) -> Line:
    drawn = _drawn(bar.start_ns, bar.end_ns, span, room)
    figure = padded(nanoseconds(bar.end_ns - bar.start_ns), FIGURE_WIDTH, right=True)
    return (
        (padded(bar.label, LABEL_WIDTH), Ink.MUTED),
        (padded(drawn, room), bar.ink),
        (figure, Ink.MUTED if bar.open else Ink.PLAIN),
    )


def _drawn(start_ns: int, end_ns: int, span: int, room: int) -> str:
    """Blanks and blocks; even the shortest phase shows a sliver."""
    halves = room * _HALVES
    start = min(start_ns * halves // span, halves - 1) if span else 0
    end = end_ns * halves // span if span else 0
    if end <= start:
        return " " * (start // _HALVES) + ("▐" if start % _HALVES else "▏")
    lead, tail = start % _HALVES, end % _HALVES
    whole = (end - tail - start - lead) // _HALVES
    return " " * (start // _HALVES) + "▐" * lead + "█" * whole + "▌" * tail

"""How a class goes at a profile, in the words and signs of the Failures pane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from types import MappingProxyType

from gatewaytui.diagnosis.trends import ANSWERS_LOOKED_AT, Course, Trend, course
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.sparkline import sparkline

WEEK = 7
_WIDEST = 30
_WORDS: Mapping[Course, tuple[str, Ink]] = MappingProxyType(
    {
        Course.NEW: ("▲ new", Ink.FAILED),
        Course.RISING: ("▲ rising", Ink.FAILED),
        Course.STEADY: ("steady", Ink.MUTED),
        Course.FALLING: ("▼ falling", Ink.PASSED),
        Course.GONE: ("gone", Ink.PASSED),
    }
)
_FLAPS = ("~ flaps", Ink.WARNED)


def trend_of(counts: Sequence[int]) -> tuple[str, Ink]:
    """The course over the columns as sign and word: what is new, gone, rising or falling."""
    return _WORDS[course(counts)]


def course_words(trend: Trend) -> str:
    """The sign and the word of a trend's course."""
    return _WORDS[trend.course][0]


def trend_cell(trend: Trend | None) -> Cell:
    """The trend as a word for the list: flapping, else the course."""
    if trend is None:
        return ("", Ink.MUTED)
    return _FLAPS if trend.flapping else _WORDS[trend.course]


def trend_words(trend: Trend, zone: tzinfo | None, today: date, short: bool) -> str:
    """The days as a line, how often, how it goes, whether it flaps, first and last seen: one line of the detail."""
    first, last = (local_time(at, zone, today) for at in (trend.first_at, trend.last_at))
    words = [f"{figures.grouped(trend.count)} in {len(trend.per_day)} days", course_words(trend)]
    words += [_FLAPS[0]] if trend.flapping else []
    seen = [f"{first} to {last}"] if short else [f"first {first}", f"last {last}"]
    words += seen if trend.first_at != trend.last_at else [f"only {last}"]
    return f"{sparkline(trend.per_day, WEEK)} " + " · ".join(words)


def trend_facts(trend: Trend, zone: tzinfo | None) -> tuple[tuple[str, str], ...]:
    """The same in full, for the finding's own page: label and text."""
    first, last = full_time(trend.first_at, zone), full_time(trend.last_at, zone)
    often = f"{figures.plural(trend.count, 'time')} in {len(trend.per_day)} days · first {first} · last {last}"
    changes = f"{figures.plural(trend.changes, 'change')} in the last {ANSWERS_LOOKED_AT} answers"
    flapping = f"{_FLAPS[0] if trend.flapping else 'no flapping'}: {changes}"
    drawn = sparkline(trend.per_day, min(len(trend.per_day), _WIDEST))
    return (("how often", often), ("trend", f"{drawn} {course_words(trend)} · {flapping}"))


def local_time(at: str, zone: tzinfo | None, today: date) -> str:
    """``10:41:37`` today, ``Fri 22:30`` this week, ``2026-01-31`` before; in the zone given, or the machine's."""
    moment = moment_of(at, zone)
    age = (today - moment.date()).days
    if age <= 0:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%a %H:%M") if age < WEEK else moment.date().isoformat()


def full_time(at: str, zone: tzinfo | None) -> str:
    """``2026-01-31 10:41:37``, in the zone given, or the machine's."""
    return moment_of(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def moment_of(at: str, zone: tzinfo | None) -> datetime:
    """A time as the evidence writes it, in the zone given, or the machine's."""
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(zone)

"""The failures as counts and as a list: pure functions from the history's rows to lines of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec

from gatewaytui.diagnosis.trends import Place, Trend
from gatewaytui.domain.failure import FailureFamily
from gatewaytui.domain.outcome import Outcome
from gatewaytui.storage.historyrows import FindingRow, HeatCell
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, aligned, head, widths
from gatewaytui.tui.widgets.heat_table import HeatRow, heat_table
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.passages import Passage

from .failures_trend import WEEK, local_time, trend_cell, trend_of, trend_words

WINDOWS = (7, 30, 90)


class History(msgspec.Struct, frozen=True):
    """What was read: counts and findings of the last ``days`` days, newest first. ``today`` is the UTC day."""

    days: int
    today: date
    cells: tuple[HeatCell, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    trends: tuple[Trend, ...] = ()

    @property
    def by_place(self) -> Mapping[Place | None, Trend]:
        """The trends under their places; none under None, the place of a check that passed."""
        return {trend.place: trend for trend in self.trends}

    @property
    def since(self) -> datetime:
        """The start of the first day."""
        return start_of(self.days, self.today)


def start_of(days: int, today: date) -> datetime:
    """Midnight UTC of the first of so many days that end today."""
    first = today - timedelta(days=days - 1)
    return datetime(first.year, first.month, first.day, tzinfo=UTC)


class Bucket(msgspec.Struct, frozen=True):
    """A column over time: its head and its first and last day as ISO dates."""

    head: str
    first: str
    last: str


def buckets(days: int, today: date) -> tuple[Bucket, ...]:
    """A column a day for a week, a column a week for longer; the newest last."""
    step = 1 if days <= WEEK else WEEK
    made = []
    last = today
    while (today - last).days < days:
        first = last - timedelta(days=step - 1)
        label = last.strftime("%a") if step == 1 else first.isoformat()[5:]
        made.append(Bucket(label, first.isoformat(), last.isoformat()))
        last -= timedelta(days=step)
    return tuple(reversed(made))


def heat_lines(history: History, over_time: bool, zone: tzinfo | None, width: int) -> tuple[Line, ...]:
    """The heat table: families x profiles, or families x days. Families without a finding are left out."""
    spans = buckets(history.days, history.today)
    profiles = _profiles(history.cells)
    columns = [span.head for span in spans] if over_time else profiles
    rows = []
    for family in FailureFamily:
        cells = [cell for cell in history.cells if cell.family is family]
        if not cells:
            continue
        counts = _by_time(cells, spans) if over_time else _by_profile(cells, profiles)
        trend, ink = trend_of(_by_time(cells, spans))
        seen = local_time(max(cell.last_at for cell in cells), zone, history.today)
        rows.append(HeatRow(family, counts, seen, trend, ink))
    return heat_table(columns, rows, f"{history.days} days", width)


def matching(findings: Iterable[FindingRow], text: str) -> tuple[FindingRow, ...]:
    """The findings in which every word of the text stands: profile, group, check, class, family or outcome."""
    words = text.casefold().split()
    return tuple(row for row in findings if all(word in _haystack(row) for word in words))


def gathered(findings: Iterable[FindingRow]) -> Mapping[FindingRow, int]:
    """What failed alike in one run as one row, its first, and how often: the runs of a comparison."""
    rows: dict[tuple[object, ...], tuple[FindingRow, int]] = {}
    for row in findings:
        place = (row.run_id, row.target, row.check, row.outcome, row.failure_class)
        first, count = rows.get(place, (row, 0))
        rows[place] = first, count + 1
    return dict(rows.values())


def _haystack(row: FindingRow) -> str:
    return f"{label_of(row)} {row.check} {row.failure_class} {row.failure_family} {row.outcome}".casefold()


def label_of(row: FindingRow) -> str:
    """``profile`` or ``profile/group``."""
    return f"{row.profile}/{row.group}" if row.group else row.profile


_COLUMNS = (
    Column("", rank=9),
    Column("when", rank=8),
    Column("profile", gives=True, rank=7),
    Column("check", rank=3),
    Column("class", rank=9),
    Column("trend", rank=4),
    Column("next step", gives=True, rank=2),
)


def finding_lines(
    findings: Mapping[FindingRow, int],
    selected: frozenset[FindingRow],
    trends: Mapping[Place | None, Trend],
    zone: tzinfo | None,
    today: date,
    width: int,
) -> tuple[Line, tuple[Line, ...]]:
    """The head and a line a row of :func:`gathered`; selected ones carry a dot."""
    shown = {place: trend_cell(trend) for place, trend in trends.items()}
    rows = [
        _cells(row, count, row in selected, shown.get(place_of(row), ("", Ink.MUTED)), zone, today)
        for row, count in findings.items()
    ]
    cells = widths(_COLUMNS, rows, width)
    return head(_COLUMNS, cells), tuple(aligned(_COLUMNS, row, cells) for row in rows)


def place_of(row: FindingRow) -> Place | None:
    """What the trend of a finding is kept under; None for a check that passed."""
    return (row.profile, row.group, row.failure_class) if row.failure_class else None


def detail_passages(
    row: FindingRow | None, trend: Trend | None, zone: tzinfo | None, today: date, short: bool
) -> tuple[Passage, ...]:
    """What the chosen finding means and how it goes, in a few passages; on a short screen only how it goes."""
    if row is None or row.failure_class is None:
        return ()
    sign = SIGNS[row.outcome]
    goes = trend_words(trend, zone, today, short) if trend else ""
    if short:
        return (Passage(goes, Ink.MUTED, f"{sign.sign} ", sign.ink),)
    return (
        Passage(
            row.failure_class.meaning.titled(row.outcome is Outcome.WARNED), Ink.STRONG, f"{sign.sign} ", sign.ink
        ),
        Passage(row.whose, Ink.PLAIN, "  Whose   "),
        Passage(row.next_step, Ink.PLAIN, "  Next    "),
        *((Passage(goes, Ink.PLAIN, "  Seen    "),) if goes else ()),
    )


def summary_words(history: History, listed: Mapping[FindingRow, int], selected: frozenset[FindingRow]) -> str:
    """How many findings there are, match the filter, and are selected; what to press where none matches."""
    matching = sum(listed.values())
    if not matching:
        return "Nothing matches: Esc clears the filter."
    chosen = sum(count for row, count in gathered(history.findings).items() if row in selected) if selected else 0
    parts = [f"last {history.days} days", figures.plural(len(history.findings), "finding")]
    parts += [f"{figures.grouped(matching)} match"] if matching != len(history.findings) else []
    parts += [f"{figures.grouped(chosen)} selected"] if chosen else []
    return " · ".join(parts)


def _cells(
    row: FindingRow, count: int, selected: bool, trend: Cell, zone: tzinfo | None, today: date
) -> tuple[Cell, ...]:
    sign = SIGNS[row.outcome]
    often = f" ×{figures.grouped(count)}" if count > 1 else ""
    return (
        (("● " if selected else "  ") + sign.sign, Ink.ACCENT if selected else sign.ink),
        (local_time(row.at, zone, today), Ink.MUTED),
        (label_of(row), Ink.STRONG),
        (row.check, Ink.PLAIN),
        (f"{row.failure_class or sign.word}{often}", sign.ink),
        trend,
        (row.next_step, Ink.MUTED),
    )


def _profiles(cells: Iterable[HeatCell]) -> list[str]:
    """Profiles by their number of findings, the most troubled first."""
    sums: dict[str, int] = {}
    for cell in cells:
        sums[cell.profile] = sums.get(cell.profile, 0) + cell.failed + cell.warned
    return sorted(sums, key=lambda name: (-sums[name], name))


def _by_profile(cells: Iterable[HeatCell], profiles: Sequence[str]) -> tuple[int, ...]:
    found = list(cells)
    return tuple(sum(c.failed + c.warned for c in found if c.profile == name) for name in profiles)


def _by_time(cells: Iterable[HeatCell], spans: Sequence[Bucket]) -> tuple[int, ...]:
    found = list(cells)
    return tuple(sum(c.failed + c.warned for c in found if span.first <= c.day <= span.last) for span in spans)

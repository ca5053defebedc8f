"""The Failures pane: what failed where and when, each finding to open, select and hand over as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from gatewaytui.domain.problem import Problem
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.evidence.joining import TooManyTargets, together
from gatewaytui.storage.historychanges import since_good
from gatewaytui.storage.historyrows import FindingFilter, FindingRow
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.status_line import StatusLine

from .base import Pane, PaneHelp
from .failures_state import (
    WINDOWS,
    History,
    detail_passages,
    finding_lines,
    gathered,
    heat_lines,
    matching,
    place_of,
    start_of,
    summary_words,
)

MOST_LISTED = 2_000
MOST_EXPORTED = 500
"""Runs in one export: it is read, rendered and looked through in about a second."""
_TALL = 34
"""Rows from which the whole detail is shown."""
_EMPTY = (
    Passage("Nothing has failed yet", Ink.STRONG),
    Passage(""),
    Passage("Every run is kept here without a secret in it. Run one:", Ink.PLAIN),
    Passage(""),
    Passage("Doctor: what is broken, whose problem it is", Ink.PLAIN, "2  ", Ink.ACCENT),
    Passage("Chat: one prompt to the chosen target", Ink.PLAIN, "4  ", Ink.ACCENT),
    Passage("Compare: the same prompt to several", Ink.PLAIN, "5  ", Ink.ACCENT),
)


class FailuresPane(Pane):
    """The history's findings. Read again each time the pane is shown and after each run."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Failures",
        "Counts what failed or warned, by family and profile or over time, and lists each finding; what failed alike "
        "in one run is one row (×20). Enter opens one: what was seen, whose problem it is, the next step, and what "
        "changed since the last good run. Space selects several, a all that are listed; e shows the exact bytes of "
        "their evidence before anything leaves this machine. A check flaps (~) when its outcome changed three times "
        "or more in its last ten answers. Columns over time are UTC days; times of findings are local.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("failures")]

    zone: ClassVar[tzinfo | None] = None
    """The zone of the times shown; None is this machine's."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._days = WINDOWS[0]
        self._over_time = False
        self._history: History | None = None
        self._counts: Mapping[FindingRow, int] = {}
        self._listed: tuple[FindingRow, ...] = ()
        self._selected: frozenset[FindingRow] = frozenset()

    def compose(self) -> ComposeResult:
        """Counts, the list, what the chosen finding means, the filter at the foot."""
        yield Sheet(id="failures-heat")
        yield RowList(id="failures-list")
        yield Sheet(id="failures-detail")
        yield StatusLine(id="failures-status")
        yield Input(placeholder="filter: profile, class, family, check", id="failures-filter", compact=True)

    def now(self) -> datetime:
        """The present, from which the days are counted."""
        return datetime.now(UTC)

    def shown(self) -> None:
        """Read the history again; the list takes the focus."""
        self.query_one(RowList).focus()
        self.reload()

    def recorded(self) -> None:
        """A run was added."""
        self.reload()

    @work(exclusive=True, group="failures")
    async def reload(self) -> None:
        """Read the history again, beside the screen."""
        today, days, store = self.now().date(), self._days, self.services.history
        since = start_of(days, today)
        try:
            cells = await off_loop(lambda: store.heat(since))
            findings = await off_loop(lambda: store.findings(FindingFilter(since=since), MOST_LISTED))
            trends = await off_loop(lambda: store.trends(days, today))
        except Problem as problem:
            self._status.explain(problem)
            return
        self._history = History(days, today, cells, findings, trends)
        self._selected &= frozenset(findings)
        self._paint()
        if store.notice:
            self._status.say(store.notice, Ink.WARNED)

    def cancel(self) -> bool:
        """Leave the filter: first its field, then its text."""
        field = self.query_one(Input)
        if not (field.has_focus or field.value):
            return False
        if not field.has_focus:
            field.value = ""
        self.remove_class("-filtering")
        self.query_one(RowList).focus()
        return True

    @on(Input.Changed)
    @on(Input.Submitted)
    def narrow(self, event: Input.Changed | Input.Submitted) -> None:
        """Narrow as it is typed; Enter in the filter goes to the list."""
        event.stop()
        if isinstance(event, Input.Submitted):
            self.remove_class("-filtering")
            self.query_one(RowList).focus()
        self._paint()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """A click on the chosen row opens it."""
        event.stop()
        self.action_open()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Another finding is chosen: what was said of the one before is taken back."""
        event.stop()
        self._status.take_back()
        self._paint_detail()

    def on_resize(self) -> None:
        """The columns follow the width."""
        self.call_after_refresh(self._paint)

    def action_stop(self) -> None:
        """Leave the filter."""
        self.cancel()

    @work(exclusive=True, group="failures-open")
    async def action_open(self) -> None:
        """Open the chosen finding."""
        from gatewaytui.tui.screens.finding import FindingScreen

        row, history = self._chosen, self._history
        evidence = await self._evidence(row) if row is not None else None
        if row is None or history is None or evidence is None:
            return
        store = self.services.history
        try:
            since = await off_loop(lambda: since_good(store, row))
        except Problem as problem:
            self._status.explain(problem)
            return
        trend = history.by_place.get(place_of(row))
        self.app.push_screen(FindingScreen(row, evidence, since, trend, self.zone))

    def action_filter(self) -> None:
        """Go to the filter."""
        self.add_class("-filtering")
        self.query_one(Input).focus()

    def action_select(self) -> None:
        """Select the chosen finding for the export, or let it go."""
        row = self._chosen
        if row is not None:
            self._selected ^= {row}
            self.query_one(RowList).move(1)
            self._paint()

    def action_select_all(self) -> None:
        """Select every finding that is listed, or let them all go: with filter and window, a range."""
        listed = frozenset(self._listed)
        self._selected = self._selected - listed if listed <= self._selected else self._selected | listed
        self._paint()

    def action_days(self) -> None:
        """Count by profile, or over time."""
        self._over_time = not self._over_time
        self._paint()

    def action_window(self) -> None:
        """Look back over another number of days."""
        self._days = WINDOWS[(WINDOWS.index(self._days) + 1) % len(WINDOWS)]
        self.reload()

    @work(exclusive=True, group="failures-open")
    async def action_export(self) -> None:
        """Preview the evidence of the selected findings, or of the chosen one."""
        from gatewaytui.tui.screens.export import ExportScreen

        evidence = await self._evidence()
        if evidence is not None:
            self.app.push_screen(ExportScreen(evidence))

    @work(exclusive=True, group="failures-open")
    async def action_copy(self) -> None:
        """Copy the same as Markdown at once; it passes the gate first."""
        evidence = await self._evidence()
        if evidence is None:
            return
        try:
            content = await self.services.engine.export(evidence, "markdown")
        except GateRefused as refused:
            self._status.say(str(refused), Ink.FAILED)
        except Problem as problem:
            self._status.explain(problem)
        else:
            self.app.copy_to_clipboard(content.decode())
            self._status.say(f"Copied {figures.size(len(content))} of Markdown through the terminal (OSC 52).")

    @property
    def _chosen(self) -> FindingRow | None:
        cursor = self.query_one(RowList).cursor
        return self._listed[cursor] if 0 <= cursor < len(self._listed) else None

    async def _evidence(self, opened: FindingRow | None = None) -> Evidence | None:
        """The evidence of one finding, else of what is selected, else of the chosen one; None, and said, if gone."""
        rows = (opened,) if opened else sorted(self._selected, key=lambda row: row.run_id) or (self._chosen,)
        wanted = [row for row in rows if row is not None]
        ids = tuple(dict.fromkeys(row.run_id for row in wanted))
        if len(ids) > MOST_EXPORTED:
            held = f"An export holds at most {MOST_EXPORTED} runs, and {figures.grouped(len(ids))} are selected."
            self._status.say(f"{held} Narrow the filter or the window.", Ink.WARNED)
            return None
        store = self.services.history
        try:
            found = await off_loop(lambda: [store.evidence(run_id) for run_id in ids])
        except Problem as problem:
            self._status.explain(problem)
            return None
        kept = [evidence for evidence in found if evidence is not None]
        if not kept:
            self._status.say("There is no finding to show, or its run is not kept any more.", Ink.WARNED)
            return None
        try:
            return together(kept)
        except TooManyTargets as trouble:
            self._status.say(f"{trouble} Select fewer findings, or filter them.", Ink.WARNED)
            return None

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def _paint(self) -> None:
        history = self._history
        if history is None:
            return
        rows = self.query_one(RowList)
        wanted = self.query_one(Input).value
        self._counts = gathered(matching(history.findings, wanted))
        self._listed = tuple(self._counts)
        self.set_class(not history.findings, "-empty")
        self.set_class(bool(wanted), "-filtered")
        over_time, zone = self._over_time, self.zone
        if not history.findings:
            self.query_one("#failures-heat", Sheet).show(lambda width: passage_lines(_EMPTY, width))
            rows.show(())
            return
        self.query_one("#failures-heat", Sheet).show(lambda width: heat_lines(history, over_time, zone, width))
        trends = history.by_place
        head, lines = finding_lines(self._counts, self._selected, trends, zone, history.today, rows.text_width)
        rows.show(lines, (head,))
        self._paint_detail()
        self._status.stand(summary_words(history, self._counts, self._selected))

    def _paint_detail(self) -> None:
        history, row = self._history, self._chosen
        if history is None:
            return
        trend = history.by_place.get(place_of(row)) if row else None
        passages = detail_passages(row, trend, self.zone, history.today, self.app.size.height < _TALL)
        self.query_one("#failures-detail", Sheet).show(lambda width: passage_lines(passages, width))

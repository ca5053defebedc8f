"""The endpoint matrix over the Doctor pane: what the catalogue declares beside what was measured."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import MATRIX_BUDGET, MatrixJob, Progress
from gatewaytui.domain.run import Run
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.evidence.record import build
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import RunRecorded
from gatewaytui.tui.panes.feed import Feed
from gatewaytui.tui.panes.matrix_lines import matrix_lines, price_lines
from gatewaytui.tui.panes.matrix_state import MatrixState
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.sheet_view import SheetView
from gatewaytui.tui.widgets.status_line import StatusLine

from .confirm import ConfirmScreen
from .dialog import Dialog
from .form import hint

_EMPTY = (
    Passage(
        "Asks every endpoint family by its smallest valid request, then each auth header, what the model can do "
        "beyond text, and each group's key. What the model list declares stands beside what was measured."
    ),
    Passage(""),
    Passage(
        "Images, audio and anything dear are not sent: they are listed with their price, and b asks before it sends."
    ),
    Passage(""),
    Passage(
        f"run: at most {MATRIX_BUDGET.requests} requests and {figures.grouped(MATRIX_BUDGET.tokens)} tokens",
        Ink.PLAIN,
        "r  ",
        Ink.ACCENT,
    ),
)


class MatrixView(SheetView, can_focus=True):
    """The tables, scrolled by the arrows."""


class MatrixScreen(Dialog[MatrixState]):
    """Dismissed with the state, to be shown again when it is opened for the same target."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("matrix")]

    def __init__(self, state: MatrixState) -> None:
        super().__init__()
        self._state = state
        self._feed = Feed(self, lambda: services_of(self.app).engine, self._hear, self._ended)

    def compose(self) -> ComposeResult:
        """Title, tables, how it stands."""
        with Vertical(classes="page"):
            yield Static(id="matrix-title")
            yield MatrixView(id="matrix-tables")
            yield StatusLine(id="matrix-status")
            yield hint(
                ("r", "run"), ("b", "billable ones"), ("e", "evidence"), ("Esc", "stop / back"), ("↑ ↓", "scroll")
            )

    def on_mount(self) -> None:
        """What an earlier run showed, or what this is for."""
        title = (("Endpoint matrix", Ink.STRONG), (f"  {safe_line(self._state.target.label)}", Ink.MUTED))
        self.query_one("#matrix-title", Static).update(Content.assemble(*title))
        self.query_one(MatrixView).focus()
        self._paint()

    def action_back(self) -> None:
        """Stop what runs, and keep what it found; else close."""
        if self._state.running and self._feed.stop():
            self._state = self._state.ending(stopped=True)
            self._status.take_back()
            self._paint()
        else:
            self.dismiss(self._state)

    @work(exclusive=True, group="work")
    async def action_run(self) -> None:
        """Measure everything from the start."""
        from .consent import agreed

        if self._state.running:
            return
        try:
            allowed = await agreed(self.app, services_of(self.app), self._state.target)
        except Problem as problem:
            self._status.explain(problem)
            return
        if allowed:
            self._start(self._state.job(), anew=True)

    @work(exclusive=True, group="work")
    async def action_billed(self) -> None:
        """Show what the skipped ones cost, and send them on a yes."""
        if self._state.running or not self._state.waiting:
            self._status.say("Nothing waits for your word.", Ink.WARNED)
            return
        question = "These cost more than a tiny text request. Send them?"
        if await self.app.push_screen_wait(ConfirmScreen(question, price_lines(self._state), "send", "do not")):
            self._start(self._state.billed_job(), anew=False)

    @work(exclusive=True, group="work")
    async def action_evidence(self) -> None:
        """Preview the evidence of all that was measured."""
        from .export import ExportScreen

        state = self._state
        if state.running:
            self._status.say("The run is not over: Esc stops it, and what was measured stays.", Ink.WARNED)
            return
        run = await off_loop(lambda: _as_one(state))
        if run is None:
            self._status.say("There is no run to show evidence of: press r.", Ink.WARNED)
            return
        self.app.push_screen(ExportScreen(build(run), run))

    def _start(self, job: MatrixJob, *, anew: bool) -> None:
        self._status.take_back()
        self._state = self._state.beginning(datetime.now(UTC), anew=anew)
        self._feed.start(job)
        self._paint()

    def _hear(self, events: tuple[Progress, ...]) -> None:
        self._state = self._state.hearing(events)
        self._paint()

    def _ended(self, problem: Problem | None) -> None:
        self._state = self._state.ending(problem)
        self._status.take_back()
        if problem is None and self._state.runs:
            self.post_message(RunRecorded(self._state.runs[-1]))
        self._paint()

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def _paint(self) -> None:
        state, elapsed = self._state, self._feed.elapsed_ns if self._feed.running else 0
        view = self.query_one(MatrixView)
        if state.begun:
            view.show(lambda width: matrix_lines(state, elapsed, width))
        else:
            view.show(lambda width: passage_lines(_EMPTY, width))
        self._status.stand(*_standing(state, elapsed))


def _standing(state: MatrixState, elapsed_ns: int) -> tuple[str, Ink]:
    """How it stands, in one line."""
    spent = state.spending
    cost = (
        f"{spent.requests} of {spent.limit.requests} requests, {figures.grouped(spent.tokens)} tokens"
        if spent
        else ""
    )
    if state.running:
        now = state.started.name if state.started else "beginning"
        return " · ".join(filter(None, (now, cost, figures.seconds(elapsed_ns), "Esc stops"))), Ink.ACCENT
    if state.trouble is not None:
        return f"✗ {state.trouble.sentence} {state.trouble.next_step}", Ink.FAILED
    if not state.begun:
        return "", Ink.MUTED
    waiting = len(state.waiting)
    ask = f"{figures.plural(waiting, 'billable request')} skipped: b asks" if waiting else ""
    failed = state.listing.finding if state.listing else None
    why = f"the model list failed: {failed.failure_class}" if failed else ""
    return " · ".join(filter(None, ("stopped by you" if state.stopped else "", why, cost, ask))), Ink.MUTED


def _as_one(state: MatrixState) -> Run | None:
    """A matrix and what was measured after it, also where that was stopped, as one run; None without any."""
    from gatewaytui.engine.matrix import joined

    last = state.unfinished
    runs = (*state.runs, *([last] if last else ()))
    if not runs:
        return None
    first: Run = runs[0]
    for run in runs[1:]:
        first = joined(first, run)
    return replace(first, spending=state.spending)

"""The Doctor pane: the ladder live, the first broken rung explained, what was tried to be sure, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import DoctorJob, Progress
from gatewaytui.domain.run import Run
from gatewaytui.domain.text import safe_line
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.evidence.record import build
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import RunRecorded, TargetChosen
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import SIGNS, Ink
from gatewaytui.tui.widgets.status_line import StatusLine

from .base import Pane, PaneHelp
from .doctor_body import DoctorBody, Ladder
from .doctor_lines import spent_words
from .doctor_state import Examination
from .feed import Feed

if TYPE_CHECKING:
    from .matrix_state import MatrixState

_NO_TARGET = "No target yet: press 1 and choose a profile."
_NO_RUN = "There is no run to show evidence of: r runs the doctor."
_RUNS = "The run is not over: Esc stops it, and what was found stays."


class DoctorPane(Pane):
    """One examination of the chosen target; it stays until the next."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Doctor",
        "Climbs from the address to a streamed chat and stops at the first broken rung: what was seen, whose problem "
        "it is, the next step, and whether trying again can help. Up and down choose a rung, page keys scroll what "
        "is said of it. “Tried to be sure” lists the requests that differ in one thing, so that causes are told "
        "apart. What answers there is proposed: g takes another group's key, u opens the profile with the change "
        "filled in. Nothing is changed unasked.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("doctor"),
        Binding("pageup", "scroll_text(-1)", "Page up", show=False),
        Binding("pagedown", "scroll_text(1)", "Page down", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state = Examination()
        self._matrix: MatrixState | None = None
        self._feed = Feed(self, lambda: self.services.engine, self._hear, self._ended)

    def compose(self) -> ComposeResult:
        """Ladder and cards, and how it stands."""
        yield DoctorBody(id="doctor-body")
        yield StatusLine(id="doctor-status")

    def on_mount(self) -> None:
        """Start empty."""
        self._paint()

    def shown(self) -> None:
        """The ladder takes the focus."""
        self.query_one(Ladder).focus()

    def watch_target(self, before: Target | None, now: Target | None) -> None:
        """Another target: what is shown is said to be of the one before."""
        if not self.is_mounted:
            return
        if before is None or now is None or before.label != now.label:
            self._status.take_back()
        self._paint()

    def cancel(self) -> bool:
        """Stop the run at once, and keep what it found; one that ended already ends by itself."""
        if self._state.run is not None or not self._feed.stop():
            return False
        self._state = self._state.stopped_by_person()
        if self._state.broken is not None and (record := self._state.record) is not None:
            self.post_message(RunRecorded(record))  # only what was tried to be sure was cut
        self._status.take_back()
        self._paint()
        self.refresh_bindings()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What would be taken over is offered only where something answered."""
        del parameters
        offered = {"group": bool(self._state.group_that_answers), "take_over": self._state.proposal is not None}
        return offered.get(action, True)

    def action_stop(self) -> None:
        """Esc."""
        self.cancel()

    @work(exclusive=True, group="work")
    async def action_run(self) -> None:
        """Examine the chosen target, from the start."""
        from gatewaytui.tui.screens.consent import agreed

        target = self.target
        if target is None:
            self._status.say(_NO_TARGET, Ink.WARNED)
            return
        self.cancel()
        try:
            allowed = await agreed(self.app, self.services, target)
        except Problem as problem:
            self._status.explain(problem)
            return
        if allowed:
            self._begin(target)

    def action_evidence(self) -> None:
        """Preview the evidence of the run."""
        if (run := self._run()) is None:
            return
        from gatewaytui.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(build(run), run))

    @work(exclusive=True, group="copy")
    async def action_copy(self) -> None:
        """Copy the same as Markdown at once; it passes the gate first."""
        if (run := self._run()) is None:
            return
        try:
            content = await self.services.engine.export(build(run), "markdown")
        except GateRefused as refused:
            self._status.say(str(refused), Ink.FAILED)
        except Problem as problem:
            self._status.explain(problem)
        else:
            self.app.copy_to_clipboard(content.decode())
            self._status.say(f"Copied {figures.size(len(content))} of Markdown through the terminal (OSC 52).")

    @work(exclusive=True, group="work")
    async def action_group(self) -> None:
        """Point the console at the group whose key was answered."""
        from gatewaytui.tui.screens.consent import agreed

        examined, group = self._state.target, self._state.group_that_answers
        if examined is None or not group:
            return
        target = replace(examined, group=group, protocol_override=None)
        try:
            allowed = await agreed(self.app, self.services, target)
        except Problem as problem:
            self._status.explain(problem)
            return
        if allowed:
            self.post_message(TargetChosen(target))

    @work(exclusive=True, group="work")
    async def action_take_over(self) -> None:
        """Open the profile with what answered filled in: the person saves it, or leaves it."""
        from . import profile_changes

        proposal, examined = self._state.proposal, self._state.target
        if proposal is None or examined is None:
            return
        try:
            said = await profile_changes.take_over(self, examined.profile, proposal.profile)
        except Problem as problem:
            self._status.explain(problem)
            return
        if said:
            self._status.say(f"{said} r runs the doctor on it.")

    def action_matrix(self) -> None:
        """Open the endpoint matrix of the chosen target."""
        from gatewaytui.tui.screens.matrix import MatrixScreen

        from .matrix_state import MatrixState

        if self.target is None:
            self._status.say(_NO_TARGET, Ink.WARNED)
            return
        self.cancel()
        known = self._matrix if self._matrix is not None and self._matrix.target == self.target else None
        self.app.push_screen(MatrixScreen(known or MatrixState(self.target)), self._keep_matrix)

    def action_message(self) -> None:
        """Show or hide what the server itself said."""
        self.query_one(DoctorBody).toggle_message()

    def action_scroll_text(self, pages: int) -> None:
        """Scroll what is said of the rung."""
        self.query_one(DoctorBody).scroll_pages(pages)

    def _begin(self, target: Target) -> None:
        self._status.take_back()
        self._state = self._state.begun_with(target, datetime.now(UTC))
        self.query_one(DoctorBody).begin()
        self.refresh_bindings()
        self._feed.start(DoctorJob(target))
        self._paint()

    def _hear(self, events: tuple[Progress, ...]) -> None:
        self._state = self._state.hearing(events, self._feed.elapsed_ns)
        self._paint()

    def _ended(self, problem: Problem | None) -> None:
        self._status.take_back()
        if problem is not None:
            self._state = self._state.troubled(problem)
        elif self._state.run is not None:
            self.post_message(RunRecorded(self._state.run))
        self._paint()
        self.refresh_bindings()

    def _keep_matrix(self, state: MatrixState | None) -> None:
        self._matrix = state

    def _run(self) -> Run | None:
        """The run, also one that was stopped; None, and said, where there is none."""
        run = self._state.record
        if run is None:
            self._status.say(_RUNS if self._feed.running else _NO_RUN, Ink.WARNED)
        return run

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def _paint(self) -> None:
        now = self._feed.elapsed_ns if self._feed.running else 0
        self.query_one(DoctorBody).show(self._state, now, self.target)
        self._paint_status(now)

    def _paint_status(self, now_ns: int) -> None:
        state, spent = self._state, spent_words(self._state.spending)
        if self._feed.running and state.run is None:
            rung = state.running or "beginning"
            self._status.stand(f"{rung} · {spent} · {figures.seconds(now_ns)} · Esc stops", Ink.ACCENT)
        elif not state.begun:
            self._status.stand("" if self.target else _NO_TARGET, Ink.WARNED)
        else:
            words, ink = _outcome_words(state)
            moved = state.target is not None and self.target is not None and state.target != self.target
            elsewhere = f" · r examines {safe_line(self.target.label)}" if moved and self.target else ""
            self._status.stand(f"{words} · {spent}{elsewhere}", ink)


def _outcome_words(state: Examination) -> tuple[str, Ink]:
    """How it ended, and of whom this is."""
    of = safe_line(state.target.label) if state.target else ""
    if state.trouble is not None:
        return f"✗ {state.trouble.sentence} {state.trouble.next_step}", Ink.FAILED
    if state.stopped:
        return f"· {of}: stopped by you", Ink.MUTED
    worst = state.worst
    if worst is None:
        return f"✓ {of}: nothing is broken", Ink.PASSED
    look = SIGNS[worst.outcome]
    return f"{look.sign} {of}: {worst.name} {look.word}", look.ink

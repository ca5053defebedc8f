"""A check at work: a line a request, and the finding card. Profiles and walkthrough show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from gatewaytui.tui.messages import RunRecorded
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets.finding_card import FindingCard
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.sheet import Sheet

from .check_state import CheckState, check_lines
from .feed import Feed

if TYPE_CHECKING:
    from gatewaytui.domain.problem import Problem
    from gatewaytui.domain.progress import Job, Progress
    from gatewaytui.domain.run import Run

_NEXT = "  Next    "


class CheckView(Vertical):
    """Runs one job at a time and tells how it goes; empty until the first."""

    class Heard(Message):
        """Progress came; ``events`` are those of one batch."""

        def __init__(self, view: CheckView, events: tuple[Progress, ...]) -> None:
            self.view = view
            self.events = events
            super().__init__()

    class Ended(Message):
        """The job ended; ``run`` is None where something on this machine ended it."""

        def __init__(self, view: CheckView, run: Run | None) -> None:
            self.view = view
            self.run = run
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.state = CheckState()
        self._feed = Feed(self, lambda: services_of(self.app).engine, self._hear, self._over)

    def compose(self) -> ComposeResult:
        """The lines, and the card under them."""
        yield Sheet(classes="check-lines")
        yield FindingCard(classes="check-card")

    @property
    def running(self) -> bool:
        """True while the job runs."""
        return self._feed.running

    def start(self, job: Job) -> None:
        """Run this job; what an earlier one showed goes."""
        self.show(CheckState())
        self._feed.start(job)

    def show(self, state: CheckState) -> None:
        """Show this state of a check."""
        self.state = state
        self._paint()

    def stop(self) -> bool:
        """Stop the job, keep what it found. True if one ran."""
        if not self._feed.stop():
            return False
        self.show(replace(self.state, stopped=True, started=None))
        return True

    def _hear(self, events: tuple[Progress, ...]) -> None:
        self.show(self.state.hearing(events))
        if events:
            self.post_message(self.Heard(self, events))

    def _over(self, problem: Problem | None) -> None:
        if problem is not None:
            self.show(replace(self.state, trouble=problem, started=None))
        if self.state.run is not None:
            self.post_message(RunRecorded(self.state.run))
        self.post_message(self.Ended(self, self.state.run))

    def _paint(self) -> None:
        state, elapsed = self.state, self._feed.elapsed_ns if self._feed.running else 0
        self.query_one(".check-lines", Sheet).show(
            lambda width: (*check_lines(state, elapsed, width), *_end(state, width))
        )
        card, worst = self.query_one(FindingCard), state.worst
        if worst is not None and worst.finding is not None:
            card.show_finding(worst.finding, worst)
        else:
            card.show_nothing()


def _end(state: CheckState, width: int) -> tuple[Line, ...]:
    """What ended it on this machine, or that it was stopped."""
    if state.stopped:
        return ((("· stopped", Ink.MUTED),),)
    if state.trouble is None:
        return ()
    rows = (
        Passage(state.trouble.sentence, Ink.TITLE_FAILED, "✗ ", Ink.FAILED),
        Passage(state.trouble.next_step, Ink.STRONG, _NEXT),
    )
    return passage_lines(rows, width)

"""What the Doctor pane shows: the ladder with its cursor, what the chosen rung found, and the facts beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid

from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import DOCTOR_BUDGET
from gatewaytui.domain.run import Rung
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.sheet_view import SheetView

from .doctor_facts import fact_lines
from .doctor_lines import ladder_lines, verdict_lines
from .doctor_state import LADDER, Examination


class Ladder(RowList, inherit_bindings=False):
    """The rungs. The cursor follows the run until a person moves it; ``g`` belongs to the pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.by_hand = False

    @property
    def chosen(self) -> Rung:
        """The rung under the cursor."""
        return LADDER[self.cursor]

    def follow(self, rung: Rung | None) -> None:
        """Go to the rung that is worth a look, unless the person has moved."""
        if rung is not None and not self.by_hand:
            self.move(LADDER.index(rung) - self.cursor)

    def action_move(self, by: int) -> None:
        """Move by rows, as a person."""
        self.by_hand = True
        super().action_move(by)

    def action_first(self) -> None:
        """Go to the first rung, as a person."""
        self.by_hand = True
        super().action_first()

    def action_last(self) -> None:
        """Go to the last rung, as a person."""
        self.by_hand = True
        super().action_last()

    def on_click(self, event: events.Click) -> None:
        """A click chooses the rung, as a person does."""
        self.by_hand = True
        super().on_click(event)


class DoctorBody(Grid):
    """Paints examinations. ``with_message`` shows the server's own words."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.with_message = False
        self._state = Examination()
        self._now_ns = 0
        self._target: Target | None = None

    def compose(self) -> ComposeResult:
        """Ladder, verdict, facts; the style file says where each stands."""
        yield Ladder(id="doctor-ladder")
        yield SheetView(id="doctor-verdict")
        yield SheetView(id="doctor-facts")

    def now(self) -> datetime:
        """The present, from which a certificate's days are counted."""
        return datetime.now(UTC)

    def on_resize(self) -> None:
        """Lines are drawn to the width."""
        self.call_after_refresh(self._paint)

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Another rung is chosen."""
        event.stop()
        self._paint_chosen(from_start=True)

    def begin(self) -> None:
        """A new run: the cursor follows it."""
        self.query_one(Ladder).by_hand = False

    def show(self, state: Examination, now_ns: int, target: Target | None) -> None:
        """Paint this state. ``target`` is what the next run would examine."""
        self._state, self._now_ns, self._target = state, now_ns, target
        self.set_class(not state.begun, "-empty")
        self.query_one(Ladder).follow(state.in_focus)
        self._paint()

    def toggle_message(self) -> None:
        """Show or hide the server's own words."""
        self.with_message = not self.with_message
        self._paint_chosen()

    def scroll_pages(self, pages: int) -> None:
        """Scroll what is said of the rung."""
        for view in self.query(SheetView):
            view.action_scroll_pages(pages)

    def _paint(self) -> None:
        ladder = self.query_one(Ladder)
        ladder.show(ladder_lines(self._state, self._now_ns, ladder.text_width))
        self._paint_chosen()

    def _paint_chosen(self, *, from_start: bool = False) -> None:
        state, rung, now = self._state, self.query_one(Ladder).chosen, self.now()
        verdict, facts = self.query_one("#doctor-verdict", SheetView), self.query_one("#doctor-facts", SheetView)
        if not state.begun:
            passages = _empty(self._target)
            verdict.show(lambda width: passage_lines(passages, width), from_start=from_start)
            return
        message, beside = self.with_message, facts.display
        short = not self.screen.has_class("-tall")
        verdict.show(
            lambda width: (
                *verdict_lines(state, rung, message, width, short=short),
                *(() if beside else ((), *fact_lines(state, rung, now, width))),
            ),
            from_start=from_start,
        )
        facts.show(lambda width: fact_lines(state, rung, now, width), from_start=from_start)


def _empty(target: Target | None) -> tuple[Passage, ...]:
    """What the doctor does and may cost, before the first run."""
    if target is None:
        return (
            Passage("No target yet", Ink.STRONG),
            Passage(""),
            Passage("choose a profile, then come back", Ink.PLAIN, "1  ", Ink.ACCENT),
        )
    limit = DOCTOR_BUDGET
    return (
        Passage(f"What is wrong with {safe_line(target.label)}?", Ink.STRONG),
        Passage(""),
        Passage(
            "The doctor climbs these rungs from the address to a streamed chat and stops at the first that is "
            "broken. There it tries what tells the causes apart: another base URL, auth header, model or group. "
            "It proposes, and changes nothing."
        ),
        Passage(""),
        Passage(
            f"run: at most {limit.requests} requests and {figures.grouped(limit.tokens)} tokens, often far fewer",
            Ink.PLAIN,
            "r  ",
            Ink.ACCENT,
        ),
    )

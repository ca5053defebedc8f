"""The Compare pane: one prompt to two to eight targets at once, a column each, and the table that compares them."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Horizontal
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import Progress
from gatewaytui.evidence.record import build
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.messages import RunRecorded
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.prompt_input import PromptInput
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.status_line import StatusLine
from gatewaytui.tui.widgets.stream_view import StreamView

from .base import Pane, PaneHelp
from .compare_cell import CompareCell
from .compare_state import FEWEST, MAX_TOKENS, MOST, Comparison, comparison_lines
from .feed import Feed

FIRST_PROMPT = "Name the seven colours of the rainbow, one a line."
NARROWEST = 28
_TOO_FEW = "Compare needs two targets: press a to add one."


class CompareGrid(Grid, can_focus=True):
    """The columns; it takes the focus where there are none yet, so that the keys work."""


class ComparePane(Pane):
    """A line-up of targets that stays until it is changed."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Compare",
        "Sends the same prompt to two to eight targets at once and shows the answers side by side as they arrive. "
        "A target that fails or stalls never holds up the others. When all have their verdict, the best figure of "
        "each column carries a ▲. Tab goes from column to column; x removes the focused one.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("compare")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._comparison = Comparison()
        self._chosen_by_hand = False
        self._feed = Feed(self, lambda: self.services.engine, self._hear, self._ended)

    def compose(self) -> ComposeResult:
        """Columns, the table below them, the prompt at the foot."""
        yield CompareGrid(id="compare-grid")
        yield Sheet(id="compare-table")
        yield StatusLine(id="compare-status")
        with Horizontal(id="compare-prompt-row"):
            yield Static(Content.styled("› ", Ink.ACCENT), id="compare-prompt-sign")
            yield PromptInput(FIRST_PROMPT, "a prompt", id="compare-prompt", compact=True, select_on_focus=False)

    async def on_mount(self) -> None:
        """Begin with the first profiles."""
        await self._line_up()

    async def watch_book(self) -> None:
        """Until targets are chosen by hand, they follow the profiles."""
        if self.is_mounted and not self._chosen_by_hand and not self._feed.running:
            await self._line_up()

    def shown(self) -> None:
        """The keys work at once: the first column takes the focus."""
        next(iter(self.query(StreamView)), self.query_one("#compare-grid")).focus()

    def on_resize(self) -> None:
        """As many columns as the width holds."""
        self._arrange()

    def cancel(self) -> bool:
        """Stop every answer that streams, and keep what arrived; when all are judged the run ends by itself."""
        if self._comparison.done == len(self._comparison.targets) or not self._feed.stop():
            return False
        self._comparison = self._comparison.stopped()
        self._paint()
        return True

    def on_input_submitted(self, event: PromptInput.Submitted) -> None:
        """Enter in the prompt runs."""
        event.stop()
        self.action_run()

    def action_run(self) -> None:
        """Send the prompt to all targets."""
        prompt = self.query_one(PromptInput).prompt
        if len(self._comparison.targets) < FEWEST:
            self._status.say(_TOO_FEW, Ink.WARNED)
        elif not prompt:
            self._status.say("Type a prompt first.", Ink.WARNED)
        else:
            self.cancel()
            self._status.take_back()
            self._comparison = self._comparison.begun()
            self._feed.start(self._comparison.job(prompt))
            self._paint()

    def action_stop(self) -> None:
        """Stop; else leave the prompt for the keys."""
        if not self.cancel():
            self.shown()

    def action_prompt(self) -> None:
        """Go to the prompt."""
        self.query_one(PromptInput).focus()

    def action_add(self) -> None:
        """Choose one more target."""
        if self.book is None or len(self._comparison.targets) >= MOST:
            self._status.say(f"At most {MOST} targets side by side.", Ink.WARNED)
            return
        from gatewaytui.tui.screens.pick_target import PickTargetScreen

        self.app.push_screen(PickTargetScreen(self.book), self._added)

    async def action_remove(self) -> None:
        """Remove the focused target."""
        cells = list(self.query(CompareCell))
        index = next((i for i, cell in enumerate(cells) if cell.has_focus_within), None)
        if index is None:
            self._status.say("Tab to the column to remove, then press x.", Ink.WARNED)
            return
        await self._choose(self._comparison.without(index))

    def action_evidence(self) -> None:
        """Preview the evidence of the comparison."""
        run = self._comparison.run
        if run is None:
            self._status.say("There is no finished comparison to show evidence of: press r.", Ink.WARNED)
            return
        from gatewaytui.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(build(run), run))

    async def _added(self, target: Target | None) -> None:
        if target is not None:
            await self._choose(self._comparison.adding(target))

    async def _choose(self, comparison: Comparison) -> None:
        self._feed.stop()
        self._chosen_by_hand = True
        await self._show_targets(comparison)

    async def _line_up(self) -> None:
        await self._show_targets(Comparison.of_profiles(self.book.profiles if self.book else ()))

    async def _show_targets(self, comparison: Comparison) -> None:
        self._comparison = comparison
        grid = self.query_one(CompareGrid)
        await grid.remove_children()
        await grid.mount_all(CompareCell(target) for target in comparison.targets)
        self._arrange()
        if self.is_on_screen and not self.query_one(PromptInput).has_focus:
            self.shown()
        self._status.take_back()
        self._paint()

    def _arrange(self) -> None:
        """Columns of equal width in rows of equal length."""
        grid, number = self.query_one("#compare-grid", CompareGrid), max(len(self._comparison.targets), 1)
        rows = -(-number // max(grid.size.width // NARROWEST, 1))
        grid.styles.grid_size_columns = -(-number // rows)

    def _hear(self, events: tuple[Progress, ...]) -> None:
        self._comparison = self._comparison.hearing(events)
        self._paint()

    def _ended(self, problem: Problem | None) -> None:
        if problem is not None:
            self._comparison = self._comparison.troubled(problem)
        elif self._comparison.run is not None:
            self.post_message(RunRecorded(self._comparison.run))
        self._paint()

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def _paint(self) -> None:
        comparison = self._comparison
        now = self._feed.elapsed_ns if self._feed.running else 0
        for cell, answer in zip(self.query(CompareCell), comparison.answers, strict=False):
            cell.show(answer, now)
        self.query_one("#compare-table", Sheet).show(lambda width: comparison_lines(comparison, width, now))
        self._paint_status()

    def _paint_status(self) -> None:
        targets = figures.plural(len(self._comparison.targets), "target")
        if self._feed.running:
            elapsed = figures.seconds(self._feed.elapsed_ns)
            self._status.stand(f"{self._comparison.done} of {targets} done · {elapsed} · Esc stops", Ink.ACCENT)
        elif len(self._comparison.targets) < FEWEST:
            self._status.stand(_TOO_FEW, Ink.WARNED)
        else:
            self._status.stand(f"{targets} · streamed · at most {MAX_TOKENS} tokens each · r sends the prompt")

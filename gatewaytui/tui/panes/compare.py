"""The Compare pane: one prompt to two to eight targets at once, once or many times, and what each came to."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.profile import Target
from gatewaytui.evidence.record import build
from gatewaytui.tui.commands import bindings_for
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.prompt_input import PromptInput
from gatewaytui.tui.widgets.status_line import StatusLine

from .base import Pane, PaneHelp
from .compare_baselines import BaselineDesk
from .compare_body import CompareBody
from .compare_conductor import Conductor
from .compare_progress import progress_words, standing_words
from .compare_settings import RunSettings
from .compare_state import FEWEST, MOST, LineUp
from .compare_views import View

FIRST_PROMPT = "Name the seven colours of the rainbow, one a line."
_TOO_FEW = "Compare needs two targets: press a to add one."
_NOTHING = "There is no comparison yet: press r."


class ComparePane(Pane):
    """A line-up of targets that stays until it is changed."""

    help_text: ClassVar[PaneHelp] = PaneHelp(
        "Compare",
        "Sends the same prompt to two to eight targets at once, n times each, and shows the answers side by side as "
        "they arrive. A target that fails or stalls never holds up the others. When all are done, the best figure of "
        "each column carries a ▲; v shows bars and percentiles, and m the next metric. More than 50 requests, or a "
        "listed cost above 0.10 US dollars, are asked about before. Tab goes from column to column; x removes the "
        "focused one. b keeps a comparison as a baseline, and c holds this and later ones against it.",
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("compare")]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._chosen_by_hand = False
        self._settings = RunSettings()
        self._conductor = Conductor(self, self._paint, self._held)
        self._baselines = BaselineDesk(self, self._conductor.hold_again)

    def compose(self) -> ComposeResult:
        """Columns, the table below them, the prompt at the foot."""
        yield CompareBody(id="compare-body")
        yield StatusLine(id="compare-status")
        with Horizontal(id="compare-prompt-row"):
            yield Static(Content.styled("› ", Ink.ACCENT), id="compare-prompt-sign")
            yield PromptInput(FIRST_PROMPT, "a prompt", id="compare-prompt", compact=True, select_on_focus=False)

    async def on_mount(self) -> None:
        """Begin with the first profiles."""
        await self.watch_book()

    def on_resize(self) -> None:
        """As many standing words as the width holds."""
        self._paint()

    async def watch_book(self) -> None:
        """Until targets are chosen by hand, they follow the profiles."""
        if self.is_mounted and not self._chosen_by_hand and not self._conductor.running:
            line_up = LineUp.of_profiles(self.book.profiles if self.book else ())
            if not line_up.targets or line_up.targets != self._line_up.targets:
                await self._show_targets(line_up, by_hand=False)

    def shown(self) -> None:
        """The keys work at once: the first column takes the focus."""
        self._body.take_focus()

    def cancel(self) -> bool:
        """Stop at once; what was measured is kept and recorded. Where all are judged the run ends by itself."""
        return self._conductor.cancel()

    def on_input_submitted(self, event: PromptInput.Submitted) -> None:
        """Enter in the prompt runs."""
        event.stop()
        self.call_later(self.action_run)

    async def action_run(self) -> None:
        """Send the prompt to all targets; ask before where it takes much."""
        prompt = self.query_one(PromptInput).prompt
        if len(self._line_up.targets) < FEWEST:
            self._status.say(_TOO_FEW, Ink.WARNED)
        elif not prompt:
            self._status.say("Type a prompt first.", Ink.WARNED)
        else:
            self._status.take_back()
            await self._conductor.run(self._settings, prompt)

    def action_stop(self) -> None:
        """Stop; else leave the prompt for the keys."""
        if not self.cancel():
            self.shown()

    def action_runs(self) -> None:
        """Open the form of the runs."""
        from gatewaytui.tui.screens.run_settings import RunSettingsScreen

        prompt = self.query_one(PromptInput).prompt
        takes = partial(self._conductor.takes, prompt=prompt)
        self.app.push_screen(RunSettingsScreen(self._settings, takes), self._set)

    def action_view(self) -> None:
        """The next view below the columns."""
        measured = self._line_up.measured
        self._status.take_back()
        self._body.show_view(self._body.view.after(changes=bool(measured and measured.changes is not None)))

    def action_metric(self) -> None:
        """Draw the next metric."""
        name, unit = self._body.next_metric()
        self._status.say(f"{self._body.view.capitalize()} of {name}, {unit}.")

    def action_prompt(self) -> None:
        """Go to the prompt."""
        self.query_one(PromptInput).focus()

    def action_add(self) -> None:
        """Choose one more target."""
        if self.book is None or len(self._line_up.targets) >= MOST:
            self._status.say(f"At most {MOST} targets side by side.", Ink.WARNED)
            return
        from gatewaytui.tui.screens.pick_target import PickTargetScreen

        async def added(target: Target | None) -> None:
            if target is not None:
                await self._show_targets(self._line_up.adding(target))

        self.app.push_screen(PickTargetScreen(self.book), added)

    async def action_remove(self) -> None:
        """Remove the focused target."""
        index = self._body.focused_index
        if index is None:
            self._status.say("Tab to the column to remove, then press x.", Ink.WARNED)
            return
        await self._show_targets(self._line_up.without(index))
        self._body.take_focus(index)

    def action_evidence(self) -> None:
        """Preview the evidence of the comparison, while it runs of what was measured so far."""
        run = self._line_up.so_far
        if run is None:
            self._status.say(_NOTHING, Ink.WARNED)
            return
        from gatewaytui.tui.screens.export import ExportScreen

        self.app.push_screen(ExportScreen(build(run), run))

    def action_save(self) -> None:
        """Keep the comparison as a baseline."""
        if self._line_up.run is None:
            self._status.say(_NOTHING, Ink.WARNED)
        else:
            self._baselines.save(self._line_up.run)

    def action_against(self) -> None:
        """Hold this comparison and later ones against a baseline."""
        self._baselines.choose()

    async def _show_targets(self, line_up: LineUp, *, by_hand: bool = True) -> None:
        if by_hand:
            self._conductor.halt()
            self._chosen_by_hand = True
        self._conductor.line_up = line_up
        await self._body.line_up(line_up)
        if self.is_on_screen and not self.query_one(PromptInput).has_focus:
            self.shown()
        self._status.take_back()
        self._paint()

    def _set(self, settings: RunSettings | None) -> None:
        if settings is not None:
            self._settings = settings
            self._status.take_back()
            self._paint()

    def _held(self, line_up: LineUp) -> LineUp:
        """The line-up held against the chosen baseline, where there is one."""
        line_up, words = self._baselines.held(line_up)
        if words:
            self._status.say(words)
            self._body.view = View.CHANGES
        return line_up

    @property
    def _line_up(self) -> LineUp:
        return self._conductor.line_up

    @property
    def _body(self) -> CompareBody:
        return self.query_one(CompareBody)

    @property
    def _status(self) -> StatusLine:
        return self.query_one(StatusLine)

    def _paint(self) -> None:
        line_up, elapsed = self._line_up, self._conductor.elapsed_ns
        self._body.show(line_up, elapsed)
        if self._conductor.running:
            self._status.stand(progress_words(line_up, elapsed, self._status.size.width - 2), Ink.ACCENT)
        elif len(line_up.targets) < FEWEST:
            self._status.stand(_TOO_FEW, Ink.WARNED)
        else:
            self._status.stand(standing_words(line_up, self._settings, self._status.size.width - 2))

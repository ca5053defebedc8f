"""The baselines of the Compare pane: one saved, one chosen, and a comparison held against it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from textual.widget import Widget

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.run import Run
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.evidence.record import build
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.status_line import StatusLine

from .compare_baseline import Baseline, change_words, load
from .compare_state import LineUp


class BaselineDesk:
    """Asks for names over the pane and keeps the chosen baseline; ``chosen`` is told that there is another."""

    def __init__(self, pane: Widget, chosen: Callable[[], None]) -> None:
        self._pane = pane
        self._chosen = chosen
        self._baseline: Baseline | None = None

    def save(self, run: Run) -> None:
        """Ask for a name and keep this run's comparison under it, once it has passed the leak gate."""

        def named(name: str | None) -> None:
            if name:
                self._pane.run_worker(self._save(name, run))

        self._push(named, saving=True)

    def choose(self) -> None:
        """Ask for the baseline that this and later comparisons are held against."""

        def named(name: str | None) -> None:
            if name:
                self._pane.run_worker(self._load(name))

        self._push(named, saving=False)

    def held(self, line_up: LineUp) -> tuple[LineUp, str]:
        """The line-up with what changed since the chosen baseline, and a sentence on it; "" where none was chosen."""
        if self._baseline is None or line_up.run is None:
            return line_up, ""
        run = self._baseline.held_against(line_up.run)
        return replace(line_up, run=run, measured=run.comparison), change_words(run, self._baseline.name)

    def _push(self, named: Callable[[str | None], None], *, saving: bool) -> None:
        baselines = services_of(self._pane.app).baselines
        if baselines is None:
            self._status.say("Baselines are not kept here.", Ink.WARNED)
            return
        from gatewaytui.tui.screens.pick_baseline import PickBaselineScreen

        self._pane.app.push_screen(PickBaselineScreen(baselines.rows, saving=saving), named)

    async def _save(self, name: str, run: Run) -> None:
        services = services_of(self._pane.app)
        evidence, baselines = build(run), services.baselines
        if baselines is None:
            return
        try:
            await services.engine.export(evidence, "json")
            await off_loop(lambda: baselines.save(name, evidence))
        except GateRefused:
            self._status.say("Not saved: it holds something that looks like a secret.", Ink.FAILED)
        except Problem as problem:
            self._status.explain(problem)
        else:
            self._status.say(f"Saved as the baseline {name}: c holds later comparisons against it.")

    async def _load(self, name: str) -> None:
        baselines = services_of(self._pane.app).baselines
        if baselines is None:
            return
        try:
            self._baseline = await off_loop(lambda: load(baselines, name))
        except Problem as problem:
            self._status.explain(problem)
            return
        self._status.say(f"Later comparisons are held against {name}.")
        self._chosen()

    @property
    def _status(self) -> StatusLine:
        return self._pane.query_one(StatusLine)

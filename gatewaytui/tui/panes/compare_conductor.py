"""Conducts the comparisons of a pane: asks before much is spent, runs, stops at once, records each run once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import CompareJob, Progress, SpendPlanned
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.tui.messages import RunRecorded
from gatewaytui.tui.widgets import figures

from .base import Pane
from .compare_settings import (
    ASKED_ABOVE_USD,
    RunSettings,
    asks_first,
    cost_words,
    listed_prices,
    planned,
    spending_facts,
)
from .compare_state import LineUp
from .feed import Feed


class Conductor:
    """Holds the line-up. ``changed`` is called when it changed; ``held`` completes a record before it is kept."""

    def __init__(self, pane: Pane, changed: Callable[[], None], held: Callable[[LineUp], LineUp]) -> None:
        self._pane = pane
        self._changed = changed
        self._held = held
        self._begun = 0
        self._allowed_usd = ASKED_ABOVE_USD
        self._feed = Feed(pane, lambda: pane.services.engine, self._hear, self._ended)
        self.line_up = LineUp()

    @property
    def running(self) -> bool:
        """True while a comparison runs."""
        return self._feed.running

    @property
    def elapsed_ns(self) -> int:
        """For how long it has been running; 0 where nothing runs."""
        return self._feed.elapsed_ns if self._feed.running else 0

    def takes(self, settings: RunSettings, prompt: str) -> str:
        """What a run with these settings takes, in a sentence."""
        plan = planned(settings.job(self.line_up.targets, prompt), self.line_up.prices)
        requests = figures.plural(plan.requests, "request")
        return f"{requests}, at most {figures.grouped(plan.tokens)} tokens. Cost: {cost_words(plan)}."

    async def run(self, settings: RunSettings, prompt: str) -> None:
        """Send the prompt; ask before where it takes much."""
        catalogues, targets = self._pane.services.catalogues, self.line_up.targets
        if catalogues is not None:
            found = await off_loop(lambda: listed_prices(catalogues, targets))
            self.line_up = replace(self.line_up, prices={**found, **self.line_up.prices})
        job = settings.job(targets, prompt, self._begun)
        plan = planned(job, self.line_up.prices)
        if asks_first(plan):
            self._ask(job, plan)
        else:
            self._begin(job)

    def cancel(self) -> bool:
        """Stop at once. False where nothing runs, or all is judged and it ends by itself."""
        return not self.line_up.over and self.halt()

    def halt(self) -> bool:
        """Stop what runs; keep and record what was measured. False where nothing ran."""
        if not self._feed.stop():
            return False
        self.line_up = self.line_up.stopped()
        self._record()
        self._changed()
        return True

    def hold_again(self) -> None:
        """Another baseline was chosen: complete the record that is shown."""
        self.line_up = self._held(self.line_up)
        self._changed()

    def _ask(self, job: CompareJob, plan: SpendPlanned) -> None:
        from gatewaytui.tui.screens.confirm import ConfirmScreen

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin(job, plan.cost_usd or 0.0)

        question = f"Send {figures.plural(plan.requests, 'request')} to {len(job.targets)} targets?"
        self._pane.app.push_screen(ConfirmScreen(question, spending_facts(plan), "send them", "leave"), answered)

    def _begin(self, job: CompareJob, agreed_usd: float = 0.0) -> None:
        self.halt()
        self._allowed_usd = max(agreed_usd, ASKED_ABOVE_USD)
        self._begun += 1
        self.line_up = self.line_up.begun(job, datetime.now(UTC))
        self._feed.start(job)
        self._changed()

    def _hear(self, events: tuple[Progress, ...]) -> None:
        self.line_up = self.line_up.hearing(events, self.elapsed_ns)
        self._changed()
        plan, job = self.line_up.spend, self.line_up.job
        if plan and job and (plan.cost_usd or 0.0) > self._allowed_usd and self.cancel():
            self._ask(job, plan)  # the price became known only now

    def _ended(self, problem: Problem | None) -> None:
        if problem is not None:
            self.line_up = self.line_up.troubled(problem)
        self._record()
        self._changed()

    def _record(self) -> None:
        """Where something was measured."""
        self.line_up = self._held(self.line_up)
        if self.line_up.run is not None:
            self._pane.post_message(RunRecorded(self.line_up.run))

"""The same prompt to several targets, several times: who takes part, how each column stands, what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.diagnosis.comparison import Price
from gatewaytui.diagnosis.comparison_notes import Party, told_apart
from gatewaytui.domain.comparison import ColumnFacts, Comparison
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import CheckFinished, CheckStarted, CompareJob, Progress, RunFinished, SpendPlanned
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.domain.text import safe_line

from .answer_state import AnswerState, fold

FEWEST, MOST = 2, 8
_FIRST_SHOWN = 4
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


class Runner(msgspec.Struct, frozen=True):
    """One target as it goes: the answer that is shown, and a tally of its measured runs.

    ``last_failure`` is the class of the newest failure, ``broken`` tells that something other than a run failed
    (its model list, its key), after which no run follows. ``began_ns`` is when the shown request was heard to begin,
    by the screen's clock since the comparison did.
    """

    answer: AnswerState = msgspec.field(default_factory=AnswerState)
    heard: int = 0
    answered: int = 0
    warmed: int = 0
    last_failure: FailureClass | None = None
    broken: bool = False
    began_ns: int = 0

    def hearing(self, events: Sequence[Progress], index: int, elapsed_ns: int) -> Runner:
        """With these events: of several lanes only the first is shown as it streams."""
        shown = (event for event in events if not _of_another_lane(event))
        runner = replace(self, answer=fold(self.answer, shown, index))
        for event in events:
            if isinstance(event, CheckFinished) and event.target == index:
                runner = runner._counting(event.check)
            elif isinstance(event, CheckStarted) and event.target == index:
                runner = replace(runner, began_ns=elapsed_ns)
        return runner

    def done(self, runs: int) -> bool:
        """Whether all its runs have their verdict, or none will get one any more."""
        return self.heard >= runs or self.broken or self.answer.ended

    def _counting(self, check: CheckResult) -> Runner:
        failure = check.finding.failure_class if check.outcome is Outcome.FAILED and check.finding else None
        runner = replace(self, last_failure=failure or self.last_failure)
        if check.slot is None:
            return replace(runner, broken=self.broken or check.outcome is Outcome.FAILED)
        if check.slot.warm_up:
            return replace(runner, warmed=self.warmed + 1)
        return replace(runner, heard=self.heard + 1, answered=self.answered + (check.outcome in _ANSWERED))


def _of_another_lane(event: Progress) -> bool:
    """A verdict on a request that was not told as it streamed."""
    return isinstance(event, CheckFinished) and event.check.slot is not None and event.check.slot.lane > 0


class LineUp(msgspec.Struct, frozen=True):
    """The targets and, once it ran, a column each in the same order.

    ``job`` is what runs or ran, since ``started`` (UTC). ``measured`` is the comparison of what was heard so far,
    ``run`` its record once it ended or was stopped. ``prices`` are the listed ones that were told, by target.
    """

    targets: tuple[Target, ...] = ()
    runners: tuple[Runner, ...] = ()
    job: CompareJob | None = None
    started: datetime | None = None
    checks: tuple[CheckResult, ...] = ()
    measured: Comparison | None = None
    spend: SpendPlanned | None = None
    prices: Mapping[int, Price] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    run: Run | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What each target is called beside the others."""
        return told_apart(
            [Party(one.label, one.model or one.profile.default_model, str(one.protocol)) for one in self.targets],
            numbered=True,
        )

    @classmethod
    def of_profiles(cls, profiles: Sequence[Profile]) -> LineUp:
        """The first two to four profiles, each group of a profile without a key of its own counted as its first."""
        targets = (Target(profile, profile.groups[0].name if profile.groups else "") for profile in profiles)
        return cls(tuple(targets)[:_FIRST_SHOWN])

    def adding(self, target: Target) -> LineUp:
        """With one more target; the answers so far are gone with the old line-up."""
        return LineUp((*self.targets, target)[:MOST], prices=self.prices)

    def without(self, index: int) -> LineUp:
        """Without the target of that index."""
        prices = {at - (at > index): price for at, price in self.prices.items() if at != index}
        return LineUp(self.targets[:index] + self.targets[index + 1 :], prices=prices)

    def begun(self, job: CompareJob, started: datetime) -> LineUp:
        """At the start of a job: nothing has arrived."""
        return LineUp(self.targets, tuple(Runner() for _ in self.targets), job, started, prices=self.prices)

    def hearing(self, events: Iterable[Progress], elapsed_ns: int = 0) -> LineUp:
        """With these events, each in the column of its target, heard so long after the start."""
        batch = tuple(events)
        checks = tuple(event.check for event in batch if isinstance(event, CheckFinished))
        runners = tuple(runner.hearing(batch, index, elapsed_ns) for index, runner in enumerate(self.runners))
        heard = replace(self, runners=runners, checks=self.checks + checks)
        for event in batch:
            if isinstance(event, SpendPlanned):
                heard = replace(heard, spend=event, prices={**heard.prices, **dict(event.prices)})
            elif isinstance(event, RunFinished):
                return replace(heard, run=event.run, measured=event.run.comparison or heard.measured)
        return heard._measured() if checks else heard

    def stopped(self) -> LineUp:
        """With every answer that was still open ended by the person, and the record of what was measured."""
        return self._ending(lambda answer: replace(answer, stopped=True))._recorded()

    def troubled(self, problem: Problem) -> LineUp:
        """With every answer that was still open ended by something on this machine."""
        return self._ending(lambda answer: replace(answer, trouble=problem))._recorded()

    @property
    def runs(self) -> int:
        """How many times each target is asked."""
        return self.job.runs if self.job else 1

    @property
    def done(self) -> int:
        """How many targets have all their verdicts."""
        return sum(runner.done(self.runs) for runner in self.runners)

    @property
    def over(self) -> bool:
        """Whether something ran and nothing more will come that could be stopped."""
        return self.done == len(self.runners)

    @property
    def requests_heard(self) -> int:
        """How many requests have their verdict, warm-ups too."""
        return sum(check.slot is not None for check in self.checks)

    @property
    def so_far(self) -> Run | None:
        """The record of the comparison, while it runs of what was measured until now; None without a verdict."""
        return self.run or self._as_run()

    def facts(self, index: int) -> ColumnFacts:
        """What a column came to so far."""
        found = (column for column in self.measured.columns if column.target == index) if self.measured else iter(())
        return next(found, ColumnFacts(index))

    def _ending(self, end: Callable[[AnswerState], AnswerState]) -> LineUp:
        def ended(runner: Runner) -> Runner:
            return runner if runner.done(self.runs) else replace(runner, answer=end(runner.answer))

        return replace(self, runners=tuple(map(ended, self.runners)))

    def _measured(self) -> LineUp:
        run = self._as_run()
        return replace(self, measured=run.comparison if run else None)

    def _recorded(self) -> LineUp:
        return replace(self, run=self.so_far)

    def _as_run(self) -> Run | None:
        if self.job is None or self.started is None or not self.checks:
            return None
        from gatewaytui.engine.compareplan import compare_run

        run = compare_run(self.job, self.started, self.checks, prices=self.prices)
        return replace(run, spending=self.spend.spent if self.spend else None)


def model_of(target: Target, served: str = "") -> str:
    """The model a target answers with, as far as it is known."""
    asked = target.model or target.profile.default_model
    return safe_line(asked or served or "first listed model", 60)

"""The same prompt to several targets: who takes part, each one's answer, and the table that compares them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import ChatJob, Progress
from gatewaytui.domain.run import Outcome, Run
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, table
from gatewaytui.tui.widgets.ink import Ink, Line

from .answer_figures import live_facts, total_ms, verdict
from .answer_state import AnswerState, fold

FEWEST, MOST = 2, 8
_FIRST_SHOWN = 4
MAX_TOKENS = 256
_BEST = "▲ "


@dataclass(frozen=True, slots=True)
class Comparison:
    """The targets and, once it ran, an answer each in the same order."""

    targets: tuple[Target, ...] = ()
    answers: tuple[AnswerState, ...] = ()
    run: Run | None = None

    @classmethod
    def of_profiles(cls, profiles: Sequence[Profile]) -> Comparison:
        """The first two to four profiles, each group of a profile without a key of its own counted as its first."""
        targets = (Target(profile, profile.groups[0].name if profile.groups else "") for profile in profiles)
        return cls(tuple(targets)[:_FIRST_SHOWN])

    def adding(self, target: Target) -> Comparison:
        """With one more target; the answers so far are gone with the old line-up."""
        return Comparison((*self.targets, target)[:MOST])

    def without(self, index: int) -> Comparison:
        """Without the target of that index."""
        return Comparison(self.targets[:index] + self.targets[index + 1 :])

    def job(self, prompt: str) -> ChatJob:
        """What the engine is asked to do."""
        request = ChatRequest(model="", messages=(Message(Role.USER, prompt),), max_tokens=MAX_TOKENS)
        return ChatJob(self.targets, request, kind="compare")

    def begun(self) -> Comparison:
        """At the start of a run: nothing has arrived."""
        return Comparison(self.targets, tuple(AnswerState() for _ in self.targets))

    def hearing(self, events: Iterable[Progress]) -> Comparison:
        """With these events, each in the answer of its target."""
        batch = tuple(events)
        answers = tuple(fold(answer, batch, index) for index, answer in enumerate(self.answers))
        run = next((answer.run for answer in answers if answer.run is not None), self.run)
        return replace(self, answers=answers, run=run)

    def stopped(self) -> Comparison:
        """With every answer that was still open ended by the person."""
        return self._ending(lambda answer: replace(answer, stopped=True))

    def troubled(self, problem: Problem) -> Comparison:
        """With every answer that was still open ended by something on this machine."""
        return self._ending(lambda answer: replace(answer, trouble=problem))

    @property
    def done(self) -> int:
        """How many targets have their verdict."""
        return sum(answer.judged or answer.ended for answer in self.answers)

    def _ending(self, end: Callable[[AnswerState], AnswerState]) -> Comparison:
        return replace(self, answers=tuple(a if a.judged else end(a) for a in self.answers))


def model_of(target: Target, answer: AnswerState | None) -> str:
    """The model a target answers with, as far as it is known."""
    asked = target.model or target.profile.default_model
    return safe_line(asked or (answer.served_model if answer else "") or "first listed model", 60)


_COLUMNS = (
    Column("target", gives=True, rank=9),
    Column("model", gives=True, rank=2),
    Column("TTFT", right=True, rank=8),
    Column("total", right=True, rank=6),
    Column("tok/s", right=True, rank=7),
    Column("out", right=True, rank=3),
    Column("verdict", gives=True, rank=9),
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """A figure that is compared: how it is read, shown, and which end is best."""

    read: Callable[[AnswerState], float | None]
    show: Callable[[float | None], str]
    least_is_best: bool


def _ttft(answer: AnswerState) -> float | None:
    stream = answer.result.stream if answer.result else None
    return (stream or live_facts(answer)).ttft_ms


def _rate(answer: AnswerState) -> float | None:
    stream = answer.result.stream if answer.result else None
    return (stream or live_facts(answer)).tokens_per_second


def _plain_rate(value: float | None) -> str:
    return figures.NOT_MEASURED if value is None else figures.grouped(value, 1)


_MEASURES = (
    _Measure(_ttft, figures.milliseconds, least_is_best=True),
    _Measure(total_ms, figures.milliseconds, least_is_best=True),
    _Measure(_rate, _plain_rate, least_is_best=False),
)


def comparison_lines(comparison: Comparison, width: int, now_ns: int = 0) -> tuple[Line, ...]:
    """The table: the best figure of each column carries ▲ as well as colour, among those that did not fail."""
    if not comparison.answers:
        return ()
    columns = [_cells(measure, comparison.answers) for measure in _MEASURES]
    rows = [
        (
            (target.label, Ink.STRONG),
            (model_of(target, answer), Ink.MUTED),
            *(column[index] for column in columns),
            (figures.count(answer.usage.output_tokens if answer.usage else None), Ink.PLAIN),
            verdict(answer, now_ns),
        )
        for index, (target, answer) in enumerate(zip(comparison.targets, comparison.answers, strict=True))
    ]
    return table(_COLUMNS, rows, width)


def _cells(measure: _Measure, answers: Sequence[AnswerState]) -> list[Cell]:
    values = [measure.read(answer) for answer in answers]
    fit = [value for value, answer in zip(values, answers, strict=True) if value is not None and _passed(answer)]
    pick = min if measure.least_is_best else max
    best = pick(fit) if len(fit) > 1 and all(answer.result or answer.ended for answer in answers) else None
    return [
        (_BEST + measure.show(value), Ink.PASSED)
        if value is not None and value == best and _passed(answer)
        else (measure.show(value), Ink.MUTED if value is None else Ink.PLAIN)
        for value, answer in zip(values, answers, strict=True)
    ]


def _passed(answer: AnswerState) -> bool:
    return answer.result is not None and answer.result.outcome in (Outcome.PASSED, Outcome.WARNED)


def cell_figures(answer: AnswerState) -> Cell:
    """What stands under an answer in its column: TTFT and rate so far; "" before it began."""
    if not answer.check:
        return "", Ink.MUTED
    rate = _rate(answer)
    parts = (f"TTFT {figures.milliseconds(_ttft(answer))}", "" if rate is None else figures.rate(rate))
    return " · ".join(filter(None, parts)), Ink.MUTED

"""Comparisons as an engine tells them: verdicts with their place in the schedule, whole runs of several rounds."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from gatewaytui.domain.chat import ChatRequest, Message, Role, Usage
from gatewaytui.domain.comparison import Slot
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import CheckFinished, CompareJob, Progress, RunFinished, SpendPlanned
from gatewaytui.domain.run import Budget, CheckResult, Spending
from gatewaytui.engine.compareplan import compare_run

from .scripted import NOON, Step, facts
from .streams import answering, connecting, failed, passed, side_by_side

PRICES = ((0, (1.25, 10.0)), (1, (0.5, 4.0)))


def heard(check: CheckResult, run: int = 1, *, text: int = 1, lane: int = 0, warm_up: bool = False) -> CheckFinished:
    """This verdict as the how many-th of its target."""
    slot = Slot(run, 0.0, 0.0, warm_up=warm_up, text=text, lane=lane)
    return CheckFinished(check.target, replace(check, slot=slot))


def answered(target: int, run: int, ttft_ms: float = 300.0, rate: float = 50.0, text: int = 1) -> CheckFinished:
    """A run that was answered; its figures differ a little from run to run."""
    check = passed(target, ttft_ms + (run * 37) % 23 * ttft_ms / 60, rate - (run * 7) % 5)
    assert check.answer is not None
    usage = replace(check.answer, usage=Usage(38 + target, 131))
    return heard(replace(check, answer=usage), run, text=text)


def refused(target: int, run: int, failure_class: FailureClass = FailureClass.RATE_LIMIT) -> CheckFinished:
    """A run that was not."""
    return heard(failed(failure_class, 429, target=target), run, text=0)


def job_of(profiles: Sequence[Profile], runs: int = 1, temperature: float | None = None) -> CompareJob:
    """A comparison of these profiles."""
    request = ChatRequest("", (Message(Role.USER, "hello"),), max_tokens=256, temperature=temperature)
    return CompareJob(tuple(Target(profile) for profile in profiles), request, runs)


def spending(runs: int, targets: int, requests: int = 0, cost_usd: float | None = None) -> SpendPlanned:
    """The plan of a comparison, and what has been sent of it."""
    whole = Budget(runs * targets, runs * targets * 284)
    priced = PRICES if cost_usd is not None else ()
    return SpendPlanned(whole.requests, whole.tokens, cost_usd, 1, Spending(whole, requests), priced)


def ended(job: CompareJob, events: Sequence[Step]) -> RunFinished:
    """The record of what these events told."""
    checks = [event.check for event in events if isinstance(event, CheckFinished)]
    models = tuple(facts(target, "claude-opus-4-6") for target in job.targets)
    return RunFinished(compare_run(job, NOON, checks, models, dict(PRICES)))


def once(profiles: Sequence[Profile]) -> list[Progress]:
    """Three columns, a run each: two are answered, the third is refused."""
    streams = side_by_side([*connecting(0), *answering(0)], [*connecting(1), *answering(1)], connecting(2))
    last = [heard(passed(0, 310, 52.3)), heard(passed(1, 212, 48.0), text=2), refused(2, 1)]
    return [*streams, *last, ended(job_of(profiles), last)]


def rounds(profiles: Sequence[Profile], runs: int, until: int | None = None) -> list[Step]:
    """Three columns of several runs, the third refused now and then; ``until`` ends it in the middle of a run."""
    steps: list[Step] = [spending(runs, 3, cost_usd=0.0523)]
    for run in range(1, (until or runs) + 1):
        steps += [*connecting(0), *answering(0)[:30], answered(0, run, 310, 52.3, text=1 + run % 2)]
        steps += [*connecting(1), *answering(1)[:40], answered(1, run, 212, 48.0, text=1)]
        third = refused(2, run) if run % 4 == 3 else answered(2, run, 540, 61.0, text=3)
        steps += [*connecting(2), *(() if run % 4 == 3 else answering(2)[:25]), third]
    if until is not None:
        steps += [*connecting(0), *answering(0)[:24], *connecting(1), *answering(1)[:18], *connecting(2)]
        return steps
    return [*steps, ended(job_of(profiles, runs, temperature=0.0), steps)]

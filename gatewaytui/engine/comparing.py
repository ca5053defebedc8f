"""The comparison: the same chat to several targets, several times, each target in lanes of its own.

A failing or slow column never holds up another: targets share nothing but the clock and the budget.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field

from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.checks.models import first_chat_model
from gatewaytui.diagnosis.comparison import NO_PRICE, Price
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.comparison import Slot
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import (
    AnswerArrived,
    CheckFinished,
    CheckStarted,
    CompareJob,
    PhaseReached,
    Progress,
    Streamed,
)
from gatewaytui.domain.run import Budget, CheckResult, Outcome, Run, Spending, TargetFacts

from .chatting import Watch, chat
from .choosing import CHOSEN_FOR_YOU, nothing_listed, wanted_model
from .compareplan import compare_run, planned_budget, planned_spending, request_tokens
from .desk import Desk, Tell, local_failure, target_facts
from .ledger import tokens_of
from .listing import fetch_list
from .session import Judged, Session, open_session

_NOT_SENT = "Not sent: the budget of this comparison is spent."
_LIVE = (CheckStarted, PhaseReached, Streamed, AnswerArrived)


@dataclass(slots=True)
class _Bout:
    """One comparison as it goes: what all its columns share."""

    job: CompareJob
    desk: Desk
    spending: Spending
    began_ns: int = field(default_factory=time.monotonic_ns)
    checks: list[CheckResult] = field(default_factory=list)
    prices: dict[int, Price] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)

    def now_ms(self) -> float:
        """Since the comparison began."""
        return (time.monotonic_ns() - self.began_ns) / 1e6

    def keep(self, check: CheckResult) -> None:
        """Keep and tell a verdict."""
        self.checks.append(check)
        self.desk.tell(CheckFinished(check.target, check))

    def tell_spending(self) -> None:
        """Tell what is planned and spent."""
        self.desk.tell(planned_spending(self.job, self.prices, self.spending))

    def takes(self) -> bool:
        """Whether one more request fits the budget; counted from here on, so that no two lanes take the same room.

        Without a budget all fits: a server that counts more than was estimated must not end what was asked for.
        """
        spent, limit = self.spending, self.spending.limit
        requests, tokens = spent.requests + 1, spent.tokens + request_tokens(self.job)
        if self.job.budget is not None and (requests > limit.requests or tokens > limit.tokens):
            self.spending = replace(spent, skipped=spent.skipped + 1)
            return False
        self._spent(requests, tokens)
        self.tell_spending()
        return True

    def counted(self, answer: Judged) -> None:
        """What the request really took, in the place of what was set aside for it."""
        used = tokens_of(answer, request_tokens(self.job))
        self._spent(self.spending.requests, self.spending.tokens - request_tokens(self.job) + used)
        self.tell_spending()

    def _spent(self, requests: int, tokens: int) -> None:
        """So much until now; what was planned grows with it where nobody set a limit."""
        limit = self.spending.limit
        if self.job.budget is None:
            limit = Budget(max(limit.requests, requests), max(limit.tokens, tokens))
        self.spending = replace(self.spending, limit=limit, requests=requests, tokens=tokens)

    def text_number(self, text: str) -> int:
        """The number of this answer among the distinct ones; 0 for none."""
        return self.texts.setdefault(text, len(self.texts) + 1) if text else 0


async def compare(job: CompareJob, desk: Desk) -> Run:
    """Every target's runs, side by side."""
    started = desk.now()
    bout = _Bout(job, desk, Spending(job.budget or planned_budget(job)))
    bout.tell_spending()
    order = list(range(len(job.targets)))
    random.Random(job.seed).shuffle(order)  # noqa: S311  (a fair order, no secret)
    async with asyncio.TaskGroup() as group:
        tasks = {index: group.create_task(_column(bout, index)) for index in order}
    facts = tuple(tasks[index].result() for index in range(len(job.targets)))
    return replace(compare_run(job, started, bout.checks, facts, bout.prices), spending=bout.spending)


@dataclass(slots=True)
class _Column:
    """One target as its lanes share it. ``form`` is the request in the form that this server takes."""

    index: int
    session: Session
    plan: Plan
    form: ChatCheck
    chosen: bool
    origin_ms: float = 0.0


async def _column(bout: _Bout, index: int) -> TargetFacts:
    """One target: its list where model or prices are not known, its warm-ups, then its runs, in its lanes."""
    target = bout.job.targets[index]
    asked = bout.job.request.model or wanted_model(target)
    known = asked or (bout.job.models[index] if bout.job.models else "")
    plan = Plan(target, known)
    try:
        async with open_session(target, bout.desk.keys, pulse=bout.desk.pulse) as (session, _):
            if known and bout.job.prices:
                _price(bout, index, bout.job.prices[index])
            else:
                listing = await fetch_list(session, plan, index, _unheard)
                if not known and listing.models is None:
                    bout.keep(replace(listing.check, target=index))
                    return target_facts(plan, "")
                plan = replace(plan, model=known or first_chat_model(listing.models.ids if listing.models else ()))
                _price(bout, index, listed_price(listing.models, plan.model))
            if not plan.model:
                raise nothing_listed()
            column = _Column(index, session, plan, ChatCheck(bout.job.request), chosen=not asked)
            warm_ups, runs = _slots(bout.job)
            await _lanes(bout, column, warm_ups)
            column.origin_ms = bout.now_ms()
            await _lanes(bout, column, runs)
    except Problem as problem:
        bout.keep(local_failure("stream" if bout.job.request.stream else "chat", problem, index))
    return target_facts(plan, asked)


def _price(bout: _Bout, index: int, price: Price) -> None:
    """The listed price of this target's model, told where it is known."""
    if price != NO_PRICE:
        bout.prices[index] = price
        bout.tell_spending()


def listed_price(listed: ModelList | None, model: str) -> Price:
    """What a list says of this model's price."""
    for info in listed.models if listed else ():
        if info.id == model:
            return info.input_price, info.output_price
    return NO_PRICE


def _slots(job: CompareJob) -> tuple[list[Slot], list[Slot]]:
    """The requests of one target: warm-ups with numbers of their own, then the measured runs."""
    warm = [Slot(number, 0.0, warm_up=True) for number in range(1, job.warm_ups + 1)]
    return warm, [Slot(number, (number - 1) * job.interval_s * 1000) for number in range(1, job.runs + 1)]


async def _lanes(bout: _Bout, column: _Column, slots: list[Slot]) -> None:
    """Send these to their end, as many at a time as the job says."""
    waiting = deque(slots)
    async with asyncio.TaskGroup() as group:
        for lane in range(min(bout.job.concurrency, len(slots))):
            group.create_task(_lane(bout, column, waiting, lane=lane))


async def _lane(bout: _Bout, column: _Column, slots: deque[Slot], *, lane: int) -> None:
    """Take this target's slots one after the other; only one lane of a target is shown as it streams."""
    tell = bout.desk.tell if lane == 0 else _unheard
    name = column.form.name
    while slots:
        slot = slots.popleft()
        on_time = bout.job.interval_s and not slot.warm_up
        planned = column.origin_ms + slot.planned_ms if on_time else bout.now_ms()
        await asyncio.sleep(max(0.0, planned - bout.now_ms()) / 1000)
        if not bout.takes():
            skipped = replace(slot, planned_ms=planned)
            bout.keep(CheckResult(name, Outcome.SKIPPED, note=_NOT_SENT, target=column.index, slot=skipped))
            continue
        slot = replace(slot, planned_ms=planned, started_ms=bout.now_ms(), lane=lane)
        done = await chat(
            column.session,
            column.form,
            column.plan,
            column.index,
            _live(tell),
            bout.desk.secrets,
            Watch(bout.counted, bout.takes),
        )
        column.form = done.form
        answer = done.judged.reading.answer if done.judged.reading else None
        failed = done.check.outcome is Outcome.FAILED  # what came of it is no answer to number
        slot = replace(slot, text=bout.text_number(answer.text if answer and not failed else ""))
        bout.keep(replace(done.check, slot=slot, note=CHOSEN_FOR_YOU if column.chosen else done.check.note))


def _live(tell: Tell) -> Tell:
    """What a column shows while it streams; its verdict is told apart, with its place in the schedule."""

    def told(progress: Progress) -> None:
        if isinstance(progress, _LIVE):
            tell(progress)

    return told


def _unheard(progress: Progress) -> None:
    """Nobody needs to hear it."""

"""The comparison: the same chat to several targets, several times, each target in lanes of its own.

A failing or slow column never holds up another: targets share nothing but the clock and the budget.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from gatewaytui.checks.base import Plan
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.checks.models import first_chat_model
from gatewaytui.diagnosis.comparison import NO_PRICE, Price, compared, cost_of
from gatewaytui.diagnosis.statistics import estimated_tokens
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
    SpendPlanned,
    Streamed,
)
from gatewaytui.domain.run import Budget, CheckResult, Outcome, Run, Spending, TargetFacts

from .chatting import Watch, chat
from .choosing import CHOSEN_FOR_YOU, nothing_listed, wanted_model
from .desk import Desk, Tell, local_failure, target_facts
from .ledger import tokens_of
from .listing import Listing, fetch_list
from .session import Judged, Session, open_session

DEFAULT_ANSWER = 1024
_OVERHEAD = 16
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
        """Whether one more request fits the budget; counted from here on, so that no two lanes take the same room."""
        spent, limit = self.spending, self.spending.limit
        if spent.requests + 1 > limit.requests or spent.tokens + request_tokens(self.job) > limit.tokens:
            self.spending = replace(spent, skipped=spent.skipped + 1)
            return False
        self.spending = replace(spent, requests=spent.requests + 1, tokens=spent.tokens + request_tokens(self.job))
        return True

    def counted(self, answer: Judged) -> None:
        """What the request really took, in the place of what was set aside for it."""
        used = tokens_of(answer, request_tokens(self.job))
        self.spending = replace(self.spending, tokens=self.spending.tokens - request_tokens(self.job) + used)
        self.tell_spending()

    def text_number(self, text: str) -> int:
        """The number of this answer among the distinct ones; 0 for none."""
        return self.texts.setdefault(text, len(self.texts) + 1) if text else 0


def request_tokens(job: CompareJob) -> int:
    """What one request can take at most: the prompt as estimated and the longest answer allowed."""
    texts = (job.request.system, *(message.text for message in job.request.messages))
    return round(sum(map(estimated_tokens, texts))) + _OVERHEAD + (job.request.max_tokens or DEFAULT_ANSWER)


def planned_spending(job: CompareJob, prices: Mapping[int, Price], spent: Spending) -> SpendPlanned:
    """What the whole comparison takes at most, as far as prices are known."""
    each = job.runs + job.warm_ups
    answer = job.request.max_tokens or DEFAULT_ANSWER
    costs = [
        cost_of(request_tokens(job) - answer, answer, prices.get(index, NO_PRICE))
        for index in range(len(job.targets))
    ]
    known = [cost for cost in costs if cost is not None]
    cost = sum(known) * each if known else None
    whole = planned_budget(job)
    return SpendPlanned(whole.requests, whole.tokens, cost, len(costs) - len(known), spent)


def planned_budget(job: CompareJob) -> Budget:
    """The requests and tokens of all runs and warm-ups."""
    requests = (job.runs + job.warm_ups) * len(job.targets)
    return Budget(requests, requests * request_tokens(job))


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


def compare_run(
    job: CompareJob,
    started: datetime,
    checks: Sequence[CheckResult],
    facts: tuple[TargetFacts, ...] = (),
    prices: Mapping[int, Price] | None = None,
) -> Run:
    """The Run of a comparison, also of one that was stopped: of the checks it came to until then."""
    targets = facts or tuple(target_facts(Plan(aim, wanted_model(aim)), wanted_model(aim)) for aim in job.targets)
    ordered = tuple(sorted(checks, key=lambda check: (check.target, check.slot.run if check.slot else 0)))
    comparison = compared(
        ordered,
        targets,
        runs=job.runs,
        warm_ups=job.warm_ups,
        concurrency=job.concurrency,
        seed=job.seed,
        at_zero=job.request.temperature == 0,
        prices=prices or {},
    )
    return Run("compare", started, targets, ordered, comparison=comparison)


async def _column(bout: _Bout, index: int) -> TargetFacts:
    """One target: its list for model and prices, then its runs in its lanes."""
    target = bout.job.targets[index]
    asked = bout.job.request.model or wanted_model(target)
    plan = Plan(target, asked)
    try:
        async with open_session(target, bout.desk.keys) as (session, secret):
            bout.desk.secrets.keep_key(secret)
            listing = await fetch_list(session, plan, index, _unheard)
            if not asked:
                if listing.models is None:
                    bout.keep(replace(listing.check, target=index))
                    return target_facts(plan, "")
                plan = replace(plan, model=first_chat_model(listing.models.models))
            if not plan.model:
                raise nothing_listed()
            _price(bout, index, plan.model, listing)
            slots = deque(_slots(bout.job))
            lanes = range(min(bout.job.concurrency, len(slots)))
            async with asyncio.TaskGroup() as group:
                for lane in lanes:
                    group.create_task(_lane(bout, session, plan, index, slots, live=lane == 0, chosen=not asked))
    except Problem as problem:
        bout.keep(local_failure("stream" if bout.job.request.stream else "chat", problem, index))
    return target_facts(plan, asked)


def _price(bout: _Bout, index: int, model: str, listing: Listing) -> None:
    """The listed price of this model, told where it is known."""
    found = _listed_price(listing.models, model)
    if found != NO_PRICE:
        bout.prices[index] = found
        bout.tell_spending()


def _listed_price(listed: ModelList | None, model: str) -> Price:
    for info in listed.models if listed else ():
        if info.id == model:
            return info.input_price, info.output_price
    return NO_PRICE


def _slots(job: CompareJob) -> list[Slot]:
    """The requests of one target in order: warm-ups first, with numbers of their own."""
    warm = [Slot(number, 0.0, warm_up=True) for number in range(1, job.warm_ups + 1)]
    measured = [Slot(number, (number - 1) * job.interval_s * 1000) for number in range(1, job.runs + 1)]
    return warm + measured


async def _lane(
    bout: _Bout, session: Session, plan: Plan, index: int, slots: deque[Slot], *, live: bool, chosen: bool
) -> None:
    """Take this target's slots one after the other; only one lane of a target is shown as it streams."""
    tell = bout.desk.tell if live else _unheard
    while slots:
        slot = slots.popleft()
        planned = max(slot.planned_ms, 0.0) if bout.job.interval_s and not slot.warm_up else bout.now_ms()
        await asyncio.sleep(max(0.0, planned - bout.now_ms()) / 1000)
        slot = replace(slot, planned_ms=planned, started_ms=bout.now_ms())
        name = "stream" if bout.job.request.stream else "chat"
        if not bout.takes():
            bout.keep(
                CheckResult(name, Outcome.SKIPPED, note=_NOT_SENT, target=index, slot=replace(slot, started_ms=None))
            )
            continue
        done = await chat(
            session,
            ChatCheck(bout.job.request),
            plan,
            index,
            _live(tell),
            bout.desk.secrets,
            Watch(bout.counted, bout.takes),
        )
        answer = done.judged.reading.answer if done.judged.reading else None
        slot = replace(slot, text=bout.text_number(answer.text if answer else ""))
        bout.keep(replace(done.check, slot=slot, note=CHOSEN_FOR_YOU if chosen else done.check.note))


def _live(tell: Tell) -> Tell:
    """What a column shows while it streams; its verdict is told apart, with its place in the schedule."""

    def told(progress: Progress) -> None:
        if isinstance(progress, _LIVE):
            tell(progress)

    return told


def _unheard(progress: Progress) -> None:
    """Nobody needs to hear it."""

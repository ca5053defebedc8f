"""What a comparison will take at most, and the Run it comes to: pure, for a face that asks before and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from gatewaytui.checks.base import Plan
from gatewaytui.diagnosis.comparison import NO_PRICE, Price, compared, cost_of
from gatewaytui.diagnosis.statistics import estimated_tokens
from gatewaytui.domain.progress import CompareJob, SpendPlanned
from gatewaytui.domain.run import Budget, CheckResult, Run, Spending, TargetFacts

from .choosing import wanted_model
from .desk import target_facts

DEFAULT_ANSWER = 1024
_OVERHEAD = 16


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
    return SpendPlanned(whole.requests, whole.tokens, cost, len(costs) - len(known), spent, tuple(prices.items()))


def planned_budget(job: CompareJob) -> Budget:
    """The requests and tokens of all runs and warm-ups."""
    requests = (job.runs + job.warm_ups) * len(job.targets)
    return Budget(requests, requests * request_tokens(job))


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
        interval_s=job.interval_s,
        max_tokens=job.request.max_tokens,
        at_zero=job.request.temperature == 0,
        prices=prices or {},
    )
    return Run("compare", started, targets, ordered, comparison=comparison)

"""The jobs: smoke, models, chat. Each takes a Desk, tells its progress and returns the Run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.checks.models import first_chat_model
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.failure import NO_PATH, FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import (
    ChatJob,
    CheckFinished,
    CompareJob,
    DoctorJob,
    MatrixJob,
    ModelsJob,
    Progress,
    SmokeJob,
)
from gatewaytui.domain.run import CheckResult, Outcome, Run, TargetFacts

from .chatting import chat
from .choosing import CHOSEN_FOR_YOU, nothing_listed, wanted_model
from .desk import Desk, Tell, local_failure, target_facts
from .listing import fetch_list
from .session import Session, open_session

SMOKE_TOKENS = 64
Work = Callable[[Any, Desk], Awaitable[Run]]


async def smoke(job: SmokeJob, desk: Desk) -> Run:
    """The decision map: list, choose, one non-streaming chat; stops at the first failing check."""
    started = desk.now()
    plan = Plan(job.target, wanted_model(job.target))
    asked = plan.model
    telling = _Telling(desk.tell)
    checks: tuple[CheckResult, ...] = ()
    listed: ModelList | None = None
    try:
        async with open_session(job.target, desk.keys, pulse=desk.pulse) as (session, _):
            listing = await fetch_list(session, plan, 0, telling)
            listed, checks = listing.models, (listing.check,)
            plan = replace(plan, model=asked or (first_chat_model(listed.ids) if listed else ""))
            if not job.skip_chat and _worth_a_chat(listing.check, plan):
                if not plan.model:
                    raise nothing_listed()
                checks += (await _smoke_chat(session, plan, asked, job.prompt, desk, telling),)
    except Problem as problem:
        checks += (local_failure("models" if not checks else "chat", problem, 0),)
    if not job.skip_chat and len(checks) == 1:
        checks += (CheckResult(name="chat", outcome=Outcome.SKIPPED, note="The check before it failed."),)
    ids = listed.ids if listed else None
    settled = _settled(checks, plan.model, ids)
    telling.rest(settled)
    return Run("smoke", started, (target_facts(plan, asked),), settled)


class _Telling:
    """Tells a good list at once and every other verdict when the checks were read together.

    A list that failed may be one that this gateway just does not have: the chat after it decides.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._list_told = False

    def __call__(self, progress: Progress) -> None:
        match progress:
            case CheckFinished(check=CheckResult(name="models", outcome=outcome)) if outcome is not Outcome.FAILED:
                self._list_told = True
            case CheckFinished():
                return
        self._tell(progress)

    def rest(self, settled: tuple[CheckResult, ...]) -> None:
        """The verdicts that waited; what was not tried has none."""
        for check in settled[1:] if self._list_told else settled:
            if check.outcome is not Outcome.SKIPPED:
                self._tell(CheckFinished(0, check))


def _settled(checks: tuple[CheckResult, ...], model: str, ids: tuple[str, ...] | None) -> tuple[CheckResult, ...]:
    """The checks read together, where one failed that another may explain."""
    if all(check.outcome is not Outcome.FAILED for check in checks):
        return checks
    from gatewaytui.diagnosis.crosscheck import CrossFacts, crosscheck  # late: what works needs no explaining

    return crosscheck(checks, CrossFacts(requested_model=model, listed_ids=ids))


def _worth_a_chat(models: CheckResult, plan: Plan) -> bool:
    """After a good list always; without one only when a model was named and no more than the list is missing."""
    if models.outcome is not Outcome.FAILED:
        return True
    failure_class = models.finding.failure_class if models.finding else None
    no_list = failure_class in NO_PATH and models.status in (404, 405, 501)
    return bool(plan.model) and (no_list or failure_class is FailureClass.MODELS_EMPTY)


async def _smoke_chat(session: Session, plan: Plan, asked: str, prompt: str, desk: Desk, tell: Tell) -> CheckResult:
    request = ChatRequest(
        model=plan.model, messages=(Message(Role.USER, prompt),), stream=False, max_tokens=SMOKE_TOKENS
    )
    done = await chat(session, ChatCheck(request), plan, 0, tell, desk.secrets)
    return done.check if asked else replace(done.check, note=CHOSEN_FOR_YOU)


async def models(job: ModelsJob, desk: Desk) -> Run:
    """Every target's list, side by side."""

    async def one(index: int, target: Target) -> tuple[TargetFacts, tuple[CheckResult, ...]]:
        plan = Plan(target)
        try:
            async with open_session(target, desk.keys, pulse=desk.pulse) as (session, _):
                listing = await fetch_list(session, plan, index, desk.tell)
                return target_facts(plan, ""), (listing.check,)
        except Problem as problem:
            return target_facts(plan, ""), (_told(local_failure("models", problem, index), desk),)

    return await _side_by_side("models", job.targets, one, desk)


async def chats(job: ChatJob, desk: Desk) -> Run:
    """One chat to every target at once; none waits for another."""

    async def one(index: int, target: Target) -> tuple[TargetFacts, tuple[CheckResult, ...]]:
        asked = job.request.model or wanted_model(target)
        plan = Plan(target, asked)
        name = "stream" if job.request.stream else "chat"
        try:
            async with open_session(target, desk.keys, pulse=desk.pulse) as (session, _):
                with desk.halting.ending(session.halt):
                    if not asked:
                        listing = await fetch_list(session, plan, index, desk.tell)
                        plan = replace(plan, model=first_chat_model(listing.models.ids) if listing.models else "")
                        if listing.models is None:
                            return target_facts(plan, ""), (listing.check,)
                    if not plan.model:
                        raise nothing_listed()
                    done = await chat(session, ChatCheck(job.request), plan, index, desk.tell, desk.secrets)
                    check = done.check if asked else replace(done.check, note=CHOSEN_FOR_YOU)
                    return target_facts(plan, asked), (check,)
        except Problem as problem:
            return target_facts(plan, asked), (_told(local_failure(name, problem, index), desk),)

    return await _side_by_side(job.kind, job.targets, one, desk)


def _told(check: CheckResult, desk: Desk) -> CheckResult:
    desk.tell(CheckFinished(check.target, check))
    return check


Checked = tuple[TargetFacts, tuple[CheckResult, ...]]


async def _side_by_side(
    kind: str, targets: tuple[Target, ...], one: Callable[[int, Target], Coroutine[Any, Any, Checked]], desk: Desk
) -> Run:
    started = desk.now()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(index, target)) for index, target in enumerate(targets)]
    results = [task.result() for task in tasks]
    facts = tuple(fact for fact, _ in results)
    return Run(kind, started, facts, tuple(check for _, checks in results for check in checks))


def _late(module: str, name: str) -> Work:
    """A job whose module is loaded when it is first done: `smoke` is to start without the ladder and the matrix."""

    async def work(job: Any, desk: Desk) -> Run:
        done: Run = await getattr(import_module(f".{module}", __package__), name)(job, desk)
        return done

    return work


JOBS: Mapping[type, Work] = MappingProxyType(
    {
        SmokeJob: smoke,
        ModelsJob: models,
        ChatJob: chats,
        CompareJob: _late("comparing", "compare"),
        DoctorJob: _late("ladder", "doctor"),
        MatrixJob: _late("matrix", "matrix"),
    }
)

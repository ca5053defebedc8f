"""The doctor: the checks in their order; at the first broken rung the variants that tell its causes apart.

Everything sent goes through one ledger, so that what the run claims is what the server's log shows.
"""

from __future__ import annotations

from gatewaytui.checks import address
from gatewaytui.checks.base import Plan
from gatewaytui.checks.models import ModelsCheck
from gatewaytui.checks.network import NETWORK_RUNGS
from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.exchange import Exchange
from gatewaytui.domain.failure import FailureClass, Finding
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import DoctorJob
from gatewaytui.domain.run import CheckResult, Outcome, Run, Rung
from gatewaytui.transport.client import Connection
from gatewaytui.transport.probe import probe

from .climb import PROMPT, Climb
from .desk import Desk, local_failure, target_facts
from .isolating import isolate, reread
from .rungs import REQUEST_RUNGS, families_rung
from .session import open_session


async def doctor(job: DoctorJob, desk: Desk) -> Run:
    """Climb the ladder; stop at the first broken rung and isolate its cause. Later rungs say what they wait for."""
    started = desk.now()
    asked = job.target.model or job.target.profile.default_model
    climb = Climb(desk, Plan(job.target, asked), asked, job.budget)
    try:
        if _address(climb):
            if await _network(climb):
                await _requests(climb, job.families)
        elif climb.checks[-1].finding and climb.checks[-1].finding.failure_class is FailureClass.BASE_URL:
            await _proposals(climb)
    except Problem as problem:
        climb.settle(local_failure(_next(climb), problem, 0))
    checks = reread(climb)
    _explain_the_rest(climb, job.families)
    return Run(
        "doctor",
        started,
        (target_facts(climb.plan, asked),),
        (*checks, *climb.checks[len(checks) :]),
        climb.ledger.requests,
        climb.ledger.spending,
        climb.recogniser.gateway,
    )


def _address(climb: Climb) -> bool:
    climb.begin(Rung.ADDRESS)
    return climb.settle(address.judge(climb.target.profile)).outcome is not Outcome.FAILED


async def _network(climb: Climb) -> bool:
    """Proxy, DNS, TCP and TLS, from one connection that carries no request."""
    profile = climb.target.profile
    climb.begin(Rung.PROXY)
    request = ModelsCheck().request(climb.plan)
    facts = await probe(request.url, Connection(profile.proxy, profile.ca_file, profile.timeouts))
    climb.connection = facts
    finding: Finding | None = None
    if facts.fault is not None:
        finding = classify(Exchange(request, None, facts.fault), None)
    settled = [climb.settle(judge(facts, finding)) for judge in NETWORK_RUNGS.values()]
    return all(check.outcome is not Outcome.FAILED for check in settled)


async def _requests(climb: Climb, with_families: bool) -> None:
    async with open_session(climb.target, climb.desk.keys, reuse=False, pulse=climb.desk.pulse) as (session, _):
        climb.session = session
        climb.desk.secrets.keep_prompt(PROMPT)
        for rung in REQUEST_RUNGS:
            if rung is families_rung and not with_families:
                return
            if not await rung(climb):
                await isolate(climb)
                return


async def _proposals(climb: Climb) -> None:
    """The address is mistyped in a way that has a proposal: see whether the list answers there."""
    profile = climb.target.profile
    facts = await probe(profile.base_url, Connection(profile.proxy, profile.ca_file, profile.timeouts))
    if facts.fault is None:
        async with open_session(climb.target, climb.desk.keys, reuse=False, pulse=climb.desk.pulse) as (session, _):
            climb.session = session
            await isolate(climb)


def _next(climb: Climb) -> Rung:
    """The rung that was under way: the first without a verdict."""
    settled = {check.name for check in climb.checks}
    return next((rung for rung in Rung if rung not in settled), Rung.FAMILIES)


def _explain_the_rest(climb: Climb, with_families: bool) -> None:
    """The rungs that were not reached, each skipped, with what it waits for."""
    settled = {check.name for check in climb.checks}
    broken = climb.broken
    for rung in Rung:
        if rung not in settled and (with_families or rung is not Rung.FAMILIES):
            note = f"Waits for {broken.name}." if broken else "Not tried."
            climb.settle(CheckResult(rung, Outcome.SKIPPED, note=note))

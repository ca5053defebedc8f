"""At a broken rung: the few cheap variants that tell its causes apart, one at a time, and what they say together."""

from __future__ import annotations

from gatewaytui.checks.isolation import Situation, Variant, variants
from gatewaytui.diagnosis.crosscheck import CrossFacts, crosscheck
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Rung
from gatewaytui.domain.secret import Secret, wrong_key
from gatewaytui.protocols.accounts import probes_for

from .climb import CHAT_COST, SMALL_CHAT, Climb
from .session import from_source

_MONEY = frozenset((FailureClass.RATE_LIMIT, FailureClass.BILLING_QUOTA))
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


async def isolate(climb: Climb) -> None:
    """Try the variants of the first broken rung, as far as the budget goes."""
    broken = climb.broken
    if broken is None or broken.finding is None or climb.session is None:
        return
    failure_class = broken.finding.failure_class
    if failure_class in _MONEY:
        await _look_at_account(climb, broken)
    listed = climb.listed.models if climb.listed else ()
    situation = Situation(climb.plan, Rung(broken.name), failure_class, SMALL_CHAT, listed)
    for kind in variants(situation):
        for variant in kind:
            if not await _answers(climb, broken, variant):
                continue
            if variant.decides:
                return
            break


async def _answers(climb: Climb, broken: CheckResult, variant: Variant) -> bool:
    """Send one variant; True where it was answered well."""
    secret: Secret | None = wrong_key() if variant.key is KeyUsed.WRONG else None
    if variant.key is KeyUsed.GROUP:
        try:
            secret = await from_source(lambda: climb.desk.keys.read(climb.target_of(variant.group)))
        except Problem:  # this group's key cannot be read here: nothing is to be learnt from it
            return False
        climb.desk.secrets.keep_key(secret)
    answer = await climb.ask(
        variant.request,
        broken.name,
        variant=variant.label,
        key=variant.key,
        secret=secret,
        group=variant.group,
        model=variant.model,
        base_url=variant.base_url,
        tokens=CHAT_COST if variant.request.method == "POST" else 0,
    )
    return answer is not None and climb.ledger.requests[-1].outcome in _ANSWERED


async def _look_at_account(climb: Climb, broken: CheckResult) -> None:
    """Money or rate? Ask what the key has left, where the gateway tells it for nothing."""
    software = climb.gateway.software if climb.gateway else ""
    for probe in probes_for(software):
        request = probe.build(climb.target.profile.base_url, climb.plan.auth)
        answer = await climb.ask(request, broken.name, variant=f"account of the key ({probe.software})")
        response = answer.exchange.response if answer else None
        if response is not None and response.status < 300:
            climb.account = probe.read(response.body, climb.desk.now())
        if climb.account is not None:
            return


def reread(climb: Climb) -> tuple[CheckResult, ...]:
    """All checks read together with what the variants showed; every verdict that changed is told."""
    target = climb.target
    facts = CrossFacts(
        requested_model=climb.plan.model,
        listed_ids=tuple(model.id for model in climb.listed.models) if climb.listed else None,
        requests=climb.ledger.requests,
        account=climb.account,
        software=climb.gateway.software if climb.gateway else "",
        asked_group=target.group,
        groups=tuple(group.name for group in target.profile.groups),
        auth_header=climb.plan.auth,
        protocol=target.protocol,
        base_url=target.profile.base_url,
        profile=target.profile.name,
    )
    for check in crosscheck(tuple(climb.checks), facts):
        climb.amend(check)
    return tuple(climb.checks)

"""At a broken rung: the few cheap variants that tell its causes apart, one at a time, and what they say together."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from gatewaytui.checks.isolation import Situation, Variant, chats_behind, in_other_protocols, variants
from gatewaytui.checks.models import first_chat_model
from gatewaytui.diagnosis.crosscheck import CrossFacts, crosscheck
from gatewaytui.diagnosis.crossfacts import api_refused, same_kind
from gatewaytui.domain.exchange import FaultDetail, FaultKind
from gatewaytui.domain.failure import NO_PATH, FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Rung
from gatewaytui.domain.secret import Secret, wrong_key
from gatewaytui.protocols.accounts import probes_for
from gatewaytui.transport.client import Connection
from gatewaytui.transport.probe import probe as open_and_look

from .climb import CHAT_COST, SMALL_CHAT, Climb
from .session import Judged, from_source

_MONEY = frozenset((FailureClass.RATE_LIMIT, FailureClass.BILLING_QUOTA))
_KEY_REFUSED = frozenset((FailureClass.AUTH, FailureClass.PERMISSION))
_NO_KEYS = frozenset((KeyUsed.WRONG, KeyUsed.NONE))
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))
_NO_HTTP = frozenset((FailureClass.CONNECTION_RESET, FailureClass.PROTOCOL))
_TLS_SPOKEN = frozenset(
    (FaultDetail.SELF_SIGNED, FaultDetail.UNKNOWN_ISSUER, FaultDetail.EXPIRED, FaultDetail.WRONG_HOST)
)
HANDSHAKE_S = 1.5
"""Seconds for a handshake that only a server of the other scheme would take up."""
TOO_MANY = 429


async def isolate(climb: Climb) -> None:
    """Try the variants of the first broken rung, as far as the budget goes."""
    broken = _to_explain(climb)
    if broken is None or broken.finding is None or climb.session is None:
        return
    failure_class = broken.finding.failure_class
    if failure_class in _NO_HTTP:
        await _look_for_https(climb)
    if failure_class in _MONEY:
        await _look_at_account(climb, broken)
    listed = climb.listed.models if climb.listed else ()
    situation = Situation(climb.plan, Rung(broken.name), failure_class, SMALL_CHAT, listed)
    accepted: Judged | None = None
    for kind in variants(situation):
        for variant in kind:
            answer = await _answered(climb, broken, variant)
            if answer is None:
                continue
            if variant.decides:
                return
            if variant.key is KeyUsed.OWN:
                accepted = accepted or answer
            break
    if failure_class in _KEY_REFUSED and climb.plan.auth is not AuthHeader.NONE:
        await _look_for_protocol(climb, broken, situation, accepted)


async def _look_for_protocol(
    climb: Climb, broken: CheckResult, situation: Situation, accepted: Judged | None
) -> None:
    """The key was refused. It may be good in another protocol, which has a header and a path of its own.

    ``accepted`` is the same request that was answered with the key in another header: that may be all, or the list
    of another protocol.
    """
    free = (sent for sent in climb.ledger.requests if sent.key in _NO_KEYS and same_kind(sent, broken))
    if any(sent.outcome in _ANSWERED for sent in free):
        return  # nothing here is kept for those with a key
    if accepted is None:
        accepted = await _first_answered(climb, broken, in_other_protocols(situation))
    listed = accepted.reading.models if accepted is not None and accepted.reading is not None else None
    if accepted is None or listed is None:
        return
    model = climb.plan.model or first_chat_model(listed.ids)
    if model:
        chats = chats_behind(situation, accepted.exchange.request.auth_header, model)
        await _first_answered(climb, broken, chats, lambda: climb.ledger.requests[-1].failure_class in NO_PATH)


async def _first_answered(
    climb: Climb, broken: CheckResult, tries: Iterable[Variant], go_on: Callable[[], bool] = lambda: True
) -> Judged | None:
    """The first of these that is answered well; none is sent after one that leaves nothing to ask."""
    for variant in tries:
        answer = await _answered(climb, broken, variant)
        if answer is not None or not go_on():
            return answer
    return None


def _to_explain(climb: Climb) -> CheckResult | None:
    """The first broken rung; a chat that an API refused rather than the list that this API does not have."""
    refused = (check for check in climb.checks if check.name == Rung.CHAT and api_refused(check))
    broken = climb.broken
    no_list = broken is not None and broken.finding is not None and broken.finding.failure_class in NO_PATH
    return next(refused, broken) if no_list else broken


async def _look_for_https(climb: Climb) -> None:
    """http brought no HTTP: does the port speak TLS? A handshake tells, and no request is sent."""
    profile = climb.target.profile
    base_url = profile.base_url.strip().rstrip("/")
    if not base_url.startswith("http://"):
        return
    https = f"https://{base_url.removeprefix('http://')}"
    timeouts = replace(profile.timeouts, connect=min(profile.timeouts.connect, HANDSHAKE_S))
    facts = await open_and_look(https, Connection(profile.proxy, profile.ca_file, timeouts))
    refused = facts.fault is not None and facts.fault.kind is FaultKind.TLS and facts.fault.detail in _TLS_SPOKEN
    if facts.fault is None or refused:
        climb.https_base_url = https


async def _answered(climb: Climb, broken: CheckResult, variant: Variant) -> Judged | None:
    """Send one variant; its answer where that was a good one."""
    secret: Secret | None = wrong_key() if variant.key is KeyUsed.WRONG else None
    if variant.key is KeyUsed.GROUP:
        try:
            secret = await from_source(lambda: climb.desk.keys.read(climb.target_of(variant.group)))
        except Problem:  # this group's key cannot be read here: nothing is to be learnt from it
            return None
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
    good = answer is not None and climb.ledger.requests[-1].outcome in _ANSWERED
    return answer if good else None


async def _look_at_account(climb: Climb, broken: CheckResult) -> None:
    """Money or rate? Ask what the key has left, where the gateway tells it for nothing."""
    software = climb.recogniser.gateway.software if climb.recogniser.gateway else ""
    for probe in probes_for(software):
        request = probe.build(climb.target.profile.base_url, climb.plan.auth)
        answer = await climb.ask(request, broken.name, variant=f"account of the key ({probe.software})")
        response = answer.exchange.response if answer else None
        if response is not None and response.status < 300:
            climb.account = probe.read(response.body, climb.desk.now())
        limited = response is not None and response.status == TOO_MANY
        if climb.account is not None or limited:  # where even this is limited, the next one is too
            return


def reread(climb: Climb) -> tuple[CheckResult, ...]:
    """All checks read together with what the variants showed; every verdict that changed is told."""
    target = climb.target
    facts = CrossFacts(
        requested_model=climb.plan.model,
        listed_ids=climb.listed.ids if climb.listed else None,
        https_base_url=climb.https_base_url,
        requests=climb.ledger.requests,
        account=climb.account,
        software=climb.recogniser.gateway.software if climb.recogniser.gateway else "",
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

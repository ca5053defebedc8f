"""Findings of a run read together (rule 10): what one check proved changes what another one's failure means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from gatewaytui.domain.failure import Confidence, FailureClass, Finding
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.domain.text import valid_model_id

from .models import nearest

_CHATS = frozenset(("model", "chat", "stream"))
_ADDRESS_CLASSES = frozenset((FailureClass.BASE_URL, FailureClass.ROUTE_NOT_FOUND))


@dataclass(frozen=True, slots=True)
class CrossFacts:
    """What a run knows besides its checks.

    ``listed_ids`` is None where no list was read. ``answering_base_url`` is a variant of the profile's own base URL
    that answered when it was tried, "" where none was tried or none answered.
    """

    requested_model: str
    listed_ids: tuple[str, ...] | None
    answering_base_url: str = ""


_Checks = tuple[CheckResult, ...]
_Insight = Callable[[CheckResult, Finding, _Checks, CrossFacts], Finding | None]


def crosscheck(checks: tuple[CheckResult, ...], facts: CrossFacts) -> tuple[CheckResult, ...]:
    """One target's checks in the same order, their findings replaced where other checks explain them."""
    return tuple(_reread(check, checks, facts) for check in checks)


def _reread(check: CheckResult, checks: _Checks, facts: CrossFacts) -> CheckResult:
    finding = check.finding
    if finding is None:
        return check
    better = next((found for insight in _INSIGHTS if (found := insight(check, finding, checks, facts))), finding)
    outcome = Outcome.WARNED if better.failure_class.meaning.only_warns else check.outcome
    return replace(check, finding=better, outcome=outcome)


def _as_class(finding: Finding, failure_class: FailureClass, rule: str) -> Finding:
    meaning = failure_class.meaning
    return replace(
        finding,
        failure_class=failure_class,
        rule=rule,
        origin=meaning.origin,
        confidence=Confidence.LIKELY,
        whose=meaning.whose,
        next_step=meaning.next_step,
        retry=meaning.retry,
    )


def _no_list(check: CheckResult, finding: Finding, checks: _Checks, _: CrossFacts) -> Finding | None:
    """No list at this address, and the chat works: only a catalogue is missing."""
    works = any(one.name in _CHATS and one.outcome in (Outcome.PASSED, Outcome.WARNED) for one in checks)
    if check.name != "models" or check.status not in (404, 405) or not works:
        return None
    return _as_class(finding, FailureClass.MODELS_UNSUPPORTED, "cross.no_list")


def _other_address(_: CheckResult, finding: Finding, __: _Checks, facts: CrossFacts) -> Finding | None:
    """A variant of the base URL answered where this one did not."""
    if finding.failure_class not in _ADDRESS_CLASSES or not facts.answering_base_url:
        return None
    step = f"{facts.answering_base_url} answers: make it the profile's base URL."
    return replace(finding, rule="cross.address", next_step=step)


def _listed(_: CheckResult, finding: Finding, __: _Checks, facts: CrossFacts) -> Finding | None:
    """The chat does not know the model: the list tells whether it ever could."""
    model, ids = facts.requested_model, facts.listed_ids
    if finding.failure_class is not FailureClass.MODEL_NOT_FOUND or not ids or not model:
        return None
    if model in ids and any(signal.name == "other_model_named" for signal in finding.signals):
        return None  # the gateway asked for another id behind it: what is listed says nothing about that one
    if model in ids:
        return _as_class(finding, FailureClass.MODEL_UNAVAILABLE, "cross.listed")
    near = nearest(model, ids)
    if not near:
        return None
    name = model if valid_model_id(model) else "The requested id"
    step = f"{name} is not listed; the nearest listed ids are: {', '.join(near)}."
    return replace(finding, rule="cross.unlisted", next_step=step)


def _key_worked(check: CheckResult, finding: Finding, checks: _Checks, _: CrossFacts) -> Finding | None:
    """The chat refuses the key with which the list was read."""
    listed = any(one.name == "models" and one.outcome is Outcome.PASSED for one in checks)
    if finding.failure_class is not FailureClass.AUTH or check.name not in _CHATS or not listed:
        return None
    step = (
        "The model list accepted this same key: either the list is public and proves nothing, or this endpoint wants "
        "another key or auth header. Check the key's group and the header mode of the profile."
    )
    return replace(finding, rule="cross.key_worked", next_step=step)


_INSIGHTS: tuple[_Insight, ...] = (_no_list, _other_address, _listed, _key_worked)

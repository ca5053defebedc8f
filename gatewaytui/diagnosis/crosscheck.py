"""Findings of a run read together (rule 10): what one check proved changes what another one's failure means."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.failure import NO_PATH, Confidence, FailureClass, Finding
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Rung
from gatewaytui.domain.text import valid_model_id

from . import crossaddress, crossmodels, crossvariants
from .crossaccount import account_told
from .crossfacts import (
    CHATS,
    LISTS,
    Checks,
    CrossFacts,
    Insight,
    answered,
    api_refused,
    as_class,
    as_set,
    only_model,
    other_base,
    variants,
)
from .models import nearest

__all__ = ["CrossFacts", "crosscheck"]

_CHATTED = (Rung.CHAT, Rung.STREAM)
_LISTLESS = NO_PATH | {FailureClass.MODELS_EMPTY}


def crosscheck(checks: tuple[CheckResult, ...], facts: CrossFacts) -> tuple[CheckResult, ...]:
    """One target's checks in the same order, the findings of failed ones replaced where others explain them.

    A passed ``auth`` check becomes a warning where a made-up key got the same answer.
    """
    return tuple(_reread(check, checks, facts) for check in checks)


def _reread(check: CheckResult, checks: Checks, facts: CrossFacts) -> CheckResult:
    finding = check.finding
    if finding is None or check.outcome is not Outcome.FAILED:
        return _unproven(check, facts)
    better = next((found for insight in _INSIGHTS if (found := insight(check, finding, checks, facts))), finding)
    better = crossvariants.spare_group(check, better, facts)
    outcome = Outcome.WARNED if better.failure_class.meaning.only_warns else check.outcome
    return replace(check, finding=better, outcome=outcome)


def _unproven(check: CheckResult, facts: CrossFacts) -> CheckResult:
    """Where a made-up key is answered as the right one, and refused nowhere, a passed check proves no key."""
    wrong = [sent for sent in variants(facts) if sent.key is KeyUsed.WRONG and not other_base(sent, facts)]
    refused = any(sent.failure_class in _KEY_CLASSES for sent in wrong)
    if check.name != Rung.AUTH or check.outcome is not Outcome.PASSED or refused or not any(map(answered, wrong)):
        return check
    chatted = any(answered(sent) and sent.check in CHATS for sent in wrong)
    meaning = FailureClass.AUTH.meaning
    finding = Finding(
        FailureClass.AUTH,
        "auth.not_proven",
        meaning.origin,
        Confidence.CERTAIN,
        "The gateway's: this endpoint checks no key." if chatted else "Nobody's: the model list is public.",
        "Do not take this run as proof of the key: a made-up key got the same answer."
        if chatted
        else "Send one chat: the model list answers any key, so only a chat can prove this one.",
    )
    return replace(check, outcome=Outcome.WARNED, finding=finding)


def _no_list(check: CheckResult, finding: Finding, checks: Checks, _: CrossFacts) -> Finding | None:
    """No list at this address, and the chat works or is refused as only an API does: only a catalogue is missing."""
    chats = [one for one in checks if one.name in _CHATTED]
    works = any(_worked(one) or api_refused(one) for one in chats)
    missing = check.status in (404, 405) or finding.failure_class is FailureClass.BASE_URL
    if check.name != Rung.MODELS or not missing or not works:
        return None
    found = as_class(finding, FailureClass.MODELS_UNSUPPORTED, "cross.no_list")
    broken = any(one.outcome is Outcome.FAILED for one in chats)
    return replace(found, whose=_ONLY_NO_LIST) if broken else found


def _worked(check: CheckResult) -> bool:
    """A chat that was answered."""
    return check.name in _CHATTED and check.outcome in (Outcome.PASSED, Outcome.WARNED)


def _only_the_list(check: CheckResult, finding: Finding, checks: Checks, facts: CrossFacts) -> Finding | None:
    """The list failed and a chat with the model that was named works all the same."""
    chats = (sent for sent in variants(facts) if sent.check == check.name and sent.method == "POST")
    works = any(answered(sent) and as_set(sent, facts) for sent in chats)
    if facts.requested_model and finding.failure_class is FailureClass.MODELS_EMPTY:
        works = works or any(map(_worked, checks))
    if check.name not in LISTS or not works:
        return None
    model = facts.requested_model if valid_model_id(facts.requested_model) else "the named model"
    step = (
        f"Go on with {model}: a chat with it works, only the model list does not. Tell the operator about the list."
    )
    return replace(finding, rule="cross.only_list", next_step=step)


def _listed(_: CheckResult, finding: Finding, checks: Checks, facts: CrossFacts) -> Finding | None:
    """The chat does not know the model: the list tells whether it ever could."""
    model, ids = facts.requested_model, facts.listed_ids
    if finding.failure_class is not FailureClass.MODEL_NOT_FOUND or not model:
        return None
    if not ids:
        return _nothing_to_choose_from(finding, checks)
    if model in ids and any(signal.name == "other_model_named" for signal in finding.signals):
        return None  # the gateway asked for another id behind it: what is listed says nothing about that one
    if model in ids:
        return as_class(finding, FailureClass.MODEL_UNAVAILABLE, "cross.listed")
    near = nearest(model, ids)
    works = next((sent.model for sent in variants(facts) if answered(sent) and only_model(sent, facts)), "")
    if not near and not valid_model_id(works):
        return None
    name = model if valid_model_id(model) else "The requested id"
    step = f"{name} is not listed" + (f"; the nearest listed ids are: {', '.join(near)}." if near else ".")
    if valid_model_id(works):
        step += f" {works} works with this key."
    return replace(finding, rule="cross.unlisted", next_step=step)


def _nothing_to_choose_from(finding: Finding, checks: Checks) -> Finding | None:
    """The model is unknown and this gateway has no list that would name another."""
    listless = any(
        one.name == Rung.MODELS and one.finding is not None and one.finding.failure_class in _LISTLESS
        for one in checks
    )
    step = "There is no model list to choose from: take the id from the gateway's documentation or console."
    return replace(finding, rule="cross.no_list_to_choose", next_step=step) if listless else None


def _key_worked(check: CheckResult, finding: Finding, checks: Checks, facts: CrossFacts) -> Finding | None:
    """The chat refuses the key with which the list was read; made-up keys tell what the list is worth."""
    listed = any(one.name == Rung.MODELS and one.outcome is Outcome.PASSED for one in checks)
    if finding.failure_class is not FailureClass.AUTH or check.name not in CHATS or not listed:
        return None
    wrong = [sent for sent in variants(facts) if sent.check in LISTS and not other_base(sent, facts)]
    if any(answered(sent) and sent.key in (KeyUsed.WRONG, KeyUsed.NONE) for sent in wrong):
        step = f"The model list is public and proves nothing. {finding.failure_class.meaning.next_step}"
        return replace(finding, rule="cross.list_public", next_step=step)
    if any(sent.key is KeyUsed.WRONG and sent.failure_class in _KEY_CLASSES for sent in wrong):
        whose = "Yours or the gateway's: the key itself is good, but this endpoint does not take it."
        step = (
            "The model list accepts this key and refuses a made-up one, so the key is good: check the key's group "
            "and its header mode (--auth-header)."
        )
        return replace(finding, rule="cross.key_good", whose=whose, next_step=step)
    step = (
        "The model list accepted this same key: either the list is public and proves nothing, or this endpoint wants "
        "another key or auth header. Check the key's group and its header mode (--auth-header)."
    )
    return replace(finding, rule="cross.key_worked", next_step=step)


def _no_key_set(_: CheckResult, finding: Finding, __: Checks, facts: CrossFacts) -> Finding | None:
    """A key is wanted and the target has none."""
    if finding.failure_class is not FailureClass.AUTH or facts.auth_header is not AuthHeader.NONE:
        return None
    return replace(
        finding,
        rule="cross.no_key_set",
        whose="Yours: no key was sent, because none is set for this target.",
        next_step="Set the profile's key, or name the variable that holds it with --api-key-env.",
    )


_ONLY_NO_LIST = "The gateway's: it does not offer a catalogue at this path. That alone breaks nothing."
_KEY_CLASSES = frozenset((FailureClass.AUTH, FailureClass.PERMISSION))
_INSIGHTS: tuple[Insight, ...] = (
    _no_list,
    crossaddress.other_address,
    crossaddress.speaks_https,
    _only_the_list,
    crossvariants.other_protocol_lists,
    crossaddress.address_that_refuses,
    crossaddress.no_form_answers,
    _no_key_set,
    crossvariants.protocol_with_its_header,
    crossvariants.other_header_works,
    crossvariants.header_unread,
    crossvariants.other_group_works,
    account_told,
    crossvariants.other_protocol_works,
    crossmodels.other_form_works,
    crossaddress.list_proves_address,
    crossmodels.other_model_works,
    crossmodels.every_model_fails,
    _listed,
    _key_worked,
)
"""The first that applies decides: the way before the key, the key before the money, then the form, then the model."""

"""What other models and the other form of the answer tell about a chat that failed.

One variant that answers is an experiment with one change; where all fail alike, the change did not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass, FailureFamily, Finding
from gatewaytui.domain.run import CheckResult, Outcome, Rung
from gatewaytui.domain.text import valid_model_id

from .crossfacts import (
    CHATS,
    Checks,
    CrossFacts,
    answered,
    as_class,
    failed_alike,
    first,
    only_model,
    other_header,
    other_model,
    other_protocol,
    own_key_here,
    variants,
)

_C, _F = FailureClass, FailureFamily
_REFUSED = frozenset((_C.REQUEST_SHAPE, _C.FEATURE_UNSUPPORTED, _C.ENDPOINT_UNSUPPORTED, _C.ROUTE_NOT_FOUND))
_MAYBE_THE_FORM = frozenset(
    failure_class
    for failure_class in _C
    if failure_class.family
    in (
        _F.BASE_URL_OR_ROUTE,
        _F.REQUEST_SHAPE,
        _F.TIMEOUT,
        _F.UPSTREAM_OR_GATEWAY,
        _F.RESPONSE_SHAPE,
        _F.STREAM,
        _F.CAPABILITY_MISMATCH,
        _F.UNCLASSIFIED,
    )
) - {_C.OVERLOADED} | {_C.CONNECTION_RESET, _C.PROTOCOL}
_KEY_REFUSED = frozenset((_C.AUTH, _C.PERMISSION, _C.GROUP_OR_MODEL_ACCESS))
_NOT_THE_MODEL = frozenset((_F.NETWORK, _F.LOCAL))
_FORM_STEPS = (
    "Turn streaming on: it works here, the whole answer does not.",
    "Turn streaming off: the whole answer works here, the stream does not.",
)
_ALIKE = "Other models fail alike, so it is not the model."
_OTHER_GROUP = "Check which models this key's group serves, or ask the operator which channels are up."
_NO_MODEL_STEPS: Mapping[FailureClass, str] = MappingProxyType(
    {
        _C.GROUP_OR_MODEL_ACCESS: "Use a key of the group that serves these models, or have the group changed.",
        _C.UPSTREAM_AUTH: "Report it to the gateway's operator with this evidence.",
        _C.MODEL_NOT_FOUND: _OTHER_GROUP,
        _C.MODEL_UNAVAILABLE: _OTHER_GROUP,
        _C.CONTEXT_LENGTH: "Shorten the prompt or lower max tokens.",
        _C.GATEWAY_TIMEOUT: "Try again, and stream instead of waiting for the whole answer; then tell the operator.",
        _C.FIRST_BYTE_TIMEOUT: "Try again once, with a longer timeout; then report it to the operator.",
        _C.FIRST_TOKEN_TIMEOUT: "Try again once, with a longer timeout; then report it to the operator.",
        _C.UPSTREAM_ERROR: "Try again once; the operator can switch the channel.",
        _C.OVERLOADED: "Wait and try again.",
        _C.EMPTY_RESPONSE: "Try again with a larger max tokens; then report it to the operator.",
        _C.FEATURE_UNSUPPORTED: "Leave the feature out (streaming, tools, JSON mode, a parameter).",
    }
)
"""The step of a class whose usual one is another model, which has been tried."""
_OR_UPSTREAM = " Either the key's group may not use it, or the gateway's own key for it is bad."


def other_model_works(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """Another listed model works with the same key: the trouble is this model's."""
    model, ids = facts.requested_model, facts.listed_ids or ()
    unlisted = finding.failure_class is _C.MODEL_NOT_FOUND and model not in ids
    if not _may_be_the_model(check, finding) or unlisted:
        return None
    works = first(sent for sent in variants(facts) if answered(sent) and only_model(sent, facts))
    if works is None:
        return None
    shown = works.model if valid_model_id(works.model) else "another listed model"
    kept = _truer_class(finding, model in ids)
    if finding.failure_class is _C.ROUTE_NOT_FOUND:
        kept = as_class(finding, _C.MODEL_NOT_FOUND, finding.rule)  # Gemini paths hold the model
    refused = finding.failure_class in (_C.AUTH, _C.PERMISSION)
    asked = model if valid_model_id(model) else "this model"
    return replace(
        kept,
        rule="cross.other_model",
        whose=f"The model's: {shown} works with this same key and address.{_OR_UPSTREAM if refused else ''}",
        next_step=f"Use {shown}, or ask the operator why {asked} does not answer for this key.",
    )


def every_model_fails(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """Every model that was tried fails alike: it is not the model."""
    tried = [sent for sent in variants(facts) if only_model(sent, facts)]
    if not tried or not _may_be_the_model(check, finding):
        return None
    if not all(failed_alike(sent, check, finding) for sent in tried):
        return None
    kept = _truer_class(finding, facts.requested_model in (facts.listed_ids or ()))
    step = _NO_MODEL_STEPS.get(kept.failure_class, kept.next_step)
    return replace(kept, rule="cross.every_model", next_step=f"{step} {_ALIKE}")


def other_form_works(check: CheckResult, finding: Finding, checks: Checks, facts: CrossFacts) -> Finding | None:
    """Streaming fails where the whole answer works, or the reverse."""
    streamed = check.name == Rung.STREAM
    refused = streamed and finding.failure_class in _KEY_REFUSED  # of a whole answer, it may be of every one
    if check.name not in CHATS or not (refused or finding.failure_class in _MAYBE_THE_FORM):
        return None
    twin = Rung.CHAT if streamed else Rung.STREAM
    by_check = any(one.name == twin and one.outcome in (Outcome.PASSED, Outcome.WARNED) for one in checks)
    by_variant = any(
        answered(sent) and sent.streamed is not streamed and own_key_here(sent, facts)
        for sent in variants(facts)
        if sent.check in CHATS and sent.method == "POST"
        if not (other_model(sent, facts) or other_protocol(sent, facts) or other_header(sent, facts))
    )
    if not by_check and not by_variant:
        return None
    step = _FORM_STEPS[streamed]
    rule = "cross.whole_works" if streamed else "cross.stream_works"
    if refused:
        whose = "Yours or the gateway's: this key was just accepted for a whole answer and may not stream."
        return replace(as_class(finding, _C.PERMISSION, rule), whose=whose, next_step=step)
    if finding.failure_class in _REFUSED:
        lacking = as_class(finding, _C.FEATURE_UNSUPPORTED, rule)
        form = "streaming" if streamed else "an answer in one piece"
        return replace(lacking, whose=f"The gateway's: it does not offer {form} for this model.", next_step=step)
    return replace(finding, rule=rule, next_step=step)


def _may_be_the_model(check: CheckResult, finding: Finding) -> bool:
    """True for a chat that is not broken on the way to the gateway."""
    on_the_way = finding.family in _NOT_THE_MODEL or finding.failure_class in (_C.BASE_URL, _C.REDIRECT)
    return check.name in CHATS and not on_the_way


def _truer_class(finding: Finding, listed: bool) -> Finding:
    """A listed id that is not found is unavailable, unless the error names another id than the one asked."""
    foreign = any(signal.name == "other_model_named" for signal in finding.signals)
    if finding.failure_class is _C.MODEL_NOT_FOUND and listed and not foreign:
        return as_class(finding, _C.MODEL_UNAVAILABLE, finding.rule)
    return finding

"""What a run tells about the address: another form of it that answers, or that refuses, and none that does either."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.failure import Confidence, FailureClass, Finding
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Rung

from .crossfacts import (
    CHATS,
    LISTS,
    Checks,
    CrossFacts,
    answered,
    as_class,
    first,
    other_base,
    other_protocol,
    own_key_here,
    same_kind,
    variants,
)

_C = FailureClass
_ADDRESS = frozenset((_C.BASE_URL, _C.ROUTE_NOT_FOUND, _C.REDIRECT, _C.ENDPOINT_UNSUPPORTED, _C.PROTOCOL, _C.TLS))
_MAYBE_ADDRESS = _ADDRESS | {
    _C.AUTH,
    _C.PERMISSION,
    _C.EDGE_BLOCKED,
    _C.REQUEST_SHAPE,
    _C.INVALID_JSON,
    _C.RESPONSE_SHAPE,
    _C.EMPTY_RESPONSE,
    _C.CONNECTION_REFUSED,
    _C.DNS,
    _C.UNCLASSIFIED,
}
_LEADS_ASTRAY = frozenset((_C.BASE_URL, _C.ROUTE_NOT_FOUND))
_NO_HTTP = frozenset((_C.CONNECTION_RESET, _C.PROTOCOL))
_AN_API = frozenset((_C.AUTH, _C.PERMISSION, _C.GROUP_OR_MODEL_ACCESS, _C.RATE_LIMIT, _C.BILLING_QUOTA))
"""What only an API says: a website has no keys, groups and limits."""
_OF_THE_LIST = LISTS | {Rung.ADDRESS}
_OTHER_HOST = 421
"""Misdirected Request: the server says that it does not answer for this host name."""
_NOT_QUITE = "Yours: the base URL is not quite the API's own address."


def other_address(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """A variant of the base URL answered where this one did not."""
    tried = [sent for sent in variants(facts) if other_base(sent, facts) and answered(sent)]
    alike = [sent.base_url for sent in tried if same_kind(sent, check) and sent.key is KeyUsed.OWN]
    found = alike if finding.failure_class in _MAYBE_ADDRESS else []
    if finding.failure_class in _ADDRESS:
        found = [*alike, *(sent.base_url for sent in tried), facts.answering_base_url]
    url = next((url for url in found if url), "")
    if not url:
        return None
    return replace(
        as_class(finding, _C.BASE_URL, "cross.address"),
        confidence=Confidence.CERTAIN,
        whose=_NOT_QUITE,
        next_step=f"Set the base URL to {url}: it answers where this one does not.",
    )


def speaks_https(_: CheckResult, finding: Finding, __: Checks, facts: CrossFacts) -> Finding | None:
    """http brought no answer of its own where https is spoken."""
    if finding.failure_class not in _NO_HTTP or not facts.https_base_url:
        return None
    return replace(
        finding,
        rule="cross.https",
        confidence=Confidence.CERTAIN,
        whose="Yours: the base URL says http, and https is spoken there.",
        next_step=f"Set the base URL to {facts.https_base_url}: the server speaks https there.",
    )


def address_that_refuses(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """No form of the base URL answers well, and one refuses the key as only an API does."""
    if finding.failure_class not in _ADDRESS or check.name not in _OF_THE_LIST:
        return None
    refuses = first(
        sent
        for sent in variants(facts)
        if other_base(sent, facts) and same_kind(sent, check) and sent.key is KeyUsed.OWN
        if sent.failure_class in _AN_API
    )
    if refuses is None:
        return None
    return replace(
        as_class(finding, _C.BASE_URL, "cross.address_refuses"),
        whose=_NOT_QUITE,
        next_step=f"Set the base URL to {refuses.base_url}: an API refuses the request there "
        f"({refuses.failure_class}), and here there is none. Then run again, to find out about that.",
    )


def list_proves_address(check: CheckResult, finding: Finding, checks: Checks, facts: CrossFacts) -> Finding | None:
    """The chat has no path where the list was read: the address is right, and something else is missing."""
    listed = any(one.name == Rung.MODELS and one.outcome is Outcome.PASSED for one in checks)
    if check.name not in CHATS or finding.failure_class not in _LEADS_ASTRAY or not listed:
        return None
    page = check.status is not None and check.status < 400
    proven = as_class(finding, _C.RESPONSE_SHAPE if page else _C.ROUTE_NOT_FOUND, "cross.address_proven")
    tried = any(other_protocol(sent, facts) and own_key_here(sent, facts) for sent in variants(facts))
    what = "gets a web page" if page else "has no path"
    step = "no other protocol answers either; ask the operator where chats go" if tried else "try another protocol"
    return replace(
        proven,
        whose=f"The gateway's: the model list answers at this address and the chat {what}.",
        next_step=f"Keep the base URL, it is right: {step}.",
    )


def no_form_answers(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The usual forms of the base URL were tried and none leads to an API: none of them is worth proposing."""
    tried = [sent for sent in variants(facts) if other_base(sent, facts) and same_kind(sent, check)]
    if finding.failure_class not in _LEADS_ASTRAY or check.name in CHATS or not tried:
        return None
    if check.status == _OTHER_HOST:  # what to look at is said already, and no form of the path is it
        return None
    missing = "" if facts.requested_model else _MAYBE_NO_LIST
    return replace(
        finding,
        rule="cross.no_address",
        next_step="Take the base URL from the gateway's documentation: none of its usual forms on this host answers."
        + missing,
    )


_MAYBE_NO_LIST = " If this gateway just has no model list, name a model id and run again: the chat will tell."

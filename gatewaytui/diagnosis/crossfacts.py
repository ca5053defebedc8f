"""What a whole run knows, and how its isolating variants are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.failure import Confidence, FailureClass, Finding
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Rung, Sent

CHATS = frozenset((Rung.MODEL, Rung.CHAT, Rung.STREAM))
LISTS = frozenset((Rung.AUTH, Rung.MODELS))

_NO_KEYS = frozenset((KeyUsed.WRONG, KeyUsed.NONE))
_OF_AN_API = frozenset(
    (
        FailureClass.AUTH,
        FailureClass.PERMISSION,
        FailureClass.GROUP_OR_MODEL_ACCESS,
        FailureClass.UPSTREAM_AUTH,
        FailureClass.MODEL_NOT_FOUND,
        FailureClass.MODEL_UNAVAILABLE,
        FailureClass.CONTEXT_LENGTH,
        FailureClass.CONTENT_FILTER,
        FailureClass.FEATURE_UNSUPPORTED,
        FailureClass.RATE_LIMIT,
        FailureClass.BILLING_QUOTA,
        FailureClass.OVERLOADED,
        FailureClass.UPSTREAM_ERROR,
        FailureClass.MODEL_MISMATCH,
    )
)
_USUAL_HEADER: Mapping[Protocol, AuthHeader] = MappingProxyType(
    {Protocol.ANTHROPIC: AuthHeader.X_API_KEY, Protocol.GEMINI: AuthHeader.X_GOOG_API_KEY}
)


class CrossFacts(msgspec.Struct, frozen=True):
    """What a run knows besides its checks, of one target.

    ``listed_ids`` is None where no list was read. ``answering_base_url`` is a variant of the profile's own base URL
    that answered when it was tried, "" where none was tried or none answered; ``https_base_url`` is the same base URL
    with https, where a handshake showed that this is spoken at an http one. ``requests`` are all requests of the
    target's run: its own (``variant`` "") and the isolating ones. ``account`` is what a free probe told, None where
    none was asked or answered. ``software`` is what was recognised. ``profile``, ``asked_group``, ``groups`` (all of
    the profile's), ``auth_header``, ``protocol`` and ``base_url`` are the target's own.
    """

    requested_model: str
    listed_ids: tuple[str, ...] | None
    answering_base_url: str = ""
    https_base_url: str = ""
    requests: tuple[Sent, ...] = ()
    account: AccountFacts | None = None
    software: str = ""
    asked_group: str = ""
    groups: tuple[str, ...] = ()
    auth_header: AuthHeader = AuthHeader.AUTO
    protocol: Protocol = Protocol.OPENAI_CHAT
    base_url: str = ""
    profile: str = ""


Checks = tuple[CheckResult, ...]
Insight = Callable[[CheckResult, Finding, Checks, CrossFacts], Finding | None]


def own_header(facts: CrossFacts) -> AuthHeader:
    """The header the target's key goes in, ``AUTO`` resolved by the protocol."""
    if facts.auth_header is not AuthHeader.AUTO:
        return facts.auth_header
    return _USUAL_HEADER.get(facts.protocol, AuthHeader.BEARER)


def answered(sent: Sent) -> bool:
    """True where the request got what it asked for, with or without a warning."""
    return sent.outcome in (Outcome.PASSED, Outcome.WARNED)


def failed_alike(sent: Sent, check: CheckResult, finding: Finding) -> bool:
    """True where the request failed the way the check did: same class, and same status where both have one."""
    same_status = None in (sent.status, check.status) or sent.status == check.status
    return sent.outcome is Outcome.FAILED and sent.failure_class is finding.failure_class and same_status


def api_refused(check: CheckResult) -> bool:
    """True where the request failed in a way that only an API has: its path and its protocol are right."""
    failed = check.outcome is Outcome.FAILED and check.finding is not None
    return failed and check.finding is not None and check.finding.failure_class in _OF_AN_API


def first(found: Iterable[Sent]) -> Sent | None:
    """The first of these requests, or None."""
    return next(iter(found), None)


def variants(facts: CrossFacts) -> Iterator[Sent]:
    """The requests in which something was changed on purpose."""
    return (sent for sent in facts.requests if sent.variant)


def same_kind(sent: Sent, check: CheckResult) -> bool:
    """True where the request asked what the check asked: a list (the key is tried on it), or any form of chat."""
    return sent.check == check.name or any(sent.check in kind and check.name in kind for kind in (CHATS, LISTS))


def other_base(sent: Sent, facts: CrossFacts) -> bool:
    """True where the address itself was changed."""
    return sent.base_url not in ("", facts.base_url)


def other_header(sent: Sent, facts: CrossFacts) -> bool:
    """True where the key went in another header than the target's, for the target's own protocol."""
    told = sent.auth_header not in (AuthHeader.AUTO, AuthHeader.NONE)
    return told and sent.auth_header is not own_header(facts) and not other_protocol(sent, facts)


def other_protocol(sent: Sent, facts: CrossFacts) -> bool:
    """True where another wire protocol was spoken."""
    return sent.protocol not in (None, facts.protocol)


def other_model(sent: Sent, facts: CrossFacts) -> bool:
    """True where another model was asked for."""
    return bool(facts.requested_model) and sent.model not in ("", facts.requested_model)


def own_key_here(sent: Sent, facts: CrossFacts) -> bool:
    """True where the target's own key went to the target's own address."""
    return sent.key is KeyUsed.OWN and not other_base(sent, facts)


def as_set(sent: Sent, facts: CrossFacts) -> bool:
    """True where key, address, header and protocol were those of the target."""
    return own_key_here(sent, facts) and not other_header(sent, facts) and not other_protocol(sent, facts)


def only_model(sent: Sent, facts: CrossFacts) -> bool:
    """True where nothing but the model (and perhaps the form of the answer) was changed."""
    return as_set(sent, facts) and other_model(sent, facts)


def no_key_needed(check: CheckResult, facts: CrossFacts) -> bool:
    """True where this kind of request is answered with a made-up key, or with none."""
    return any(answered(sent) and same_kind(sent, check) and sent.key in _NO_KEYS for sent in variants(facts))


def as_class(finding: Finding, failure_class: FailureClass, rule: str) -> Finding:
    """The finding with another class and all that follows from it; its signals stay."""
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

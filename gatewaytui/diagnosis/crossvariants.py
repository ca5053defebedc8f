"""What the isolating variants of a run tell: one thing was changed on purpose, and the answer changed or did not.

A variant that answers is an experiment with one change, so what it shows is certain; a pattern among failures is
only likely. Faults that pass by themselves (rate limits, timeouts, overload) prove nothing when a second try works,
so the insights about address, header, group and protocol leave them alone.
"""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.failure import NO_PATH, Confidence, FailureClass, FailureFamily, Finding
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Sent

from .crossfacts import (
    CHATS,
    LISTS,
    Checks,
    CrossFacts,
    answered,
    as_class,
    failed_alike,
    first,
    no_key_needed,
    other_base,
    other_header,
    other_model,
    other_protocol,
    own_key_here,
    same_kind,
    variants,
)

_C, _F = FailureClass, FailureFamily
_KEY_REFUSED = frozenset((_C.AUTH, _C.PERMISSION, _C.REQUEST_SHAPE, _C.UNCLASSIFIED))
_GROUP = frozenset(
    (
        _C.AUTH,
        _C.PERMISSION,
        _C.GROUP_OR_MODEL_ACCESS,
        _C.MODEL_NOT_FOUND,
        _C.MODEL_UNAVAILABLE,
        _C.MODELS_EMPTY,
        _C.ENDPOINT_UNSUPPORTED,
        _C.ROUTE_NOT_FOUND,
        _C.UNCLASSIFIED,
    )
)
_ACCESS = frozenset((_C.AUTH, _C.PERMISSION, _C.GROUP_OR_MODEL_ACCESS))
_PROTOCOL = frozenset(
    (
        _C.BASE_URL,
        _C.ROUTE_NOT_FOUND,
        _C.ENDPOINT_UNSUPPORTED,
        _C.MODEL_NOT_FOUND,
        _C.MODEL_UNAVAILABLE,
        _C.REQUEST_SHAPE,
        _C.FEATURE_UNSUPPORTED,
        _C.INVALID_JSON,
        _C.RESPONSE_SHAPE,
        _C.EMPTY_RESPONSE,
        _C.GATEWAY_ERROR,
        _C.UPSTREAM_ERROR,
        _C.UNCLASSIFIED,
    )
)
_NO_KEY_CODES = frozenset(
    ("missing_api_key", "no_api_key", "api_key_required", "empty_token", "CREDENTIALS_MISSING", "invalid_auth_header")
)
_TRANSIENT = frozenset((_C.GATEWAY_ERROR, _C.UPSTREAM_ERROR))
_GROUP_NAME = Pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def other_header_works(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The same key is accepted in another auth header, and the endpoint does check keys."""
    if finding.failure_class not in _KEY_REFUSED or no_key_needed(check, facts):
        return None
    works = first(sent for sent in _headers(check, facts) if answered(sent))
    if works is None:
        return None
    return replace(
        as_class(finding, _C.AUTH, "cross.header"),
        confidence=Confidence.CERTAIN,
        whose="Yours: the key is right, but it goes in a header that this gateway does not read.",
        next_step=f"{_set_header(works)}: the gateway accepts this key there.",
    )


def protocol_with_its_header(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The key is refused in this protocol, and another one takes it, in the header that is its own.

    A chat proves it; a list alone only where no header was all that had to be changed.
    """
    if check.name not in LISTS or finding.failure_class not in _ACCESS or no_key_needed(check, facts):
        return None
    own = [sent for sent in variants(facts) if own_key_here(sent, facts) and same_kind(sent, check)]
    chats = [sent for sent in own if sent.method == "POST"]
    others = [sent for sent in own if other_protocol(sent, facts) and answered(sent)]
    lists = [] if chats or any(map(answered, _headers(check, facts))) else others
    works = first((*(sent for sent in others if sent in chats), *lists))
    if works is None or works.protocol is None:
        return None
    no_path = any(sent.failure_class in NO_PATH and not other_protocol(sent, facts) for sent in chats)
    found = as_class(
        finding, _C.ENDPOINT_UNSUPPORTED if no_path else _C.GROUP_OR_MODEL_ACCESS, "cross.protocol_header"
    )
    what = "a chat" if works in chats else "its model list"
    return replace(
        found,
        confidence=Confidence.CERTAIN if works in chats else Confidence.LIKELY,
        whose="Yours: the key is right, but this gateway takes it in another protocol, in that one's own header.",
        next_step=f"{_set_protocol(works)} and the header mode to auto, which is {works.auth_header} there: {what} "
        "is answered so with this same key.",
    )


def header_unread(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The key and no key at all are refused alike as missing, and another header is refused differently."""
    if finding.failure_class is not _C.AUTH or not _says_missing(finding):
        return None
    if any(answered(sent) and other_protocol(sent, facts) and own_key_here(sent, facts) for sent in variants(facts)):
        return None  # the header is another one because the protocol is
    keyless = [sent for sent in variants(facts) if sent.key is KeyUsed.NONE and same_kind(sent, check)]
    tried = (sent for sent in _headers(check, facts) if sent.status is not None)
    read = first(sent for sent in tried if not failed_alike(sent, check, finding))
    if read is None or not any(failed_alike(sent, check, finding) for sent in keyless):
        return None
    return replace(
        finding,
        rule="cross.header_unread",
        whose="Yours: the gateway does not look for the key in the header that carries it.",
        next_step=f"{_set_header(read)}: a key is only looked for there; then check the key.",
    )


def other_group_works(check: CheckResult, finding: Finding, checks: Checks, facts: CrossFacts) -> Finding | None:
    """The key of another group does what this one may not."""
    works = _working_group(check, facts)
    if finding.failure_class not in _GROUP or works is None or no_key_needed(check, facts):
        return None
    own_seen = finding.failure_class is not _C.AUTH or _own_key_worked(check, checks, facts)
    return replace(
        as_class(finding, _C.GROUP_OR_MODEL_ACCESS, "cross.group"),
        confidence=Confidence.CERTAIN if own_seen else Confidence.LIKELY,
        next_step=f"Use the key of {_group(works)}{_target(works, facts)}.",
    )


def spare_group(check: CheckResult, finding: Finding, facts: CrossFacts) -> Finding:
    """A refusal for money or rate stays what it is; a group whose key still works is offered besides."""
    works = _working_group(check, facts)
    if finding.family is not _F.RATE_OR_QUOTA or works is None:
        return finding
    return replace(
        finding, next_step=f"{finding.next_step} The key of {_group(works)} works now{_target(works, facts)}."
    )


def other_protocol_works(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The same key and address answer in another protocol."""
    works = first(
        sent
        for sent in variants(facts)
        if answered(sent)
        and own_key_here(sent, facts)
        and other_protocol(sent, facts)
        and not other_model(sent, facts)
    )
    if works is None or check.name not in CHATS or finding.failure_class not in _PROTOCOL | _ACCESS:
        return None
    access = finding.failure_class in _ACCESS
    failure_class = _C.GROUP_OR_MODEL_ACCESS if access else _C.ENDPOINT_UNSUPPORTED
    whose = "Yours: this key is for another protocol of the gateway." if access else failure_class.meaning.whose
    return replace(
        as_class(finding, failure_class, "cross.protocol"),
        confidence=Confidence.LIKELY if finding.failure_class in _TRANSIENT else Confidence.CERTAIN,
        whose=whose,
        next_step=f"{_set_protocol(works)}: it answers here with this same key.",
    )


def other_protocol_lists(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The list of another protocol answers here, where this protocol's has no path."""
    works = first(
        sent
        for sent in variants(facts)
        if answered(sent) and sent.method == "GET" and own_key_here(sent, facts) and other_protocol(sent, facts)
    )
    if works is None or check.name not in LISTS or finding.failure_class not in _PROTOCOL:
        return None
    return replace(
        as_class(finding, _C.ENDPOINT_UNSUPPORTED, "cross.protocol_list"),
        confidence=Confidence.CERTAIN,
        next_step=f"{_set_protocol(works)}: its model list answers here with this same key.",
    )


def _set_header(sent: Sent) -> str:
    """The header mode as a profile and the command line name it: an address may be asked without a profile."""
    return f"Set the header mode to {sent.auth_header} (--auth-header {sent.auth_header})"


def _set_protocol(sent: Sent) -> str:
    """The protocol in the same way."""
    return f"Set the protocol to {sent.protocol} (--protocol {sent.protocol})"


def _working_group(check: CheckResult, facts: CrossFacts) -> Sent | None:
    return first(
        sent
        for sent in variants(facts)
        if sent.key is KeyUsed.GROUP and answered(sent) and same_kind(sent, check)
        if sent.group != facts.asked_group and not other_base(sent, facts) and not other_model(sent, facts)
    )


def _group(sent: Sent) -> str:
    return f"group {sent.group}" if _GROUP_NAME.fullmatch(sent.group) else "the other group that was tried"


def _target(sent: Sent, facts: CrossFacts) -> str:
    """The group as TARGET is typed, where its name is plain enough for a sentence."""
    return f": {facts.profile or 'PROFILE'}/{sent.group}" if _GROUP_NAME.fullmatch(sent.group) else ""


def _headers(check: CheckResult, facts: CrossFacts) -> list[Sent]:
    """The same question with the own key in another header."""
    return [
        sent
        for sent in variants(facts)
        if same_kind(sent, check) and own_key_here(sent, facts) and other_header(sent, facts)
    ]


def _says_missing(finding: Finding) -> bool:
    return any(signal.name == "error_code" and signal.value in _NO_KEY_CODES for signal in finding.signals)


def _own_key_worked(check: CheckResult, checks: Checks, facts: CrossFacts) -> bool:
    """True where this same key was accepted by another kind of check, which refuses a made-up one."""
    refused = [sent for sent in variants(facts) if sent.key is KeyUsed.WRONG and sent.failure_class in _ACCESS]
    return any(
        one.outcome is Outcome.PASSED and any(same_kind(sent, one) and not same_kind(sent, check) for sent in refused)
        for one in checks
    )

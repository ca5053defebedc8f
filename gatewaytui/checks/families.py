"""Check ``families``: do the gateway's other protocols answer too? One tiny chat each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.profile import AuthHeader, Protocol, Target
from gatewaytui.domain.run import CheckResult, Outcome, Rung

from .isolation import header_words
from .models import chat_models

_TITLES: Mapping[Protocol, str] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: "OpenAI chat",
        Protocol.OPENAI_RESPONSES: "OpenAI Responses",
        Protocol.ANTHROPIC: "Anthropic Messages",
        Protocol.GEMINI: "Gemini",
    }
)
_OWN_MODELS: Mapping[Protocol, str] = MappingProxyType({Protocol.ANTHROPIC: "claude", Protocol.GEMINI: "gemini"})
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


class Answered(msgspec.Struct, frozen=True):
    """What one protocol's chat came to: a CheckResult of its own, not a rung.

    ``header`` is the auth header that was needed, where it is not the protocol's own.
    """

    protocol: Protocol
    check: CheckResult
    header: AuthHeader | None = None


def others(target: Target) -> tuple[Protocol, ...]:
    """The protocols to try beside the target's own: those of its group, else of its profile."""
    group = target.profile.group(target.group)
    declared = (group.protocols if group else ()) or target.profile.protocols
    return tuple(protocol for protocol in declared if protocol is not target.protocol)


def model_for(protocol: Protocol, chosen: str, listed: Iterable[ModelInfo]) -> str:
    """A listed model that this protocol is made for, else the one of the run."""
    word = _OWN_MODELS.get(protocol, "")
    if not word or word in chosen:
        return chosen
    return next((id for id in chat_models(model.id for model in listed) if word in id), chosen)


def judge(target: Target, tried: tuple[Answered, ...]) -> CheckResult:
    """The rung. A protocol that the profile names and that does not answer warns; where the profile names all four,
    which it does for an address without a preset, it only tells.
    """
    if not tried:
        return CheckResult(Rung.FAMILIES, Outcome.SKIPPED, note="The profile names no other protocol.")
    good = [_TITLES[one.protocol] for one in tried if one.check.outcome in _ANSWERED]
    bad = [one for one in tried if one.check.outcome not in _ANSWERED]
    times = [one.check.elapsed_ms for one in tried if one.check.elapsed_ms is not None]
    told = [f"{_joined(good)} answer{'s' if len(good) == 1 else ''}."] if good else []
    told += [f"{_TITLES[one.protocol]} wants the key in {header_words(one.header)}." for one in tried if one.header]
    told += [f"{_TITLES[one.protocol]}: {_word(one.check)}." for one in bad]
    firm = bad and set(target.profile.protocols) != set(Protocol)
    return CheckResult(
        Rung.FAMILIES,
        Outcome.WARNED if firm else Outcome.PASSED,
        elapsed_ms=sum(times) if times else None,
        finding=_missing(bad) if firm else None,
        note=" ".join(told),
    )


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _word(check: CheckResult) -> str:
    if check.finding is None:
        return "not tried"
    return f"HTTP {check.status}, {check.finding.failure_class}" if check.status else check.finding.failure_class


def _missing(bad: list[Answered]) -> Finding:
    meaning = FailureClass.ENDPOINT_UNSUPPORTED.meaning
    names = _joined([_TITLES[one.protocol] for one in bad])
    return Finding(
        failure_class=FailureClass.ENDPOINT_UNSUPPORTED,
        rule="families.missing",
        origin=Origin.GATEWAY,
        confidence=Confidence.LIKELY,
        whose=meaning.whose,
        next_step=f"Do not count on {names} with this key and model, or take {'them' if len(bad) > 1 else 'it'} "
        "out of the profile's protocols.",
    )

"""An Exchange and its Reading to a Finding: what failed, how that is known, whose problem it is, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.exchange import Exchange
from gatewaytui.domain.failure import FailureClass, Finding, Origin, Retry, RetryWhen
from gatewaytui.domain.reading import Reading

from .rule import Rule
from .rules import RULES
from .sight import Sight, look
from .signals import signals

_BEHIND: Mapping[FailureClass, str] = MappingProxyType(
    {
        FailureClass.RATE_LIMIT: "The gateway's: its limit at the provider is reached. Your own limits are fine.",
        FailureClass.BILLING_QUOTA: "The gateway's: its account at the provider is out of money. Yours may be fine.",
        FailureClass.CONTENT_FILTER: "Nobody's fault in the wiring: the provider filtered the content.",
    }
)


def classify(exchange: Exchange, reading: Reading | None) -> Finding | None:
    """The diagnosis of one exchange, or None where it passed.

    A class that ``only_warns`` comes as a Finding too; the caller derives the outcome. Never raises on anything a
    server can send, and no server text is in the Finding.
    """
    sight = look(exchange, reading)
    rule = next((rule for rule in RULES if rule.when(sight)), None)
    return None if rule is None else _finding(rule, sight)


def _finding(rule: Rule, sight: Sight) -> Finding:
    meaning = rule.failure_class.meaning
    behind = sight.provider and rule.failure_class in _BEHIND
    return Finding(
        failure_class=rule.failure_class,
        rule=rule.id,
        origin=Origin.UPSTREAM if behind else rule.origin or meaning.origin,
        confidence=rule.confidence,
        whose=_BEHIND[rule.failure_class] if behind else rule.whose or meaning.whose,
        next_step=(rule.advise(sight) if rule.advise else "") or meaning.next_step,
        retry=_retry(meaning.retry, sight.retry_after),
        signals=signals(sight),
    )


def _retry(usual: Retry, seconds: float | None) -> Retry:
    """The server's own wait replaces the class's advice where trying again makes sense at all."""
    if seconds is None or usual.when is RetryWhen.NO:
        return usual
    return Retry(RetryWhen.AFTER, seconds)

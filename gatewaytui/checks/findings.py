"""A finding of a check's own: what an answer lacks that the protocol's general rules cannot know."""

from __future__ import annotations

from gatewaytui.diagnosis.sight import look
from gatewaytui.diagnosis.signals import signals
from gatewaytui.domain.exchange import Exchange
from gatewaytui.domain.failure import Confidence, FailureClass, Finding
from gatewaytui.domain.reading import Reading


def found(
    failure_class: FailureClass,
    rule: str,
    exchange: Exchange,
    reading: Reading | None,
    next_step: str = "",
    confidence: Confidence = Confidence.CERTAIN,
) -> Finding:
    """The class with its usual sentences (but for ``next_step``, where given) and the signals of the exchange."""
    meaning = failure_class.meaning
    return Finding(
        failure_class=failure_class,
        rule=rule,
        origin=meaning.origin,
        confidence=confidence,
        whose=meaning.whose,
        next_step=next_step or meaning.next_step,
        retry=meaning.retry,
        signals=signals(look(exchange, reading)),
    )

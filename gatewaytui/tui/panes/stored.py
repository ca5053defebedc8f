"""A past run back from its evidence: its findings to be shown again."""

from __future__ import annotations

from gatewaytui.domain.failure import Finding, Retry, Signal
from gatewaytui.domain.run import CheckResult
from gatewaytui.evidence.document import CheckPart, FailurePart


def stored_check(part: CheckPart) -> CheckResult:
    """A check as the finding card shows it."""
    return CheckResult(
        name=part.name,
        outcome=part.outcome,
        method=part.method or "",
        path=part.path or "",
        status=part.status,
        elapsed_ms=part.elapsed_ms,
        finding=stored_finding(part.failure) if part.failure else None,
        note=part.note or "",
        target=part.target,
    )


def stored_finding(part: FailurePart) -> Finding:
    """A finding with its signals."""
    return Finding(
        failure_class=part.class_,
        rule=part.rule,
        origin=part.origin,
        confidence=part.confidence,
        whose=part.whose,
        next_step=part.next_step,
        retry=Retry(part.retry.when, part.retry.seconds),
        signals=tuple(Signal(name, value) for name, value in part.signals.items()),
    )

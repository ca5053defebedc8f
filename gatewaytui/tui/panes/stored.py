"""Past runs back from their evidence: a finding to be shown again, several runs as one document."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gatewaytui.domain.failure import Finding, Retry, Signal
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.evidence.document import CheckPart, Evidence, FailurePart, Summary

REPORT = "findings"


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


def together(runs: Sequence[Evidence]) -> Evidence:
    """Several runs as one document: their targets and checks in order, the summary over all of them.

    Raises ValueError without a run.
    """
    if not runs:
        raise ValueError("There is no run to put together.")
    if len(runs) == 1:
        return runs[0]
    targets: list[object] = []
    checks: list[CheckPart] = []
    for run in runs:
        checks += [msgspec.structs.replace(check, target=check.target + len(targets)) for check in run.checks]
        targets += run.targets
    return msgspec.structs.replace(
        runs[0],
        kind=REPORT,
        generated_at=max(run.generated_at for run in runs),
        targets=tuple(targets),
        checks=tuple(checks),
        summary=_summary(checks),
    )


def _summary(checks: Sequence[CheckPart]) -> Summary:
    failed = next((check.failure for check in checks if check.outcome is Outcome.FAILED and check.failure), None)
    warned = [check.failure.class_ for check in checks if check.outcome is Outcome.WARNED and check.failure]
    return Summary(
        ok=not any(check.outcome is Outcome.FAILED for check in checks),
        failure_class=failed.class_ if failed else None,
        failure_family=failed.family if failed else None,
        warnings=tuple(dict.fromkeys(warned)),
    )

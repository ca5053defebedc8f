"""The record of a run that a person stopped: what was found until then can still be handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.run import CheckResult, Run, Sent, Spending


def cancelled(name: str) -> CheckResult:
    """The verdict on the check that was stopped in the middle."""
    from gatewaytui.engine.desk import local_failure

    return local_failure(name, Problem(FailureClass.CANCELLED, FailureClass.CANCELLED.meaning.title), 0)


def stopped_run(
    kind: str,
    target: Target,
    started: datetime,
    checks: Sequence[CheckResult],
    requests: tuple[Sent, ...],
    spending: Spending | None,
) -> Run:
    """A run of this kind against one target, as far as it came."""
    from gatewaytui.checks.base import Plan
    from gatewaytui.engine.desk import target_facts

    asked = target.model or target.profile.default_model
    return Run(kind, started, (target_facts(Plan(target, asked), asked),), tuple(checks), requests, spending)

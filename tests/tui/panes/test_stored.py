"""A past run back from its evidence."""

from __future__ import annotations

from gatewaytui.domain.failure import FailureClass, RetryWhen
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.record import build
from gatewaytui.tui.panes.stored import stored_check
from tests.tui.scripted import NOON, gateway
from tests.tui.streams import failed, run_of


def evidence(*checks: object) -> Evidence:
    return build(run_of(checks, gateway()), now=NOON)  # type: ignore[arg-type]


def test_a_finding_comes_back_with_its_signals() -> None:
    check = stored_check(evidence(failed(FailureClass.RATE_LIMIT, 429)).checks[0])
    assert check.finding is not None
    assert check.finding.failure_class is FailureClass.RATE_LIMIT
    assert check.finding.retry.when is RetryWhen.AFTER
    assert ("listed_models", 41) in [(signal.name, signal.value) for signal in check.finding.signals]
    assert (check.method, check.path, check.status) == ("POST", "/v1/messages", 429)

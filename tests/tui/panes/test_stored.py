"""Past runs back from their evidence."""

from __future__ import annotations

import json

import pytest

from gatewaytui.domain.failure import FailureClass, RetryWhen
from gatewaytui.evidence import json as evidence_json
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.record import build
from gatewaytui.evidence.schema import problems
from gatewaytui.tui.panes.stored import stored_check, together
from tests.tui.scripted import NOON, gateway
from tests.tui.streams import failed, passed, run_of


def evidence(*checks: object) -> Evidence:
    return build(run_of(checks, gateway()), now=NOON)  # type: ignore[arg-type]


def test_a_finding_comes_back_with_its_signals() -> None:
    check = stored_check(evidence(failed(FailureClass.RATE_LIMIT, 429)).checks[0])
    assert check.finding is not None
    assert check.finding.failure_class is FailureClass.RATE_LIMIT
    assert check.finding.retry.when is RetryWhen.AFTER
    assert ("listed_models", 41) in [(signal.name, signal.value) for signal in check.finding.signals]
    assert (check.method, check.path, check.status) == ("POST", "/v1/messages", 429)


def test_several_runs_become_one_document_that_fits_the_schema() -> None:
    both = together((evidence(passed()), evidence(failed()), evidence(failed(FailureClass.RATE_LIMIT, 429))))
    assert [check.target for check in both.checks] == [0, 1, 2]
    assert len(both.targets) == 3
    assert (both.summary.ok, both.summary.failure_class) == (False, FailureClass.GROUP_OR_MODEL_ACCESS)
    assert problems(json.loads(evidence_json.render(both))) == ()


def test_one_run_stays_as_it_is_and_none_is_refused() -> None:
    one = evidence(failed())
    assert together((one,)) is one
    with pytest.raises(ValueError, match="no run"):
        together(())

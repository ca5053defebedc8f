from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.evidence.record import build
from gatewaytui.storage.historyrows import finding_columns, run_columns
from tests.evidence.builders import COMPARISON

from .test_history import CHATTED, NOW, PASSED, TKEN, TOKONE, evidence, failed


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (FailureClass.AUTH, "Failed"),
        (FailureClass.STALL_TIMEOUT, "Timeout"),
        (FailureClass.MODEL_MISMATCH, "Success"),
    ],
)
def test_the_status_is_a_word_of_the_gateways_logs(failure: FailureClass, status: str) -> None:
    assert run_columns(evidence(PASSED, failed(failure)))["status"] == status


@pytest.mark.parametrize(
    ("planned", "check", "status"),
    [(2, PASSED, "Success"), (20, PASSED, "Stopped"), (20, failed(FailureClass.AUTH), "Failed")],
)
def test_a_comparison_that_did_not_come_to_its_end_is_no_success(
    planned: int, check: CheckResult, status: str
) -> None:
    run = Run("compare", NOW, (TKEN,), (check,), comparison=replace(COMPARISON, planned=planned))
    assert run_columns(build(run, now=NOW))["status"] == status


def test_what_was_not_measured_is_none() -> None:
    columns = run_columns(evidence(CheckResult("models", Outcome.SKIPPED)))
    assert (columns["input_tokens"], columns["ttft_ms"], columns["elapsed_ms"]) == (None, None, None)


def test_tokens_and_times_are_those_of_all_checks() -> None:
    columns = run_columns(evidence(PASSED, CHATTED, CHATTED))
    assert (columns["input_tokens"], columns["output_tokens"], columns["elapsed_ms"]) == (22, 10, 170.0)


def test_the_target_that_failed_first_stands_for_the_run() -> None:
    checks = (CHATTED, failed(FailureClass.DNS, target=1))
    columns = run_columns(evidence(*checks, targets=(TKEN, TOKONE)))
    assert (columns["profile"], columns["grp"], columns["class"]) == ("tokone", "gemini", FailureClass.DNS)


def test_a_finding_knows_its_own_target() -> None:
    document = evidence(CHATTED, failed(FailureClass.DNS, target=1), targets=(TKEN, TOKONE))
    passed, broken = (finding_columns(document, check) for check in document.checks)
    assert (passed["profile"], passed["class"], passed["outcome"]) == ("tken", None, "passed")
    assert (broken["profile"], broken["family"], broken["elapsed_ms"]) == ("tokone", "network", 12.5)

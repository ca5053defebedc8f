"""What two answers to the same question, with the own key and with a wrong one, say of the key."""

from __future__ import annotations

import pytest

from gatewaytui.checks.auth import judge, refused, worth_a_wrong_key
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.run import CheckResult, Outcome, Rung


def answer(status: int | None, failure_class: FailureClass | None = None) -> CheckResult:
    """The list as it was answered: well, or with this class."""
    if failure_class is None:
        return CheckResult(Rung.AUTH, Outcome.PASSED, "GET", "/v1/models", status, 12.0)
    meaning = failure_class.meaning
    finding = Finding(failure_class, "r", Origin.GATEWAY, Confidence.CERTAIN, meaning.whose, meaning.next_step)
    return CheckResult(Rung.AUTH, Outcome.FAILED, "GET", "/v1/models", status, 12.0, finding)


GOOD = answer(200)
REFUSED, FORBIDDEN = answer(401, FailureClass.AUTH), answer(403, FailureClass.PERMISSION)
MISSING, BROKEN = answer(404, FailureClass.ROUTE_NOT_FOUND), answer(500, FailureClass.GATEWAY_ERROR)
BLOCKED = answer(403, FailureClass.EDGE_BLOCKED)
MALFORMED, LIMITED = answer(400, FailureClass.REQUEST_SHAPE), answer(429, FailureClass.RATE_LIMIT)
SILENT = answer(None, FailureClass.FIRST_BYTE_TIMEOUT)


@pytest.mark.parametrize(
    ("own", "wrong", "keyed", "outcome", "note"),
    [
        (GOOD, REFUSED, True, Outcome.PASSED, "a wrong one is refused (401)"),
        (GOOD, FORBIDDEN, True, Outcome.PASSED, "(403)"),
        (GOOD, GOOD, True, Outcome.WARNED, "Not proven"),
        (GOOD, None, True, Outcome.SKIPPED, "no wrong key was tried"),
        (GOOD, BROKEN, True, Outcome.SKIPPED, "fails too, with HTTP 500"),
        (GOOD, SILENT, True, Outcome.SKIPPED, "without an answer"),
        (GOOD, LIMITED, True, Outcome.SKIPPED, "fails too, with HTTP 429"),
        (GOOD, MALFORMED, True, Outcome.PASSED, "a wrong one is refused (400)"),
        (BROKEN, REFUSED, True, Outcome.PASSED, "Key accepted"),
        (BLOCKED, BLOCKED, True, Outcome.SKIPPED, "same way"),
        (GOOD, None, False, Outcome.SKIPPED, "needed none"),
        (MISSING, REFUSED, True, Outcome.PASSED, "Key accepted"),
        (MISSING, MISSING, True, Outcome.SKIPPED, "same way"),
        (REFUSED, None, True, Outcome.FAILED, ""),
        (FORBIDDEN, None, True, Outcome.FAILED, ""),
        (REFUSED, None, False, Outcome.FAILED, "No key is set"),
        (SILENT, None, True, Outcome.SKIPPED, "no answer"),
    ],
)
def test_the_rung(own: CheckResult, wrong: CheckResult | None, keyed: bool, outcome: Outcome, note: str) -> None:
    rung = judge(own, wrong, keyed)
    assert (rung.name, rung.outcome) == (Rung.AUTH, outcome)
    assert note in rung.note
    assert (rung.finding is not None) is (outcome in (Outcome.FAILED, Outcome.WARNED))
    assert (rung.status, rung.elapsed_ms) == (own.status, own.elapsed_ms)


def test_a_refusal_keeps_what_was_found() -> None:
    assert judge(REFUSED, None, True).finding == REFUSED.finding


def test_not_proven_is_a_warning_of_the_key_that_blames_nobody() -> None:
    finding = judge(GOOD, GOOD, True).finding
    assert finding is not None
    assert (finding.failure_class, finding.confidence) == (FailureClass.AUTH, Confidence.POSSIBLE)
    assert finding.whose.startswith("Nobody's") and "chat" in finding.next_step


@pytest.mark.parametrize(
    ("own", "keyed", "worth"),
    [(GOOD, True, True), (GOOD, False, False), (REFUSED, True, False), (SILENT, True, False), (MISSING, True, True)],
)
def test_a_wrong_key_is_sent_only_where_it_tells_something(own: CheckResult, keyed: bool, worth: bool) -> None:
    assert worth_a_wrong_key(own, keyed) is worth


def test_a_firewall_s_refusal_is_not_about_the_key() -> None:
    assert refused(REFUSED) and refused(FORBIDDEN) and not refused(BLOCKED) and not refused(GOOD)

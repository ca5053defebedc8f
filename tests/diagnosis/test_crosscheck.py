from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.diagnosis.crosscheck import CrossFacts, crosscheck
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin, Signal
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Sent

from . import cross

LISTED = CrossFacts("gpt-5.5", ("gpt-5.5-mini", "gpt-4o"))


def failed(name: str, failure_class: FailureClass, status: int = 404) -> CheckResult:
    meaning = failure_class.meaning
    finding = Finding(failure_class, "some.rule", Origin.GATEWAY, Confidence.LIKELY, meaning.whose, meaning.next_step)
    return CheckResult(name, Outcome.FAILED, status=status, finding=finding)


def passed(name: str) -> CheckResult:
    return CheckResult(name, Outcome.PASSED, status=200)


def finding_in(checks: tuple[CheckResult, ...], name: str) -> Finding:
    finding = next(check.finding for check in checks if check.name == name)
    assert finding is not None
    return finding


def test_a_run_without_failures_is_left_alone() -> None:
    checks = (passed("models"), passed("chat"))
    assert crosscheck(checks, LISTED) == checks


def test_a_key_the_list_accepted_is_said_so() -> None:
    after = crosscheck((passed("models"), failed("chat", FailureClass.AUTH, 401)), LISTED)
    finding = finding_in(after, "chat")
    assert finding.failure_class is FailureClass.AUTH
    assert "accepted this same key" in finding.next_step


def test_a_key_that_failed_both_times_is_simply_bad() -> None:
    checks = (failed("models", FailureClass.AUTH, 401), failed("chat", FailureClass.AUTH, 401))
    assert crosscheck(checks, LISTED) == checks


def test_an_unknown_model_that_is_listed_is_unavailable() -> None:
    facts = CrossFacts("gpt-4o", ("gpt-5.5", "gpt-4o"))
    after = crosscheck((passed("models"), failed("chat", FailureClass.MODEL_NOT_FOUND)), facts)
    finding = finding_in(after, "chat")
    assert finding.failure_class is FailureClass.MODEL_UNAVAILABLE
    assert finding.whose == FailureClass.MODEL_UNAVAILABLE.meaning.whose
    assert finding.retry == FailureClass.MODEL_UNAVAILABLE.meaning.retry


def test_an_unlisted_model_gets_the_nearest_ids() -> None:
    after = crosscheck((passed("models"), failed("chat", FailureClass.MODEL_NOT_FOUND)), LISTED)
    step = finding_in(after, "chat").next_step
    assert "gpt-5.5 is not listed" in step
    assert "gpt-5.5-mini" in step


def test_hostile_ids_do_not_reach_the_sentence() -> None:
    facts = CrossFacts("gpt-5.5\x1b[0m", ("gpt-5.5", "gpt-5.5\x1b]52;c;x\x07"))
    after = crosscheck((passed("models"), failed("chat", FailureClass.MODEL_NOT_FOUND)), facts)
    assert "\x1b" not in finding_in(after, "chat").next_step


def test_without_a_list_an_unknown_model_stays_unknown() -> None:
    checks = (failed("models", FailureClass.GATEWAY_ERROR, 500), failed("chat", FailureClass.MODEL_NOT_FOUND))
    assert crosscheck(checks, CrossFacts("gpt-5.5", None)) == checks


def test_a_missing_list_is_a_warning_once_the_chat_works() -> None:
    after = crosscheck((failed("models", FailureClass.ROUTE_NOT_FOUND), passed("chat")), CrossFacts("m", None))
    assert after[0].outcome is Outcome.WARNED
    assert finding_in(after, "models").failure_class is FailureClass.MODELS_UNSUPPORTED


def test_a_missing_list_stays_a_failure_while_the_chat_fails() -> None:
    checks = (failed("models", FailureClass.ROUTE_NOT_FOUND), failed("chat", FailureClass.ROUTE_NOT_FOUND))
    assert crosscheck(checks, CrossFacts("m", None)) == checks


def test_an_empty_list_is_left_behind_once_the_chat_works() -> None:
    after = crosscheck((failed("models", FailureClass.MODELS_EMPTY, 200), passed("chat")), CrossFacts("m", ()))
    assert after[0].outcome is Outcome.FAILED
    assert finding_in(after, "models").next_step.startswith("Go on with m: a chat with it works")


def test_an_empty_list_stays_what_it_is_while_the_chat_fails() -> None:
    checks = (failed("models", FailureClass.MODELS_EMPTY, 200), failed("chat", FailureClass.RATE_LIMIT, 429))
    assert crosscheck(checks, CrossFacts("m", ())) == checks


def test_a_refused_list_is_no_missing_one() -> None:
    checks = (failed("models", FailureClass.AUTH, 401), passed("chat"))
    assert crosscheck(checks, CrossFacts("m", None)) == checks


def test_a_variant_that_answers_is_proposed() -> None:
    facts = CrossFacts("m", None, answering_base_url="https://gateway.test/v1")
    after = crosscheck((failed("models", FailureClass.BASE_URL, 200),), facts)
    assert "Set the base URL to https://gateway.test/v1:" in finding_in(after, "models").next_step


def test_an_error_about_another_id_than_the_listed_one_stays_as_it_is() -> None:
    facts = CrossFacts("gpt-4o", ("gpt-5.5", "gpt-4o"))
    check = failed("chat", FailureClass.MODEL_NOT_FOUND)
    assert check.finding is not None
    named = replace(check, finding=replace(check.finding, signals=(Signal("other_model_named", True),)))
    assert crosscheck((passed("models"), named), facts)[1] == named


# what a made-up key tells


@pytest.mark.parametrize(("check", "whose"), [("auth", "list is public"), ("chat", "checks no key")])
def test_a_made_up_key_that_is_answered_proves_no_key(check: str, whose: str) -> None:
    after = crosscheck((passed("auth"),), cross.facts(cross.tried(check, key=KeyUsed.WRONG)))
    assert after[0].outcome is Outcome.WARNED
    finding = finding_in(after, "auth")
    assert finding.rule == "auth.not_proven"
    assert finding.failure_class is FailureClass.AUTH
    assert whose in finding.whose


def test_a_public_list_does_not_matter_where_a_chat_refuses_the_made_up_key() -> None:
    about = cross.facts(
        cross.tried("auth", key=KeyUsed.WRONG), cross.tried("chat", FailureClass.AUTH, key=KeyUsed.WRONG)
    )
    assert crosscheck((passed("auth"),), about) == (passed("auth"),)


@pytest.mark.parametrize(
    "sent",
    [
        cross.tried("auth", FailureClass.AUTH, key=KeyUsed.WRONG),
        cross.tried("auth", key=KeyUsed.OWN),
        cross.tried("auth", FailureClass.GATEWAY_ERROR, key=KeyUsed.WRONG),
    ],
    ids=["it is refused", "it is the own key", "it broke otherwise"],
)
def test_a_proof_stays_a_proof(sent: Sent) -> None:
    assert crosscheck((passed("auth"),), cross.facts(sent)) == (passed("auth"),)


def test_only_the_auth_check_speaks_of_proof() -> None:
    about = cross.facts(cross.tried("auth", key=KeyUsed.WRONG))
    assert crosscheck((passed("models"),), about) == (passed("models"),)


@pytest.mark.parametrize(
    ("sent", "rule", "said"),
    [
        (cross.tried("auth", key=KeyUsed.WRONG), "cross.list_public", "public"),
        (cross.tried("models", key=KeyUsed.NONE), "cross.list_public", "public"),
        (cross.tried("auth", FailureClass.AUTH, key=KeyUsed.WRONG), "cross.key_good", "so the key is good"),
        (cross.tried("auth", FailureClass.GATEWAY_ERROR, key=KeyUsed.WRONG), "cross.key_worked", "either"),
    ],
)
def test_what_the_list_is_worth_decides_about_a_refused_chat(sent: Sent, rule: str, said: str) -> None:
    after = crosscheck((passed("models"), failed("chat", FailureClass.AUTH, 401)), cross.facts(sent))
    finding = finding_in(after, "chat")
    assert finding.failure_class is FailureClass.AUTH
    assert finding.rule == rule
    assert said in finding.next_step

from __future__ import annotations

import pytest

from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.failure import Confidence, Origin, RetryWhen
from gatewaytui.domain.failure import FailureClass as F
from gatewaytui.domain.run import CheckResult

from .cross import facts, failed, reread, untouched

EMPTY = AccountFacts(exhausted=True, remaining=0.0, unit="USD")
FULL = AccountFacts(exhausted=False, remaining=4.2, unit="USD")


@pytest.mark.parametrize(
    "check",
    [
        failed("chat", F.RATE_LIMIT, 429),
        failed("chat", F.BILLING_QUOTA, 403),
        failed("stream", F.BILLING_QUOTA, 429),
    ],
)
def test_an_exhausted_account_is_money_for_certain(check: CheckResult) -> None:
    found = reread(check, facts(account=EMPTY))
    assert found.failure_class is F.BILLING_QUOTA
    assert found.rule == "cross.account_spent"
    assert found.confidence is Confidence.CERTAIN
    assert found.retry.when is RetryWhen.NO


def test_a_spent_window_renews_itself() -> None:
    found = reread(failed("chat", F.RATE_LIMIT, 429), facts(account=AccountFacts(exhausted=True, window=True)))
    assert found.failure_class is F.BILLING_QUOTA
    assert found.rule == "cross.window_spent"
    assert found.retry.when is RetryWhen.AFTER
    assert "renews" in found.next_step


@pytest.mark.parametrize("check", [failed("chat", F.RATE_LIMIT, 429), failed("chat", F.BILLING_QUOTA, 429)])
def test_money_left_makes_a_429_a_rate_limit(check: CheckResult) -> None:
    found = reread(check, facts(account=FULL))
    assert found.failure_class is F.RATE_LIMIT
    assert found.rule == "cross.money_left"
    assert found.confidence is Confidence.CERTAIN
    assert found.retry.when is RetryWhen.AFTER


def test_a_code_for_money_outweighs_what_is_left_of_the_key() -> None:
    check = failed("chat", F.BILLING_QUOTA, 429, confidence=Confidence.CERTAIN)
    found = reread(check, facts(account=FULL))
    assert found.failure_class is F.BILLING_QUOTA
    assert found.rule == "cross.other_purse"
    assert "balance" in found.next_step


@pytest.mark.parametrize("account", [FULL, AccountFacts(unlimited=True)])
def test_a_refusal_for_money_beside_a_full_key_is_about_the_balance_behind(account: AccountFacts) -> None:
    found = reread(failed("chat", F.BILLING_QUOTA, 403), facts(account=account))
    assert found.failure_class is F.BILLING_QUOTA
    assert found.rule == "cross.other_purse"


@pytest.mark.parametrize(
    ("account", "rule"),
    [
        (AccountFacts(expired=True, exhausted=True), "cross.key_expired"),
        (AccountFacts(blocked=True), "cross.key_blocked"),
    ],
)
def test_an_ended_key_is_a_matter_of_the_key(account: AccountFacts, rule: str) -> None:
    found = reread(failed("chat", F.RATE_LIMIT, 429), facts(account=account))
    assert found.failure_class is F.AUTH
    assert found.rule == rule
    assert found.confidence is Confidence.CERTAIN
    assert found.retry.when is RetryWhen.NO


@pytest.mark.parametrize("account", [None, AccountFacts(), AccountFacts(unlimited=True)])
def test_an_account_that_says_nothing_decides_nothing(account: AccountFacts | None) -> None:
    assert untouched(failed("chat", F.RATE_LIMIT, 429), facts(account=account))


@pytest.mark.parametrize("failure_class", [F.AUTH, F.OVERLOADED, F.GROUP_OR_MODEL_ACCESS])
def test_other_failures_are_none_of_the_accounts_matter(failure_class: F) -> None:
    assert untouched(failed("chat", failure_class, 403), facts(account=EMPTY))


def test_the_gateways_own_account_at_the_provider_is_another_one() -> None:
    check = failed("chat", F.BILLING_QUOTA, 429, origin=Origin.UPSTREAM)
    assert untouched(check, facts(account=FULL))


def test_no_amount_reaches_a_sentence() -> None:
    account = AccountFacts(exhausted=False, remaining=987654.0, unit="USD")
    found = reread(failed("chat", F.BILLING_QUOTA, 402), facts(account=account))
    assert "987654" not in found.whose + found.next_step

"""Money or rate: what a free account probe tells about a refusal that could be either."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.failure import RETRY_LATER, Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.run import CheckResult

from .crossfacts import Checks, CrossFacts, as_class

_DOUBTED = frozenset((FailureClass.RATE_LIMIT, FailureClass.BILLING_QUOTA))


def account_told(check: CheckResult, finding: Finding, _: Checks, facts: CrossFacts) -> Finding | None:
    """The account's own word on a refusal for money or rate; one that comes from the provider is not its matter."""
    account = facts.account
    if account is None or finding.failure_class not in _DOUBTED or finding.origin is Origin.UPSTREAM:
        return None
    if account.expired or account.blocked:
        return _ended(finding, account)
    if account.exhausted:
        return _spent(finding, account)
    if account.exhausted is False or account.unlimited:
        return _left(check, finding, account)
    return None


def _ended(finding: Finding, account: AccountFacts) -> Finding:
    told = as_class(finding, FailureClass.AUTH, "cross.key_expired" if account.expired else "cross.key_blocked")
    how, step = (
        ("has expired", "Make a new key, or extend this one's end date, in the gateway's console.")
        if account.expired
        else ("is switched off", "Switch the key on again in the gateway's console, or use another one.")
    )
    return replace(told, confidence=Confidence.CERTAIN, whose=f"Yours: the key {how}.", next_step=step)


def _spent(finding: Finding, account: AccountFacts) -> Finding:
    told = replace(
        as_class(finding, FailureClass.BILLING_QUOTA, "cross.account_spent"), confidence=Confidence.CERTAIN
    )
    if not account.window:
        return replace(told, whose="Yours: the account probe says that nothing is left to spend.")
    return replace(
        told,
        rule="cross.window_spent",
        whose="Yours: the account probe says that this quota window is used up.",
        next_step="Wait until the quota window renews, use another key until then, or raise its limit.",
        retry=finding.retry if finding.failure_class is FailureClass.RATE_LIMIT else RETRY_LATER,
    )


def _left(check: CheckResult, finding: Finding, account: AccountFacts) -> Finding | None:
    """Something is left. A 429 is then a rate limit; another refusal for money is about a purse behind the key's.

    A key without a limit of its own says nothing about the account's balance, so it decides nothing under 429.
    """
    if finding.failure_class is FailureClass.RATE_LIMIT:
        if account.exhausted is not False:
            return None
        whose = "Yours: the key's rate limit is reached; the account probe says that money is left."
        return replace(finding, rule="cross.money_left", confidence=Confidence.CERTAIN, whose=whose)
    stated = finding.confidence is Confidence.CERTAIN
    if check.status == 429 and account.exhausted is False and not stated:
        told = as_class(finding, FailureClass.RATE_LIMIT, "cross.money_left")
        whose = "Yours: the key's rate limit is reached; the account probe says that money is left."
        return replace(told, confidence=Confidence.CERTAIN, whose=whose)
    return replace(
        finding,
        rule="cross.other_purse",
        whose="Yours or the gateway's: this key's own quota is not used up, but the account's balance behind it is.",
        next_step="Top up the account's balance; this key's own quota is not the limit.",
    )

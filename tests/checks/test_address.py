"""The first rung: what is said of a base URL before anything is sent."""

from __future__ import annotations

import pytest

from gatewaytui.checks.address import judge
from gatewaytui.domain.failure import FailureClass, Origin
from gatewaytui.domain.profile import Profile
from gatewaytui.domain.run import CheckResult, Outcome

C = FailureClass


def _judged(url: str) -> CheckResult:
    return judge(Profile("p", url))


@pytest.mark.parametrize(
    ("url", "note"),
    [
        ("https://gateway.example/v1", "HTTPS, no user info, ends in /v1."),
        ("https://gateway.example/v1beta/", "HTTPS, no user info, ends in /v1beta."),
        ("http://127.0.0.1:4000/v1", "HTTP on this machine, no user info, ends in /v1."),
        ("https://api.deepseek.com", "HTTPS, no user info, a path known for this host."),
    ],
)
def test_a_good_address_passes_and_says_why(url: str, note: str) -> None:
    check = _judged(url)
    assert (check.name, check.outcome, check.finding, check.note) == ("address", Outcome.PASSED, None, note)


@pytest.mark.parametrize(
    ("url", "outcome", "failure_class", "rule", "proposal"),
    [
        ("", "failed", C.CONFIG, "address.empty", ""),
        ("https://a b/v1", "failed", C.CONFIG, "address.invisible", ""),
        ("https://g.example:port/v1", "failed", C.CONFIG, "address.unreadable", ""),
        ("ftp://g.example/v1", "failed", C.CONFIG, "address.not_absolute", ""),
        ("g.example/v1", "failed", C.CONFIG, "address.not_absolute", "https://g.example/v1"),
        ("https://u:p@g.example/v1", "failed", C.CONFIG, "address.user_info", "https://g.example/v1"),
        ("https://g.example/v1?key=1", "failed", C.CONFIG, "address.query", "https://g.example/v1"),
        ("https://g.example/v1/models", "failed", C.BASE_URL, "address.endpoint", "https://g.example/v1"),
        ("https://g.example/v1/v1", "warned", C.BASE_URL, "address.doubled", "https://g.example/v1"),
        ("https://g.example", "warned", C.BASE_URL, "address.version", "https://g.example/v1"),
        ("http://g.example/v1", "warned", C.CONFIG, "address.cleartext", "https://g.example/v1"),
    ],
)
def test_what_is_wrong_is_named_with_a_proposal(
    url: str, outcome: str, failure_class: FailureClass, rule: str, proposal: str
) -> None:
    check = _judged(url)
    assert check.outcome == outcome
    assert check.finding is not None
    assert (check.finding.failure_class, check.finding.rule) == (failure_class, rule)
    assert check.finding.origin is Origin.LOCAL
    assert check.note and check.finding.whose.startswith("Yours: ")
    if proposal:
        assert check.finding.next_step == f"Did you mean {proposal} ?"
    else:
        assert check.finding.next_step.startswith("Correct the base URL")


def test_an_error_decides_before_a_warning_and_both_are_noted() -> None:
    check = _judged("http://g.example/v1/models")
    assert check.outcome is Outcome.FAILED
    assert check.finding is not None and check.finding.rule == "address.endpoint"
    assert "endpoint's path" in check.note and "clear text" in check.note


def test_what_may_be_secret_is_not_repeated() -> None:
    assert "WORD" not in repr(_judged("http://user:WORD@g.example/v1/models?api_key=WORD#WORD"))

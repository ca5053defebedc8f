"""The last rung: which other protocols are tried, with which model, and what their answers come to."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.checks.families import Answered, judge, model_for, others
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.profile import NO_KEY, Group, Profile, Protocol, Target
from gatewaytui.domain.run import CheckResult, Outcome

CHAT, RESPONSES, ANTHROPIC, GEMINI = Protocol
PROFILE = Profile("p", "https://g.example/v1", key=NO_KEY, protocols=(CHAT, ANTHROPIC, GEMINI))
LISTED = (ModelInfo("text-embedding-3-small"), ModelInfo("gpt-5.5"), ModelInfo("claude-sonnet-4-6"))


def well(elapsed_ms: float | None = 100.0) -> CheckResult:
    return CheckResult("chat", Outcome.PASSED, status=200, elapsed_ms=elapsed_ms)


def broken(failure_class: FailureClass = FailureClass.ROUTE_NOT_FOUND, status: int | None = 404) -> CheckResult:
    finding = Finding(failure_class, "r", Origin.GATEWAY, Confidence.CERTAIN, "x", "y")
    return CheckResult("chat", Outcome.FAILED, status=status, finding=finding)


def test_the_group_s_protocols_come_before_the_profile_s() -> None:
    assert others(Target(PROFILE)) == (ANTHROPIC, GEMINI)
    grouped = replace(PROFILE, groups=(Group("g", NO_KEY, (CHAT, RESPONSES)), Group("any", NO_KEY)))
    assert others(Target(grouped, group="g")) == (RESPONSES,)
    assert others(Target(grouped, group="any")) == (ANTHROPIC, GEMINI)
    assert others(Target(PROFILE, protocol_override=GEMINI)) == (CHAT, ANTHROPIC)


@pytest.mark.parametrize(
    ("protocol", "chosen", "asked"),
    [
        (ANTHROPIC, "gpt-5.5", "claude-sonnet-4-6"),
        (ANTHROPIC, "claude-opus-4-6", "claude-opus-4-6"),
        (GEMINI, "gpt-5.5", "gpt-5.5"),
        (RESPONSES, "gpt-5.5", "gpt-5.5"),
    ],
)
def test_each_protocol_gets_a_model_that_is_made_for_it(protocol: Protocol, chosen: str, asked: str) -> None:
    assert model_for(protocol, chosen, LISTED) == asked


def test_nothing_to_try_is_skipped() -> None:
    assert judge(Target(PROFILE), ()).outcome is Outcome.SKIPPED


def test_all_that_answer_pass() -> None:
    check = judge(Target(PROFILE), (Answered(ANTHROPIC, well()), Answered(GEMINI, well())))
    assert (check.outcome, check.elapsed_ms) == (Outcome.PASSED, 200.0)
    assert check.note == "Anthropic Messages and Gemini answer."


def test_a_declared_protocol_that_fails_warns_and_is_named() -> None:
    check = judge(Target(PROFILE), (Answered(ANTHROPIC, well()), Answered(GEMINI, broken())))
    assert check.outcome is Outcome.WARNED and check.finding is not None
    assert check.note == "Anthropic Messages answers. Gemini: HTTP 404, route_not_found."
    assert check.finding.failure_class is FailureClass.ENDPOINT_UNSUPPORTED
    assert "Gemini" in check.finding.next_step and "Anthropic" not in check.finding.next_step


def test_two_that_fail_are_told_in_the_plural_and_without_a_status_by_their_class() -> None:
    silent = broken(FailureClass.FIRST_BYTE_TIMEOUT, None)
    check = judge(Target(PROFILE), (Answered(ANTHROPIC, silent), Answered(GEMINI, broken())))
    assert check.finding is not None and "or take them out" in check.finding.next_step
    assert "Anthropic Messages: first_byte_timeout." in check.note
    assert check.elapsed_ms is None, "what was not measured is not a zero"


def test_an_address_without_a_preset_is_only_told() -> None:
    any_of_them = Target(replace(PROFILE, protocols=tuple(Protocol)))
    check = judge(any_of_them, (Answered(GEMINI, broken()),))
    assert (check.outcome, check.finding) == (Outcome.PASSED, None)
    assert "Gemini: HTTP 404" in check.note

"""A capability counts only where the answer shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui.checks.base import Plan
from gatewaytui.checks.capabilities import CAPABILITIES
from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import Exchange, WireResponse
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Profile, Protocol, Target
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.protocols.features import TOOL
from gatewaytui.protocols.reading import read_exchange

PLAN = Plan(Target(Profile("p", "https://g.example/v1")), "gpt-5.5")
STREAM = (
    b'data: {"choices":[{"index":0,"delta":{"content":"one"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    "text/event-stream",
)


def _judged(name: str, status: int, body: bytes, kind: str = "application/json") -> CheckResult:
    capability = CAPABILITIES[name]
    exchange = Exchange(capability.request(PLAN), WireResponse(status, (("content-type", kind),), body), None)
    reading = read_exchange(exchange)
    return capability.judge(exchange, reading, classify(exchange, reading))


def _said(text: str | None, finish: str = "stop", **more: Any) -> bytes:
    message = {"role": "assistant", "content": text, **more}
    return json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": finish}]}).encode()


def _call(name: str) -> dict[str, Any]:
    return {"tool_calls": [{"id": "c", "type": "function", "function": {"name": name, "arguments": "{}"}}]}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("json_mode", _said('{"colour": "blue", "why": 1}')),
        ("json_schema", _said('{"colour": "blue"}')),
        ("tools", _said(None, "tool_calls", **_call(TOOL))),
        ("vision", _said("Red")),
    ],
)
def test_what_the_answer_shows_passes(name: str, body: bytes) -> None:
    check = _judged(name, 200, body)
    assert check.outcome is Outcome.PASSED and check.finding is None and not check.note


def test_a_stream_is_a_stream() -> None:
    assert _judged("stream", 200, *STREAM).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("stream", _said("one two three")),
        ("json_mode", _said("Blue is a colour.")),
        ("json_schema", _said('{"color": "blue"}')),
        ("json_schema", _said('{"colour": "blue", "why": 1}')),
        ("tools", _said("I would call it.")),
        ("tools", _said(None, "tool_calls", **_call("another"))),
    ],
)
def test_what_is_accepted_and_ignored_is_a_warning_of_its_own(name: str, body: bytes) -> None:
    check = _judged(name, 200, body)
    assert check.outcome is Outcome.WARNED and check.finding is not None
    assert (check.finding.failure_class, check.finding.rule) == (
        FailureClass.FEATURE_UNSUPPORTED,
        "capability.ignored",
    )


@pytest.mark.parametrize("name", CAPABILITIES)
@pytest.mark.parametrize("code", ["unsupported_parameter", "unknown_parameter", ""])
def test_a_refused_parameter_is_an_unsupported_feature(name: str, code: str) -> None:
    error = {"message": "Unknown parameter.", "type": "invalid_request_error", "param": "x", "code": code or None}
    check = _judged(name, 400, json.dumps({"error": error}).encode())
    assert check.outcome is Outcome.FAILED and check.finding is not None
    assert check.finding.failure_class is FailureClass.FEATURE_UNSUPPORTED


def test_a_failure_of_another_kind_stays_what_it_is() -> None:
    check = _judged("tools", 401, b'{"error":{"message":"Invalid token","code":"invalid_api_key"}}')
    assert check.finding is not None and check.finding.failure_class is FailureClass.AUTH


@pytest.mark.parametrize("text", ['{"colour": "bl', "", "Well, let me think about"])
def test_an_answer_cut_by_its_limit_proves_nothing_either_way(text: str) -> None:
    check = _judged("json_mode", 200, _said(text, "length"))
    assert check.outcome is Outcome.SKIPPED and check.finding is None and "token limit" in check.note


def test_an_image_that_was_dropped_on_the_way_is_said() -> None:
    check = _judged("vision", 200, _said("I see no image."))
    assert check.outcome is Outcome.PASSED and "colour" in check.note


@pytest.mark.parametrize("name", CAPABILITIES)
@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"choices":[]}', b"<html></html>", b'{"choices":[null]}'])
def test_a_hostile_success_never_passes(name: str, body: bytes) -> None:
    assert _judged(name, 200, body).outcome in (Outcome.FAILED, Outcome.WARNED)


def test_the_other_token_limit_keeps_the_feature() -> None:
    error = ErrorObject(message="Use 'max_completion_tokens' instead.", param="max_tokens")
    again = CAPABILITIES["tools"].adapted(PLAN, error)
    assert again is not None
    body = json.loads(again.body or b"")
    assert "max_completion_tokens" in body and body["tools"]


def test_anthropic_is_not_asked_for_what_it_has_no_words_for() -> None:
    assert not CAPABILITIES["json_mode"].offered_by(Protocol.ANTHROPIC)
    assert CAPABILITIES["tools"].offered_by(Protocol.ANTHROPIC)


@pytest.mark.parametrize(
    ("name", "said", "declared"),
    [
        ("tools", ("tools", "max_tokens"), True),
        ("tools", ("max_tokens", "temperature"), False),
        ("tools", ("vision",), None),
        ("vision", ("max_tokens",), None),
        ("vision", ("vision",), True),
    ],
)
def test_what_a_list_says_of_a_capability(name: str, said: tuple[str, ...], declared: bool | None) -> None:
    assert CAPABILITIES[name].declared(ModelInfo("m", capabilities=said)) is declared
    assert CAPABILITIES[name].declared(None) is None

"""What is different since the last good run."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.diagnosis.changes import Change, CheckShown, Shown, changes
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Outcome

MODELS = CheckShown("models", Outcome.PASSED, request="GET /v1/models", status=200, model_count=41)
CHAT = CheckShown(
    "chat", Outcome.PASSED, request="POST /v1/chat/completions", status=200, served_model="gpt-5.5", ttft_ms=200.0
)
GOOD = Shown("https://a.example/v1", "bearer", "openai-chat", "", "gpt-5.5", "0.1.0", (MODELS, CHAT))


def told(**changed: object) -> list[tuple[str, str, str]]:
    return [(one.what, one.was, one.now) for one in changes(GOOD, replace(GOOD, **changed))]


def chat(**changed: object) -> list[tuple[str, str, str]]:
    return told(checks=(MODELS, replace(CHAT, **changed)))


def test_two_runs_that_show_the_same_have_no_changes() -> None:
    assert changes(GOOD, GOOD) == ()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("base_url", "https://a.example", ("base URL", "https://a.example/v1", "https://a.example")),
        ("auth_header", "x-api-key", ("auth header", "bearer", "x-api-key")),
        ("protocol", "gemini", ("protocol", "openai-chat", "gemini")),
        ("requested_model", "gpt-5.5", ("requested model", "none", "gpt-5.5")),
        ("selected_model", "", ("selected model", "gpt-5.5", "none")),
        ("tool", "0.2.0", ("tool version", "0.1.0", "0.2.0")),
    ],
)
def test_how_it_was_asked(field: str, value: str, expected: tuple[str, str, str]) -> None:
    assert told(**{field: value}) == [expected]


def test_a_check_that_failed_shows_its_class_and_status() -> None:
    bad = {"outcome": Outcome.FAILED, "failure_class": FailureClass.AUTH, "status": 401, "ttft_ms": None}
    assert chat(**bad) == [("chat", "passed", "failed: auth"), ("chat: status", "200", "401")]


def test_a_request_without_an_answer_has_no_status() -> None:
    assert chat(status=None) == [("chat: status", "200", "none")]


@pytest.mark.parametrize(
    ("was_none", "now", "expected"),
    [
        ("model_count", 0, [("models: models listed", "41", "0")]),
        ("model_count", None, []),
        ("request", "GET /v1beta/models", [("models: request", "GET /v1/models", "GET /v1beta/models")]),
    ],
)
def test_figures_are_told_where_both_runs_have_them(was_none: str, now: object, expected: list[object]) -> None:
    assert told(checks=(replace(MODELS, **{was_none: now}), CHAT)) == expected


def test_another_model_that_answers_is_told() -> None:
    assert chat(served_model="gpt-5.4-mini") == [("chat: served model", "gpt-5.5", "gpt-5.4-mini")]


@pytest.mark.parametrize(("ttft_ms", "is_told"), [(390.0, False), (410.0, True), (90.0, True), (None, False)])
def test_a_time_to_first_token_is_told_only_where_it_is_far_off(ttft_ms: float | None, is_told: bool) -> None:
    assert bool(chat(ttft_ms=ttft_ms)) is is_told


def test_a_small_time_may_double_without_a_word() -> None:
    quick = replace(GOOD, checks=(replace(CHAT, ttft_ms=5.0),))
    assert changes(quick, replace(GOOD, checks=(replace(CHAT, ttft_ms=50.0),))) == ()


def test_checks_that_only_one_run_had_are_told_once_each_those_of_the_bad_run_first() -> None:
    stream = CheckShown("stream", Outcome.FAILED, FailureClass.STREAM_INTERRUPTED, status=200)
    found = changes(GOOD, replace(GOOD, checks=(stream,)))
    assert found == (
        Change("stream", "not run", "failed: stream_interrupted"),
        Change("models", "passed", "not run"),
        Change("chat", "passed", "not run"),
    )

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict

from gatewaytui.diagnosis.classify import classify
from gatewaytui.diagnosis.signals import SIGNAL_NAMES
from gatewaytui.domain.chat import Answer, ErrorObject
from gatewaytui.domain.exchange import FaultKind, Phase
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin, Retry, RetryWhen
from gatewaytui.domain.reading import BodyShape, Reading, StreamEnd, WireKind

from .scenario import Case, exchange_of, finding_of

CANARY = "canary7qz"
HEADERS = ("retry-after", "retry-after-ms", "location", "date", "server", "cf-ray", "x-litellm-x")


def found(case: Case) -> Finding:
    finding = finding_of(case)
    assert finding is not None
    return finding


def test_a_good_answer_passes() -> None:
    body = {"model": "gpt-5.5", "choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}
    assert finding_of({"status": 200, "body": body}) is None


def test_a_response_nobody_read_is_not_passed() -> None:
    finding = classify(exchange_of({"status": 200, "body": "{}"}), None)
    assert finding is not None
    assert finding.failure_class is FailureClass.UNCLASSIFIED


def test_warnings_are_findings_of_classes_that_only_warn() -> None:
    body = {"model": "gpt-4o-mini", "choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}
    finding = found({"status": 200, "body": body})
    assert finding.failure_class.meaning.only_warns
    assert "gpt-5.5" in finding.next_step
    assert "gpt-4o-mini" in finding.next_step


@pytest.mark.parametrize(
    ("headers", "step", "seconds"),
    [
        ([["retry-after", "12"]], "Wait 12 s and try again.", 12),
        ([["retry-after-ms", "1500"]], "Wait 2 s and try again.", 1.5),
        ([["retry-after", "7200"]], "This is a quota window: it opens again in about 2 h.", 7200),
        ([["retry-after", "-5"]], FailureClass.RATE_LIMIT.meaning.next_step, None),
        ([["retry-after", "1e400"]], FailureClass.RATE_LIMIT.meaning.next_step, None),
    ],
)
def test_a_rate_limit_says_how_long(headers: list[list[str]], step: str, seconds: float | None) -> None:
    finding = found({"status": 429, "headers": headers, "body": {"error": {"message": "Too many requests"}}})
    assert finding.failure_class is FailureClass.RATE_LIMIT
    assert finding.next_step.startswith(step)
    assert finding.retry == Retry(RetryWhen.AFTER, seconds)


def test_a_wait_does_not_make_an_empty_account_worth_retrying() -> None:
    finding = found({"status": 402, "headers": [["retry-after", "5"]], "body": ""})
    assert finding.retry.when is RetryWhen.NO


def test_a_wait_moves_a_retry_that_could_be_at_once() -> None:
    finding = found({"status": 500, "headers": [["retry-after", "5"]], "body": ""})
    assert finding.retry == Retry(RetryWhen.AFTER, 5)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/v1/chat/completions", "twice"),
        ("/chat/completions", "add it"),
        ("/v1/chat/completions", "Check the path"),
    ],
)
def test_a_wrong_path_is_named(path: str, words: str) -> None:
    finding = found({"status": 404, "path": path, "body": {"detail": "Not Found"}})
    assert finding.failure_class is FailureClass.ROUTE_NOT_FOUND
    assert words in finding.next_step


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("https://gateway.test/v1/", "same_host"),
        ("/login", "login"),
        ("https://elsewhere.test/v1", "other_host"),
        ("http://gateway.test/v1", "downgrade"),
        ("ftp://gateway.test/v1", "unknown"),
        ("http://[", "unknown"),
    ],
)
def test_a_redirect_says_where_to_by_kind_only(location: str, kind: str) -> None:
    finding = found({"status": 301, "headers": [["location", location]], "body": ""})
    assert ("redirect_to", kind) in {(signal.name, signal.value) for signal in finding.signals}


def test_a_providers_limit_is_not_the_callers() -> None:
    body = {"error": {"message": "Provider returned error", "code": 429, "metadata": {"provider_name": "Acme"}}}
    finding = found({"status": 429, "body": body})
    assert finding.origin is Origin.UPSTREAM
    assert finding.whose.startswith("The gateway's")


def test_codes_are_certain_and_bare_statuses_are_not() -> None:
    coded = found({"status": 401, "body": {"error": {"message": "no", "code": "invalid_api_key"}}})
    bare = found({"status": 403, "body": ""})
    assert coded.confidence is Confidence.CERTAIN
    assert bare.confidence is Confidence.POSSIBLE


def test_unknown_codes_are_seen_as_other() -> None:
    finding = found({"status": 400, "body": {"error": {"message": "x", "code": CANARY, "type": CANARY}}})
    values = {signal.name: signal.value for signal in finding.signals}
    assert values["error_code"] == "other"
    assert values["error_type"] == "other"


hostile = st.one_of(
    st.sampled_from(
        [
            "quota exceeded", "model not found", "模型不存在", "invalid api key", "insufficient_quota", "429", "",
            "rate_limit_error", "401", "upstream", "\x00\ud800", "9" * 50, "²", "x" * 5000, "None", "%s{}", "nan",
        ]
    ),
    st.text(max_size=40),
).map(lambda text: f"{CANARY} {text}")  # fmt: skip
loose = st.one_of(hostile, st.sampled_from(["", "429", "insufficient_quota", "invalid_api_key", "²³¹", "١٢٣"]))
errors = st.builds(
    ErrorObject,
    message=hostile,
    code=loose,
    type=loose,
    status=loose,
    param=loose,
    place=loose,
    reasons=st.lists(loose, max_size=3).map(tuple),
    provider=loose,
    retry_after=st.none() | st.floats(),
)
answers = st.builds(
    Answer,
    text=hostile,
    finish_reason=loose,
    finish_detail=loose,
    served_model=loose,
    choice_count=st.integers(0, 2),
    content_chunks=st.integers(0, 20),
)
readings = st.builds(
    Reading,
    kind=st.sampled_from(WireKind),
    shape=st.sampled_from(BodyShape),
    streaming=st.booleans(),
    answer=st.none() | answers,
    error=st.none() | errors,
    stream_end=st.none() | st.sampled_from(StreamEnd),
)
cases = st.fixed_dictionaries(
    {
        "status": st.integers(100, 999),
        "body": hostile.map(lambda text: text.encode("utf-8", "replace").decode()),
        "stage": st.sampled_from(["chat", "models", "embeddings", "unknown", "other"]),
        "stream": st.booleans(),
        "model": loose,
        "reads_ms": st.lists(st.integers(0, 10**6), max_size=3).map(sorted),
        "headers": st.lists(
            st.tuples(
                st.sampled_from(HEADERS),
                hostile,
            ),
            max_size=4,
        ),
    },
    optional={
        "fault": st.tuples(st.sampled_from(FaultKind), st.sampled_from(Phase), loose).map(list),
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases, st.none() | readings)
def test_nothing_a_server_says_breaks_it_or_gets_through(case: Case, reading: Reading | None) -> None:
    finding = classify(exchange_of(case), reading)
    if finding is None:
        return
    shown = json.dumps(asdict(finding), default=str, ensure_ascii=False)
    assert CANARY not in shown
    assert {signal.name for signal in finding.signals} <= set(SIGNAL_NAMES)
    assert finding.retry.seconds is None or 0 <= finding.retry.seconds <= 366 * 86400
    assert finding.next_step
    assert finding.whose

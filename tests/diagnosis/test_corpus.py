"""The labelled bodies of real gateways, and the recordings of real servers: read where they lie, never copied."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.exchange import Ask, AskKind, Exchange, WireRequest, WireResponse
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.protocols.reading import read_exchange

from .scenario import CORPUS, finding_of

LABELLED = CORPUS / "failures" / "dev.jsonl"
RECORDED = CORPUS / "recorded"


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled bodies are not beside this checkout")
def test_labelled_failures(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [json.loads(line) for line in LABELLED.read_text("utf-8").splitlines()]
    wrong = []
    for case in cases:
        finding = finding_of({**case, "type": case["content_type"]})
        answered = finding.failure_class.value if finding else "ok"
        if answered not in case["expected_any_of"]:
            wrong.append((case["source"], answered, case["expected_any_of"]))
    with capsys.disabled():
        print(f"\nlabelled failures right: {len(cases) - len(wrong)}/{len(cases)}")
    assert wrong == []


def _recordings() -> list[Any]:
    return sorted(RECORDED.glob("*.json")) if RECORDED.exists() else []


@pytest.mark.skipif(not RECORDED.exists(), reason="the recordings are not beside this checkout")
def test_recordings_fail_where_their_status_or_error_says_so() -> None:
    wrong = []
    for file in _recordings():
        recording = json.loads(file.read_text("utf-8"))
        expected = recording.get("expected") or {}
        failed = recording["response"]["status"] >= 400 or expected.get("ok") is False
        finding = _diagnosed(recording)
        if (finding is not None) != failed:
            wrong.append((recording["id"], finding))
    assert wrong == []


def _diagnosed(recording: dict[str, Any]) -> Any:
    response = recording["response"]
    body = response.get("body")
    data = body.encode() if body is not None else base64.b64decode(response["body_b64"])
    request = WireRequest(
        recording["request"]["method"],
        "https://recorded.test" + recording["request"]["path"],
        recording["request"]["path"],
        Ask(AskKind.UNKNOWN, None, "", None),
        AuthHeader.NONE,
    )
    exchange = Exchange(request, WireResponse(response["status"], tuple(response["headers"].items()), data), None)
    return classify(exchange, read_exchange(exchange))

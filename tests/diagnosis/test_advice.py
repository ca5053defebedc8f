from __future__ import annotations

import pytest

from gatewaytui.diagnosis.advice import duration
from gatewaytui.domain.exchange import FaultDetail

from .scenario import finding_of

WITHOUT_ADVICE = {FaultDetail.HANDSHAKE, FaultDetail.CLOSED, FaultDetail.FRAMING}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "1 s"), (0.4, "1 s"), (59.6, "60 s"), (240, "4 min"), (7199, "120 min"), (7200, "2 h")]
)
def test_durations_as_a_person_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize("detail", sorted(set(FaultDetail) - WITHOUT_ADVICE))
def test_what_the_transport_saw_sharpens_the_next_step(detail: FaultDetail) -> None:
    kinds = {"tls": "tls", "config": "config", "proxy": "proxy", "protocol": "wait"}
    steps = set()
    for kind, phase in kinds.items():
        finding = finding_of({"fault": [kind, phase, detail]})
        assert finding is not None
        assert finding.next_step != finding.failure_class.meaning.next_step
        steps.add(finding.next_step)
    assert len(steps) == 1


def test_without_a_detail_the_class_speaks() -> None:
    finding = finding_of({"fault": ["tls", "tls"]})
    assert finding is not None
    assert finding.next_step == finding.failure_class.meaning.next_step


def test_a_handshake_that_is_never_answered_names_the_port() -> None:
    steps = {}
    for phase in ("tcp", "tls"):
        finding = finding_of({"fault": ["connect_timeout", phase]})
        assert finding is not None
        steps[phase] = finding.next_step
    assert "TLS" in steps["tls"] and "http://" in steps["tls"] and "TLS" not in steps["tcp"]


@pytest.mark.parametrize(
    "said",
    [
        "No API key found in request",
        "x-api-key header is required",
        "Access denied due to missing subscription key",
        "You must provide an API key",
        "未提供令牌",
    ],
)
def test_where_no_key_was_found_the_header_is_to_be_looked_at(said: str) -> None:
    finding = finding_of({"status": 401, "body": {"message": said}})
    assert finding is not None and "header mode" in finding.next_step and "--auth-header" in finding.next_step
    assert "profile" not in finding.next_step


@pytest.mark.parametrize("said", ["This access key expired on 2024-01-01", "该令牌已过期"])
def test_an_expired_key_is_not_to_be_copied_again(said: str) -> None:
    finding = finding_of({"status": 401, "body": {"message": said}})
    assert finding is not None and "Make a new key" in finding.next_step


@pytest.mark.parametrize("said", ["Incorrect API key provided", "Unauthorized", "the key is unknown to us"])
def test_a_wrong_key_is_to_be_copied_again(said: str) -> None:
    finding = finding_of({"status": 401, "body": {"message": said}})
    assert finding is not None and finding.next_step == finding.failure_class.meaning.next_step


def test_headers_without_end_are_not_called_a_download() -> None:
    steps = {}
    for phase in ("wait", "body"):
        finding = finding_of({"fault": ["too_large", phase]})
        assert finding is not None
        steps[phase] = finding.next_step
    assert "headers" in steps["wait"] and "download" in steps["body"]


def test_a_redirect_to_https_names_the_scheme() -> None:
    case = {
        "status": 301,
        "url": "http://gateway.test/v1/models",
        "headers": [["location", "https://gateway.test/v1/models"]],
        "body": "",
    }
    finding = finding_of(case)
    assert finding is not None and "https://" in finding.next_step


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("TLS/1.2, HTTP/1.1", "put https:// into the base URL"),
        ("websocket", "A WebSocket is at this address"),
        ("h2c", "allow HTTP/1.1"),
        ("HTTP/3.0", "allow HTTP/1.1"),
        ("IRC/6.9", "the scheme (https) and the port"),
        ("", "the scheme (https) and the port"),
    ],
)
def test_the_protocol_that_a_server_asks_for_is_said(wanted: str, words: str) -> None:
    finding = finding_of({"status": 426, "headers": [["upgrade", wanted]], "body": "Upgrade Required"})
    assert finding is not None and words in finding.next_step


def test_a_server_for_other_hosts_is_no_website() -> None:
    finding = finding_of({"status": 421, "body": "Misdirected Request", "type": "text/plain"})
    assert finding is not None and "host name" in finding.next_step and "website" not in finding.whose


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("/v1/models", "the path has its version: take the API's own address"),
        ("/models", "The path has no /v1: add it"),
        ("/v1/v1/models", "remove one /v1"),
    ],
)
def test_a_website_says_what_its_path_lacks(path: str, step: str) -> None:
    page = {"status": 200, "type": "text/html", "body": "<!doctype html><title>Konsole</title><div id=app></div>"}
    finding = finding_of({**page, "stage": "models", "path": path})
    assert finding is not None and finding.rule == "page.website" and step in finding.next_step

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from gatewaytui.domain.exchange import AskKind, FaultKind
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.captures import read_capture
from gatewaytui.protocols.har import LARGEST_BODY, read_har
from gatewaytui.protocols.reading import read_exchange


def _entry(**response: Any) -> dict[str, Any]:
    return {
        "time": 120.5,
        "timings": {"dns": 1.5, "connect": 20, "ssl": -1, "send": 0.25, "wait": 90, "receive": 8},
        "request": {
            "method": "post",
            "url": "https://g.example/v1/chat/completions?api_key=sk-SECRET",
            "headers": [{"name": "Authorization", "value": "Bearer sk-SECRET"}],
            "postData": {"mimeType": "application/json", "text": '{"model":"m","stream":true,"messages":["SECRET"]}'},
        },
        "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "{}"}}
        | response,
    }


def _har(*entries: object) -> bytes:
    return json.dumps({"log": {"version": "1.2", "creator": {}, "entries": list(entries)}}).encode()


def test_request_response_and_times() -> None:
    (exchange,) = read_capture(_har(_entry()))
    request, response = exchange.request, exchange.response
    assert (request.method, request.path, request.auth_header) == ("POST", "/v1/chat/completions", AuthHeader.BEARER)
    assert request.ask.kind is AskKind.CHAT and request.ask.protocol is Protocol.OPENAI_CHAT
    assert (request.ask.model, request.ask.streaming) == ("m", True)
    assert response is not None and (response.status, response.body) == (200, b"{}")
    assert response.header("content-type") == "application/json"
    assert (exchange.elapsed_ms, exchange.timings.dns_ns, exchange.timings.tls_ns) == (120.5, 1_500_000, None)


def test_nothing_secret_of_the_request_is_kept() -> None:
    (exchange,) = read_capture(_har(_entry()))
    request = exchange.request
    assert "SECRET" not in repr((request.url, request.headers, request.body, request))


def test_entries_keep_their_order_and_odd_ones_are_passed_over() -> None:
    entries = [_entry(status=status) for status in (401, 429, 500)]
    found = read_capture(_har(entries[0], None, 7, {}, {"request": {"url": 5}}, *entries[1:]))
    assert [exchange.response.status for exchange in found if exchange.response] == [401, 429, 500]


@pytest.mark.parametrize(
    "content",
    [
        {"text": '{"choices":[]}'},
        {"text": base64.b64encode(b'{"choices":[]}').decode(), "encoding": "base64"},
        {"text": base64.b64encode(gzip.compress(b'{"choices":[]}')).decode(), "encoding": "BASE64"},
    ],
)
def test_content_as_text_base64_or_still_compressed(content: dict[str, str]) -> None:
    (exchange,) = read_capture(_har(_entry(content=content)))
    assert exchange.response is not None and exchange.response.body == b'{"choices":[]}'


@pytest.mark.parametrize("content", [None, {}, {"text": None}, {"text": "!!", "encoding": "base64"}, []])
def test_content_that_is_missing_or_broken(content: object) -> None:
    (exchange,) = read_capture(_har(_entry(content=content)))
    assert exchange.response is not None
    assert read_exchange(exchange).answer is None


def test_a_bomb_gives_no_more_than_the_cap() -> None:
    bomb = base64.b64encode(gzip.compress(b"x" * (LARGEST_BODY + 5_000_000))).decode()
    (exchange,) = read_capture(_har(_entry(content={"text": bomb, "encoding": "base64"})))
    assert exchange.response is not None
    assert (len(exchange.response.body), exchange.response.truncated) == (LARGEST_BODY, True)


@pytest.mark.parametrize(
    ("failed", "kind"),
    [
        ("net::ERR_NAME_NOT_RESOLVED", FaultKind.DNS),
        ("net::ERR_CONNECTION_REFUSED", FaultKind.REFUSED),
        ("net::ERR_CERT_AUTHORITY_INVALID", FaultKind.TLS),
        ("net::ERR_PROXY_CONNECTION_FAILED", FaultKind.PROXY),
        ("net::ERR_ABORTED", FaultKind.CANCELLED),
        ("net::ERR_SOMETHING_NEW", FaultKind.CLOSED),
        ("", FaultKind.CLOSED),
    ],
)
def test_a_request_without_an_answer_has_a_fault(failed: str, kind: FaultKind) -> None:
    (exchange,) = read_capture(_har(_entry(status=0, _error=failed)))
    assert exchange.response is None
    assert exchange.fault is not None and exchange.fault.kind is kind


def test_an_answer_that_broke_off_has_both() -> None:
    (exchange,) = read_capture(_har(_entry(_error="net::ERR_INCOMPLETE_CHUNKED_ENCODING")))
    assert exchange.response is not None
    assert exchange.fault is not None and exchange.fault.kind is FaultKind.CUT


def test_of_a_cut_har_the_whole_entries_are_read() -> None:
    whole = _har(_entry(status=401), _entry(status=402), _entry(status=403))
    for lost in (1, 2, 40, 200):
        found = read_capture(whole[:-lost])
        assert [exchange.response.status for exchange in found if exchange.response][:2] == [401, 402]


def test_a_har_of_nothing_and_a_foreign_one() -> None:
    assert read_har(_har()) == ()
    assert read_har(b'{"log": {"entries": 5}}') is None
    assert read_har(b'{"catalog": []}') is None


def test_pretty_printed_and_with_a_byte_order_mark() -> None:
    text = json.dumps(json.loads(_har(_entry(), _entry())), indent=4)
    assert len(read_capture(b"\xef\xbb\xbf" + text.encode())) == 2

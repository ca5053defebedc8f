from __future__ import annotations

import pytest

from gatewaytui.domain.exchange import Exchange, FaultKind, Phase, TransportFault
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.protocols.captures import read_capture
from gatewaytui.protocols.curl import read_curl
from gatewaytui.protocols.reading import read_exchange

from .support import chunk, sse


def _one(text: str | bytes) -> Exchange:
    found = read_curl(text if isinstance(text, bytes) else text.encode())
    assert found is not None
    (exchange,) = found
    return exchange


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("version", ["HTTP/1.1 401 Unauthorized", "HTTP/2 401", "HTTP/2 401 ", "HTTP/3 401"])
def test_status_headers_and_body(version: str, end: str) -> None:
    head = end.join([version, "Content-Type: application/json", "x-request-id: a:b", "no colon here"])
    exchange = _one(f'{head}{end}{end}{{"error":{{"message":"x"}}}}')
    assert exchange.response is not None and exchange.fault is None
    assert exchange.response.status == 401
    assert exchange.response.header("X-Request-Id") == "a:b"
    assert exchange.response.body == b'{"error":{"message":"x"}}'


def test_the_last_of_several_header_blocks_is_the_response() -> None:
    exchange = _one(
        "HTTP/1.1 200 Connection established\r\n\r\n"
        "HTTP/1.1 100 Continue\r\n\r\n"
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: /v1/\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + sse(chunk({"content": "a"}, "stop"), "[DONE]")
    )
    assert exchange.response is not None and exchange.response.status == 200
    reading = read_exchange(exchange)
    assert reading.stream_end is StreamEnd.COMPLETE
    assert reading.answer is not None and reading.answer.text == "a"


def test_a_response_without_headers_or_body() -> None:
    exchange = _one("HTTP/1.1 204 No Content\r\n\r\n")
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.headers, exchange.response.body) == (204, (), b"")


def test_headers_cut_in_their_middle() -> None:
    exchange = _one("HTTP/1.1 200 OK\r\nContent-Type: applic")
    assert exchange.response is not None and exchange.response.body == b""
    assert exchange.response.header("content-type") == "applic"


def test_a_body_shorter_than_its_length_is_cut() -> None:
    exchange = _one('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"choices":[{"mess')
    assert exchange.fault == TransportFault(FaultKind.CUT, Phase.BODY)


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 8",  # the last line end was lost when it was pasted
        "Content-Length: 500\r\nContent-Encoding: gzip",
        "Content-Length: many",
        "Content-Length: 3",
    ],
)
def test_lengths_that_prove_nothing(head: str) -> None:
    assert _one(f'HTTP/1.1 200 OK\r\n{head}\r\n\r\n{{"a":1}}').fault is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("curl: (6) Could not resolve host: g.example", FaultKind.DNS),
        ("curl: (7) Failed to connect to g.example port 443", FaultKind.REFUSED),
        ("curl: (28) Operation timed out", FaultKind.TOTAL_TIMEOUT),
        ("curl: (35) wrong version number", FaultKind.TLS),
        ("curl: (52) Empty reply from server\n", FaultKind.CLOSED),
        ("curl: (60) SSL certificate problem: self-signed", FaultKind.TLS),
        ("curl: (99) whatever", FaultKind.PROTOCOL),
    ],
)
def test_what_curl_said_when_there_was_no_answer(said: str, kind: FaultKind) -> None:
    exchange = _one(said)
    assert exchange.response is None
    assert exchange.fault is not None and exchange.fault.kind is kind


def test_what_curl_said_after_half_an_answer() -> None:
    exchange = _one(
        "HTTP/2 200\n\n" + sse(chunk({"content": "hal"})) + "curl: (18) transfer closed with 9 bytes left\n"
    )
    assert exchange.fault == TransportFault(FaultKind.CUT, Phase.BODY)
    reading = read_exchange(exchange)
    assert reading.stream_end is StreamEnd.CUT
    assert reading.answer is not None and (reading.answer.text, reading.answer.unrecognised) == ("hal", 0)


def test_other_texts_are_no_output_of_curl() -> None:
    for data in (b"", b"{}", b"GET / HTTP/1.1\n\n", b"HTTP/1.1\n", b"see HTTP/1.1 200 OK\n\n", b"hello\ncurl: (6) x"):
        assert read_curl(data) is None


def test_captures_find_it() -> None:
    (exchange,) = read_capture(b"\xef\xbb\xbf\r\nHTTP/1.1 503 x\n\nno healthy upstream")
    assert exchange.response is not None and exchange.response.status == 503

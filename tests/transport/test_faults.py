"""What each misbehaviour of a server is taken for: kind, phase and detail, over real sockets."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl

import httpcore
import msgspec
import pytest

from gatewaytui.domain.exchange import Exchange, FaultDetail, FaultKind, Phase, TransportFault
from gatewaytui.domain.profile import Timeouts
from gatewaytui.transport import limits
from gatewaytui.transport.faults import fault_of
from gatewaytui.transport.timing import Journal
from tests.servers.fault_scripts import SCRIPTS, TINY
from tests.servers.fault_server import serving

from .support import CANARY, PATIENT, SHORT, ask, get, post

HALF = b'{"half":'


class Expected(msgspec.Struct, frozen=True):
    """What must come of a script. ``body`` None means that it is not looked at."""

    kind: FaultKind | None = None
    phase: Phase = Phase.BODY
    detail: str = ""
    status: int | None = None
    body: bytes | None = None
    truncated: bool = False


WHOLE = Expected(status=200, body=TINY)
K, P, D = FaultKind, Phase, FaultDetail

EXPECTED = {
    "healthy": WHOLE,
    "closed-after": WHOLE,
    "until-close": WHOLE,
    "stream": Expected(status=200),
    "dripping-but-whole": Expected(status=200, body=b"{}"),
    "early-hints": WHOLE,
    "answers-early": Expected(status=413, body=b"{}"),
    "never-answers": Expected(K.FIRST_BYTE_TIMEOUT, P.WAIT),
    "never-reads": Expected(K.FIRST_BYTE_TIMEOUT, P.WAIT),
    "reset-on-accept": Expected(K.RESET, P.WAIT),
    "reset": Expected(K.RESET, P.WAIT),
    "empty-reply": Expected(K.CLOSED, P.WAIT),
    "header-drip": Expected(K.TOTAL_TIMEOUT, P.WAIT),
    "header-stall": Expected(K.STALL_TIMEOUT, P.WAIT),
    "header-cut": Expected(K.CUT, P.WAIT),
    "header-reset": Expected(K.RESET, P.WAIT),
    "header-200k": Expected(K.TOO_LARGE, P.WAIT, D.HEADER),
    "header-bad-line": Expected(K.PROTOCOL, P.WAIT, D.FRAMING),
    "header-endless-hints": Expected(K.TOO_LARGE, P.WAIT, D.HEADER),
    "banner-ssh": Expected(K.PROTOCOL, P.WAIT),
    "banner-short": Expected(K.PROTOCOL, P.WAIT),
    "http2-frames": Expected(K.PROTOCOL, P.WAIT),
    "tls-alert": Expected(K.PROTOCOL, P.WAIT, D.TLS_PORT),
    "lengths-conflict": Expected(K.PROTOCOL, P.WAIT, D.FRAMING),
    "length-not-a-number": Expected(K.PROTOCOL, P.WAIT, D.FRAMING),
    "body-drip": Expected(K.TOTAL_TIMEOUT, status=200),
    "body-stall": Expected(K.STALL_TIMEOUT, status=200, body=HALF),
    "stream-stall": Expected(K.STALL_TIMEOUT, status=200),
    "length-short": Expected(K.CUT, status=200, body=HALF),
    "chunked-cut": Expected(K.CUT, status=200, body=HALF),
    "chunk-cut": Expected(K.CUT, status=200, body=b"half a chunk"),
    "stream-cut": Expected(K.CUT, status=200),
    "body-reset": Expected(K.RESET, status=200, body=HALF),
    "chunk-size-bad": Expected(K.PROTOCOL, detail=D.FRAMING, status=200, body=HALF),
    "body-endless": Expected(K.TOO_LARGE, status=200, truncated=True),
    "error-body-endless": Expected(status=500, truncated=True),
    "error-cut": Expected(K.CUT, status=503, body=b'{"error":'),
    "gzip": WHOLE,
    "deflate": WHOLE,
    "deflate-raw": WHOLE,
    "gzip-empty": Expected(status=200, body=b""),
    "gzip-bomb": Expected(K.TOO_LARGE, status=200, truncated=True),
    "gzip-bomb-error": Expected(status=500, truncated=True),
    "gzip-truncated": Expected(K.ENCODING, status=200),
    "gzip-cut": Expected(K.CUT, status=200),
    "gzip-lie": Expected(K.ENCODING, status=200, body=b""),
    "gzip-trailing": Expected(K.ENCODING, status=200),
    "gzip-twice": Expected(K.ENCODING, status=200, body=b""),
    "gzip-two-headers": Expected(K.ENCODING, status=200, body=b""),
    "brotli": Expected(K.ENCODING, status=200, body=b""),
    "zstd": Expected(K.ENCODING, status=200, body=b""),
    "charset-bad": WHOLE,
    "utf8-bad": Expected(status=200, body=b'{"a":"\xff\xfe\xed\xa0\x80"}'),
    "header-latin1": WHOLE,
    "switching": Expected(K.PROTOCOL, P.WAIT, D.FRAMING),
    "no-content": Expected(status=204, body=b""),
    "status-999": Expected(status=999, body=b"{}"),
    "no-reason": Expected(status=200, body=b"{}"),
    "http10": Expected(status=200, body=b"{}"),
    "redirect": Expected(status=307, body=b""),
    "redirect-malformed": Expected(status=302, body=b""),
    "redirect-port": Expected(status=301, body=b""),
    "cookie": WHOLE,
}
DEADLINES = (K.FIRST_BYTE_TIMEOUT, K.STALL_TIMEOUT, K.TOTAL_TIMEOUT)
"""Only what ends by a deadline gets a short one: a busy machine must not turn anything else into it."""


def _took(exchange: Exchange) -> Expected:
    fault, response = exchange.fault, exchange.response
    return Expected(
        fault.kind if fault else None,
        fault.phase if fault else Phase.BODY,
        fault.detail if fault else "",
        response.status if response else None,
        response.body if response else None,
        response.truncated if response else False,
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_a_script_is_taken_for_what_it_is(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    async def scenario() -> list[Exchange]:
        timeouts = SHORT if EXPECTED[name].kind in DEADLINES else PATIENT
        async with serving(SCRIPTS[name]) as server:
            return await asyncio.gather(*(ask(request, timeouts) for request in (get(server.url), post(server.url))))

    expected = EXPECTED[name]
    for exchange in asyncio.run(scenario()):
        took = _took(exchange)
        body = expected.body if expected.body is not None else took.body
        assert took == Expected(
            expected.kind, expected.phase, expected.detail, expected.status, body, expected.truncated
        )
        assert CANARY not in repr(exchange)
    assert CANARY not in caplog.text


def test_a_server_that_closes_on_accept_is_told_by_what_reaches_us_first() -> None:
    """Its close or the reset that our unread request provokes: both are true."""

    async def scenario() -> TransportFault | None:
        async with serving(SCRIPTS["closed-on-accept"]) as server:
            return (await ask(post(server.url), SHORT)).fault

    assert asyncio.run(scenario()) in (TransportFault(K.CLOSED, P.WAIT), TransportFault(K.RESET, P.WAIT))


def test_a_body_that_is_all_framing_ends_by_its_size_on_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ON_THE_WIRE", 100_000)

    async def scenario() -> Exchange:
        async with serving(SCRIPTS["body-of-tiny-chunks"]) as server:
            return await ask(post(server.url))

    exchange = asyncio.run(scenario())
    assert exchange.fault == TransportFault(K.TOO_LARGE, P.BODY)
    assert exchange.response is not None and exchange.response.truncated


def test_more_reads_than_are_kept_count_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "READS_KEPT", 2)

    async def scenario() -> Exchange:
        async with serving(SCRIPTS["stream"]) as server:
            return await ask(post(server.url))

    exchange = asyncio.run(scenario())
    assert exchange.response is not None
    assert len(exchange.reads) == 2
    assert sum(read.size for read in exchange.reads) == len(exchange.response.body)


def _journal(*phases: Phase) -> Journal:
    journal = Journal(Timeouts(), 0, lambda phase, at_ns: None)
    for phase in phases:
        journal.begin(phase)
    return journal


@pytest.mark.parametrize(
    ("error", "phase", "kind", "detail"),
    [
        (OSError(errno.EHOSTUNREACH, CANARY), P.TCP, K.UNREACHABLE, ""),
        (OSError(errno.ENETUNREACH, CANARY), P.TCP, K.UNREACHABLE, ""),
        (PermissionError(errno.EACCES, CANARY), P.TCP, K.UNREACHABLE, ""),
        (TimeoutError(errno.ETIMEDOUT, CANARY), P.TCP, K.CONNECT_TIMEOUT, ""),
        (TimeoutError(errno.ETIMEDOUT, CANARY), P.BODY, K.RESET, ""),
        (OSError(errno.EMFILE, CANARY), P.TCP, K.CONFIG, ""),
        (OSError(errno.EIO, CANARY), P.BODY, K.RESET, ""),
        (BrokenPipeError(errno.EPIPE, CANARY), P.SEND, K.RESET, ""),
        (ConnectionAbortedError(errno.ECONNABORTED, CANARY), P.WAIT, K.RESET, ""),
        (socket.gaierror(1, CANARY), P.DNS, K.DNS, ""),
        (ssl.SSLError(1, CANARY), P.TLS, K.TLS, D.HANDSHAKE),
        (httpcore.ConnectTimeout(CANARY), P.TCP, K.CONNECT_TIMEOUT, ""),
        (httpcore.ReadTimeout(CANARY), P.BODY, K.STALL_TIMEOUT, ""),
        (httpcore.ReadError(CANARY), P.BODY, K.RESET, ""),
        (httpcore.UnsupportedProtocol(CANARY), P.CONFIG, K.CONFIG, D.URL),
        (httpcore.LocalProtocolError(CANARY), P.SEND, K.CONFIG, D.HEADER),
        (httpcore.RemoteProtocolError(CANARY), P.WAIT, K.PROTOCOL, D.FRAMING),
        (httpcore.ProxyError(f"502 {CANARY}"), P.PROXY, K.PROXY, ""),
        (UnicodeEncodeError("ascii", CANARY, 0, 1, CANARY), P.CONFIG, K.CONFIG, D.URL),
        (UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY), P.BODY, K.PROTOCOL, ""),
        (ImportError(CANARY), P.CONFIG, K.CONFIG, D.SOCKS_PROXY),
        (AssertionError(CANARY), P.WAIT, K.PROTOCOL, ""),
        (TypeError(CANARY), P.WAIT, K.PROTOCOL, ""),
        (ValueError(CANARY), P.WAIT, K.PROTOCOL, ""),
        (RecursionError(CANARY), P.BODY, K.PROTOCOL, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_whatever_is_raised_becomes_a_fault_without_its_text(
    error: Exception, phase: Phase, kind: FaultKind, detail: str
) -> None:
    fault = fault_of(error, _journal(phase))
    assert fault == TransportFault(kind, phase, detail)
    assert CANARY not in repr(fault)


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (9, D.EXPIRED),
        (19, D.UNKNOWN_ISSUER),
        (-67818, D.EXPIRED),
        (-67602, D.WRONG_HOST),
        (0x800B0109, D.UNKNOWN_ISSUER),
        (0x800B010F, D.WRONG_HOST),
        (999, D.HANDSHAKE),
    ],
)
def test_each_systems_words_for_a_bad_certificate(code: int, detail: FaultDetail) -> None:
    error = ssl.SSLCertVerificationError(CANARY)
    error.verify_code = code
    assert fault_of(error, _journal(P.TLS)) == TransportFault(K.TLS, P.TLS, detail)

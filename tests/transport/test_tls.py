"""TLS as it fails and as it works, against real servers with certificates of our own."""

from __future__ import annotations

import asyncio
import ssl
import sys

import pytest

from gatewaytui.domain.exchange import Exchange, FaultDetail, FaultKind, Phase, StampSource, TransportFault
from tests.servers.fault_scripts import SCRIPTS, TINY
from tests.servers.fault_server import Peer, Reading, Script, serving

from .conftest import ServerTls
from .support import SHORT, ask, get, post


def _exchange(tls: ssl.SSLContext | None, ca_file: str, script: str = "healthy", secure: bool = True) -> Exchange:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS[script], tls) as server:
            url = f"{'https' if secure else 'http'}://127.0.0.1:{server.port}"
            return await ask(get(url), ca_file=ca_file)

    return asyncio.run(scenario())


def _fault(detail: FaultDetail) -> TransportFault:
    return TransportFault(FaultKind.TLS, Phase.TLS, detail)


def test_a_trusted_certificate_is_accepted_and_the_handshake_timed(server_tls: ServerTls, ca_file: str) -> None:
    exchange = _exchange(server_tls("127.0.0.1"), ca_file)
    assert exchange.fault is None
    assert exchange.response is not None and exchange.response.body == TINY
    assert exchange.timings.tls_ns is not None and exchange.timings.tcp_ns is not None


def test_an_unknown_issuer_is_refused(server_tls: ServerTls) -> None:
    assert _exchange(server_tls("127.0.0.1"), "").fault == _fault(FaultDetail.UNKNOWN_ISSUER)


def test_a_self_signed_certificate_is_refused(self_signed_tls: ssl.SSLContext) -> None:
    assert _exchange(self_signed_tls, "").fault == _fault(FaultDetail.SELF_SIGNED)


@pytest.mark.parametrize("name", ["other.example", "127.0.0.2"])
def test_a_certificate_for_another_host_is_refused(name: str, server_tls: ServerTls, ca_file: str) -> None:
    assert _exchange(server_tls(name), ca_file).fault == _fault(FaultDetail.WRONG_HOST)


def test_an_expired_certificate_is_refused(server_tls: ServerTls, ca_file: str) -> None:
    assert _exchange(server_tls("127.0.0.1", expired=True), ca_file).fault == _fault(FaultDetail.EXPIRED)


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("plain-400", _fault(FaultDetail.NOT_TLS)),
        ("banner-ssh", _fault(FaultDetail.NOT_TLS)),
        ("tls-refuses-version", _fault(FaultDetail.VERSION)),
        ("tls-refuses-handshake", _fault(FaultDetail.HANDSHAKE)),
    ],
)
def test_a_port_that_does_not_agree_on_tls(script: str, fault: TransportFault) -> None:
    assert _exchange(None, "", script).fault == fault


def test_a_server_that_closes_or_resets_or_ignores_the_handshake() -> None:
    async def close(peer: Peer, _: int) -> None:
        await peer.some()

    async def reset(peer: Peer, _: int) -> None:
        await peer.some()
        peer.reset()

    async def scenario() -> list[TransportFault | None]:
        faults = []
        for behaviour in (close, reset, Script(ending=SCRIPTS["never-reads"].ending, reads=Reading.NOTHING)):
            async with serving(behaviour) as server:
                faults.append((await ask(get(f"https://127.0.0.1:{server.port}"), SHORT)).fault)
        return faults

    assert asyncio.run(scenario()) == [
        _fault(FaultDetail.CLOSED),
        TransportFault(FaultKind.RESET, Phase.TLS),
        TransportFault(FaultKind.CONNECT_TIMEOUT, Phase.TLS),
    ]


def test_http_to_a_tls_port_fails_without_an_answer(server_tls: ServerTls, ca_file: str) -> None:
    fault = _exchange(server_tls("127.0.0.1"), ca_file, secure=False).fault
    assert fault is not None
    assert fault.kind in (FaultKind.CLOSED, FaultKind.RESET, FaultKind.PROTOCOL)
    assert fault.phase is Phase.WAIT


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("stream", None),
        ("stream-cut", FaultKind.CUT),
        ("stream-stall", FaultKind.STALL_TIMEOUT),
        ("empty-reply", FaultKind.CLOSED),
        ("gzip-bomb", FaultKind.TOO_LARGE),
    ],
)
def test_faults_inside_tls_are_the_same_as_outside(
    script: str, kind: FaultKind | None, server_tls: ServerTls, ca_file: str
) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS[script], server_tls("127.0.0.1")) as server:
            return await ask(post(server.url), SHORT, ca_file=ca_file)

    fault = asyncio.run(scenario()).fault
    assert (fault.kind if fault else None) == kind


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stamps the bytes of a TCP connection")
def test_the_kernels_stamps_reach_through_tls(server_tls: ServerTls, ca_file: str) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["stream"], server_tls("127.0.0.1")) as server:
            return await ask(post(server.url), ca_file=ca_file)

    reads = asyncio.run(scenario()).reads
    assert len(reads) == 3
    assert {read.source for read in reads} == {StampSource.KERNEL}
    assert [read.at_ns for read in reads] == sorted({read.at_ns for read in reads})


def test_a_large_request_and_a_large_answer_pass_whole(server_tls: ServerTls, ca_file: str) -> None:
    body = bytes(range(256)) * 8192  # 2 MiB: many TLS records each way

    async def echo(peer: Peer, _: int) -> None:
        request = await peer.request()
        sent = request.partition(b"\r\n\r\n")[2]
        await peer.send(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(sent) + sent)

    async def scenario() -> Exchange:
        async with serving(echo, server_tls("127.0.0.1")) as server:
            return await ask(post(server.url, body), ca_file=ca_file)

    exchange = asyncio.run(scenario())
    assert exchange.response is not None
    assert exchange.response.body == body

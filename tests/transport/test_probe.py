"""A connection looked at without a request: how far it gets, and with which certificate."""

from __future__ import annotations

import asyncio
import ssl
import sys
from datetime import UTC, datetime

import pytest

from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.exchange import AddressFamily, FaultDetail, FaultKind, Phase, TransportFault
from gatewaytui.transport.client import Connection
from gatewaytui.transport.probe import probe
from tests.servers.fault_scripts import SCRIPTS
from tests.servers.fault_server import Behaviour, FaultServer, Peer, blackhole, free_port, serving

from .conftest import ServerTls
from .probing import Ear, connection_of
from .support import CANARY, SHORT

IPV4 = AddressFamily.IPV4
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")


def _probe_of(
    behaviour: Behaviour, tls: ssl.SSLContext | None = None, ca_file: str = "", scheme: str = ""
) -> tuple[ConnectionFacts, FaultServer]:
    async def scenario() -> tuple[ConnectionFacts, FaultServer]:
        async with serving(behaviour, tls) as server:
            url = f"{scheme or ('https' if tls else 'http')}://127.0.0.1:{server.port}/v1"
            facts = await probe(url, connection_of(ca_file=ca_file), {})
            if isinstance(behaviour, Ear) and server.url.startswith(url[:5]):
                assert await behaviour.all_of(server) == b""
            return facts, server

    return asyncio.run(scenario())


def test_a_plain_server_sees_a_connection_and_not_a_byte() -> None:
    facts, server = _probe_of(Ear())
    assert server.connections == 1
    assert (facts.encrypted, facts.literal, facts.proxied, facts.used, facts.fault) == (
        False,
        True,
        False,
        IPV4,
        None,
    )
    assert facts.tcp_ms is not None
    assert (facts.dns_ms, facts.proxy_ms, facts.tls_ms, facts.tls) == (None, None, None, None)
    (family,) = facts.families
    assert (family.addresses, family.connected, family.fault) == (1, True, None)


def test_a_good_certificate_is_read_and_nothing_is_sent_inside_tls(server_tls: ServerTls, ca_file: str) -> None:
    facts, server = _probe_of(Ear(), server_tls("127.0.0.1", "gateway.test"), ca_file)
    assert (facts.fault, server.connections) == (None, 1)
    assert facts.tls is not None and facts.tls_ms is not None
    assert facts.tls.version == "TLSv1.3"
    certificate = facts.tls.certificate
    assert certificate is not None
    assert certificate.issuer.startswith("trustme")
    assert sorted(certificate.names) == ["127.0.0.1", "gateway.test"]
    assert certificate.matches and not certificate.self_signed
    assert certificate.not_before < datetime.now(UTC) < certificate.not_after
    assert facts.ca_file


@pytest.mark.parametrize(
    ("kind", "detail", "matches", "self_signed"),
    [
        ("unknown", FaultDetail.UNKNOWN_ISSUER, True, False),
        ("self-signed", FaultDetail.SELF_SIGNED, False, True),
        ("other name", FaultDetail.WRONG_HOST, False, False),
        ("expired", FaultDetail.EXPIRED, True, False),
    ],
)
def test_a_refused_certificate_is_read_by_a_second_handshake_that_says_nothing(
    kind: str,
    detail: FaultDetail,
    matches: bool,
    self_signed: bool,
    server_tls: ServerTls,
    self_signed_tls: ssl.SSLContext,
    ca_file: str,
) -> None:
    contexts = {
        "unknown": lambda: server_tls("127.0.0.1"),
        "self-signed": lambda: self_signed_tls,
        "other name": lambda: server_tls("other.example"),
        "expired": lambda: server_tls("127.0.0.1", expired=True),
    }
    facts, _ = _probe_of(Ear(), contexts[kind](), ca_file if kind in ("other name", "expired") else "")
    assert facts.fault == TransportFault(FaultKind.TLS, Phase.TLS, detail)
    assert facts.tls is not None and facts.tls.certificate is not None
    assert facts.tls.version == ""
    assert (facts.tls.certificate.matches, facts.tls.certificate.self_signed) == (matches, self_signed)
    assert (facts.tls.certificate.not_after < datetime.now(UTC)) is (kind == "expired")
    assert facts.tls_ms is not None


async def _hang_up(peer: Peer, _: int) -> None:
    await peer.some()


@pytest.mark.parametrize("secure", ["closes", "speaks http"])
def test_a_port_that_does_not_speak_tls(secure: str) -> None:
    async def answer_plainly(peer: Peer, _: int) -> None:
        await peer.some()
        await peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    behaviour, detail = {
        "closes": (_hang_up, FaultDetail.CLOSED),
        "speaks http": (answer_plainly, FaultDetail.NOT_TLS),
    }[secure]
    facts, server = _probe_of(behaviour, scheme="https")
    assert facts.fault == TransportFault(FaultKind.TLS, Phase.TLS, detail)
    assert facts.tls is not None and facts.tls.certificate is None
    assert server.connections == 1


def test_http_to_a_tls_port_just_connects(server_tls: ServerTls) -> None:
    facts, _ = _probe_of(Ear(), server_tls("127.0.0.1"), scheme="http")
    assert (facts.fault, facts.encrypted, facts.tls) == (None, False, None)


def test_a_closed_port() -> None:
    facts = asyncio.run(probe(f"http://127.0.0.1:{free_port()}", connection_of(), {}))
    assert facts.fault == TransportFault(FaultKind.REFUSED, Phase.TCP)
    assert facts.used is None and facts.tcp_ms is not None
    (family,) = facts.families
    assert (family.connected, family.fault) == (False, FaultKind.REFUSED)


@LINUX
def test_a_port_that_answers_nothing() -> None:
    async def scenario() -> ConnectionFacts:
        async with blackhole() as port:
            return await probe(f"https://127.0.0.1:{port}", connection_of(timeouts=SHORT), {})

    facts = asyncio.run(scenario())
    assert facts.fault == TransportFault(FaultKind.CONNECT_TIMEOUT, Phase.TCP)
    assert facts.families[0].fault is FaultKind.CONNECT_TIMEOUT
    assert facts.tls is None


@pytest.mark.parametrize(
    ("url", "connection", "detail"),
    [
        ("https://user:word@gateway.test/v1", connection_of(), FaultDetail.USER_INFO),
        ("gateway.test/v1", connection_of(), FaultDetail.URL),
        ("", connection_of(), FaultDetail.URL),
        ("https://gateway.test/v1", connection_of(proxy="socks5://127.0.0.1:1"), FaultDetail.SOCKS_PROXY),
        ("https://gateway.test/v1", connection_of(proxy="http://"), FaultDetail.PROXY_URL),
        ("https://gateway.test/v1", connection_of(ca_file="/no/such/file"), FaultDetail.CA_FILE),
    ],
)
def test_a_setting_that_cannot_be_used_opens_nothing(url: str, connection: Connection, detail: FaultDetail) -> None:
    facts = asyncio.run(probe(url, connection, {}))
    assert facts.fault == TransportFault(FaultKind.CONFIG, Phase.CONFIG, detail)
    assert facts.families == ()


def test_the_phases_are_told_as_they_end(server_tls: ServerTls, ca_file: str) -> None:
    told: list[tuple[Phase, int]] = []

    async def scenario() -> None:
        async with serving(Ear(), server_tls("127.0.0.1")) as server:
            await probe(server.url, connection_of(ca_file=ca_file), {}, lambda phase, at: told.append((phase, at)))

    asyncio.run(scenario())
    assert [phase for phase, _ in told] == [Phase.TCP, Phase.TLS]
    assert [at for _, at in told] == sorted(at for _, at in told)


def test_cancelling_a_probe_closes_its_connection() -> None:
    async def scenario() -> FaultServer:
        async with serving(SCRIPTS["never-answers"]) as server:
            task = asyncio.create_task(probe(f"https://127.0.0.1:{server.port}", connection_of(), {}))
            while not server.connections:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.wait_for(server.left.acquire(), 5)
            return server

    assert asyncio.run(scenario()).connections == 1


def test_no_secret_and_no_address_is_in_the_facts(server_tls: ServerTls) -> None:
    facts, _ = _probe_of(Ear(), scheme="http")
    assert "127.0.0.1" not in repr(facts)
    assert CANARY not in repr(facts)

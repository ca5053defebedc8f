"""A connection looked at on its way through a proxy, and over two address families."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import pytest

from gatewaytui.domain.connection import ConnectionFacts, FamilyFacts
from gatewaytui.domain.exchange import AddressFamily, FaultDetail, FaultKind, Phase, TransportFault
from gatewaytui.transport.probe import probe
from tests.servers.fault_scripts import SCRIPTS
from tests.servers.fault_server import FaultServer, Peer, blackhole, free_port, serving

from .conftest import ServerTls
from .probing import Ear, connection_of
from .support import PATIENT, SHORT, ask, get

IPV4, IPV6 = AddressFamily.IPV4, AddressFamily.IPV6
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")


# Through a proxy.


@asynccontextmanager
async def _tunnelling(asked: list[bytes], port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[FaultServer]:
    """A proxy that leads every tunnel to this port of loopback."""

    async def behave(peer: Peer, _: int) -> None:
        asked.append(await peer.request())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def back() -> None:
            while data := await reader.read(65536):
                await peer.send(data)

        returning = asyncio.create_task(back())
        try:
            while data := await peer.some():
                writer.write(data)
        finally:
            returning.cancel()
            writer.close()

    async with serving(behave, tls) as server:
        yield server


@pytest.mark.parametrize("encrypted_proxy", [False, True])
@pytest.mark.parametrize("trusted", [True, False])
def test_a_tunnel_is_asked_for_and_nothing_else(
    encrypted_proxy: bool, trusted: bool, server_tls: ServerTls, ca_file: str
) -> None:
    asked: list[bytes] = []
    ear = Ear()

    async def scenario() -> ConnectionFacts:
        name = "gateway.test" if trusted else "other.example"
        async with (
            serving(ear, server_tls(name)) as server,
            _tunnelling(asked, server.port, server_tls("127.0.0.1") if encrypted_proxy else None) as between,
        ):
            proxy = between.url.replace("://", "://me:word@")
            facts = await probe("https://gateway.test/v1", connection_of(proxy, ca_file), {})
            assert await ear.all_of(server) == b""
            return facts

    facts = asyncio.run(scenario())
    assert facts.fault == (None if trusted else TransportFault(FaultKind.TLS, Phase.TLS, FaultDetail.WRONG_HOST))
    assert (facts.proxied, facts.proxy_source, facts.used) == (True, "profile", IPV4)
    assert None not in (facts.proxy_ms, facts.tcp_ms, facts.tls_ms)
    assert facts.tls is not None and facts.tls.certificate is not None
    assert facts.tls.certificate.matches is trusted
    assert all(one.startswith(b"CONNECT gateway.test:443 HTTP/1.1\r\n") for one in asked)
    assert all(b"Basic bWU6d29yZA==" in one for one in asked)
    assert "word" not in repr(facts)


def test_plain_http_only_connects_to_its_proxy() -> None:
    ear = Ear()

    async def scenario() -> ConnectionFacts:
        async with serving(ear) as server:
            facts = await probe("http://gateway.test/v1", connection_of(), {"HTTP_PROXY": server.url})
            assert await ear.all_of(server) == b""
            return facts

    facts = asyncio.run(scenario())
    assert (facts.fault, facts.proxied, facts.proxy_source, facts.proxy_ms) == (None, True, "HTTP_PROXY", None)


@pytest.mark.parametrize(
    "script", ["proxy-407", "proxy-403", "empty-reply", "reset", "banner-ssh", "header-bad-line", "never-answers"]
)
def test_a_proxy_that_opens_no_tunnel_fails_as_for_a_request(script: str) -> None:
    timeouts = SHORT if script == "never-answers" else PATIENT

    async def scenario() -> tuple[ConnectionFacts, TransportFault | None]:
        async with serving(SCRIPTS[script]) as server:
            facts = await probe("https://gateway.test/v1", connection_of(server.url, timeouts=timeouts), {})
            return facts, (await ask(get("https://gateway.test"), timeouts, proxy=server.url)).fault

    facts, expected = asyncio.run(scenario())
    assert facts.fault == expected
    assert expected is not None and (expected.kind, expected.phase) == (FaultKind.PROXY, Phase.PROXY)
    assert facts.proxy_ms is not None and facts.tls is None


def test_a_proxy_that_is_not_there() -> None:
    variables = {"https_proxy": f"http://127.0.0.1:{free_port()}"}
    facts = asyncio.run(probe("https://gateway.test/v1", connection_of(), variables))
    assert facts.fault == TransportFault(FaultKind.PROXY, Phase.TCP, "refused")
    assert facts.proxy_source == "https_proxy"
    assert facts.families[0].fault is FaultKind.REFUSED


def test_an_https_proxy_nobody_trusts_is_the_proxys_fault(server_tls: ServerTls) -> None:
    async def scenario() -> ConnectionFacts:
        async with serving(Ear(), server_tls("127.0.0.1")) as server:
            return await probe("https://gateway.test/v1", connection_of(server.url), {})

    facts = asyncio.run(scenario())
    assert facts.fault == TransportFault(FaultKind.PROXY, Phase.TLS, "tls")
    assert facts.tls is None


# Two address families.


def _named(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int]) -> None:
    """The system's resolver gives these addresses, in this order, for ``gateway.test``."""
    real = socket.getaddrinfo

    def answer(host: bytes, *rest: object, **more: int) -> Sequence[object]:
        if host != b"gateway.test":
            return real(host, *rest, **more)  # type: ignore[arg-type]
        if more.get("flags") or not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return [found for ip, port in addresses for found in real(ip, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@contextmanager
def _listening(host: str, port: int = 0) -> Iterator[int]:
    """A port that takes connections: the kernel does, nobody needs to accept them."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        try:
            listener.bind((host, port))
        except OSError:
            pytest.skip(f"this machine has no loopback {host}, or its port is taken")
        listener.listen(8)
        yield listener.getsockname()[1]


def _by_family(facts: ConnectionFacts) -> dict[AddressFamily, FamilyFacts]:
    return {family.family: family for family in facts.families}


def test_a_name_with_both_families_tells_how_each_fares(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> ConnectionFacts:
        with _listening("::1") as six, _listening("127.0.0.1") as four:
            _named(monkeypatch, ("::1", six), ("127.0.0.1", four))
            return await probe("http://gateway.test/v1", connection_of(), {})

    facts = asyncio.run(scenario())
    assert (facts.used, facts.fault, facts.literal) == (IPV6, None, False)
    assert facts.dns_ms is not None
    assert {family: found.connected for family, found in _by_family(facts).items()} == {IPV6: True, IPV4: True}


def test_a_family_that_is_refused_is_told_and_the_other_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> ConnectionFacts:
        with _listening("::1"), _listening("127.0.0.1") as four:
            _named(monkeypatch, ("::1", free_port()), ("127.0.0.1", four), ("127.0.0.2", four))
            return await probe("http://gateway.test/v1", connection_of(), {})

    facts = asyncio.run(scenario())
    fared = _by_family(facts)
    assert (facts.used, facts.fault) == (IPV4, None)
    assert (fared[IPV6].connected, fared[IPV6].fault, fared[IPV6].addresses) == (False, FaultKind.REFUSED, 1)
    assert (fared[IPV4].connected, fared[IPV4].addresses) == (True, 2)


@LINUX
def test_a_family_that_answers_nothing_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> ConnectionFacts:
        with _listening("::1") as six:
            async with blackhole() as dead:
                _named(monkeypatch, ("127.0.0.1", dead), ("::1", six))
                return await asyncio.wait_for(probe("http://gateway.test/v1", connection_of(), {}), 4)

    facts = asyncio.run(scenario())
    fared = _by_family(facts)
    assert (facts.used, facts.fault) == (IPV6, None)
    assert (fared[IPV4].connected, fared[IPV4].fault) == (False, FaultKind.CONNECT_TIMEOUT)


def test_a_name_with_one_family_says_that_the_other_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> ConnectionFacts:
        with _listening("127.0.0.1") as four:
            _named(monkeypatch, ("127.0.0.1", four))
            return await probe("http://gateway.test/v1", connection_of(), {})

    fared = _by_family(asyncio.run(scenario()))
    assert (fared[IPV6].addresses, fared[IPV6].connected) == (0, None)
    assert fared[IPV4].connected


def test_a_name_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    _named(monkeypatch)
    facts = asyncio.run(probe("https://gateway.test/v1", connection_of(), {}))
    assert facts.fault == TransportFault(FaultKind.DNS, Phase.DNS)
    assert facts.dns_ms is not None and facts.families == ()


def test_localhost_by_name_is_reached_over_both() -> None:
    families = {found[0] for found in socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)}
    if families != {socket.AF_INET, socket.AF_INET6}:
        pytest.skip("localhost is a name of one address family on this machine")

    async def scenario() -> ConnectionFacts:
        with _listening("127.0.0.1") as port, _listening("::1", port):
            return await probe(f"http://localhost:{port}/v1", connection_of(), {})

    facts = asyncio.run(scenario())
    assert all(family.connected for family in facts.families) and facts.fault is None

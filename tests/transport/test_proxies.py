"""Which proxy a request takes, and what becomes of it there."""

from __future__ import annotations

import asyncio

import pytest

from gatewaytui.domain.exchange import Exchange, FaultDetail, FaultKind, Phase, TransportFault
from gatewaytui.transport.client import Client, Connection
from gatewaytui.transport.faults import ConfigTrouble
from gatewaytui.transport.proxies import ProxyServer, proxy_for, proxy_source
from tests.servers.fault_scripts import SCRIPTS, TINY
from tests.servers.fault_server import Behaviour, FaultServer, Peer, free_port, serving

from .conftest import ServerTls
from .support import KEY, PATIENT, SHORT, ask, get

PLAIN, SECURE = "http://api.example.com/v1", "https://api.example.com/v1"


def _chosen(url: str, setting: str = "", **environ: str) -> str:
    proxy = proxy_for(url, setting, environ)
    return f"{proxy.scheme}://{proxy.host}:{proxy.port}" if proxy else "none"


@pytest.mark.parametrize(
    ("url", "environ", "chosen"),
    [
        (SECURE, {}, "none"),
        (SECURE, {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        (SECURE, {"https_proxy": "http://low:1", "HTTPS_PROXY": "http://UP:2"}, "http://low:1"),
        (SECURE, {"HTTP_PROXY": "http://p:3128"}, "none"),
        (PLAIN, {"HTTP_PROXY": "http://p:3128"}, "http://p:3128"),
        (PLAIN, {"ALL_PROXY": "http://all:1"}, "http://all:1"),
        (SECURE, {"HTTPS_PROXY": "p:3128"}, "http://p:3128"),
        (SECURE, {"HTTPS_PROXY": "http://p"}, "http://p:80"),
        (SECURE, {"HTTPS_PROXY": "https://p"}, "https://p:443"),
        (SECURE, {"HTTPS_PROXY": ""}, "none"),
        ("http://127.0.0.1:8080/v1", {"HTTP_PROXY": "http://p:1"}, "none"),
        ("http://[::1]:8080/v1", {"HTTP_PROXY": "http://p:1"}, "none"),
        ("http://localhost:8080/v1", {"ALL_PROXY": "http://p:1"}, "none"),
        ("http://192.168.1.9/v1", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
    ],
)
def test_the_usual_variables(url: str, environ: dict[str, str], chosen: str) -> None:
    assert _chosen(url, **environ) == chosen


@pytest.mark.parametrize(
    ("url", "no_proxy", "exempt"),
    [
        (SECURE, "*", True),
        (SECURE, "api.example.com", True),
        (SECURE, "example.com", True),
        (SECURE, ".example.com", True),
        (SECURE, "*.example.com", True),
        (SECURE, "EXAMPLE.com", True),
        (SECURE, "other.org, example.com ,x", True),
        (SECURE, "ample.com", False),
        (SECURE, "example.com.evil.org", False),
        (SECURE, "example.com:443", True),
        (SECURE, "example.com:8443", False),
        ("https://api.example.com:8443/v1", "example.com:8443", True),
        ("https://10.1.2.3/v1", "10.0.0.0/8", True),
        ("https://10.1.2.3/v1", "10.1.2.3", True),
        ("https://10.1.2.3/v1", "11.0.0.0/8", False),
        ("https://10.1.2.3/v1", "not an address", False),
        ("https://[fd00::1]/v1", "fd00::/8", True),
        ("https://[fd00::1]/v1", "[fd00::1]", True),
        (SECURE, " , ,", False),
    ],
)
def test_no_proxy(url: str, no_proxy: str, exempt: bool) -> None:
    chosen = _chosen(url, HTTPS_PROXY="http://p:1", NO_PROXY=no_proxy)
    assert chosen == ("none" if exempt else "http://p:1")


def test_a_profiles_proxy_holds_for_every_host_and_before_the_variables() -> None:
    assert _chosen("http://127.0.0.1/v1", "http://mine:1", HTTP_PROXY="http://p:1", NO_PROXY="*") == "http://mine:1"


@pytest.mark.parametrize(
    ("setting", "environ", "source"),
    [
        ("", {}, ""),
        ("http://mine:1", {"HTTPS_PROXY": "http://p:1"}, "profile"),
        ("", {"HTTPS_PROXY": "http://p:1"}, "HTTPS_PROXY"),
        ("", {"https_proxy": "http://p:1", "HTTPS_PROXY": "http://p:2"}, "https_proxy"),
        ("", {"https_proxy": "", "ALL_PROXY": "http://p:2"}, "ALL_PROXY"),
        ("", {"HTTPS_PROXY": "http://p:1", "no_proxy": "example.com"}, ""),
        ("", {"HTTPS_PROXY": "socks5://p:1"}, "HTTPS_PROXY"),
    ],
)
def test_where_a_proxy_was_set(setting: str, environ: dict[str, str], source: str) -> None:
    assert proxy_source(SECURE, setting, environ) == source


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("socks5://127.0.0.1:1080", FaultDetail.SOCKS_PROXY),
        ("socks5h://127.0.0.1:1080", FaultDetail.SOCKS_PROXY),
        ("socks4://127.0.0.1", FaultDetail.SOCKS_PROXY),
        ("ftp://127.0.0.1", FaultDetail.PROXY_URL),
        ("http://", FaultDetail.PROXY_URL),
        ("http://p:port", FaultDetail.PROXY_URL),
        ("http://p:99999", FaultDetail.PROXY_URL),
        ("http://[::1", FaultDetail.PROXY_URL),
        ("http://b\xfccher", FaultDetail.PROXY_URL),
        ("http://a b", FaultDetail.PROXY_URL),
    ],
)
@pytest.mark.parametrize("by_profile", [True, False])
def test_a_proxy_address_that_cannot_be_used(address: str, detail: FaultDetail, by_profile: bool) -> None:
    with pytest.raises(ConfigTrouble) as caught:
        proxy_for(PLAIN, address if by_profile else "", {} if by_profile else {"HTTP_PROXY": address})
    assert caught.value.detail is detail
    fault = asyncio.run(ask(get("http://gateway.test"), proxy=address)).fault
    assert fault == TransportFault(FaultKind.CONFIG, Phase.CONFIG, detail)


def test_a_proxys_password_is_read_and_not_shown() -> None:
    proxy = proxy_for(PLAIN, "http://me:p%40ss%20word@p:3128", {})
    assert proxy == ProxyServer("http", "p", 3128, (b"me", b"p@ss word"))
    assert "ss word" not in repr(proxy)


def _through(proxy: Behaviour, url: str, words: str = "", ca_file: str = "") -> tuple[Exchange, FaultServer]:
    async def scenario() -> tuple[Exchange, FaultServer]:
        async with serving(proxy) as server:
            address = f"http://{words}127.0.0.1:{server.port}"
            return await ask(get(url), PATIENT, proxy=address, ca_file=ca_file), server

    return asyncio.run(scenario())


def test_plain_http_is_handed_to_the_proxy_whole() -> None:
    seen: list[bytes] = []

    async def proxy(peer: Peer, _: int) -> None:
        seen.append(await peer.request())
        await peer.send(SCRIPTS["healthy"].sends[0])

    exchange, _ = _through(proxy, "http://gateway.test", "me:word@")
    assert exchange.response is not None and exchange.response.body == TINY
    assert seen[0].startswith(b"GET http://gateway.test/v1/models HTTP/1.1\r\n")
    assert b"proxy-authorization: basic bwu6d29yza==" in seen[0].lower()


async def _relay(peer: Peer, port: int) -> None:
    """A proxy's tunnel: bytes to the server at this port and back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

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


def test_https_travels_through_a_tunnel_that_is_kept(server_tls: ServerTls, ca_file: str) -> None:
    seen: list[bytes] = []

    async def scenario() -> list[Exchange]:
        async with serving(SCRIPTS["healthy"], server_tls("gateway.test")) as server:

            async def proxy(peer: Peer, _: int) -> None:
                seen.append(await peer.request())
                await peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _relay(peer, server.port)

            async with serving(proxy) as between, Client(Connection(between.url, ca_file, PATIENT), {}) as client:
                return [await client.exchange(get("https://gateway.test"), KEY) for _ in range(2)]

    first, second = asyncio.run(scenario())
    assert first.fault is None and second.fault is None
    assert first.response is not None and first.response.body == TINY
    assert None not in (first.timings.tcp_ns, first.timings.tls_ns, first.timings.first_byte_ns)
    assert second.timings.warm and second.timings.send_ns is not None
    (asked,) = seen
    assert asked.startswith(b"CONNECT gateway.test:443 HTTP/1.1\r\n")
    assert b"canary" not in asked


def test_a_proxy_may_speak_tls_itself(server_tls: ServerTls, ca_file: str) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"], server_tls("gateway.test")) as server:

            async def proxy(peer: Peer, _: int) -> None:
                await peer.request()
                await peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
                await _relay(peer, server.port)

            async with serving(proxy, server_tls("127.0.0.1")) as between:
                return await ask(get("https://gateway.test"), proxy=between.url, ca_file=ca_file)

    exchange = asyncio.run(scenario())
    assert exchange.response is not None and exchange.response.body == TINY


@pytest.mark.parametrize(
    ("script", "phase", "detail"),
    [
        ("proxy-407", Phase.PROXY, "proxy_auth"),
        ("proxy-403", Phase.PROXY, ""),
        ("proxy-502", Phase.PROXY, ""),
        ("empty-reply", Phase.PROXY, "closed"),
        ("reset", Phase.PROXY, "reset"),
        ("banner-ssh", Phase.PROXY, "protocol"),
        ("header-bad-line", Phase.PROXY, "protocol"),
        ("never-answers", Phase.PROXY, "connect_timeout"),
        ("header-drip", Phase.PROXY, "connect_timeout"),
    ],
)
def test_a_proxy_that_opens_no_tunnel(script: str, phase: Phase, detail: str) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS[script]) as server:
            return await ask(get("https://gateway.test"), SHORT, proxy=server.url)

    assert asyncio.run(scenario()).fault == TransportFault(FaultKind.PROXY, phase, detail)


def test_what_fails_behind_the_tunnel_is_not_the_proxys_fault(ca_file: str) -> None:
    async def proxy(peer: Peer, _: int) -> None:
        await peer.request()
        await peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        await peer.some()

    exchange, _ = _through(proxy, "https://gateway.test", ca_file=ca_file)
    assert exchange.fault == TransportFault(FaultKind.TLS, Phase.TLS, FaultDetail.CLOSED)


def test_a_proxy_that_is_not_there() -> None:
    for url in ("http://gateway.test", "https://gateway.test"):
        fault = asyncio.run(ask(get(url), proxy=f"http://127.0.0.1:{free_port()}")).fault
        assert fault == TransportFault(FaultKind.PROXY, Phase.TCP, "refused")


def test_a_proxy_that_asks_for_a_password_for_plain_http_answers_itself() -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["proxy-407"]) as server:
            return await ask(get("http://gateway.test"), proxy=server.url)

    exchange = asyncio.run(scenario())
    assert exchange.fault is None
    assert exchange.response is not None and exchange.response.status == 407

"""From a name to a connection: what fails on the way, and what is tried."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gatewaytui.domain.exchange import Exchange, FaultKind, Phase, StampSource, TransportFault
from gatewaytui.transport import connecting, sockets
from gatewaytui.transport.client import Client, Connection
from gatewaytui.transport.sockets import SocketWire
from tests.servers.fault_scripts import SCRIPTS, TINY, sized
from tests.servers.fault_server import blackhole, free_port, serving

from .support import KEY, PATIENT, SHORT, ask, get, post

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux stamps the bytes of a TCP connection")


def test_a_closed_port_refuses() -> None:
    exchange = asyncio.run(ask(get(f"http://127.0.0.1:{free_port()}")))
    assert exchange.fault == TransportFault(FaultKind.REFUSED, Phase.TCP)
    assert exchange.response is None


@pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")
def test_a_port_that_answers_nothing_times_out() -> None:
    async def scenario() -> Exchange:
        async with blackhole() as port:
            return await ask(get(f"http://127.0.0.1:{port}"), SHORT)

    assert asyncio.run(scenario()).fault == TransportFault(FaultKind.CONNECT_TIMEOUT, Phase.TCP)


@contextmanager
def _resolver(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[str, int], hangs: bool = False) -> Iterator[None]:
    """The system's resolver as it might answer for ``gateway.test``; literal addresses are its own business."""
    real, released = socket.getaddrinfo, threading.Event()

    def answer(host: Any, *rest: Any, **more: Any) -> Any:
        if host != b"gateway.test":
            return real(host, *rest, **more)
        if more.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "not a literal address")
        if hangs:
            released.wait(10)
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "gateway.test is not known")
        return [found for ip, port in addresses for found in real(ip, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    yield
    released.set()


def test_a_name_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    with _resolver(monkeypatch):
        assert asyncio.run(ask(get("http://gateway.test"))).fault == TransportFault(FaultKind.DNS, Phase.DNS)


def test_a_resolver_that_hangs_holds_up_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with _resolver(monkeypatch, hangs=True):
        fault = asyncio.run(ask(get("http://gateway.test"), SHORT)).fault
    assert fault == TransportFault(FaultKind.CONNECT_TIMEOUT, Phase.DNS)


def test_every_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"]) as server:
            with _resolver(monkeypatch, ("127.0.0.1", free_port()), ("127.0.0.1", server.port)):
                return await ask(get("http://gateway.test"))

    exchange = asyncio.run(scenario())
    assert exchange.response is not None and exchange.response.body == TINY
    assert exchange.timings.dns_ns is not None


@pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")
def test_an_address_that_answers_nothing_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"]) as server, blackhole() as dead:
            with _resolver(monkeypatch, ("127.0.0.1", dead), ("127.0.0.1", server.port)):
                return await ask(get("http://gateway.test"), SHORT)

    assert asyncio.run(scenario()).fault is None


def test_ipv6_is_spoken_where_there_is_some() -> None:
    async def scenario() -> Exchange:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(sized(TINY))
            writer.close()

        try:
            listener = await asyncio.start_server(handle, "::1", 0)
        except OSError:
            pytest.skip("this machine has no IPv6 loopback")
        async with listener:
            return await ask(get(f"http://[::1]:{listener.sockets[0].getsockname()[1]}"))

    assert asyncio.run(scenario()).fault is None


@LINUX
def test_every_read_of_a_stream_carries_the_kernels_stamp() -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["stream"]) as server:
            return await ask(post(server.url))

    exchange = asyncio.run(scenario())
    assert {read.source for read in exchange.reads} == {StampSource.KERNEL}
    stamps = [read.at_ns for read in exchange.reads]
    assert stamps == sorted(set(stamps)) and len(stamps) == 3
    assert exchange.timings.first_byte_ns is not None and exchange.timings.first_byte_ns <= stamps[0]


@LINUX
def test_bytes_that_waited_for_us_keep_the_time_they_came() -> None:
    """The answer comes while the loop is held up: the stamp does not show it, the lag does."""
    asked, held, sent = threading.Event(), threading.Event(), threading.Event()

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            asked.set()
            held.wait(5)
            connection.sendall(sized(TINY))
            sent.set()
            connection.recv(65536)

    async def scenario(port: int) -> Exchange:
        request = asyncio.create_task(ask(get(f"http://127.0.0.1:{port}")))
        while not asked.is_set():
            await asyncio.sleep(0.001)
        held.set()
        sent.wait(5)
        time.sleep(0.1)
        return await request

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=serve, args=(listener,), daemon=True)
        server.start()
        exchange = asyncio.run(scenario(listener.getsockname()[1]))
        server.join(5)
    (read,) = exchange.reads
    assert read.source is StampSource.KERNEL
    assert read.lag_ns >= 100_000_000
    assert exchange.timings.first_byte_ns == read.at_ns
    assert exchange.timings.done_ns is not None and exchange.timings.done_ns >= read.at_ns + read.lag_ns


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("stream", None),
        ("body-endless", FaultKind.TOO_LARGE),
        ("reset", FaultKind.RESET),
        ("empty-reply", FaultKind.CLOSED),
        ("stream-cut", FaultKind.CUT),
        ("never-answers", FaultKind.FIRST_BYTE_TIMEOUT),
        ("stream-stall", FaultKind.STALL_TIMEOUT),
        ("body-drip", FaultKind.TOTAL_TIMEOUT),
    ],
)
def test_systems_without_kernel_stamps_see_the_same(
    script: str, kind: FaultKind | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "StampedWire", SocketWire)

    async def scenario() -> Exchange:
        async with serving(SCRIPTS[script]) as server:
            return await ask(post(server.url), SHORT)

    exchange = asyncio.run(scenario())
    assert (exchange.fault.kind if exchange.fault else None) == kind
    assert {read.source for read in exchange.reads} <= {StampSource.READ}


def test_a_kept_connection_is_known_to_be_closed_without_kernel_stamps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "StampedWire", SocketWire)

    async def scenario(script: str) -> list[bool]:
        async with serving(SCRIPTS[script]) as server, Client(Connection(timeouts=PATIENT), {}) as client:
            first = await client.exchange(get(server.url), KEY)
            await asyncio.sleep(0.02)
            second = await client.exchange(get(server.url), KEY)
            assert first.fault is None and second.fault is None
            return [first.timings.warm, second.timings.warm]

    assert asyncio.run(scenario("healthy")) == [False, True]
    assert asyncio.run(scenario("closed-after")) == [False, False]


@LINUX
def test_a_kernel_that_refuses_to_stamp_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "_SO_TIMESTAMPNS", 9999)

    async def scenario() -> Exchange:
        async with serving(SCRIPTS["stream"]) as server:
            return await ask(post(server.url))

    exchange = asyncio.run(scenario())
    assert exchange.fault is None
    assert {read.source for read in exchange.reads} == {StampSource.READ}

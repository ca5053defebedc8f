"""Two address families race for a request's connection; the first one made is used, the other closed."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from gatewaytui.domain.exchange import AddressFamily, Exchange, FaultKind, Phase, TransportFault
from gatewaytui.transport.connecting import by_family, connect, telling
from gatewaytui.transport.timing import DeadlineExpired, Limit
from tests.servers.fault_scripts import SCRIPTS
from tests.servers.fault_server import blackhole, free_port, serving

from .support import PATIENT, SHORT, ask, get

IPV4, IPV6 = AddressFamily.IPV4, AddressFamily.IPV6
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")


def _addresses(*places: tuple[str, int]) -> Sequence[tuple[int, Any]]:
    return [
        (found[0], found[4]) for ip, port in places for found in socket.getaddrinfo(ip, port, type=socket.SOCK_STREAM)
    ]


@contextmanager
def _listening(host: str) -> Iterator[socket.socket]:
    """A port of this loopback that takes connections."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        try:
            listener.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no loopback {host}")
        listener.listen(8)
        yield listener


def _port(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def _connect(*places: tuple[str, int], seconds: float = 5.0) -> AddressFamily:
    """The family over which one of these places takes a connection."""

    async def scenario() -> AddressFamily:
        limit = Limit(time.monotonic() + seconds, FaultKind.CONNECT_TIMEOUT)
        wire, family = await connect(_addresses(*places), limit)
        wire.close()
        return family

    return asyncio.run(scenario())


def test_the_resolvers_order_decides_where_both_answer() -> None:
    with _listening("::1") as six, _listening("127.0.0.1") as four:
        places = ("::1", _port(six)), ("127.0.0.1", _port(four))
        assert _connect(*places) is IPV6
        assert _connect(*reversed(places)) is IPV4


def test_the_other_family_is_tried_at_once_where_the_first_is_refused() -> None:
    with _listening("::1"), _listening("127.0.0.1") as four:
        assert _connect(("::1", free_port()), ("127.0.0.1", _port(four))) is IPV4


@LINUX
def test_a_family_that_answers_nothing_holds_up_the_other_only_shortly() -> None:
    async def scenario() -> AddressFamily:
        with _listening("::1") as six:
            async with blackhole() as dead:
                limit = Limit(time.monotonic() + 60, FaultKind.CONNECT_TIMEOUT)
                places = _addresses(("127.0.0.1", dead), ("::1", _port(six)))
                wire, family = await asyncio.wait_for(connect(places, limit), 20)
                wire.close()
                return family

    assert asyncio.run(scenario()) is IPV6  # its share of the deadline alone would have been 30 s


@LINUX
def test_where_none_answers_the_deadline_ends_it() -> None:
    async def scenario() -> None:
        with _listening("::1"):
            async with blackhole() as dead:
                limit = Limit(time.monotonic() + 0.4, FaultKind.CONNECT_TIMEOUT)
                await connect(_addresses(("127.0.0.1", dead), ("::1", free_port())), limit)

    with pytest.raises((DeadlineExpired, ConnectionRefusedError)):
        asyncio.run(scenario())


@LINUX
def test_a_race_that_is_cancelled_leaves_nothing_open() -> None:
    async def scenario() -> set[asyncio.Task[Any]]:
        async with blackhole() as dead:
            limit = Limit(time.monotonic() + 60, FaultKind.CONNECT_TIMEOUT)
            both = [*_addresses(("127.0.0.1", dead)), (socket.AF_INET6, ("::1", dead, 0, 0))]
            racing = asyncio.create_task(connect([both[0], both[1]], limit))
            await asyncio.sleep(0.05)
            racing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await racing
            return asyncio.all_tasks() - {asyncio.current_task()}  # type: ignore[arg-type]

    assert asyncio.run(scenario()) == set()  # a socket left open would be reported as a ResourceWarning


def test_a_family_without_a_way_out_does_not_hide_what_the_other_heard() -> None:
    no_route, refused = OSError(errno.ENETUNREACH, ""), ConnectionRefusedError(errno.ECONNREFUSED, "")
    assert telling([no_route, refused]) is refused
    assert telling([refused, no_route]) is refused
    assert telling([no_route]) is no_route
    assert isinstance(telling([]), OSError)


def test_addresses_are_grouped_by_family_in_the_resolvers_order() -> None:
    places = _addresses(("::1", 1), ("127.0.0.1", 2), ("::2", 3))
    grouped = by_family(places)
    assert list(grouped) == [IPV6, IPV4]
    assert [len(found) for found in grouped.values()] == [2, 1]


def test_a_request_tells_over_which_family_it_went() -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"]) as server:
            return await ask(get(server.url), PATIENT)

    assert asyncio.run(scenario()).timings.family is IPV4


def test_a_request_that_never_connected_names_no_family() -> None:
    exchange = asyncio.run(ask(get(f"http://127.0.0.1:{free_port()}"), SHORT))
    assert exchange.fault == TransportFault(FaultKind.REFUSED, Phase.TCP)
    assert exchange.timings.family is None

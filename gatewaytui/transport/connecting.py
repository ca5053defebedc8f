"""From a name to addresses, from addresses to a connection."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from gatewaytui.domain.exchange import AddressFamily

from .sockets import SocketWire, StampedWire
from .timing import DeadlineExpired, Limit, within

Address = tuple[int, Any]
"""A socket family and the address as the socket takes it."""

HEAD_START_S = 0.25
"""How long the resolver's first choice of a family is left alone before the other one is tried too (RFC 8305)."""

_FAMILIES: Mapping[int, AddressFamily] = MappingProxyType(
    {socket.AF_INET: AddressFamily.IPV4, socket.AF_INET6: AddressFamily.IPV6}
)
_NO_WAY = frozenset((errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT))


def literal(host: str, port: int) -> tuple[Address, ...]:
    """The address of a host written as an IP address, without asking anybody; () for a name."""
    try:
        found = socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        return ()
    return tuple((family, address) for family, _, _, _, address in found)


async def resolve(host: str, port: int, limit: Limit) -> tuple[Address, ...]:
    """The addresses of a name. Raises socket.gaierror or DeadlineExpired.

    In a daemon thread of its own: a resolver can hang for minutes, which must hold up neither loop nor exit.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[Address, ...]] = loop.create_future()

    def settle(found: tuple[Address, ...], failure: Exception | None) -> None:
        if answer.done():
            return
        if failure is None:
            answer.set_result(found)
        else:
            answer.set_exception(failure)

    def ask() -> None:
        found, failure = _look_up(host, port)
        with suppress(RuntimeError):  # the loop has ended meanwhile, and nobody asks any more
            loop.call_soon_threadsafe(settle, found, failure)

    threading.Thread(target=ask, daemon=True, name="resolver").start()
    return await within(limit, answer)


def _look_up(host: str, port: int) -> tuple[tuple[Address, ...], Exception | None]:
    try:
        found = socket.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
    except OSError as failure:
        return (), failure
    return tuple(dict.fromkeys((family, address) for family, _, _, _, address in found)), None


def by_family(addresses: Iterable[Address]) -> Mapping[AddressFamily, tuple[Address, ...]]:
    """The addresses of each family, all in the resolver's order: the family it named first is to be preferred."""
    grouped: dict[AddressFamily, tuple[Address, ...]] = {}
    for address in addresses:
        family = _FAMILIES[address[0]]
        grouped[family] = (*grouped.get(family, ()), address)
    return grouped


async def connect(addresses: Sequence[Address], limit: Limit) -> tuple[SocketWire, AddressFamily]:
    """The first connection that is made, and over what; the losing ones are closed.

    Both families are tried, the second with a delay (RFC 8305 in a small form); within a family one address after the
    other. Raises the OSError or DeadlineExpired of the family that tells more, see :func:`telling`.
    """
    families = by_family(addresses)
    if len(families) == 1:
        (family,) = families
        return await connect_in_turn(families[family], limit), family
    attempts: dict[asyncio.Task[SocketWire], AddressFamily] = {}
    winner: asyncio.Task[SocketWire] | None = None
    try:
        for family, lane in families.items():
            attempts[asyncio.create_task(connect_in_turn(lane, limit))] = family
            last = len(attempts) == len(families)
            winner = await first_connected(attempts, None if last else HEAD_START_S)
            if winner is not None:
                return winner.result(), attempts[winner]
        raise telling([error for task in attempts if (error := task.exception())])
    finally:
        await drop(task for task in attempts if task is not winner)


async def first_connected(
    attempts: Iterable[asyncio.Task[SocketWire]], wait_s: float | None = None
) -> asyncio.Task[SocketWire] | None:
    """The first attempt to make its connection; None where all have failed, or none has come so far in time."""
    waiting = set(attempts)
    until = None if wait_s is None else time.monotonic() + wait_s
    while waiting:
        left = None if until is None else until - time.monotonic()
        done, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            return None
        winner = next((task for task in done if task.exception() is None), None)
        if winner is not None:
            return winner
    return None


async def drop(attempts: Iterable[asyncio.Task[SocketWire]]) -> None:
    """Give these attempts up and close what they have connected."""
    dropped = list(attempts)
    for task in dropped:
        task.cancel()
        task.add_done_callback(_close)
    await asyncio.gather(*dropped, return_exceptions=True)


def _close(task: asyncio.Task[SocketWire]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()


def telling(failures: Sequence[BaseException]) -> BaseException:
    """Of the failures of several families the one to report: a family with no way out says nothing of the server."""
    heard = (error for error in failures if not (isinstance(error, OSError) and error.errno in _NO_WAY))
    return next(heard, next(iter(failures), OSError("no address")))


async def connect_in_turn(addresses: Sequence[Address], limit: Limit) -> SocketWire:
    """A connection to the first address that takes one; each gets its share of the time that is left.

    Raises the OSError or DeadlineExpired of the last address.
    """
    failure: Exception = OSError("no address")
    for position, address in enumerate(addresses):
        now = time.monotonic()
        share = Limit(now + (limit.at - now) / (len(addresses) - position), limit.kind)
        try:
            return await _connect_to(address, share)
        except (OSError, DeadlineExpired) as error:
            failure = error
    raise failure


async def _connect_to(address: Address, limit: Limit) -> SocketWire:
    family, place = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await within(limit, asyncio.get_running_loop().sock_connect(sock, place))
        return StampedWire(sock) if sys.platform == "linux" else SocketWire(sock)
    except BaseException:
        sock.close()
        raise

"""From a name to addresses, from addresses to a connection."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from .sockets import SocketWire, StampedWire
from .timing import DeadlineExpired, Limit, within

Address = tuple[int, Any]
"""A socket family and the address as the socket takes it."""


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


async def connect(addresses: Sequence[Address], limit: Limit) -> SocketWire:
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

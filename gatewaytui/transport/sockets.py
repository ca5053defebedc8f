"""Sockets that stamp what they receive: bytes in and out of a connection, every wait with its limit."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol as Contract

from . import limits
from .timing import DeadlineExpired, KernelClock, Limit, Stamp, within

_SO_TIMESTAMPNS = 35
_TICK_S = 0.001
_TIMESPEC = struct.Struct("@ll")
_ANCILLARY = socket.CMSG_SPACE(_TIMESPEC.size) if hasattr(socket, "CMSG_SPACE") else 0


class Wire(Contract):
    """A connection to read and write, plain or wrapped in TLS."""

    @property
    def stamp(self) -> Stamp:
        """The stamp of the bytes received last."""
        ...

    async def receive(self, limit: Limit) -> bytes:
        """The next bytes, b"" at the end. Raises OSError, ssl.SSLError or DeadlineExpired."""
        ...

    async def send(self, data: bytes, limit: Limit) -> None:
        """Send it all. Raises OSError, ssl.SSLError or DeadlineExpired."""
        ...

    def readable(self) -> bool:
        """Whether something is there to be read, the peer's close included."""
        ...

    def close(self) -> None:
        """Close the socket, at once and any number of times."""
        ...


class SocketWire:
    """A connected socket. Reads carry their own time; where the kernel stamps them, see :class:`StampedWire`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.stamp = Stamp(time.monotonic_ns())

    async def receive(self, limit: Limit) -> bytes:
        """The next bytes, stamped as they are read."""
        loop = asyncio.get_running_loop()
        data = await within(limit, loop.sock_recv(self._sock, limits.READ))
        self.stamp = Stamp(time.monotonic_ns())
        return data

    async def send(self, data: bytes, limit: Limit) -> None:
        """Send it all."""
        await within(limit, asyncio.get_running_loop().sock_sendall(self._sock, data))

    def readable(self) -> bool:
        """Whether something is there to be read: on an idle connection that is the server's close."""
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()


class StampedWire(SocketWire):
    """A connected socket on Linux: the kernel notes when bytes came in, however late they are read.

    Bytes are taken as soon as the loop sees them, so that each read keeps a stamp of its own while the reader is busy
    with the one before. The end stays in ``_arrived`` as its last entry, b""; ``_failure`` is the error that it was,
    if it was one.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        with suppress(OSError):  # a sandbox may not have it: then reads carry their own time
            sock.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._clock = KernelClock()
        self._arrived: deque[tuple[bytes, Stamp]] = deque()
        self._unread = 0
        self._failure: OSError | None = None
        self._alarm = Alarm()
        self._loop = asyncio.get_running_loop()
        self._watching = False
        self._watch(True)

    async def receive(self, limit: Limit) -> bytes:
        """The next bytes, stamped by the kernel where it did."""
        if not self._arrived:
            await self._alarm.waiting(limit)
        data, self.stamp = self._arrived[0]
        if data:
            self._arrived.popleft()
            self._unread -= len(data)
            if not self._watching:
                self._watch_again()
        elif self._failure is not None:
            raise self._failure
        return data

    def readable(self) -> bool:
        """Whether something is there to be read: on an idle connection that is the server's close."""
        return bool(self._arrived) or super().readable()

    def close(self) -> None:
        """Close the socket."""
        self._watch(False)
        self._alarm.stop()
        super().close()

    def _watch(self, watching: bool) -> None:
        if watching is self._watching:
            return
        self._watching = watching
        if watching:
            self._loop.add_reader(self._sock, self._take)
        elif not self._loop.is_closed():
            self._loop.remove_reader(self._sock)

    def _watch_again(self) -> None:
        ended = bool(self._arrived) and not self._arrived[-1][0]
        self._watch(self._unread < limits.READ and not ended)

    def _take(self) -> None:
        """The loop says that the socket is readable."""
        try:
            data, ancillary, _, _ = self._sock.recvmsg(limits.READ, _ANCILLARY)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as failure:
            data, ancillary, self._failure = b"", [], failure
        self._arrived.append((data, self._clock.stamp(_kernel_stamp(ancillary))))
        self._unread += len(data)
        if not data or self._unread >= limits.READ:
            self._watch(False)
        self._alarm.wake()


class Alarm:
    """A wait that ends by being woken or by a limit; one timer serves all waits of a connection.

    The timer is left as it is when a wait ends in time and moved on when it goes off too early: far cheaper than a
    timer for each read.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._limit: Limit | None = None
        self._timer: asyncio.TimerHandle | None = None

    def waiting(self, limit: Limit) -> asyncio.Future[None]:
        """A wait until :meth:`wake`, to be awaited at once; DeadlineExpired when the limit has passed."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._waiter, self._limit = waiter, limit
        if self._timer is None or self._timer.when() > limit.at:
            self.stop()
            self._timer = self._loop.call_at(limit.at, self._ring)
        return waiter

    def wake(self) -> None:
        """End the wait, if somebody waits."""
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def stop(self) -> None:
        """Drop the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        if self._waiter is None or self._waiter.done() or self._limit is None:
            return
        if self._loop.time() + _TICK_S >= self._limit.at:
            waiter, self._waiter = self._waiter, None  # what it raises holds the wire: no cycle is left behind
            waiter.set_exception(DeadlineExpired(self._limit.kind))
        else:
            self._timer = self._loop.call_at(self._limit.at, self._ring)


def _kernel_stamp(ancillary: Sequence[tuple[int, int, bytes]]) -> int | None:
    """The SO_TIMESTAMPNS among the ancillary data, in ns since the epoch."""
    for level, kind, data in ancillary:
        if kind == _SO_TIMESTAMPNS and level == socket.SOL_SOCKET and len(data) >= _TIMESPEC.size:
            timespec: tuple[int, int] = _TIMESPEC.unpack_from(data)
            return timespec[0] * 1_000_000_000 + timespec[1]
    return None

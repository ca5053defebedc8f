"""httpcore's network as we want it: DNS apart from TCP, phases noted, every read stamped, every wait bounded."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from gatewaytui.domain.exchange import Phase

from . import limits
from .connecting import connect, literal, resolve
from .faults import HeadersTooLarge, NotHttp
from .sockets import Wire
from .timing import Journal
from .tls import TlsWire

_VERSION = b"HTTP/"
_VERSION_SIZE = len(_VERSION)


class Backend(httpcore.AsyncNetworkBackend):
    """Opens the one connection of a line. ``journal`` is that of the request on its way and changes with it.

    ``proxied`` and ``tunnel`` tell whether the connection leads to a proxy, and whether that must open a tunnel.
    httpcore's own timeouts are not used: the journal's limits bound every wait here.
    """

    journal: Journal

    def __init__(self, proxied: bool, tunnel: bool) -> None:
        self._proxied = proxied
        self._tunnel = tunnel
        self._wire: Wire | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve and connect. Raises socket.gaierror, OSError, DeadlineExpired."""
        journal = self.journal
        if self._proxied:
            journal.meet_proxy(self._tunnel)
        addresses = literal(host, port)
        if not addresses:
            journal.begin(Phase.DNS)
            addresses = await resolve(host, port, journal.limit())
            journal.finish()
        journal.begin(Phase.TCP)
        self._wire, journal.family = await connect(addresses, journal.limit())
        journal.finish()
        return Stream(self, self._wire)

    async def sleep(self, seconds: float) -> None:
        """Never asked for: connections are not retried here."""
        raise NotImplementedError

    def abort(self) -> None:
        """Close the connection now, without waiting for anything."""
        if self._wire is not None:
            self._wire.close()


class Stream(httpcore.AsyncNetworkStream):
    """A connection as httpcore reads and writes it; tells the journal what happens."""

    def __init__(self, backend: Backend, wire: Wire) -> None:
        self._backend = backend
        self._wire = wire
        self._head = b""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes, b"" at the end. Raises OSError, ssl.SSLError, DeadlineExpired, NotHttp, HeadersTooLarge."""
        journal = self._backend.journal
        journal.waiting()
        before = journal.received
        if before >= limits.HEADERS and journal.phase is Phase.WAIT:
            raise HeadersTooLarge
        data = await self._wire.receive(journal.limit())
        journal.arrived(len(data), self._wire.stamp)
        if before < _VERSION_SIZE:
            self._look_at_start(data, before)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it all. Raises httpcore.WriteError, after which httpcore still reads what the server said."""
        journal = self._backend.journal
        journal.writing()
        if buffer:
            try:
                await self._wire.send(buffer, journal.limit())
            except OSError:
                raise httpcore.WriteError from None

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted from here on. Raises ssl.SSLError, OSError, DeadlineExpired."""
        journal = self._backend.journal
        journal.begin(Phase.TLS)
        wire = TlsWire(self._wire, ssl_context, server_hostname or "")
        await wire.handshake(journal.limit())
        journal.finish()
        return Stream(self._backend, wire)

    async def aclose(self) -> None:
        """Close the socket."""
        self._wire.close()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection: its TLS object, and whether an idle one was closed by the server."""
        if info == "ssl_object":
            return self._wire.ssl_object if isinstance(self._wire, TlsWire) else None
        return self._wire.readable() if info == "is_readable" else None

    def _look_at_start(self, data: bytes, before: int) -> None:
        """Whatever does not begin like HTTP/1 is told at once: the parser would wait for a whole line first."""
        self._head = (self._head if before else b"") + data[:_VERSION_SIZE]
        if not _VERSION.startswith(self._head[:_VERSION_SIZE]):
            raise NotHttp(self._head)

"""A connection opened step by step and closed again: how far it gets, what each step takes. No request is sent.

The one thing ever sent in clear is a ``CONNECT`` to a proxy; it holds no key of the gateway's.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType

import httpcore
from msgspec.structs import replace

from gatewaytui.domain.connection import ConnectionFacts, FamilyFacts, TlsFacts
from gatewaytui.domain.exchange import AddressFamily, FaultKind, Phase, TransportFault
from gatewaytui.domain.text import safe_line

from .address import checked_url
from .backend import Backend, Stream
from .certificates import read_certificate
from .client import Connection
from .connecting import Address, by_family, connect_in_turn, literal, resolve
from .families import Attempt, Landed, chosen, side_by_side
from .faults import fault_of
from .line import warm_up
from .proxies import ProxyServer, proxy_for, proxy_source
from .sockets import SocketWire
from .timing import Journal, PhaseListener
from .trust import tls_context

_ALPN = ("http/1.1",)  # as httpcore offers it for a request: the handshake is to be the same
_DEFAULT_PORTS = MappingProxyType({"http": 80, "https": 443})


def _unheard(phase: Phase, at_ns: int) -> None:
    """Nobody listens."""


async def probe(
    url: str, connection: Connection, environ: Mapping[str, str] = os.environ, on_phase: PhaseListener = _unheard
) -> ConnectionFacts:
    """Open a connection to the URL's host as a request would, look at it and close it.

    Through a proxy where one is set, with a tunnel for https. Both address families are tried. ``on_phase`` hears of
    each phase as it ends, with the time in ns since the start. Nothing but a cancellation is raised: what failed is
    ``fault``, the very one that a request would have.
    """
    logging.getLogger("httpcore").setLevel(logging.WARNING)  # its debug lines hold the proxy's password
    if connection.proxy or proxy_source(url, "", environ):
        await warm_up()
    walk = _Walk(url, connection, environ, on_phase)
    try:
        await walk.go()
    except Exception as error:  # noqa: BLE001  (the door: nothing that a library raises goes beyond it)
        walk.fault = fault_of(error, walk.journal)
        if isinstance(error, ssl.SSLCertVerificationError) and not walk.journal.at_proxy:
            await walk.look_at_refused()
    finally:
        walk.close()
    return walk.facts()


class _Walk:
    """One probe on its way. ``journal`` says how far it is; ``fault`` what ended it."""

    def __init__(self, url: str, connection: Connection, environ: Mapping[str, str], on_phase: PhaseListener) -> None:
        self.journal = Journal(connection.timeouts, time.monotonic_ns(), on_phase)
        self.fault: TransportFault | None = None
        self._url, self._connection, self._environ = url, connection, environ
        self._encrypted = url.strip().lower().startswith("https:")
        self._host, self._port = "", 0
        self._proxy: ProxyServer | None = None
        self._source = ""
        self._literal = False
        self._lanes: Mapping[AddressFamily, tuple[Address, ...]] = {}
        self._families: tuple[FamilyFacts, ...] = ()
        self._used: Landed | None = None
        self._spent_ms: dict[Phase, float] = {}
        self._version, self._der = "", b""
        self._wires: list[SocketWire] = []

    async def go(self) -> None:
        """Every step in turn. Raises what `faults` maps."""
        context = self._set_out()
        await self._find_addresses()
        stream = await self._reach_host(await self._connect(), context, self.journal)
        if self._encrypted and context is not None:
            with self._timing(Phase.TLS):
                secured = await stream.start_tls(context, self._host)
            self._version = secured.get_extra_info("ssl_object").version() or ""
            await self._keep_certificate(secured)

    async def look_at_refused(self) -> None:
        """Read the certificate that was refused, over a second connection that verifies nothing and sends nothing."""
        if self._used is None:
            return
        journal = Journal(self._connection.timeouts, self.journal.start_ns, _unheard)
        if self._proxy:
            journal.meet_proxy(tunnel=True)
        with suppress(Exception):  # the fault is known; without the certificate less can be said about it
            journal.begin(Phase.TCP)
            wire = await connect_in_turn(self._lanes[self._used.family], journal.limit())
            self._wires.append(wire)
            stream = await self._reach_host(wire, self._trusting(), journal)
            await self._keep_certificate(await stream.start_tls(_only_to_look(), self._host))

    def facts(self) -> ConnectionFacts:
        """Everything found out so far."""
        certificate = read_certificate(self._der, self._host) if self._der else None
        return ConnectionFacts(
            encrypted=self._encrypted,
            literal=self._literal,
            proxied=bool(self._source),
            proxy_source=safe_line(self._source),
            ca_file=any((self._connection.ca_file, *map(self._environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))),
            families=self._families,
            used=self._used.family if self._used else None,
            dns_ms=self._spent_ms.get(Phase.DNS),
            tcp_ms=self._used.elapsed_ms if self._used else self._spent_ms.get(Phase.TCP),
            proxy_ms=self._spent_ms.get(Phase.PROXY),
            tls_ms=self._spent_ms.get(Phase.TLS),
            tls=TlsFacts(self._version, certificate) if Phase.TLS in self._spent_ms else None,
            fault=self.fault,
        )

    def close(self) -> None:
        """Close every connection that is still there."""
        for wire in self._wires:
            wire.close()

    def _set_out(self) -> ssl.SSLContext | None:
        """Everything that is settled on this machine, in the client's order. Raises ConfigTrouble."""
        url = checked_url(self._url)
        self._encrypted = url.scheme == "https"
        self._host, self._port = url.raw_host.decode("ascii"), url.port or _DEFAULT_PORTS[url.scheme]
        self._source = proxy_source(str(url), self._connection.proxy, self._environ)
        self._proxy = proxy_for(str(url), self._connection.proxy, self._environ)
        proxy_encrypted = self._proxy is not None and self._proxy.scheme == "https"
        return self._trusting() if self._encrypted or proxy_encrypted else None

    def _trusting(self) -> ssl.SSLContext:
        context = tls_context(self._connection.ca_file, self._environ)
        context.set_alpn_protocols(_ALPN)
        return context

    async def _find_addresses(self) -> None:
        host, port = (self._proxy.host, self._proxy.port) if self._proxy else (self._host, self._port)
        if self._proxy:
            self.journal.meet_proxy(tunnel=self._encrypted)
        addresses = literal(host, port)
        self._literal = bool(addresses)
        if not addresses:
            self.journal.begin(Phase.DNS)
            with self._timing(Phase.DNS):
                addresses = await resolve(host, port, self.journal.limit())
            self.journal.finish()
        self._lanes = by_family(addresses)
        self._families = tuple(FamilyFacts(family, len(lane)) for family, lane in self._lanes.items())
        if not self._literal:
            self._families += tuple(FamilyFacts(family, 0) for family in AddressFamily if family not in self._lanes)

    async def _connect(self) -> SocketWire:
        self.journal.begin(Phase.TCP)
        with self._timing(Phase.TCP):
            attempts = await side_by_side(self._lanes, self.journal.limit())
        self._wires += [attempt.wire for attempt in attempts if isinstance(attempt, Landed)]
        fared = {attempt.family: attempt for attempt in attempts}
        self._families = tuple(
            self._fared(facts, fared[facts.family]) if facts.family in fared else facts for facts in self._families
        )
        self._used = chosen(attempts)
        self.journal.finish()
        for wire in self._wires:
            if wire is not self._used.wire:
                wire.close()
        return self._used.wire

    def _fared(self, facts: FamilyFacts, attempt: Attempt) -> FamilyFacts:
        if isinstance(attempt, Landed):
            return replace(facts, connected=True, elapsed_ms=attempt.elapsed_ms)
        fault = fault_of(attempt.failure, self.journal)
        kind = FaultKind(fault.detail) if fault.kind is FaultKind.PROXY else fault.kind
        return replace(facts, connected=False, elapsed_ms=attempt.elapsed_ms, fault=kind)

    async def _reach_host(
        self, wire: SocketWire, context: ssl.SSLContext | None, journal: Journal
    ) -> httpcore.AsyncNetworkStream:
        """The stream on which the host itself is spoken to: the connection, or a tunnel through the proxy."""
        proxy = self._proxy
        backend = Backend(proxy is not None, self._encrypted)
        backend.journal = journal
        stream: httpcore.AsyncNetworkStream = Stream(backend, wire)
        if proxy is None:
            return stream
        if proxy.scheme == "https" and context is not None:
            with self._timing(Phase.PROXY):
                stream = await stream.start_tls(context, proxy.host)
        if not self._encrypted:
            return stream
        with self._timing(Phase.PROXY):
            return await _tunnel(stream, proxy, b"%b:%d" % (self._host.encode("ascii"), self._port))

    async def _keep_certificate(self, secured: httpcore.AsyncNetworkStream) -> None:
        self._der = secured.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        await asyncio.to_thread(
            importlib.import_module, "cryptography.x509"
        )  # tens of ms that the loop shall not wait

    @contextmanager
    def _timing(self, phase: Phase) -> Iterator[None]:
        """What a step takes, also where it fails; nothing is added once the probe has a fault."""
        before, known = time.monotonic_ns(), self.fault is not None
        try:
            yield
        finally:
            if not known:
                self._spent_ms[phase] = self._spent_ms.get(phase, 0.0) + (time.monotonic_ns() - before) / 1e6


async def _tunnel(
    stream: httpcore.AsyncNetworkStream, proxy: ProxyServer, target: bytes
) -> httpcore.AsyncNetworkStream:
    """The stream behind the proxy, asked for in httpcore's own words. Raises httpcore.ProxyError."""
    place = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target=target)
    headers = [(b"Host", target), (b"Accept", b"*/*")]
    if proxy.credentials is not None:
        headers.append((b"Proxy-Authorization", b"Basic " + b64encode(b":".join(proxy.credentials))))
    connection = httpcore.AsyncHTTP11Connection(origin=place.origin, stream=stream)
    answer = await connection.handle_async_request(httpcore.Request("CONNECT", place, headers=headers))
    if not 200 <= answer.status < 300:
        raise httpcore.ProxyError(str(answer.status))
    opened: httpcore.AsyncNetworkStream = answer.extensions["network_stream"]
    return opened


def _only_to_look() -> ssl.SSLContext:
    """A context that takes any certificate. Nothing is ever sent on a connection made with it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(_ALPN)
    return context

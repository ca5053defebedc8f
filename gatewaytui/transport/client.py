"""The only door to the network: a WireRequest and a key go in, events are told and an Exchange comes out."""

from __future__ import annotations

import logging
import os
import ssl
import time
from collections.abc import Mapping
from contextlib import ExitStack

import msgspec

from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.profile import Timeouts
from gatewaytui.domain.secret import Secret, repr_without

from .address import Url
from .call import Call
from .events import Chunk, Hear, Opened, PhaseDone, TransportEvent, hear_nothing
from .faults import ConfigTrouble, Halted
from .headers import ExtraHeaders, ready_request
from .line import Line, Route, warm_up
from .proxies import proxy_for
from .pulse import Pulse
from .trust import tls_context

__all__ = ["Chunk", "Client", "Connection", "Hear", "Opened", "PhaseDone", "TransportEvent", "hear_nothing"]


class Connection(msgspec.Struct, frozen=True):
    """How a profile reaches its gateway. ``proxy`` (it may hold a password) and ``ca_file`` are "" when unset."""

    proxy: str = ""
    ca_file: str = ""
    timeouts: Timeouts = msgspec.field(default_factory=Timeouts)

    def __repr__(self) -> str:
        return repr_without(self, "proxy")


class Client:
    """Sends requests, follows no redirect, keeps no cookie, decodes nothing but bytes.

    Only a GET may travel on a connection that was used before, and only a GET that lost the race against the server's
    close of an idle connection is sent again: a POST costs money, so it gets a connection of its own.
    Without ``reuse`` every request has a connection of its own, so that each one sent is one that the server saw.
    ``environ`` is looked at for the usual proxy and certificate variables. Clients on one loop may share
    a ``pulse``.
    """

    def __init__(
        self,
        connection: Connection,
        environ: Mapping[str, str] = os.environ,
        *,
        reuse: bool = True,
        pulse: Pulse | None = None,
    ) -> None:
        self.reuse = reuse
        self._connection = connection
        self._environ = environ
        self._context: ssl.SSLContext | None = None
        self._idle: dict[Route, list[Line]] = {}
        self._calls: set[Call] = set()
        self._pulse = pulse or Pulse()
        self._beating = ExitStack()
        self._halted = False

    async def __aenter__(self) -> Client:
        logging.getLogger("httpcore").setLevel(logging.WARNING)  # its debug lines hold the server's headers
        await warm_up()
        self._beating.enter_context(self._pulse)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._beating.close()
        idle, self._idle = self._idle, {}
        for lines in idle.values():
            for line in lines:
                await line.aclose()

    async def exchange(
        self,
        request: WireRequest,
        secret: Secret | None,
        extra_headers: ExtraHeaders = (),
        hear: Hear = hear_nothing,
    ) -> Exchange:
        """The request to its end; ``hear`` is told of it as it happens.

        Cancelling the task that waits closes the socket at once. Nothing else is raised but what ``hear`` raises:
        every failure is the fault of the Exchange.
        """
        start_ns, repeatable = time.monotonic_ns(), self.reuse and request.method == "GET"
        call = Call(request, self._connection.timeouts, start_ns, self._pulse, hear)
        try:
            if self._halted:
                raise Halted
            ready = ready_request(request, secret, extra_headers)
            route = self._route(ready.url)
            line = self._line(route, reuse=repeatable)
        except (ConfigTrouble, Halted) as trouble:
            call.fail(trouble)
            return call.exchange()
        while True:
            self._calls.add(call)
            try:
                await call.over(line, ready)
            finally:
                self._calls.discard(call)
            if not (repeatable and call.lost_race):
                break
            call = Call(request, self._connection.timeouts, start_ns, self._pulse, hear)
            line = self._line(route, reuse=False)
        exchange = call.exchange()
        await self._give_back(line, keep=repeatable and call.whole)
        return exchange

    def halt(self) -> None:
        """End what is under way as cancelled, with what came of it kept; nothing more is sent."""
        self._halted = True
        for call in self._calls:
            call.halt()

    def _route(self, url: Url) -> Route:
        proxy = proxy_for(str(url), self._connection.proxy, self._environ)
        return Route(url.scheme, url.host, url.port, proxy)

    def _line(self, route: Route, reuse: bool) -> Line:
        idle = self._idle.get(route)
        if reuse and idle:
            return idle.pop()
        return Line(route, self._trust() if route.encrypted else None)

    def _trust(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = tls_context(self._connection.ca_file, self._environ)
        return self._context

    async def _give_back(self, line: Line, keep: bool) -> None:
        if keep:
            self._idle.setdefault(line.route, []).append(line)
        else:
            await line.aclose()

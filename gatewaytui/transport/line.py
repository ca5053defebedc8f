"""A line: one connection at most, one request at a time, over a pool of httpcore's with a network of ours."""

from __future__ import annotations

import ssl

import httpcore
import msgspec

from . import limits
from .backend import Backend
from .headers import ReadyRequest
from .proxies import ProxyServer
from .timing import Journal


async def warm_up() -> None:
    """Have httpcore load what it loads on first use (some 20 ms), so that no request is charged with it."""
    async with httpcore.AsyncConnectionPool():
        pass


class Route(msgspec.Struct, frozen=True):
    """Where a connection leads; requests of equal routes may share one, one after the other."""

    scheme: str
    host: str
    port: int | None
    proxy: ProxyServer | None

    @property
    def tunnel(self) -> bool:
        """Whether a proxy must open a tunnel: always for https."""
        return self.proxy is not None and self.scheme == "https"

    @property
    def encrypted(self) -> bool:
        """Whether TLS is spoken anywhere on the way."""
        return self.scheme == "https" or (self.proxy is not None and self.proxy.scheme == "https")


class Line:
    """Carries requests along one route. ``context`` is None exactly where no TLS is spoken.

    httpx's client above the pool is left out on purpose: it parses a redirect's ``Location`` although it does not
    follow it (a malformed one raises), keeps cookies, and logs URLs; and httpx loads a command line of its own.
    """

    def __init__(self, route: Route, context: ssl.SSLContext | None) -> None:
        self.route = route
        self._backend = Backend(route.proxy is not None, route.tunnel)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            proxy=_proxy(route.proxy, context),
            max_connections=None,
            keepalive_expiry=limits.KEEP_ALIVE_S,
            network_backend=self._backend,
        )

    def lend(self, journal: Journal) -> None:
        """From now on the line carries the request of this journal."""
        self._backend.journal = journal

    async def open(self, request: ReadyRequest) -> httpcore.Response:
        """Send the request and read status and headers. Raises what `faults` maps.

        The body comes out of the response's stream, free of its framing and still encoded.
        """
        url = request.url
        place = httpcore.URL(scheme=url.scheme, host=url.raw_host, port=url.port, target=url.target)
        return await self._pool.handle_async_request(
            httpcore.Request(request.method, place, headers=request.headers, content=request.body)
        )

    def abort(self) -> None:
        """Close the socket now, without waiting for anything."""
        self._backend.abort()

    async def aclose(self) -> None:
        """Close the connection and let the pool go."""
        self.abort()
        await self._pool.aclose()


def _proxy(server: ProxyServer | None, context: ssl.SSLContext | None) -> httpcore.Proxy | None:
    if server is None:
        return None
    return httpcore.Proxy(
        httpcore.URL(scheme=server.scheme, host=server.host, port=server.port, target="/"),
        auth=server.credentials,
        ssl_context=context if server.scheme == "https" else None,
    )

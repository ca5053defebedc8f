"""A line: one connection at most, one request at a time, as an httpx transport of ours over httpcore's pool."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import cast

import httpcore
import httpx

from . import limits
from .backend import Backend
from .proxies import ProxyServer
from .timing import Journal


async def warm_up() -> None:
    """Have httpcore load what it loads on first use (some 20 ms), so that no request is charged with it."""
    async with httpcore.AsyncConnectionPool():
        pass


@dataclass(frozen=True, slots=True)
class Route:
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


class Line(httpx.AsyncBaseTransport):
    """Carries requests along one route. ``context`` is None exactly where no TLS is spoken.

    httpx's client above a transport is left out on purpose: it parses a redirect's ``Location`` although it does not
    follow it (a malformed one raises), keeps cookies, and logs URLs.
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

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request and read status and headers. Raises what `faults` maps."""
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    def abort(self) -> None:
        """Close the socket now, without waiting for anything."""
        self._backend.abort()

    async def aclose(self) -> None:
        """Close the connection and let the pool go."""
        self.abort()
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The bytes of a body as they come out of the framing, still encoded."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(cast("AsyncIterable[bytes]", self._response.stream))

    async def aclose(self) -> None:
        await self._response.aclose()


def _proxy(server: ProxyServer | None, context: ssl.SSLContext | None) -> httpcore.Proxy | None:
    if server is None:
        return None
    return httpcore.Proxy(
        httpcore.URL(scheme=server.scheme, host=server.host, port=server.port, target="/"),
        auth=server.credentials,
        ssl_context=context if server.scheme == "https" else None,
    )

"""TLS over any wire, in memory: the stamps below stay as they are, also through a proxy that speaks TLS itself."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from . import limits
from .sockets import Wire
from .timing import DeadlineExpired, Limit, Stamp

Result = TypeVar("Result")


class TlsWire:
    """A TLS connection inside another wire."""

    def __init__(self, wire: Wire, context: ssl.SSLContext, server_hostname: str) -> None:
        self._wire = wire
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.ssl_object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)

    @property
    def stamp(self) -> Stamp:
        """The stamp of the encrypted bytes received last; those of a session ticket alone bring no data."""
        return self._wire.stamp

    async def handshake(self, limit: Limit) -> None:
        """Agree on keys and verify the certificate. Raises ssl.SSLError, OSError or DeadlineExpired."""
        await self._drive(self.ssl_object.do_handshake, limit)

    async def receive(self, limit: Limit) -> bytes:
        """The next decrypted bytes, b"" at the end, tidy or not: the framing of HTTP tells a cut."""
        try:
            return await self._drive(lambda: self.ssl_object.read(limits.READ), limit)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    async def send(self, data: bytes, limit: Limit) -> None:
        """Encrypt and send it all."""
        rest = memoryview(data)
        while rest:
            view = rest
            rest = rest[await self._drive(lambda: self.ssl_object.write(view), limit) :]  # noqa: B023

    def readable(self) -> bool:
        """Whether something is there to be read."""
        return self._wire.readable()

    def close(self) -> None:
        """Close the connection without ceremony: nothing is owed to a server that was cut off."""
        self._wire.close()

    async def _drive(self, step: Callable[[], Result], limit: Limit) -> Result:
        """Do one step of TLS, carrying bytes between it and the wire until it is done."""
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush(limit)
                self._feed(await self._wire.receive(limit))
            except ssl.SSLError:
                with suppress(OSError, DeadlineExpired):
                    await self._flush(limit)  # tells the server why
                raise
            else:
                await self._flush(limit)
                return result

    def _feed(self, data: bytes) -> None:
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    async def _flush(self, limit: Limit) -> None:
        if self._outgoing.pending:
            await self._wire.send(self._outgoing.read(), limit)

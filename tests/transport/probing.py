"""What the tests of the probe share: a silent server that keeps what it hears, and a connection's settings."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from gatewaytui.domain.profile import Timeouts
from gatewaytui.transport.client import Connection
from tests.servers.fault_server import FaultServer, Peer

from .support import PATIENT


@dataclass
class Ear:
    """A server that takes connections, says nothing and keeps what it hears of each until its end."""

    heard: list[bytes] = field(default_factory=list)

    async def __call__(self, peer: Peer, _: int) -> None:
        said = b""
        while data := await peer.some():
            said += data
        self.heard.append(said)

    async def all_of(self, server: FaultServer) -> bytes:
        """Everything heard, once every connection has ended."""
        async with asyncio.timeout(5):
            while len(self.heard) < max(server.connections, 1):
                await asyncio.sleep(0.005)
        return b"".join(self.heard)


def connection_of(proxy: str = "", ca_file: str = "", timeouts: Timeouts = PATIENT) -> Connection:
    return Connection(proxy, ca_file, timeouts)

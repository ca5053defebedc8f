"""A raw socket server that misbehaves as told: bytes, pauses and endings are data, one `Script` a behaviour.

Use it as ``async with serving(SCRIPTS["reset"]) as server``; ``server.url`` is where it listens on loopback, and the
scripts are in ``fault_scripts.py``.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

import msgspec

REQUEST_END = b"\r\n\r\n"


class Ending(Enum):
    """What happens to the connection after the last byte."""

    CLOSE = "closed in order"
    RESET = "reset"
    HANG = "left open in silence until the client closes it"
    NEXT = "kept for the next request"


class Reading(Enum):
    """What a server takes in before it answers."""

    REQUEST = "a whole request"
    SOMETHING = "whatever comes first"
    NOTHING = "nothing"


class Script(msgspec.Struct, frozen=True):
    """What a server does with a connection: read a request or not, send pieces with pauses, end it.

    ``endless`` sends the last piece again and again until the client goes.
    """

    sends: tuple[bytes, ...] = ()
    ending: Ending = Ending.CLOSE
    pause: float = 0.0
    endless: bool = False
    reads: Reading = Reading.REQUEST


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def request(self) -> bytes:
        """One whole request, head and body; b"" where the client closed instead."""
        try:
            head = await self._reader.readuntil(REQUEST_END)
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""
        lines = head.lower().split(b"\r\n")
        size = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
        return head + await self._reader.readexactly(size)

    async def some(self) -> bytes:
        """Whatever comes next, b"" at the end."""
        try:
            return await self._reader.read(65536)
        except ConnectionError:
            return b""

    async def send(self, data: bytes) -> None:
        """Send it now."""
        self._writer.write(data)
        await self._writer.drain()

    async def gone(self) -> None:
        """Wait until the client has closed its end."""
        while await self.some():
            pass

    def reset(self) -> None:
        """Tear the connection down: the client gets RST."""
        raw: socket.socket = self._writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def close(self) -> None:
        """Close in order."""
        self._writer.close()
        with suppress(ConnectionError, ssl.SSLError, TimeoutError):
            await self._writer.wait_closed()


Behaviour = Callable[[Peer, int], Awaitable[None]]
"""What to do with a connection, and the how many-th it is (from 1)."""


@dataclass
class FaultServer:
    """Where the server listens, what it plays and what it saw. ``left`` counts connections that the client ended.

    The n-th of ``scripts`` is for the n-th request (or connection, where none is read), the last for all that follow.
    """

    url: str
    port: int
    scripts: tuple[Script, ...] = ()
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    played: int = 0
    left: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))


@asynccontextmanager
async def serving(
    what: Script | tuple[Script, ...] | Behaviour, tls: ssl.SSLContext | None = None
) -> AsyncIterator[FaultServer]:
    """Serve these scripts or this behaviour on a free port of loopback, over TLS where a context is given."""
    at_work: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        at_work.add(task)
        server.connections += 1
        peer = Peer(reader, writer)
        try:
            if callable(what):
                await what(peer, server.connections)
            else:
                await _play(peer, server)
        except (ConnectionError, asyncio.IncompleteReadError):
            server.left.release()
        except asyncio.CancelledError:
            pass  # the test is over; asyncio would report a handler that ends by cancellation
        finally:
            at_work.discard(task)
            writer.close()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    port = listener.sockets[0].getsockname()[1]
    scripts = (what,) if isinstance(what, Script) else () if callable(what) else what
    server = FaultServer(f"{'https' if tls else 'http'}://127.0.0.1:{port}", port, scripts)
    try:
        yield server
    finally:
        listener.close()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        await listener.wait_closed()


async def _play(peer: Peer, server: FaultServer) -> None:
    while True:
        script = server.scripts[min(server.played, len(server.scripts) - 1)]
        if script.reads is not Reading.NOTHING:
            request = await (peer.request() if script.reads is Reading.REQUEST else peer.some())
            if not request:
                server.left.release()
                return
            server.requests.append(request)
        script = server.scripts[min(server.played, len(server.scripts) - 1)]
        server.played += 1
        await _send(script, peer)
        if script.ending is Ending.NEXT:
            continue
        if script.ending is Ending.RESET:
            peer.reset()
        elif script.ending is Ending.HANG:
            await peer.gone()
            server.left.release()
        return


async def _send(script: Script, peer: Peer) -> None:
    for piece in script.sends:
        await peer.send(piece)
        await asyncio.sleep(script.pause)
    while script.endless:
        await peer.send(script.sends[-1])
        await asyncio.sleep(script.pause)


@asynccontextmanager
async def blackhole() -> AsyncIterator[int]:
    """A port of loopback that answers no connection attempt at all: its queue is full and nobody accepts (Linux)."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = [socket.socket() for _ in range(3)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    try:
        await asyncio.sleep(0.05)
        yield listener.getsockname()[1]
    finally:
        for each in (*fillers, listener):
            each.close()


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

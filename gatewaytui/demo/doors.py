"""Ports of their own for what goes wrong before HTTP: closed, full, resetting, speaking something else, untrusted.

The sockets are opened at once, so that their ports are known; what has to be answered is answered in the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import msgspec

from .persona import Door, Persona

HOST = "127.0.0.1"
LONGEST_S = 10.0
PIECE = 64 * 1024
_BANNER = b"SSH-2.0-OpenSSH_9.6\r\n"
_RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_ENOUGH_TO_FILL = 4

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Opened(msgspec.Struct, frozen=True):
    """An open door: its socket first, then sockets that must stay; ``handler`` answers where anything is answered."""

    sockets: tuple[socket.socket, ...]
    handler: Handler | None = None
    context: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        """The port on loopback."""
        port: int = self.sockets[0].getsockname()[1]
        return port


def open_doors(personas: Iterable[Persona]) -> Mapping[str, Opened]:
    """The doors by persona; one that this machine cannot have is left out."""
    wanted = {persona.name: persona.door for persona in personas if persona.door}
    opened = {name: _OPENERS[door]() for name, door in wanted.items()}
    return {name: door for name, door in opened.items() if door is not None}


async def attend(doors: Iterable[Opened]) -> list[asyncio.Server]:
    """Begin to answer at the doors that answer."""
    return [
        await asyncio.start_server(door.handler, sock=door.sockets[0], ssl=door.context)
        for door in doors
        if door.handler is not None
    ]


def _closed() -> Opened:
    """Bound, so that nobody else gets the port, and not listening."""
    sock = socket.socket()
    sock.bind((HOST, 0))
    return Opened((sock,))


def _full() -> Opened | None:
    """A queue of waiting connections that is full: Linux then drops every further SYN, as a firewall does."""
    if sys.platform != "linux":
        return None
    sock = socket.socket()
    sock.bind((HOST, 0))
    sock.listen(0)
    waiting = tuple(socket.socket() for _ in range(_ENOUGH_TO_FILL))
    for one in waiting:
        one.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            one.connect(sock.getsockname())
    return Opened((sock, *waiting))


def _listening() -> socket.socket:
    return socket.create_server((HOST, 0))


def _resetting() -> Opened:
    return Opened((_listening(),), _reset)


def _bannered() -> Opened:
    return Opened((_listening(),), _greet)


def _self_signed() -> Opened | None:
    """A certificate nobody signed but itself, made anew each time; nothing without the package that makes one."""
    try:
        context = _own_certificate()
    except ImportError:
        return None
    return Opened((_listening(),), _hang_up, context)


async def _reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request, then reset the connection instead of answering."""
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(reader.read(PIECE), LONGEST_S)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    writer.transport.abort()


async def _greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say what an SSH server says to anybody, and wait for an answer in kind."""
    with contextlib.suppress(OSError, TimeoutError):
        writer.write(_BANNER)
        await writer.drain()
        await asyncio.wait_for(reader.read(PIECE), LONGEST_S)
    writer.close()


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def _own_certificate() -> ssl.SSLContext:
    """A TLS server's context with such a certificate. Raises ImportError."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "own.pem"
        file.write_bytes(secret + certificate.public_bytes(pem))
        context.load_cert_chain(file)
    return context


_OPENERS: Mapping[Door, Callable[[], Opened | None]] = MappingProxyType(
    {
        Door.CLOSED: _closed,
        Door.FULL: _full,
        Door.RESET: _resetting,
        Door.BANNER: _bannered,
        Door.SELF_SIGNED: _self_signed,
    }
)

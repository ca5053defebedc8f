"""A server that answers as told, bytes for the list and bytes for the chat: for bodies no gateway of ours speaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec

GOOD_LIST = b'{"object":"list","data":[{"id":"gpt-5.5","object":"model","owned_by":"x"}]}'
GOOD_CHAT = (
    b'{"id":"c1","object":"chat.completion","model":"gpt-5.5","choices":[{"index":0,"message":'
    b'{"role":"assistant","content":"OK"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,'
    b'"total_tokens":4}}'
)


class Reply(msgspec.Struct, frozen=True):
    """What to answer."""

    status: int = 200
    content_type: str = "application/json"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class PlainServer:
    """Where it listens, and what it was asked."""

    base_url: str
    requests: list[tuple[str, bytes]] = field(default_factory=list)


@asynccontextmanager
async def serving(models: Reply | None = None, chat: Reply | None = None) -> AsyncIterator[PlainServer]:
    """Serve these two replies on a free port of loopback."""
    answers = {"GET": models or Reply(body=GOOD_LIST), "POST": chat or Reply(body=GOOD_CHAT)}
    server_ref: list[PlainServer] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *rest = head.decode("latin-1").split("\r\n")
                length = next((int(h.split(":")[1]) for h in rest if h.lower().startswith("content-length:")), 0)
                body = await reader.readexactly(length)
                server_ref[0].requests.append((line, body))
                reply = answers[line.split()[0]]
                headers = "".join(f"{name}: {value}\r\n" for name, value in reply.headers)
                writer.write(
                    f"HTTP/1.1 {reply.status} X\r\ncontent-type: {reply.content_type}\r\n"
                    f"content-length: {len(reply.body)}\r\n{headers}\r\n".encode()
                    + reply.body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    server_ref.append(PlainServer(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"))
    async with server:
        yield server_ref[0]

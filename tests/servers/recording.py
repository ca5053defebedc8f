"""A gateway that behaves as a function says and logs what it was asked: what a run's claims are held against.

It runs on a loop of its own in a thread, so that a test may ask it from a coroutine, a thread or another process.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

AUTH_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "api-key")


class Asked(msgspec.Struct, frozen=True):
    """One request as it came. ``keys`` are the auth headers that were present with the key each of them held."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    version: str = "HTTP/1.1"

    @property
    def keys(self) -> dict[str, str]:
        return {name: self.headers[name].removeprefix("Bearer ") for name in AUTH_HEADERS if name in self.headers}

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.body or b"{}")
        assert isinstance(value, dict)
        return value


class Answer(msgspec.Struct, frozen=True):
    """What to answer: a whole body, or ``pieces`` sent in chunks with a ``pause`` (s) before each."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    pieces: tuple[bytes, ...] = ()
    pause: float = 0.0
    close: bool = False


Behaviour = Callable[[Asked], Answer | None]
"""The answer to a request; None is silence until the client goes."""


@dataclass
class Gateway:
    """Where it listens (without a path), what it was asked in order, and how many connections are open now."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    open: int = 0
    behaviour: Behaviour = lambda _: Answer(404)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while (asked := await _request(reader)) is not None:
                self.asked.append(asked)
                answer = self.behaviour(asked)
                if answer is None:
                    await reader.read()
                    break
                chunked = bool(answer.pieces) and asked.version == "HTTP/1.1"
                await _send(writer, answer, chunked)
                if answer.close or (answer.pieces and not chunked):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    """The next request, None where the client closed instead."""
    head = await reader.readuntil(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").strip().split("\r\n")
    method, target, version = line.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (row.partition(":") for row in rest)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    if "://" in target:  # as a proxy is asked
        target = "/" + target.partition("://")[2].partition("/")[2]
    path, _, query = target.partition("?")
    return Asked(method, path, query, headers, body, version)


async def _send(writer: asyncio.StreamWriter, answer: Answer, chunked: bool) -> None:
    """Pieces go in chunks, or to an HTTP/1.0 client until the connection closes."""
    rows = [f"HTTP/1.1 {answer.status} X", f"content-type: {answer.content_type}"]
    if chunked:
        rows.append("transfer-encoding: chunked")
    else:
        rows.append("connection: close" if answer.pieces else f"content-length: {len(answer.body)}")
    rows += [f"{name}: {value}" for name, value in answer.headers]
    writer.write("\r\n".join((*rows, "", "")).encode() + (b"" if answer.pieces else answer.body))
    await writer.drain()
    for piece in answer.pieces:
        await asyncio.sleep(answer.pause)
        writer.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        await writer.drain()
    if chunked:
        writer.write(b"0\r\n\r\n")
        await writer.drain()


@contextmanager
def recording(behaviour: Behaviour) -> Iterator[Gateway]:
    """Serve it on a free port of loopback; stopped with all its connections at the end."""
    gateway = Gateway(behaviour=behaviour)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="recording-gateway")
    thread.start()
    serving = asyncio.run_coroutine_threadsafe(asyncio.start_server(gateway.handle, "127.0.0.1", 0), loop).result(5)
    gateway.url = f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}"
    try:
        yield gateway
    finally:
        asyncio.run_coroutine_threadsafe(_stop(serving), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

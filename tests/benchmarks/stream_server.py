"""A stream server for benchmarks, a process of its own: it stamps each chunk just before it is sent.

The first segments of the path are the schedule: ``/b<burst>/g<gap us>/n<chunks>/v1/chat/completions``: so many chunks
as fast as the socket takes them, then one each gap; a gap of 0 sends all of them so. The gaps of a stream count from
when it was asked for. With ``/p<parts>`` after the chunks they are the server's own: streams tick all at once where
there is one part, else one after the other, each a part of the gap later, however their client came to ask for them.
``id`` of a paced chunk ends in CLOCK_MONOTONIC nanoseconds and, after a dash, in how many the chunk before it took to
be sent: where that is long this server itself was interrupted, and its stamp tells nothing about a reader. Anything
else is answered like a small gateway: a list of one model, a chat that says OK.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count

MODEL = "bench-model-1"
_SCHEDULE = re.compile(rb"/b(\d+)/g(\d+)/n(\d+)/(?:p(\d+)/)?")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_WORDS = (" the", " model", " returns", " a", " token", " with", " care", " and", ",", " caf\\u00e9", " done.\\n")
_BATCH = 64
_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
_LIST = {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "bench"}]}
_CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_763_600_000,
    "model": MODEL,
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10},
}


def _event(delta: str, at_ns: int = 0, took_ns: int = 0, reason: str = "null") -> bytes:
    return (
        f'data: {{"id":"chatcmpl-{at_ns:019d}-{took_ns:010d}","object":"chat.completion.chunk","created":1763600000,'
        f'"model":"{MODEL}","choices":[{{"index":0,"delta":{delta},"logprobs":null,"finish_reason":{reason}}}],"usage":null}}\n\n'
    ).encode()


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _token(number: int, at_ns: int = 0, took_ns: int = 0) -> bytes:
    return _framed(_event(f'{{"content":"{_WORDS[number % len(_WORDS)]}"}}', at_ns, took_ns))


def _end(tokens: int) -> bytes:
    usage = f'{{"prompt_tokens":9,"completion_tokens":{tokens},"total_tokens":{tokens + 9}}}'
    return (
        _framed(_event("{}", reason='"stop"'))
        + _framed(f'data: {{"id":"1","model":"{MODEL}","choices":[],"usage":{usage}}}\n\n'.encode())
        + _framed(b"data: [DONE]\n\n")
        + b"0\r\n\r\n"
    )


class _Connection(asyncio.Protocol):
    """One connection: its requests one after the other. ``turns`` counts the streams that share out a gap."""

    def __init__(self, turns: Iterator[int]) -> None:
        self._turns = turns

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._asked = b""
        self._sent = self._burst = self._count = self._parts = self._took_ns = 0
        self._gap_s = self._due_s = 0.0
        self._room = True
        self._batch = b"".join(map(_token, range(_BATCH)))

    def data_received(self, data: bytes) -> None:
        self._asked += data
        head, blank, body = self._asked.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not blank or len(body) < (int(length[1]) if length else 0):
            return
        self._asked = b""
        schedule = _SCHEDULE.search(head.partition(b"\r\n")[0])
        if schedule is None or not head.startswith(b"POST"):
            self._answer(_CHAT if head.startswith(b"POST") else _LIST)
            return
        self._burst, gap_us, self._count, self._parts = (int(number or 0) for number in schedule.groups())
        self._burst, self._gap_s, self._sent = (self._burst if gap_us else self._count), gap_us / 1e6, 0
        self._transport.write(_STREAM_HEAD + _framed(_event('{"role":"assistant","content":""}')))
        self._pour()

    def pause_writing(self) -> None:
        self._room = False

    def resume_writing(self) -> None:
        self._room = True
        if self._sent < self._burst:
            self._pour()

    def connection_lost(self, error: Exception | None) -> None:
        self._count = 0

    def _answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )

    def _pour(self) -> None:
        """As many as the socket takes."""
        while self._sent < self._burst:
            if not self._room:
                return
            self._transport.write(self._batch)
            self._sent += _BATCH
        self._due_s = self._loop.time()
        if self._parts and self._gap_s:
            part = next(self._turns) % self._parts
            self._due_s += self._gap_s - self._due_s % self._gap_s + self._gap_s * part / self._parts
        self._step()

    def _step(self) -> None:
        """One paced chunk, or the end."""
        if self._transport.is_closing():
            return
        if self._sent >= self._count:
            self._transport.write(_end(self._sent))
            return
        self._due_s += self._gap_s
        self._loop.call_at(self._due_s, self._send)

    def _send(self) -> None:
        if not self._transport.is_closing():
            begun_ns = time.monotonic_ns()
            self._transport.write(_token(self._sent, begun_ns, self._took_ns))
            self._took_ns = time.monotonic_ns() - begun_ns
            self._sent += 1
            self._step()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(partial(_Connection, count()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # its parent's end is its own
    server.close()


@contextmanager
def streaming() -> Iterator[str]:
    """The server's origin while it runs."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def base_url(origin: str, chunks: int, gap_us: int = 0, burst: int = 0, parts: int = 0) -> str:
    """Where so many chunks come at this pace."""
    return f"{origin}/b{burst}/g{gap_us}/n{chunks}/" + (f"p{parts}/v1" if parts else "v1")


if __name__ == "__main__":
    asyncio.run(_serve())

"""Who reads a stream: our engine and its peers, each a coroutine that gives the chunks it saw.

``python -m tests.benchmarks.readers NAME URL STREAMS`` runs one in this process and prints, as JSON, the CPU time it
took, its chunks, and when each was stamped against when the server sent it.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import AuthHeader, KeyReference, KeySource, Profile, Protocol, Target, Timeouts
from gatewaytui.domain.progress import ChatJob, Streamed
from gatewaytui.domain.secret import Secret

from .processes import KEY
from .stream_server import MODEL

Stamps = list[tuple[int, tuple[int, int]]]
"""(stamped, (sent, how long the chunk before took to be sent)) in ns; 0 for what was sent flat out."""

PROMPT = "Tell me of rivers"
_BODY = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": PROMPT}]}
_SENT = re.compile(r"chatcmpl-(\d{19})-(\d{10})")
_PATIENCE = Timeouts(stall=60.0, total=600.0)


class OneKey:
    """A key source with one key, which the engine looks for in all that the server says."""

    def read(self, target: Target) -> Secret | None:
        del target
        return Secret(KEY)

    def headers(self, target: Target) -> tuple[tuple[str, Secret | str], ...]:
        del target
        return ()

    def remember(self, profile: str, group: str, secret: Secret) -> None: ...

    def must_ask_in_clear(self, profile: Profile) -> bool:
        del profile
        return False


def chat_job(url: str, streams: int) -> ChatJob:
    """The engine's job: the same stream from so many targets."""
    request = ChatRequest(model=MODEL, messages=(Message(Role.USER, PROMPT),), stream=True)
    targets = (
        Target(Profile(f"bench-{number}", url, key=KeyReference(KeySource.NONE), timeouts=_PATIENCE))
        for number in range(streams)
    )
    return ChatJob(tuple(targets), request)


def sent_ns(data: str) -> tuple[int, int]:
    """When the server sent the event with this payload, and for how long the one before; 0 where it does not say."""
    found = _SENT.search(data)
    return (int(found[1]), int(found[2])) if found else (0, 0)


async def engine(url: str, streams: int) -> list[Stamps]:
    """The whole engine: a job, its frames (all of them, as with the others), its verdict.

    Stamps count from each request's start.
    """
    from gatewaytui.engine.engine import Engine

    seen: list[Stamps] = [[] for _ in range(streams)]
    async with aclosing(Engine(OneKey()).run(chat_job(url, streams))) as events:
        async for event in events:
            if isinstance(event, Streamed):
                seen[event.target].append((event.at_ns, sent_ns(event.frame.data)))
    return seen


async def transport(url: str, streams: int) -> list[Stamps]:
    """The engine's transport and decoder alone: what the peers do."""
    from gatewaytui.protocols.table import PROTOCOLS
    from gatewaytui.transport.client import Chunk, Client, Connection, TransportEvent
    from gatewaytui.transport.pulse import Pulse

    dialect, pulse = PROTOCOLS[Protocol.OPENAI_CHAT], Pulse()  # shared, as the targets of a comparison do
    request = dialect.chat_request(url, chat_job(url, 1).request, AuthHeader.NONE)

    async def one() -> Stamps:
        seen: Stamps = []
        decoder = dialect.decoder()
        async with Client(Connection(timeouts=_PATIENCE), pulse=pulse) as client:
            begun = time.monotonic_ns()

            def hear(event: TransportEvent) -> None:
                if isinstance(event, Chunk):
                    for frame in decoder.feed(event.data):
                        seen.append((begun + event.at_ns, sent_ns(frame.data)))

            await client.exchange(request, None, hear=hear)
        return seen

    return await asyncio.gather(*(one() for _ in range(streams)))


async def httpx_raw(url: str, streams: int, seen_in: Callable[[int], None] | None = None) -> list[Stamps]:
    """Plain httpx with our decoder, stamped after parsing; ``seen_in`` hears of each chunk's stream."""
    import httpx

    from gatewaytui.protocols.table import PROTOCOLS

    limits, headers = httpx.Limits(max_connections=None), {"accept-encoding": "identity"}

    async def one(client: httpx.AsyncClient, number: int) -> Stamps:
        seen: Stamps = []
        decoder = PROTOCOLS[Protocol.OPENAI_CHAT].decoder()
        async with client.stream("POST", f"{url}/chat/completions", json=_BODY) as response:
            async for piece in response.aiter_raw():
                for frame in decoder.feed(piece):
                    seen.append((time.monotonic_ns(), sent_ns(frame.data)))
                    if seen_in is not None:
                        seen_in(number)
        return seen

    async with httpx.AsyncClient(limits=limits, headers=headers, timeout=None, trust_env=False) as client:
        return await asyncio.gather(*(one(client, number) for number in range(streams)))


async def httpx_sse(url: str, streams: int) -> list[Stamps]:
    """httpx-sse with json.loads."""
    import httpx
    from httpx_sse import aconnect_sse

    async def one(client: httpx.AsyncClient) -> Stamps:
        seen: Stamps = []
        async with aconnect_sse(client, "POST", f"{url}/chat/completions", json=_BODY) as source:
            async for event in source.aiter_sse():
                if event.data != "[DONE]":
                    json.loads(event.data)
                    seen.append((time.monotonic_ns(), sent_ns(event.data)))
        return seen

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(limits=limits, timeout=None, trust_env=False) as client:
        return await asyncio.gather(*(one(client) for _ in range(streams)))


async def aiohttp(url: str, streams: int) -> list[Stamps]:
    """aiohttp with our decoder."""
    import aiohttp as library

    from gatewaytui.protocols.table import PROTOCOLS

    async def one(session: library.ClientSession) -> Stamps:
        seen: Stamps = []
        decoder = PROTOCOLS[Protocol.OPENAI_CHAT].decoder()
        async with session.post(f"{url}/chat/completions", json=_BODY) as response:
            async for piece in response.content.iter_any():
                for frame in decoder.feed(piece):
                    seen.append((time.monotonic_ns(), sent_ns(frame.data)))
        return seen

    async with library.ClientSession(connector=library.TCPConnector(limit=0)) as session:
        return await asyncio.gather(*(one(session) for _ in range(streams)))


async def openai_sdk(url: str, streams: int) -> list[Stamps]:
    """The vendor's own client."""
    from openai import AsyncOpenAI

    async def one(client: AsyncOpenAI) -> Stamps:
        seen: Stamps = []
        asked = await client.chat.completions.create(
            model=MODEL, messages=[{"role": "user", "content": PROMPT}], stream=True
        )
        async for chunk in asked:
            seen.append((time.monotonic_ns(), sent_ns(chunk.id)))
        return seen

    async with AsyncOpenAI(base_url=url, api_key="none", max_retries=0, timeout=600) as client:
        return await asyncio.gather(*(one(client) for _ in range(streams)))


READERS: dict[str, Callable[[str, int], Awaitable[list[Stamps]]]] = {
    reader.__name__: reader for reader in (transport, engine, httpx_raw, httpx_sse, aiohttp, openai_sdk)
}


async def _measured(name: str, url: str, streams: int) -> dict[str, object]:
    reader = READERS[name]
    origin = url.partition("/b")[0]
    await reader(f"{origin}/b0/g0/n64/v1", 1)
    begun = time.process_time_ns()
    seen = await reader(url, streams)
    return {"cpu_us": (time.process_time_ns() - begun) / 1e3, "chunks": sum(map(len, seen)), "seen": seen}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measured(sys.argv[1], sys.argv[2], int(sys.argv[3])))))

"""Requests, short deadlines and a key that must never be seen, for the tests of this room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gatewaytui.domain.exchange import Ask, AskKind, Exchange, WireRequest
from gatewaytui.domain.profile import AuthHeader, Timeouts
from gatewaytui.domain.secret import Secret
from gatewaytui.transport.client import Client, Connection, TransportEvent

CANARY = "sk-canary-3vJq8ZtLx0PpWm7Ru5Yc"
KEY = Secret(CANARY)
SHORT = Timeouts(connect=0.3, first_byte=0.3, stall=0.15, total=0.45)
PATIENT = Timeouts(connect=5, first_byte=5, stall=5, total=20)


def get(url: str, auth: AuthHeader = AuthHeader.BEARER) -> WireRequest:
    return WireRequest("GET", f"{url}/v1/models", "/v1/models", Ask(AskKind.MODELS), auth)


def post(url: str, body: bytes = b"{}", streaming: bool = True) -> WireRequest:
    ask = Ask(AskKind.CHAT, streaming=streaming)
    headers = (("content-type", "application/json"),)
    return WireRequest(
        "POST", f"{url}/v1/chat/completions", "/v1/chat/completions", ask, AuthHeader.BEARER, headers, body
    )


async def ask(
    request: WireRequest, timeouts: Timeouts = PATIENT, *, proxy: str = "", ca_file: str = "", **environ: str
) -> Exchange:
    """The exchange of one request on a client of its own."""
    async with Client(Connection(proxy, ca_file, timeouts), environ) as client:
        return await client.exchange(request, KEY)


async def told(client: Client, request: WireRequest) -> tuple[list[TransportEvent], Exchange]:
    """Everything that a request tells, and the exchange it ends with."""
    heard: list[TransportEvent] = []
    exchange = await client.exchange(request, KEY, hear=heard.append)
    return heard, exchange


async def abandoned(client: Client, request: WireRequest, wanted: Callable[[TransportEvent], bool]) -> TransportEvent:
    """The first event that is wanted; the request is cancelled once it was told."""
    found: asyncio.Future[TransportEvent] = asyncio.get_running_loop().create_future()

    def hear(event: TransportEvent) -> None:
        if not found.done() and wanted(event):
            found.set_result(event)

    asking = asyncio.create_task(client.exchange(request, KEY, hear=hear))
    try:
        return await asyncio.wait_for(found, 5)
    finally:
        asking.cancel()
        await asyncio.wait({asking})

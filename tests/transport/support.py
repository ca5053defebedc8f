"""Requests, short deadlines and a key that must never be seen, for the tests of this room."""

from __future__ import annotations

from contextlib import aclosing

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


async def events(client: Client, request: WireRequest) -> list[TransportEvent]:
    """Everything that a request tells."""
    async with aclosing(client.send(request, KEY)) as told:
        return [event async for event in told]

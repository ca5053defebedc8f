"""What the tests of this room share: exchanges built by hand, scenarios from files, the recorded corpus."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from gatewaytui.domain.chat import Answer, Frame
from gatewaytui.domain.exchange import Ask, AskKind, Exchange, TransportFault, WireRequest, WireResponse
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.accumulate import Accumulator
from gatewaytui.protocols.table import PROTOCOLS

SCENARIOS = Path(__file__).parent / "scenarios"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "recorded"


def scenarios(name: str) -> list[dict[str, Any]]:
    return tomllib.loads((SCENARIOS / f"{name}.toml").read_text(encoding="utf-8"))["scenario"]


def recordings() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CORPUS.glob("*-*.json"))]


def exchange(
    body: bytes | str,
    ask: Ask | None = None,
    *,
    status: int = 200,
    content_type: str = "",
    fault: TransportFault | None = None,
) -> Exchange:
    data = body.encode() if isinstance(body, str) else body
    headers = (("Content-Type", content_type),) if content_type else ()
    request = WireRequest(
        "POST", "https://gateway.example/v1/x", "/v1/x", ask or Ask(AskKind.UNKNOWN), AuthHeader.BEARER
    )
    return Exchange(request, WireResponse(status, headers, data), fault)


def chat(protocol: str | Protocol, streaming: bool | None = True, model: str = "") -> Ask:
    return Ask(AskKind.CHAT, Protocol(protocol), model, streaming)


def frames(protocol: str | Protocol, pieces: list[bytes]) -> list[Frame]:
    decoder = PROTOCOLS[Protocol(protocol)].decoder()
    found: list[Frame] = []
    for piece in pieces:
        found += decoder.feed(piece)
    return found + decoder.close()


def answer(protocol: str | Protocol, body: str | bytes) -> Answer:
    accumulator = Accumulator()
    for frame in frames(protocol, [body.encode() if isinstance(body, str) else body]):
        for event in frame.events:
            accumulator.add(event)
    return accumulator.answer()


def sse(*payloads: object, end: str = "\n") -> str:
    """Events of these JSON payloads (or texts), each with its blank line."""
    texts = (payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False) for payload in payloads)
    return "".join(f"data: {text}{end}{end}" for text in texts)


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **members: Any) -> dict[str, Any]:
    """A chat chunk with one choice."""
    choice: dict[str, Any] = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **members}

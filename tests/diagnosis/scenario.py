"""Scenarios as data: one JSON object a line becomes an Exchange, read through its protocol as the engine reads it.

Fields: ``rule`` (the row meant), ``class``, ``status``, ``body`` (object or text); and where they matter
``near_miss`` (``rule`` must not match), ``stage`` (models, chat, embeddings, unknown), ``protocol``, ``stream``,
``model``, ``type`` (content type), ``headers``, ``url``, ``path``, ``fault`` [kind, phase, detail], ``reads_ms``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.exchange import (
    Ask,
    AskKind,
    Exchange,
    FaultKind,
    Phase,
    Read,
    TransportFault,
    WireRequest,
    WireResponse,
)
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.reading import read_exchange

FOLDER = Path(__file__).parents[1] / "scenarios" / "rules"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
Case = dict[str, Any]


def load() -> list[Case]:
    return [
        {**json.loads(line), "file": file.stem, "line": number}
        for file in sorted(FOLDER.glob("*.jsonl"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
    ]


def name_of(case: Case) -> str:
    return f"{case['file']}:{case['line']}-{case['rule']}{'-near-miss' if case.get('near_miss') else ''}"


def exchange_of(case: Case) -> Exchange:
    stage = case.get("stage", "chat")
    protocol = None if stage == "unknown" else Protocol(case.get("protocol", "openai-chat"))
    model = "" if stage in ("models", "unknown") else case.get("model", "gpt-5.5")
    ask = Ask(AskKind(stage), protocol, model, None if stage == "unknown" else case.get("stream", False))
    path = case.get("path", "/v1/models" if stage == "models" else "/v1/chat/completions")
    request = WireRequest(
        "GET" if stage == "models" else "POST",
        case.get("url", "https://gateway.test" + path),
        path,
        ask,
        AuthHeader.BEARER,
    )
    fault = case.get("fault")
    return Exchange(
        request,
        _response_of(case),
        TransportFault(FaultKind(fault[0]), Phase(fault[1]), *fault[2:]) if fault else None,
        reads=tuple(
            Read(round(at * 1e6), 10, unseen_ns=round(case.get("unseen_ms", 0) * 1e6))
            for at in case.get("reads_ms", ())
        ),
    )


def _response_of(case: Case) -> WireResponse | None:
    if "status" not in case:
        return None
    body = case.get("body", "")
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    kind = case.get(
        "type", "text/event-stream" if case.get("stream") and case["status"] == 200 else "application/json"
    )
    headers = (("content-type", kind), *(tuple(pair) for pair in case.get("headers", ())))
    return WireResponse(case["status"], headers, text.encode())


def finding_of(case: Case) -> Finding | None:
    exchange = exchange_of(case)
    return classify(exchange, read_exchange(exchange))

"""Redaction of a large text: known keys against a plain replacement, patterns against json.loads."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from gatewaytui.domain.secret import Secret
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.patterns import secrets
from gatewaytui.evidence.redact import redact

from .figures import Figure, interleaved

KEYS = tuple(f"sk-proj-{n:02d}Qm7xV2bT9kLp4Rz8Wd1Yc6Hn3Js5Gf0A" for n in range(3))
ENTRIES = 4_000


def text(entries: int = ENTRIES) -> str:
    """A log of answers as gateways give them, without a secret in it: JSON, as large as a model list."""
    rows = [
        {
            "id": f"model-{n % 97}-preview",
            "object": "chat.completion.chunk",
            "created": 1_763_600_000 + n,
            "message": "The model answered with a few words, and the gateway counted them.",
            "usage": {"prompt_tokens": n % 300, "completion_tokens": n % 70, "total_tokens": n % 370},
            "finish_reason": "stop",
            "index": n % 3,
        }
        for n in range(entries)
    ]
    return json.dumps(rows)


def measure(rounds: int) -> list[Figure]:
    """Each work in turn; CPU time."""
    whole = text()
    raw = whole.encode()
    known = Known(tuple(map(Secret, KEYS)))
    keys = [key.encode() for key in KEYS]
    took = interleaved(
        max(rounds, 5),
        {
            "known": lambda: _cpu_ms(lambda: known.find(whole)),
            "replace": lambda: _cpu_ms(lambda: [raw.replace(key, b"[key withheld]") for key in keys]),
            "patterns": lambda: _cpu_ms(lambda: secrets(whole)),
            "redact": lambda: _cpu_ms(lambda: redact(whole, known)),
            "json": lambda: _cpu_ms(lambda: json.loads(raw)),
        },
        warm_ups=1,
    )
    size = f"{len(raw) / 1e6:.1f} MB"
    return [
        Figure(f"redaction, {size}: three known keys / bytes.replace", "ms", took["known"], took["replace"], 5.0),
        Figure(f"redaction, {size}: patterns / json.loads", "ms", took["patterns"], took["json"], 1.0),
        Figure(f"redaction, {size}: all of it / json.loads", "ms", took["redact"], took["json"]),
    ]


def _cpu_ms(work: Callable[[], object]) -> float:
    begun = time.process_time_ns()
    work()
    return (time.process_time_ns() - begun) / 1e6

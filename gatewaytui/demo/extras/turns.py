"""Conversations that are not answered: Anthropic counts their tokens, OpenAI makes them shorter."""

from __future__ import annotations

import base64
from hashlib import shake_256

from gatewaytui.demo.prompt import Malformed, Object, said, turns, typed, weight
from gatewaytui.demo.speech.base import to_json

from .base import Answer, Sent, Setting

_NOT_COUNTED = ("max_tokens", "stream", "temperature")
_SEALED = 180  # bytes of a compacted conversation, which only the server can read
_SUMMARY_TOKENS = 48


def count_tokens(sent: Sent, setting: Setting) -> Answer:
    """``{input_tokens}``, the number that the message itself would be billed."""
    for name in _NOT_COUNTED:
        if name in sent.values:
            raise Malformed(f"{name}: Extra inputs are not permitted", name)
    counted = weight([turns(sent.values, "messages"), sent.values.get("system")])
    return Answer(to_json({"input_tokens": counted}))


def compact(sent: Sent, setting: Setting) -> Answer:
    """An object ``response.compaction``: what the user said, and one sealed item that stands for all the rest."""
    if before := typed(sent.values, "previous_response_id", str, ""):
        raise Malformed(f"Previous response with id '{before}' not found.", "previous_response_id")
    asked = sent.values.get("input")
    items = [{"role": "user", "content": asked}] if isinstance(asked, str) and asked else turns(sent.values, "input")
    texts = [text for item in items if (text := said([item], "content"))]
    sealed = shake_256(repr((setting.seed, setting.model, items)).encode()).digest(_SEALED)
    seal = "gAAAAAB" + base64.urlsafe_b64encode(sealed).decode()
    counted = weight([items, sent.values.get("instructions")])
    body: Object = {
        "id": f"resp_{setting.id}",
        "object": "response.compaction",
        "created_at": setting.created,
        "output": [
            *(_message(f"msg_{setting.id}{at:02}", text) for at, text in enumerate(texts)),
            {"id": f"cmp_{setting.id}", "type": "compaction", "encrypted_content": seal},
        ],
        "usage": {
            "input_tokens": counted,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": _SUMMARY_TOKENS,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": counted + _SUMMARY_TOKENS,
        },
    }
    return Answer(to_json(body))


def _message(id: str, text: str) -> Object:
    part = {"type": "input_text", "text": text}
    return {"id": id, "type": "message", "status": "completed", "role": "user", "content": [part]}

"""Embeddings in OpenAI's shape: a vector of length one for each text, the same for the same text."""

from __future__ import annotations

import base64
import math
import struct
from hashlib import shake_256

from gatewaytui.demo.prompt import Malformed, weight
from gatewaytui.demo.speech.base import to_json

from .base import Answer, Sent, Setting

DIMENSIONS = 256
_LARGEST = 3072
_MOST_INPUTS = 2048


def embeddings(sent: Sent, setting: Setting) -> Answer:
    """``{object: list, data: [{object: embedding, index, embedding}], model, usage}``, packed where asked."""
    inputs = _inputs(sent)
    size = sent.number("dimensions", DIMENSIONS, _LARGEST)
    packed = sent.choice("encoding_format", ("float", "base64")) == "base64"
    vectors = [_vector((setting.seed, setting.model, one), size) for one in inputs]
    data = [
        {"object": "embedding", "index": at, "embedding": _packed(vector) if packed else vector}
        for at, vector in enumerate(vectors)
    ]
    tokens = sum(len(one) if isinstance(one, list) else weight(one) for one in inputs)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return Answer(to_json({"object": "list", "data": data, "model": setting.model, "usage": usage}))


def _inputs(sent: Sent) -> list[str | list[int]]:
    """The texts, each written out or as its tokens; one alone need not be in an array. Raises Malformed."""
    asked = sent.values.get("input")
    if asked is None:
        raise Malformed("Missing required parameter: 'input'.", "input")
    inputs = [asked] if isinstance(asked, str) or _is_tokens(asked) else asked
    if not isinstance(inputs, list) or not 0 < len(inputs) <= _MOST_INPUTS:
        raise Malformed(f"Invalid 'input': expected text, or an array of 1 to {_MOST_INPUTS} texts.", "input")
    if not all((isinstance(one, str) and one) or _is_tokens(one) for one in inputs):
        raise Malformed("Invalid 'input': expected texts or tokens that are not empty.", "input")
    return inputs


def _is_tokens(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(type(one) is int for one in value)


def _vector(seed: object, size: int) -> list[float]:
    numbers = struct.unpack(f"<{size}h", shake_256(repr(seed).encode()).digest(2 * size))
    length = math.hypot(*numbers) or 1.0
    return list(struct.unpack(f"<{size}f", struct.pack(f"<{size}f", *(number / length for number in numbers))))


def _packed(vector: list[float]) -> str:
    """As OpenAI packs them: little-endian, 32 bits a number, base64."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()

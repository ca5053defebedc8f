"""What a scenario's server sends, as data: text, or tables that stand for bytes too long or too odd to write out.

A piece is a text, a list of pieces (joined), or a table with one of these keys:
``hex`` and ``base64``; ``repeat`` with ``times`` (``%N%`` in it is the number of the copy); ``gzip`` and ``deflate``
of a piece (``cut`` drops so many bytes at the end); ``chunk`` of a piece, framed as one chunk of a chunked body;
``delta``, one event of an OpenAI chat stream with this text; ``head``, a status line with ``type`` and ``headers``;
``response``, the same with the ``body`` and its length.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from tests.servers.fault_scripts import chunk, head, sized

Tokens = Mapping[str, str]


def piece(what: Any, tokens: Tokens) -> bytes:
    """The bytes of a piece; every token in it is replaced by its value."""
    if isinstance(what, str):
        return _replaced(what, tokens).encode()
    if isinstance(what, list):
        return b"".join(piece(part, tokens) for part in what)
    (maker,) = (name for name in _MAKERS if name in what)
    return _MAKERS[maker](what, tokens)


def _replaced(text: str, tokens: Tokens) -> str:
    for token, value in tokens.items():
        text = text.replace(token, value)
    return text


def _repeat(what: dict[str, Any], tokens: Tokens) -> bytes:
    one = piece(what["repeat"], tokens)
    if b"%N%" not in one:
        return one * what["times"]
    return b"".join(one.replace(b"%N%", b"%d" % number) for number in range(what["times"]))


def _cut(packed: bytes, what: dict[str, Any]) -> bytes:
    return packed[: len(packed) - what.get("cut", 0)]


def _delta(what: dict[str, Any], tokens: Tokens) -> bytes:
    event = {
        "id": "c1",
        "object": "chat.completion.chunk",
        "model": "gpt-5.5",
        "choices": [{"index": 0, "delta": {"content": _replaced(what["delta"], tokens)}, "finish_reason": None}],
    }
    return b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"


def _headers(what: dict[str, Any], tokens: Tokens) -> tuple[str, ...]:
    return tuple(_replaced(line, tokens) for line in what.get("headers", ()))


def _head(what: dict[str, Any], tokens: Tokens) -> bytes:
    return head(what["head"], *_headers(what, tokens), kind=what.get("type", "application/json"))


def _response(what: dict[str, Any], tokens: Tokens) -> bytes:
    body, kind = piece(what.get("body", ""), tokens), what.get("type", "application/json")
    return sized(body, *_headers(what, tokens), status=what["response"], kind=kind)


_MAKERS: Mapping[str, Callable[[dict[str, Any], Tokens], bytes]] = MappingProxyType(
    {
        "hex": lambda what, _: bytes.fromhex(what["hex"]),
        "base64": lambda what, _: base64.b64decode(what["base64"]),
        "repeat": _repeat,
        "gzip": lambda what, tokens: _cut(gzip.compress(piece(what["gzip"], tokens), mtime=0), what),
        "deflate": lambda what, tokens: _cut(zlib.compress(piece(what["deflate"], tokens)), what),
        "chunk": lambda what, tokens: chunk(piece(what["chunk"], tokens)),
        "delta": _delta,
        "head": _head,
        "response": _response,
    }
)

"""A gateway that takes the endpoints beside chat, strict about what it takes: forms are parsed, files opened."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import struct
import wave
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import msgspec

KEY = "sk-strict-0123456789abcdef"
LISTED = (
    ("gpt-5.5", ("openai", "openai-response", "openai-response-compact"), 2.0, 8.0),
    ("claude-opus-4-6", ("anthropic", "openai"), 5.0, 25.0),
    ("gemini-3.5-flash", ("gemini", "openai"), 0.5, 3.0),
    ("text-embedding-3-small", ("embeddings",), 0.02, 0.0),
    ("jina-reranker-v3", ("jina-rerank",), 0.05, 0.0),
    ("gpt-image-1", ("image-generation",), 5.0, 40.0),
    ("dall-e-2", ("image-generation",), None, None),
    ("tts-1", ("openai",), None, None),
    ("whisper-1", ("openai",), None, None),
)


class Bad(Exception):
    """The request is not valid."""


class Visit(msgspec.Struct, frozen=True):
    """One request: its path, headers in lower case, body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        if self.headers.get("content-type") != "application/json":
            raise Bad("content-type")
        value = json.loads(self.body)
        if not isinstance(value, dict) or not isinstance(value.get("model"), str):
            raise Bad("model")
        return value

    def form(self) -> dict[str, tuple[str, str, bytes]]:
        """Each part by its name: file name, type, bytes."""
        head = f"content-type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        if message.get_content_type() != "multipart/form-data" or message.defects:
            raise Bad("not a form")
        parts = {}
        for part in message.iter_parts():
            payload = part.get_payload(decode=True)
            name = part.get_param("name", header="content-disposition")
            parts[str(name)] = (part.get_filename() or "", part.get_content_type(), bytes(payload or b""))
        if not parts.get("model", ("", "", b""))[2]:
            raise Bad("model")
        return parts


@dataclass
class Strict:
    """Where it listens, what it was asked, and how it departs from a good gateway."""

    base_url: str = ""
    visits: list[Visit] = field(default_factory=list)
    own_answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    public_list: bool = False
    swallows: bool = False

    def paths(self) -> list[str]:
        return [visit.path for visit in self.visits]


def _list(visit: Visit) -> dict[str, Any]:
    entries = []
    for id, types, dollars_in, dollars_out in LISTED:
        price = {} if dollars_in is None else {"pricing": {"prompt": dollars_in, "completion": dollars_out}}
        entries.append({"id": id, "object": "model", "supported_endpoint_types": list(types), **price})
    return {"object": "list", "data": entries}


def _usage() -> dict[str, int]:
    return {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6}


def _chat(visit: Visit) -> dict[str, Any]:
    asked = visit.json()
    if "max_tokens" in asked and asked["model"] == "gpt-5.5":
        raise Bad("max_tokens")
    message: dict[str, Any] = {"role": "assistant", "content": "OK"}
    if "json_schema" in str(asked.get("response_format")):
        message["content"] = '{"colour": "red"}'
    if "tools" in asked:
        call = {"name": asked["tools"][0]["function"]["name"], "arguments": "{}"}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "type": "function", "function": call}],
        }
    if isinstance(asked["messages"][0]["content"], list):
        url = asked["messages"][0]["content"][1]["image_url"]["url"]
        _png(base64.b64decode(url.removeprefix("data:image/png;base64,")))
        message["content"] = "Red."
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "model": asked["model"], "choices": [choice], "usage": _usage()}


def _compact(visit: Visit) -> dict[str, Any]:
    if not isinstance(visit.json()["input"], list):
        raise Bad("input")
    item = {"type": "compaction", "id": "cmp_1", "encrypted_content": "gAAA"}
    return {"id": "resp_1", "object": "response.compaction", "output": [item], "usage": {"total_tokens": 9}}


def _count(visit: Visit) -> dict[str, Any]:
    asked = visit.json()
    if "max_tokens" in asked or visit.headers.get("anthropic-version") != "2023-06-01":
        raise Bad("count")
    return {"input_tokens": 10}


def _embeddings(visit: Visit) -> dict[str, Any]:
    if not visit.json()["input"]:
        raise Bad("input")
    return {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.1, -0.2]}],
        "usage": _usage(),
    }


def _rerank(visit: Visit) -> dict[str, Any]:
    asked = visit.json()
    if not (asked["query"] and len(asked["documents"]) >= asked["top_n"]):
        raise Bad("documents")
    return {"results": [{"index": 0, "relevance_score": 0.9}]}


def _generation(visit: Visit) -> dict[str, Any]:
    asked = visit.json()
    if asked["n"] != 1 or not asked["prompt"]:
        raise Bad("n")
    return {"created": 1, "data": [{"b64_json": "aGk="}]}


def _edit(visit: Visit) -> dict[str, Any]:
    parts = visit.form()
    if not parts["prompt"][2]:
        raise Bad("prompt")
    return _variation(visit)


def _variation(visit: Visit) -> dict[str, Any]:
    parts = visit.form()
    name, kind, data = parts["image"]
    if not name.endswith(".png") or kind != "image/png" or parts["n"][2] != b"1":
        raise Bad("image")
    _png(data)
    return {"created": 1, "data": [{"url": "https://images.example/1.png"}]}


def _png(data: bytes) -> None:
    """A square PNG with an alpha channel whose every checksum and pixel is there."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise Bad("png")
    at, pixels, side = 8, b"", 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + length]
        if struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] != zlib.crc32(kind + chunk):
            raise Bad("crc")
        if kind == b"IHDR":
            width, side, depth, colour = struct.unpack(">IIBB", chunk[:10])
            if (width, depth, colour) != (side, 8, 6):
                raise Bad("header")
        pixels += chunk if kind == b"IDAT" else b""
        at += 12 + length
    if len(zlib.decompress(pixels)) != side * (1 + 4 * side):
        raise Bad("pixels")


def _speech(visit: Visit) -> bytes:
    asked = visit.json()
    if not (asked["input"] and asked["voice"]):
        raise Bad("voice")
    return b"ID3\x04" + bytes(64)


def _transcript(visit: Visit) -> dict[str, Any]:
    name, kind, data = visit.form()["file"]
    if not name.endswith(".wav") or kind != "audio/wav":
        raise Bad("file")
    with wave.open(io.BytesIO(data)) as sound:
        if sound.getnframes() < sound.getframerate() / 10:
            raise Bad("Audio file is too short.")
    return {"text": ""}


ROUTES: dict[tuple[str, str], Callable[[Visit], dict[str, Any] | bytes]] = {
    ("GET", "/v1/models"): _list,
    ("POST", "/v1/chat/completions"): _chat,
    ("POST", "/v1/responses/compact"): _compact,
    ("POST", "/v1/messages/count_tokens"): _count,
    ("POST", "/v1/embeddings"): _embeddings,
    ("POST", "/v1/rerank"): _rerank,
    ("POST", "/v1/images/generations"): _generation,
    ("POST", "/v1/images/edits"): _edit,
    ("POST", "/v1/images/variations"): _variation,
    ("POST", "/v1/audio/speech"): _speech,
    ("POST", "/v1/audio/transcriptions"): _transcript,
    ("POST", "/v1/audio/translations"): _transcript,
}


def _answer(strict: Strict, visit: Visit) -> tuple[int, str, bytes]:
    carried = visit.headers.get("authorization") or visit.headers.get("x-api-key", "")
    free = strict.public_list and visit.method == "GET"
    if carried.removeprefix("Bearer ") != KEY and not free:
        return _error(401, "Invalid token", "invalid_api_key")
    if visit.path in strict.own_answers:
        return strict.own_answers[visit.path]
    route = ROUTES.get((visit.method, visit.path))
    if route is None:
        return _error(404, f"Invalid URL ({visit.method} {visit.path})", "")
    try:
        value = route(visit)
    except (Bad, KeyError, ValueError, wave.Error, TypeError) as trouble:
        said = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        param = "max_tokens" if str(trouble) == "max_tokens" else ""
        return _error(400, said if param else f"Bad request: {trouble}", "", param)
    if isinstance(value, bytes):
        return 200, "audio/mpeg", value
    return 200, "application/json", json.dumps(value).encode()


def _error(status: int, message: str, code: str, param: str = "") -> tuple[int, str, bytes]:
    error = {"message": message, "type": "invalid_request_error", "param": param or None, "code": code or None}
    return status, "application/json", json.dumps({"error": error}).encode()


@asynccontextmanager
async def strict_gateway(strict: Strict | None = None) -> AsyncIterator[Strict]:
    """Serve it on a free port; where it ``swallows``, it reads a connection's second request and closes it."""
    state = strict or Strict()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answered = 0
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                line, *rest = head.strip().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                method, target, _ = line.split()
                visit = Visit(method, target.partition("?")[0], headers, body)
                state.visits.append(visit)
                if state.swallows and answered:
                    break
                answered += 1
                status, kind, content = _answer(state, visit)
                writer.write(
                    f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n\r\n".encode()
                    + content
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    state.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server:
        yield state

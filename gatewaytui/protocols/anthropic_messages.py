"""Anthropic Messages: content blocks that start, grow and stop, or the whole message at once.

Usage is cumulative: what a later event counts replaces what an earlier one did (facts/protocols.md section 1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.domain.chat import (
    ChatRequest,
    Finished,
    OtherContent,
    ReasoningDelta,
    Started,
    StreamError,
    StreamEvent,
    Terminator,
    TextDelta,
    ToolDelta,
    Unrecognised,
    Usage,
    UsageReported,
)
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .base import Reader
from .dialect import WireDialect
from .errors import find_error
from .lenient import Object, as_code, as_object, as_text, encode, first_count, first_text, objects
from .requests import ANTHROPIC_VERSION, get, post
from .urls import join_root

DEFAULT_MAX_TOKENS = 1024  # the protocol demands a limit
_PAGE = "limit=1000"
_QUIET = frozenset({"ping", "signature_delta", "citations_delta", "compaction_delta"})


def chat_request(base_url: str, request: ChatRequest, auth: AuthHeader) -> WireRequest:
    """``POST {root}/v1/messages``."""
    turns = [{"role": message.role.value, "content": message.text} for message in request.messages]
    limit = DEFAULT_MAX_TOKENS if request.max_tokens is None else request.max_tokens
    body: Object = {"model": request.model, "max_tokens": limit, "messages": turns, "stream": request.stream}
    if request.system:
        body["system"] = request.system
    if request.temperature is not None:
        body["temperature"] = request.temperature
    ask = Ask(AskKind.CHAT, Protocol.ANTHROPIC, request.model, request.stream)
    return post(join_root(base_url, "/v1/messages"), ask, auth, body, ANTHROPIC_VERSION)


def models_request(base_url: str, models_path: str, auth: AuthHeader, page: str = "") -> WireRequest:
    """``GET {root}/v1/models?limit=1000``: the protocol fixes the path, not the profile."""
    url = join_root(base_url, "/v1/models") + f"?{_PAGE}" + (f"&{page}" if page else "")
    return get(url, Ask(AskKind.MODELS, Protocol.ANTHROPIC), auth, ANTHROPIC_VERSION)


def recognises(value: Object) -> bool:
    """True for an event or a body of a message."""
    kind = as_text(value.get("type"))
    whole = isinstance(value.get("content"), list) and ("stop_reason" in value or kind == "message")
    return whole or kind in _READ


class _OpenCall:
    """A tool call whose block is open: its number and the input its start brought, until a delta brings it."""

    __slots__ = ("number", "whole")

    def __init__(self, number: int, whole: str) -> None:
        self.number = number
        self.whole = whole


class MessagesReader(Reader):
    """Reads one message."""

    __slots__ = ("_count", "_open", "_usage")

    def __init__(self) -> None:
        self._usage: dict[str, int | None] = {}
        self._count = 0  # tool calls so far
        self._open: dict[object, _OpenCall] = {}  # by block index

    def read(self, value: Object) -> list[StreamEvent]:
        """The events of one event of the wire, or of a whole message."""
        kind = as_text(value.get("type"))
        if (read := _READ.get(kind)) is not None:
            return read(self, value)
        if kind in _QUIET:
            return []
        if recognises(value):
            return self._message(value)
        error = find_error(value)
        return [StreamError(error) if error is not None else Unrecognised(kind or "no type")]

    def _started(self, value: Object) -> list[StreamEvent]:
        return self._message(as_object(value.get("message")))

    def _message(self, message: Object) -> list[StreamEvent]:
        """A message at its start or as a whole: its envelope, its blocks, its end."""
        events: list[StreamEvent] = []
        model, message_id = as_text(message.get("model")), as_text(message.get("id"))
        if model or message_id:
            events.append(Started(model, message_id))
        content = message.get("content")
        if isinstance(content, str) and content:
            events.append(TextDelta(content))
        for index, block in enumerate(objects(content)):
            place: Object = {"index": index}
            events += self._block_started({**place, "content_block": block}) + self._block_stopped(place)
        return events + self._used(message) + self._stopped(message)

    def _block_started(self, value: Object) -> list[StreamEvent]:
        block = as_object(value.get("content_block"))
        kind = as_text(block.get("type"))
        if kind in ("text", "thinking"):
            return _words(block)
        if kind != "tool_use":
            return [] if kind in ("redacted_thinking", "") else [OtherContent(kind)]
        given = block.get("input")
        self._open[value.get("index")] = _OpenCall(
            self._count, given if isinstance(given, str) else encode(given or {})
        )
        self._count += 1
        return [ToolDelta(self._count - 1, as_text(block.get("id")), as_text(block.get("name")))]

    def _block_delta(self, value: Object) -> list[StreamEvent]:
        delta = as_object(value.get("delta"))
        kind = as_text(delta.get("type"))
        if kind == "input_json_delta":
            call = self._open.get(value.get("index"))
            piece = as_text(delta.get("partial_json"))
            if call is None or not piece:
                return []
            call.whole = ""
            return [ToolDelta(call.number, arguments=piece)]
        words = _words(delta)
        return words if words or kind in _QUIET or kind in ("text_delta", "thinking_delta") else [Unrecognised(kind)]

    def _block_stopped(self, value: Object) -> list[StreamEvent]:
        """The end of a block; a call that got its input whole, or none at all, has it now."""
        call = self._open.pop(value.get("index"), None)
        return [ToolDelta(call.number, arguments=call.whole)] if call is not None and call.whole else []

    def _delta(self, value: Object) -> list[StreamEvent]:
        return self._used(value) + self._stopped(as_object(value.get("delta")))

    def _stop(self, value: Object) -> list[StreamEvent]:
        return [Terminator(as_text(value.get("type")))]

    def _stopped(self, message: Object) -> list[StreamEvent]:
        reason = as_code(message.get("stop_reason"))
        return [Finished(reason)] if reason else []

    def _used(self, holder: Object) -> list[StreamEvent]:
        usage = as_object(holder.get("usage"))
        counts = {name: first_count(usage, wire) for name, wire in _USAGE}
        counts = {name: count for name, count in counts.items() if count is not None}
        if not counts:
            return []
        self._usage |= counts
        return [UsageReported(Usage(**self._usage))]


def _words(block: Object) -> list[StreamEvent]:
    thought = first_text(block, "thinking")
    text = first_text(block, "text")
    return [*([ReasoningDelta(thought)] if thought else []), *([TextDelta(text)] if text else [])]


_USAGE = (
    ("input_tokens", "input_tokens"),
    ("output_tokens", "output_tokens"),
    ("cached_tokens", "cache_read_input_tokens"),
)

_READ: Mapping[str, Callable[[MessagesReader, Object], list[StreamEvent]]] = MappingProxyType(
    {
        "message_start": MessagesReader._started,
        "content_block_start": MessagesReader._block_started,
        "content_block_delta": MessagesReader._block_delta,
        "content_block_stop": MessagesReader._block_stopped,
        "message_delta": MessagesReader._delta,
        "message_stop": MessagesReader._stop,
    }
)

DIALECT = WireDialect(
    protocol=Protocol.ANTHROPIC,
    auth_header=AuthHeader.X_API_KEY,
    build_chat=chat_request,
    build_models=models_request,
    reader=MessagesReader,
    recognises=recognises,
)

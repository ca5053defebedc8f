"""OpenAI Responses: typed events that build items of output, or the whole response at once.

The payload's ``type`` decides, not the ``event:`` line, which OpenRouter and LiteLLM leave out. What no delta
brought (a gateway that sends only the finished items, or only the completed response) is taken from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.domain.chat import (
    ChatRequest,
    Finished,
    OtherContent,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamError,
    StreamEvent,
    Terminator,
    TextDelta,
    ToolDelta,
    Unrecognised,
    UsageReported,
)
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .base import Reader
from .dialect import WireDialect
from .errors import find_error
from .lenient import Object, as_code, as_list, as_object, as_text, encode, first_text, objects
from .openai_chat import models_request, read_usage
from .requests import post
from .urls import join_openai

_TERMINAL = frozenset({"response.completed", "response.failed", "response.incomplete", "response.cancelled"})
_REASONING = ("response.reasoning_text.delta", "response.reasoning_summary_text.delta", "response.reasoning.delta")
_ARGUMENTS = (
    "response.function_call_arguments.delta",
    "response.custom_tool_call_input.delta",
    "response.mcp_call_arguments.delta",
)
_TOOLS = frozenset({"function_call", "custom_tool_call"})
_QUIET = (".done", ".added", ".in_progress", ".created", ".queued", ".searching", ".completed", ".generating",
          ".interpreting", ".delta", ".partial_image", ".failed")  # fmt: skip


def chat_request(base_url: str, request: ChatRequest, auth: AuthHeader) -> WireRequest:
    """``POST {base}/responses``."""
    turns = [{"role": message.role.value, "content": message.text} for message in request.messages]
    body: Object = {"model": request.model, "input": turns, "stream": request.stream}
    if request.system:
        body["instructions"] = request.system
    if request.max_tokens is not None:
        body["max_output_tokens"] = request.max_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    ask = Ask(AskKind.CHAT, Protocol.OPENAI_RESPONSES, request.model, request.stream)
    return post(join_openai(base_url, "/responses"), ask, auth, body)


def recognises(value: Object) -> bool:
    """True for an event or a body of a response."""
    return as_text(value.get("type")).startswith("response.") or (
        value.get("object") in ("response", "response.compaction")
        or (isinstance(value.get("output"), list) and "status" in value)
    )


class ResponsesReader(Reader):
    """Reads one response."""

    __slots__ = ("_calls", "_calls_by_key", "_places", "_reasoning", "_seen", "_seen_kinds", "_started")

    def __init__(self) -> None:
        self._started = False
        self._reasoning = ""
        self._seen: set[tuple[str, object]] = set()  # (kind, item) that deltas brought
        self._seen_kinds: set[str] = set()
        self._calls: list[bool] = []  # for each tool call: did its arguments come?
        self._calls_by_key: dict[object, int] = {}
        self._places: dict[str, int] = {}  # of the items, by id

    def read(self, value: Object) -> list[StreamEvent]:
        """The events of one event of the wire, or of a whole response."""
        kind = as_text(value.get("type"))
        if (read := _READ.get(kind)) is not None:
            return read(self, value)
        if not kind.startswith("response."):
            return self._whole(value, kind)
        return [] if kind.endswith(_QUIET) or ".annotation." in kind else [Unrecognised(kind)]

    def _whole(self, value: Object, kind: str) -> list[StreamEvent]:
        if recognises(value):
            return self._response(value)
        if (error := find_error(value)) is not None:
            return [StreamError(error)]
        return [] if kind in ("ping", "keepalive") else [Unrecognised(kind or "no type")]

    def _created(self, value: Object) -> list[StreamEvent]:
        """A response begins; where it is a second one in the same stream, its items are others than those before."""
        self._calls_by_key.clear()
        self._places.clear()
        self._seen.clear()
        return self._opened(value)

    def _opened(self, value: Object) -> list[StreamEvent]:
        response = as_object(value.get("response"))
        model, response_id = as_text(response.get("model")), as_text(response.get("id"))
        if self._started or not (model or response_id):
            return []
        self._started = bool(model)
        return [Started(model, response_id)]

    def _terminal(self, value: Object) -> list[StreamEvent]:
        kind = as_text(value.get("type"))
        response = as_object(value.get("response"))
        if not as_text(response.get("status")):
            response = {**response, "status": kind.removeprefix("response.")}
        return [*self._response(response), Terminator(kind)]

    def _response(self, response: Object) -> list[StreamEvent]:
        """A whole response: what of it no delta brought, then usage, status and error."""
        events = self._opened({"response": response})
        calls = 0
        for item in objects(response.get("output")):
            if item.get("type") in _TOOLS:
                events += self._call(item, calls if calls < len(self._calls) else None)
                calls += 1
            else:
                events += [event for event in _item(item) if _kind(event) not in self._seen_kinds]
        if (usage := read_usage(response.get("usage"))) is not None:
            events.append(UsageReported(usage))
        if (error := find_error({"error": response.get("error")})) is not None:
            events.append(StreamError(error))
        if status := as_code(response.get("status")):
            detail = as_code(as_object(response.get("incomplete_details")).get("reason"))
            events.append(Finished(status, detail=detail))
        return events

    def _text(self, value: Object) -> list[StreamEvent]:
        return self._delta("text", value, TextDelta(as_text(value.get("delta"))))

    def _refusal(self, value: Object) -> list[StreamEvent]:
        return self._delta("refusal", value, RefusalDelta(as_text(value.get("delta"))))

    def _thought(self, value: Object) -> list[StreamEvent]:
        """Thinking as text or as a summary of it: where both come, the first kind counts."""
        kind = as_text(value.get("type"))
        self._reasoning = self._reasoning or kind
        if kind != self._reasoning:
            return []
        return self._delta("reasoning", value, ReasoningDelta(as_text(value.get("delta"))))

    def _delta(self, kind: str, value: Object, event: TextDelta | RefusalDelta | ReasoningDelta) -> list[StreamEvent]:
        if not event.text:
            return []
        self._seen_kinds.add(kind)
        self._seen.add((kind, self._key(value)))
        return [event]

    def _added(self, value: Object) -> list[StreamEvent]:
        item = as_object(value.get("item"))
        key = self._key(value, item)
        if item.get("type") not in _TOOLS:
            return []
        number = self._number(key)
        return [ToolDelta(number, first_text(item, "call_id", "id"), as_text(item.get("name")))]

    def _arguments(self, value: Object) -> list[StreamEvent]:
        number = self._calls_by_key.get(self._key(value))
        if number is None:
            return []  # a call the provider makes itself (mcp), or one whose item will bring the arguments
        piece = as_text(value.get("delta"))
        self._calls[number] = self._calls[number] or bool(piece)
        return [ToolDelta(number, arguments=piece)]

    def _done(self, value: Object) -> list[StreamEvent]:
        item = as_object(value.get("item"))
        key = self._key(value, item)
        if item.get("type") in _TOOLS:
            return self._call(item, self._number(key))
        events = [event for event in _item(item) if (_kind(event), key) not in self._seen]
        self._seen_kinds.update(_kind(event) for event in events)
        return events

    def _key(self, value: Object, item: Object | None = None) -> object:
        """Which item an event belongs to: its place in the output, else the place of its id, else its id.

        Only whole items tell the place of an id: Copilot gives each delta an id of its own.
        """
        place = value.get("output_index")
        item_id = as_text(value.get("item_id")) or as_text(as_object(item).get("id"))
        if type(place) is not int:
            return self._places.get(item_id, item_id)
        if item is not None and item_id:
            self._places[item_id] = place
        return place

    def _number(self, key: object) -> int:
        if key not in self._calls_by_key:
            self._calls_by_key[key] = len(self._calls)
            self._calls.append(False)
        return self._calls_by_key[key]

    def _call(self, item: Object, number: int | None) -> list[StreamEvent]:
        """A finished call: all of it, or only what is missing of call ``number``."""
        if number is None:
            number = self._number(("whole", len(self._calls)))
        if self._calls[number]:
            return []
        said = item.get("arguments", item.get("input"))
        arguments = said if isinstance(said, str) else encode(said) if said is not None else ""
        self._calls[number] = bool(arguments)
        return [ToolDelta(number, first_text(item, "call_id", "id"), as_text(item.get("name")), arguments)]


def _item(item: Object) -> list[StreamEvent]:
    """What an item of output holds, but for tool calls."""
    kind = as_text(item.get("type"))
    if kind == "reasoning":
        parts = as_list(item.get("content")) or as_list(item.get("summary"))
        thought = "".join(as_text(part.get("text")) for part in objects(parts))
        return [ReasoningDelta(thought)] if thought else []
    if kind != "message":
        return [OtherContent(kind)] if kind else []
    text = "".join(as_text(part.get("text")) for part in objects(item.get("content")))
    refusal = "".join(as_text(part.get("refusal")) for part in objects(item.get("content")))
    return [*([TextDelta(text)] if text else []), *([RefusalDelta(refusal)] if refusal else [])]


def _kind(event: StreamEvent) -> str:
    return _KINDS.get(type(event), "other")


_KINDS: Mapping[type, str] = MappingProxyType(
    {TextDelta: "text", RefusalDelta: "refusal", ReasoningDelta: "reasoning"}
)

_READ: Mapping[str, Callable[[ResponsesReader, Object], list[StreamEvent]]] = MappingProxyType(
    {
        "response.created": ResponsesReader._created,
        "response.in_progress": ResponsesReader._opened,
        "response.output_text.delta": ResponsesReader._text,
        "response.refusal.delta": ResponsesReader._refusal,
        "response.output_item.added": ResponsesReader._added,
        "response.output_item.done": ResponsesReader._done,
        **dict.fromkeys(_REASONING, ResponsesReader._thought),
        **dict.fromkeys(_ARGUMENTS, ResponsesReader._arguments),
        **dict.fromkeys(_TERMINAL, ResponsesReader._terminal),
    }
)

DIALECT = WireDialect(
    protocol=Protocol.OPENAI_RESPONSES,
    auth_header=AuthHeader.BEARER,
    build_chat=chat_request,
    build_models=models_request,
    reader=ResponsesReader,
    recognises=recognises,
)

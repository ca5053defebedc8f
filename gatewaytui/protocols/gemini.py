"""Gemini ``generateContent``: every chunk has the shape of the whole answer, in server-sent events or a JSON array.

There is no end mark: a stream ends after a ``finishReason``. Servers that speak gRPC's JSON send numbers where
names are due; both are read, the name is shown.
"""

from __future__ import annotations

from gatewaytui.domain.chat import (
    ChatRequest,
    Finished,
    OtherContent,
    ReasoningDelta,
    Role,
    Started,
    StreamError,
    StreamEvent,
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
from .gemini_calls import OpenCall
from .lenient import Object, as_code, as_object, as_text, encode, first_count, first_text, objects
from .requests import get, post
from .urls import join_root, quoted

_PAGE = "pageSize=1000"
_KEYS = ("candidates", "promptFeedback", "usageMetadata")
_FINISH = (
    "", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
    "MALFORMED_FUNCTION_CALL", "LANGUAGE", "IMAGE_SAFETY",
)  # fmt: skip
_BLOCK = ("", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY")
_UNSPECIFIED = frozenset({"", "FINISH_REASON_UNSPECIFIED", "BLOCK_REASON_UNSPECIFIED", "BLOCKED_REASON_UNSPECIFIED"})
_NOT_CONTENT = frozenset({"thought", "thoughtSignature", "partMetadata", "videoMetadata", "text", "functionCall"})


def chat_request(base_url: str, request: ChatRequest, auth: AuthHeader) -> WireRequest:
    """``POST {root}/v1beta/models/{model}:generateContent`` or ``:streamGenerateContent?alt=sse``."""
    roles = {Role.USER: "user", Role.ASSISTANT: "model"}
    turns = [{"role": roles[message.role], "parts": [{"text": message.text}]} for message in request.messages]
    body: Object = {"contents": turns}
    if request.system:
        body["systemInstruction"] = {"parts": [{"text": request.system}]}
    config: Object = {}
    if request.max_tokens is not None:
        config["maxOutputTokens"] = request.max_tokens
    if request.temperature is not None:
        config["temperature"] = request.temperature
    if config:
        body["generationConfig"] = config
    method = "streamGenerateContent?alt=sse" if request.stream else "generateContent"
    model = quoted(request.model.removeprefix("models/"))
    ask = Ask(AskKind.CHAT, Protocol.GEMINI, request.model, request.stream)
    return post(join_root(base_url, f"/v1beta/models/{model}:{method}"), ask, auth, body)


def models_request(base_url: str, models_path: str, auth: AuthHeader, page: str = "") -> WireRequest:
    """``GET {root}/v1beta/models?pageSize=1000``: the protocol fixes the path, not the profile."""
    url = join_root(base_url, "/v1beta/models") + f"?{_PAGE}" + (f"&{page}" if page else "")
    return get(url, Ask(AskKind.MODELS, Protocol.GEMINI), auth)


def recognises(value: Object) -> bool:
    """True for a chunk or a body of a generated answer."""
    return any(isinstance(value.get(key), list | dict) for key in _KEYS)


class GeminiReader(Reader):
    """Reads one generated answer."""

    __slots__ = ("_calls", "_open", "_started")

    def __init__(self) -> None:
        self._started = False
        self._calls: dict[int, int] = {}  # calls so far, for each candidate
        self._open: dict[int, OpenCall] = {}  # the call whose pieces are coming, for each candidate

    def read(self, value: Object) -> list[StreamEvent]:
        """The events of one chunk or of a whole body."""
        events: list[StreamEvent] = []
        if not self._started and (model := as_text(value.get("modelVersion"))):
            self._started = True
            events.append(Started(model, as_text(value.get("responseId"))))
        for position, candidate in enumerate(objects(value.get("candidates"))):
            index = candidate.get("index")
            self._candidate(candidate, index if type(index) is int else position, events)
        if blocked := _word(as_object(value.get("promptFeedback")).get("blockReason"), _BLOCK):
            events.append(Finished("", detail=blocked))
        if (usage := _usage(value.get("usageMetadata"))) is not None:
            events.append(UsageReported(usage))
        if value.get("error") or not (events or recognises(value)):
            error = find_error(value)
            kind = first_text(value, "type", "object")
            events.append(StreamError(error) if error is not None else Unrecognised(kind or "no candidates"))
        return events

    def _candidate(self, candidate: Object, at: int, events: list[StreamEvent]) -> None:
        text, thought = "", ""
        tools: list[StreamEvent] = []
        content = as_object(candidate.get("content"))
        for part in objects(content.get("parts")):
            if part.get("thought") is True:
                thought += as_text(part.get("text"))
            else:
                text += as_text(part.get("text"))
            if isinstance(call := part.get("functionCall"), dict):
                tools += self._call(call, at)
            tools += [OtherContent(key, at) for key, held in part.items() if held and key not in _NOT_CONTENT]
        if thought:
            events.append(ReasoningDelta(thought, at))
        if text:
            events.append(TextDelta(text, at))
        events += tools
        if finish := _word(candidate.get("finishReason"), _FINISH):
            events += [*self._closed(at), Finished(finish, at)]

    def _call(self, call: Object, at: int) -> list[StreamEvent]:
        """A whole call, or a part of one that comes in pieces: its arguments follow when it is complete."""
        opened, goes_on = self._open.get(at), call.get("willContinue") is True
        if opened is not None and not call.get("name"):
            opened.take(call)
            return [] if goes_on else self._closed(at)
        events = self._closed(at)
        if not goes_on and "partialArgs" not in call:
            return [*events, self._whole(call, at)]
        number = self._calls[at] = self._calls.get(at, -1) + 1
        self._open[at] = OpenCall(number, call)
        events.append(ToolDelta(number, as_text(call.get("id")), as_text(call.get("name")), choice=at))
        return events if goes_on else events + self._closed(at)

    def _closed(self, at: int) -> list[StreamEvent]:
        """The arguments of the call that was open, if one was."""
        opened = self._open.pop(at, None)
        return [] if opened is None else [ToolDelta(opened.number, arguments=opened.arguments(), choice=at)]

    def _whole(self, call: Object, at: int) -> ToolDelta:
        number = self._calls[at] = self._calls.get(at, -1) + 1
        given = call.get("args")
        arguments = given if isinstance(given, str) else encode(given) if given is not None else "{}"
        return ToolDelta(number, as_text(call.get("id")), as_text(call.get("name")), arguments, at)


def _word(value: object, names: tuple[str, ...]) -> str:
    """The name of an enumeration's value, given as name or number; "" where it says nothing."""
    if type(value) is int:
        return names[value] if 0 <= value < len(names) else str(value)
    word = as_code(value)
    return "" if word in _UNSPECIFIED else word


def _usage(value: object) -> Usage | None:
    usage = as_object(value)
    found = Usage(
        input_tokens=first_count(usage, "promptTokenCount"),
        output_tokens=first_count(usage, "candidatesTokenCount", "responseTokenCount"),
        total_tokens=first_count(usage, "totalTokenCount"),
        cached_tokens=first_count(usage, "cachedContentTokenCount"),
        reasoning_tokens=first_count(usage, "thoughtsTokenCount"),
    )
    return None if found == Usage() else found


DIALECT = WireDialect(
    protocol=Protocol.GEMINI,
    auth_header=AuthHeader.X_GOOG_API_KEY,
    build_chat=chat_request,
    build_models=models_request,
    reader=GeminiReader,
    recognises=recognises,
    ends_with_finish=True,
)

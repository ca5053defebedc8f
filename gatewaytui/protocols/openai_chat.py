"""OpenAI chat completions, the dialect most gateways speak, in all its variants (facts/protocols.md section 1).

One reader takes chunks (``delta``) and whole bodies (``message``); legacy completions (``text``) come through it
too. Reasoning comes under several names, some servers send two at once: the first that has text counts. Perplexity
puts a ``message`` beside each ``delta`` (the answer so far) and an empty ``delta`` into a whole body.
"""

from __future__ import annotations

from gatewaytui.domain.chat import (
    ChatRequest,
    Finished,
    OtherContent,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamError,
    StreamEvent,
    TextDelta,
    Unrecognised,
    Usage,
    UsageReported,
)
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .base import Reader
from .dialect import WireDialect
from .errors import find_error
from .lenient import Object, as_code, as_list, as_object, as_text, first_count, first_text, objects
from .plain_chunks import plain_events
from .requests import get, post
from .tool_pieces import ToolPieces
from .urls import join_openai

_MOST_ODD = 8
_REASONING = ("reasoning_content", "reasoning", "thinking", "reasoning_text")


def chat_request(base_url: str, request: ChatRequest, auth: AuthHeader) -> WireRequest:
    """``POST {base}/chat/completions``."""
    messages = [{"role": "system", "content": request.system}] if request.system else []
    messages += [{"role": message.role.value, "content": message.text} for message in request.messages]
    body: Object = {"model": request.model, "messages": messages, "stream": request.stream}
    if request.stream and request.include_usage:
        body["stream_options"] = {"include_usage": True}
    if request.max_tokens is not None:
        body[request.token_limit_name.value] = request.max_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    ask = Ask(AskKind.CHAT, Protocol.OPENAI_CHAT, request.model, request.stream)
    return post(join_openai(base_url, "/chat/completions"), ask, auth, body)


def models_request(base_url: str, models_path: str, auth: AuthHeader, page: str = "") -> WireRequest:
    """``GET {base}{models_path}``; the list of the OpenAI dialects."""
    url = join_openai(base_url, models_path) + (f"?{page}" if page else "")
    return get(url, Ask(AskKind.MODELS, Protocol.OPENAI_CHAT), auth)


def recognises(value: Object) -> bool:
    """True for a chunk or a body of a chat completion."""
    return isinstance(value.get("choices"), list) or value.get("object") in (
        "chat.completion",
        "chat.completion.chunk",
    )


def read_usage(value: object) -> Usage | None:
    """Tokens as an OpenAI-style server counts them, or None where it says nothing.

    The details come nested (OpenAI), flat (Moonshot, Perplexity) or as cache hits (DeepSeek).
    """
    usage = as_object(value)
    cached = as_object(usage.get("prompt_tokens_details") or usage.get("input_tokens_details"))
    detail = as_object(usage.get("completion_tokens_details") or usage.get("output_tokens_details"))
    flat_cached = first_count(usage, "prompt_cache_hit_tokens", "cached_tokens")
    flat_reasoning = first_count(usage, "reasoning_tokens")
    found = Usage(
        input_tokens=first_count(usage, "prompt_tokens", "input_tokens"),
        output_tokens=first_count(usage, "completion_tokens", "output_tokens"),
        total_tokens=first_count(usage, "total_tokens"),
        cached_tokens=flat_cached if (count := first_count(cached, "cached_tokens")) is None else count,
        reasoning_tokens=flat_reasoning if (count := first_count(detail, "reasoning_tokens")) is None else count,
    )
    return None if found == Usage() else found


class ChatReader(Reader):
    """Reads one chat completion."""

    __slots__ = ("_first", "_id", "_model", "_odd", "_tools")

    def __init__(self) -> None:
        self._first = True  # no choice was read yet
        self._model = ""
        self._id = ""
        self._tools: dict[int, ToolPieces] = {}
        self._odd = 0

    def read_plain(self, data: str) -> tuple[StreamEvent, ...] | None:
        """The events of a plain chunk. A stream of other chunks is soon left to :meth:`read` alone."""
        if not self._model or not self._id or self._odd > _MOST_ODD:
            return None
        events = plain_events(data)
        self._odd += events is None
        self._first = self._first and events is None
        return events

    def read(self, value: Object) -> list[StreamEvent]:
        """The events of one chunk or of a whole body."""
        events: list[StreamEvent] = []
        if not self._model or not self._id:
            self._named(value, events)
        choices = value.get("choices")
        if value.get("error") or (choices == [] and value.get("base_resp")):  # the latter is MiniMax's
            if (error := find_error(value)) is not None:
                events.append(StreamError(error))
        elif not isinstance(choices, list):
            if (error := find_error(value)) is not None:
                events.append(StreamError(error))
            elif not (value.get("usage") or recognises(value)):
                events.append(_unknown(value))
        if isinstance(choices, list):
            for position, choice in enumerate(choices):
                if isinstance(choice, dict):
                    self._choice(choice, position, events)
            self._first = self._first and not choices
        if (reported := value.get("usage") or as_object(value.get("x_groq")).get("usage")) and (
            usage := read_usage(reported)
        ):
            events.append(UsageReported(usage))
        return events

    def _named(self, value: Object, events: list[StreamEvent]) -> None:
        model, response_id = as_text(value.get("model")), as_text(value.get("id"))
        if (model and not self._model) or (response_id and not self._id):
            self._model, self._id = self._model or model, self._id or response_id
            events.append(Started(model, response_id))

    def _choice(self, choice: Object, position: int, events: list[StreamEvent]) -> None:
        index = choice.get("index")
        at = index if type(index) is int else position
        delta = choice.get("delta")
        if (whole := choice.get("message")) and (not delta or (self._first and _is_silent(delta))):
            delta = whole
        if isinstance(delta, dict):
            self._delta(delta, at, events)
        if not delta and (text := choice.get("text")) and isinstance(text, str):  # Together repeats the delta's
            events.append(TextDelta(text, at))
        if failed := choice.get("error"):
            error = find_error({"error": failed})
            events += [] if error is None else [StreamError(error)]
        if finish := choice.get("finish_reason"):
            events.append(Finished(as_code(finish), at))
        if (reported := choice.get("usage")) and (usage := read_usage(reported)):
            events.append(UsageReported(usage))

    def _delta(self, delta: Object, at: int, events: list[StreamEvent]) -> None:
        content = delta.get("content")
        text, thought = (content, "") if isinstance(content, str) else _parts(content, at, events)
        if reasoning := _reasoning(delta) or thought:
            events.append(ReasoningDelta(reasoning, at))
        if text:
            events.append(TextDelta(text, at))
        if (refusal := delta.get("refusal")) and isinstance(refusal, str):
            events.append(RefusalDelta(refusal, at))
        if calls := delta.get("tool_calls"):
            events += self._pieces(at).read(objects(calls), at)
        if (call := delta.get("function_call")) and isinstance(call, dict):
            events += self._pieces(at).read([{"index": 0, "function": call}], at)
        for kind in ("audio", "images"):
            if delta.get(kind):
                events.append(OtherContent(kind, at))

    def _pieces(self, at: int) -> ToolPieces:
        if at not in self._tools:
            self._tools[at] = ToolPieces()
        return self._tools[at]


def _is_silent(delta: object) -> bool:
    """True where a delta says nothing but who speaks."""
    return not any(said for name, said in as_object(delta).items() if name != "role")


def _reasoning(delta: Object) -> str:
    if text := first_text(delta, *_REASONING):
        return text
    if details := delta.get("reasoning_details"):
        return "".join(first_text(detail, "text", "summary") for detail in objects(details))
    return ""


def _parts(content: object, at: int, events: list[StreamEvent]) -> tuple[str, str]:
    """Text and thinking of a content given as a list of parts (Mistral, Databricks) or as one part."""
    text, thought = "", ""
    for part in [content] if isinstance(content, dict) else as_list(content):
        if isinstance(part, str):
            text += part
        elif isinstance(part, dict):
            kind = as_text(part.get("type"))
            if kind in ("text", "output_text", ""):
                text += as_text(part.get("text"))
            elif kind in ("thinking", "reasoning"):
                thought += _thinking(part)
            elif kind == "refusal":
                events.append(RefusalDelta(as_text(part.get("refusal")), at))
            elif kind != "reference":
                events.append(OtherContent(kind, at))
    return text, thought


def _thinking(part: Object) -> str:
    said = part.get("thinking") or part.get("summary") or part.get("text") or part.get("reasoning")
    return said if isinstance(said, str) else "".join(as_text(item.get("text")) for item in objects(said))


def _unknown(value: Object) -> StreamEvent:
    return Unrecognised(first_text(value, "type", "object", "event") or "no choices")


DIALECT = WireDialect(
    protocol=Protocol.OPENAI_CHAT,
    auth_header=AuthHeader.BEARER,
    build_chat=chat_request,
    build_models=models_request,
    reader=ChatReader,
    recognises=recognises,
    done_mark=True,
)

"""What a client asked, read from each protocol's request. Strict where the vendors are strict, else lenient."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from gatewaytui.domain.profile import Protocol

Object = dict[str, Any]
CHARACTERS_A_TOKEN = 4


class Malformed(Exception):
    """The request has the wrong form; ``detail`` is the gateway's sentence, ``param`` the field it blames."""

    def __init__(self, detail: str, param: str | None = None) -> None:
        self.detail = detail
        self.param = param
        super().__init__(detail)


class Tool(msgspec.Struct, frozen=True):
    """A function the model may call, with the JSON Schema of its arguments."""

    name: str
    parameters: Object = msgspec.field(default_factory=dict)


class Asked(msgspec.Struct, frozen=True):
    """A chat request in one shape. ``limit`` bounds the output tokens, thinking included; None is no limit.

    ``as_array`` is Gemini's stream without ``alt=sse``. ``answered_tool`` is True when the last turn brings a
    tool's result, so that the model need not call it again.
    """

    protocol: Protocol
    model: str
    prompt: str
    input_tokens: int
    stream: bool = False
    limit: int | None = None
    tools: tuple[Tool, ...] = ()
    wants_usage: bool = True
    wants_json: bool = False
    thinking: bool = False
    as_array: bool = False
    answered_tool: bool = False


def read_body(body: bytes) -> Object:
    """The request's JSON object. Raises Malformed."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("We could not parse the JSON body of your request.") from None
    if not isinstance(value, dict):
        raise Malformed("The body of your request must be a JSON object.")
    return value


def read_asked(protocol: Protocol, body: bytes, model: str, stream: bool, as_array: bool) -> Asked:
    """The chat a body asks for; ``model``, ``stream``, ``as_array`` are what Gemini's path says. Raises Malformed."""
    value = read_body(body)
    if protocol is not Protocol.GEMINI:
        model = typed(value, "model", str, "")
        stream = typed(value, "stream", bool, False)
        if not model:
            raise Malformed("you must provide a model parameter", "model")
    try:
        return _READERS[protocol](value, model, stream, as_array)
    except RecursionError:
        raise Malformed("The body of your request is nested too deeply.") from None


def _chat(value: Object, model: str, stream: bool, as_array: bool) -> Asked:
    messages = turns(value, "messages")
    last = messages[-1]
    limit = _limit(value, "max_completion_tokens") or _limit(value, "max_tokens")
    options = value.get("stream_options")
    return Asked(
        Protocol.OPENAI_CHAT, model, said(messages, "content"), weight(messages), stream, limit,
        tools=_tools(item.get("function") for item in _objects(value.get("tools"))),
        wants_usage=isinstance(options, dict) and options.get("include_usage") is True,
        wants_json=str(_object(value.get("response_format")).get("type", "text")).startswith("json"),
        answered_tool=last.get("role") == "tool",
    )  # fmt: skip


def _responses(value: Object, model: str, stream: bool, as_array: bool) -> Asked:
    asked = value.get("input")
    items = [{"role": "user", "content": asked}] if isinstance(asked, str) and asked else turns(value, "input")
    form = _object(_object(value.get("text")).get("format"))
    return Asked(
        Protocol.OPENAI_RESPONSES, model, said(items, "content"), weight([items, value.get("instructions")]),
        stream,
        _limit(value, "max_output_tokens"),
        tools=_tools(item for item in _objects(value.get("tools")) if item.get("type") == "function"),
        wants_json=str(form.get("type", "text")).startswith("json"),
        answered_tool=items[-1].get("type") == "function_call_output",
    )  # fmt: skip


def _anthropic(value: Object, model: str, stream: bool, as_array: bool) -> Asked:
    if "max_tokens" not in value:
        raise Malformed("max_tokens: Field required", "max_tokens")
    messages = turns(value, "messages")
    tools = (
        {"name": item.get("name"), "parameters": item.get("input_schema")} for item in _objects(value.get("tools"))
    )
    results = [part for part in _objects(messages[-1].get("content")) if part.get("type") == "tool_result"]
    return Asked(
        Protocol.ANTHROPIC, model, said(messages, "content"), weight([messages, value.get("system")]), stream,
        _limit(value, "max_tokens"),
        tools=_tools(tools),
        thinking=_object(value.get("thinking")).get("type") in ("enabled", "adaptive"),
        answered_tool=bool(results),
    )  # fmt: skip


def _gemini(value: Object, model: str, stream: bool, as_array: bool) -> Asked:
    contents = turns(value, "contents")
    config = _object(value.get("generationConfig"))
    declared = [
        one
        for tool in _objects(value.get("tools"))
        for one in _objects(tool.get("functionDeclarations") or tool.get("function_declarations"))
    ]
    return Asked(
        Protocol.GEMINI, model, said(contents, "parts"), weight([contents, value.get("systemInstruction")]), stream,
        _limit(config, "maxOutputTokens"),
        tools=_tools(declared),
        wants_json=config.get("responseMimeType") == "application/json",
        as_array=as_array,
        answered_tool=any("functionResponse" in part for part in _objects(contents[-1].get("parts"))),
    )  # fmt: skip


def typed(value: Object, name: str, kind: type, default: Any) -> Any:
    """A field of that very type, ``default`` where it is not there or null. Raises Malformed."""
    found = value.get(name, default)
    if found is None:
        return default
    if type(found) is not kind:
        raise Malformed(f"Invalid type for '{name}': expected {kind.__name__}, got {type(found).__name__}.", name)
    return found


def _limit(value: Object, name: str) -> int | None:
    found: int | None = typed(value, name, int, None)
    if found is not None and found < 1:
        raise Malformed(f"Invalid '{name}': integer below minimum value. Expected a value >= 1, got {found}.", name)
    return found


def turns(value: Object, name: str) -> list[Object]:
    """The turns of a conversation, at least one. Raises Malformed."""
    found = value.get(name)
    if found is None:
        raise Malformed(f"Missing required parameter: '{name}'.", name)
    if not isinstance(found, list) or not found or not all(isinstance(turn, dict) for turn in found):
        raise Malformed(f"Invalid '{name}': expected a non-empty array of objects.", name)
    return found


def _objects(value: object) -> list[Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def _tools(declared: Any) -> tuple[Tool, ...]:
    known = [item for item in declared if isinstance(item, dict) and isinstance(item.get("name"), str)]
    return tuple(Tool(item["name"], _object(item.get("parameters"))) for item in known)


def said(spoken: list[Object], member: str) -> str:
    """The text of the last turn of the user, which is under this name."""
    for turn in reversed(spoken):
        content = turn.get(member)
        if turn.get("role", "user") == "user" and content:
            parts = content if isinstance(content, list) else [{"text": content}]
            return "\n".join(str(part["text"]) for part in _objects(parts) if "text" in part)
    return ""


def weight(value: object) -> int:
    """About how many tokens a value is: what is written in it, four characters to a token."""
    return max(1, len(json.dumps(value, ensure_ascii=False)) // CHARACTERS_A_TOKEN)


_READERS: Mapping[Protocol, Callable[[Object, str, bool, bool], Asked]] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: _chat,
        Protocol.OPENAI_RESPONSES: _responses,
        Protocol.ANTHROPIC: _anthropic,
        Protocol.GEMINI: _gemini,
    }
)

"""What a feature adds to a chat's body, in each protocol: JSON mode, a JSON schema, a tool, an image.

The chat itself is the dialect's own; a feature only changes its body. A protocol that has no such feature has no row.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import Protocol

from .lenient import Object, as_object, decoded, objects
from .samples import png

FIELD = "colour"
TOOL = "report_colour"
_ABOUT = "Reports a colour."


class Feature(StrEnum):
    """What a chat may do beyond text. The values are check names, and public."""

    STREAM = "stream"
    JSON_MODE = "json_mode"
    JSON_SCHEMA = "json_schema"
    TOOLS = "tools"
    VISION = "vision"


def has_feature(protocol: Protocol, feature: Feature) -> bool:
    """Whether the protocol knows this feature at all (Anthropic has no JSON mode without a schema)."""
    return feature is Feature.STREAM or (protocol, feature) in _CHANGES


def with_feature(request: WireRequest, protocol: Protocol, feature: Feature) -> WireRequest:
    """The chat with the feature asked for; a stream is the dialect's own matter, such a request stays as it is."""
    change = _CHANGES.get((protocol, feature))
    if change is None:
        return request
    body = as_object(decoded(request.body or b""))
    change(body)
    return replace(request, body=msgspec.json.encode(body))


def _schema(text: str = "string", shape: str = "object") -> Object:
    return {"type": shape, "properties": {FIELD: {"type": text}}, "required": [FIELD]}


def _strict() -> Object:
    return {**_schema(), "additionalProperties": False}


def _data_url() -> str:
    return "data:image/png;base64," + _image()


def _image() -> str:
    return base64.b64encode(png()).decode("ascii")


def _chat_json(body: Object) -> None:
    body["response_format"] = {"type": "json_object"}


def _chat_schema(body: Object) -> None:
    named = {"name": "reply", "strict": True, "schema": _strict()}
    body["response_format"] = {"type": "json_schema", "json_schema": named}


def _chat_tools(body: Object) -> None:
    body["tools"] = [{"type": "function", "function": {"name": TOOL, "description": _ABOUT, "parameters": _strict()}}]
    body["tool_choice"] = "required"


def _chat_vision(body: Object) -> None:
    for message in objects(body.get("messages")):
        picture = {"type": "image_url", "image_url": {"url": _data_url()}}
        message["content"] = [{"type": "text", "text": message.get("content")}, picture]


def _responses_json(body: Object) -> None:
    body["text"] = {"format": {"type": "json_object"}}


def _responses_schema(body: Object) -> None:
    body["text"] = {"format": {"type": "json_schema", "name": "reply", "strict": True, "schema": _strict()}}


def _responses_tools(body: Object) -> None:
    tool = {"type": "function", "name": TOOL, "description": _ABOUT, "parameters": _strict(), "strict": True}
    body["tools"] = [tool]
    body["tool_choice"] = "required"


def _responses_vision(body: Object) -> None:
    said = body.get("input")
    turns = list(objects(said)) or [{"role": "user", "content": said}]
    for turn in turns:
        picture = {"type": "input_image", "image_url": _data_url()}
        turn["content"] = [{"type": "input_text", "text": turn.get("content")}, picture]
    body["input"] = turns


def _messages_schema(body: Object) -> None:
    body["output_config"] = {"format": {"type": "json_schema", "schema": _strict()}}


def _messages_tools(body: Object) -> None:
    body["tools"] = [{"name": TOOL, "description": _ABOUT, "input_schema": _schema()}]
    body["tool_choice"] = {"type": "any"}


def _messages_vision(body: Object) -> None:
    for message in objects(body.get("messages")):
        source = {"type": "base64", "media_type": "image/png", "data": _image()}
        message["content"] = [
            {"type": "image", "source": source},
            {"type": "text", "text": message.get("content")},
        ]


def _gemini_config(body: Object, **settings: object) -> None:
    body["generationConfig"] = {**as_object(body.get("generationConfig")), **settings}


def _gemini_json(body: Object) -> None:
    _gemini_config(body, responseMimeType="application/json")


def _gemini_schema(body: Object) -> None:
    _gemini_config(body, responseMimeType="application/json", responseSchema=_schema("STRING", "OBJECT"))


def _gemini_tools(body: Object) -> None:
    tool = {"name": TOOL, "description": _ABOUT, "parameters": _schema("STRING", "OBJECT")}
    body["tools"] = [{"functionDeclarations": [tool]}]
    body["toolConfig"] = {"functionCallingConfig": {"mode": "ANY"}}


def _gemini_vision(body: Object) -> None:
    for turn in objects(body.get("contents")):
        turn["parts"] = [*objects(turn.get("parts")), {"inlineData": {"mimeType": "image/png", "data": _image()}}]


_CHANGES: Mapping[tuple[Protocol, Feature], Callable[[Object], None]] = MappingProxyType(
    {
        (Protocol.OPENAI_CHAT, Feature.JSON_MODE): _chat_json,
        (Protocol.OPENAI_CHAT, Feature.JSON_SCHEMA): _chat_schema,
        (Protocol.OPENAI_CHAT, Feature.TOOLS): _chat_tools,
        (Protocol.OPENAI_CHAT, Feature.VISION): _chat_vision,
        (Protocol.OPENAI_RESPONSES, Feature.JSON_MODE): _responses_json,
        (Protocol.OPENAI_RESPONSES, Feature.JSON_SCHEMA): _responses_schema,
        (Protocol.OPENAI_RESPONSES, Feature.TOOLS): _responses_tools,
        (Protocol.OPENAI_RESPONSES, Feature.VISION): _responses_vision,
        (Protocol.ANTHROPIC, Feature.JSON_SCHEMA): _messages_schema,
        (Protocol.ANTHROPIC, Feature.TOOLS): _messages_tools,
        (Protocol.ANTHROPIC, Feature.VISION): _messages_vision,
        (Protocol.GEMINI, Feature.JSON_MODE): _gemini_json,
        (Protocol.GEMINI, Feature.JSON_SCHEMA): _gemini_schema,
        (Protocol.GEMINI, Feature.TOOLS): _gemini_tools,
        (Protocol.GEMINI, Feature.VISION): _gemini_vision,
    }
)

"""What a feature puts into a chat's body in each protocol."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.features import TOOL, Feature, has_feature, with_feature
from gatewaytui.protocols.samples import png
from gatewaytui.protocols.table import PROTOCOLS

CHAT, RESPONSES, ANTHROPIC, GEMINI = Protocol
TINY = ChatRequest("m", (Message(Role.USER, "Hi"),), stream=False, max_tokens=8)


def _plain(protocol: Protocol) -> Any:
    return PROTOCOLS[protocol].chat_request("https://g.example/v1", TINY, AuthHeader.BEARER)


def _body(protocol: Protocol, feature: Feature) -> Any:
    return json.loads(with_feature(_plain(protocol), protocol, feature).body or b"")


@pytest.mark.parametrize("protocol", Protocol)
@pytest.mark.parametrize("feature", Feature)
def test_a_feature_changes_the_body_and_nothing_else(protocol: Protocol, feature: Feature) -> None:
    plain, changed = _plain(protocol), with_feature(_plain(protocol), protocol, feature)
    assert (changed.url, changed.headers, changed.ask) == (plain.url, plain.headers, plain.ask)
    known = has_feature(protocol, feature) and feature is not Feature.STREAM
    assert (changed.body != plain.body) is known


def test_anthropic_has_no_json_mode_without_a_schema() -> None:
    assert not has_feature(ANTHROPIC, Feature.JSON_MODE) and has_feature(ANTHROPIC, Feature.JSON_SCHEMA)
    assert all(has_feature(protocol, Feature.STREAM) for protocol in Protocol)


def test_json_mode() -> None:
    assert _body(CHAT, Feature.JSON_MODE)["response_format"] == {"type": "json_object"}
    assert _body(RESPONSES, Feature.JSON_MODE)["text"] == {"format": {"type": "json_object"}}
    config = _body(GEMINI, Feature.JSON_MODE)["generationConfig"]
    assert config == {"maxOutputTokens": 8, "responseMimeType": "application/json"}


def test_json_schema_closes_its_object_where_strictness_demands_it() -> None:
    schemas = (
        _body(CHAT, Feature.JSON_SCHEMA)["response_format"]["json_schema"]["schema"],
        _body(RESPONSES, Feature.JSON_SCHEMA)["text"]["format"]["schema"],
        _body(ANTHROPIC, Feature.JSON_SCHEMA)["output_config"]["format"]["schema"],
    )
    for schema in schemas:
        assert schema["additionalProperties"] is False and schema["required"] == list(schema["properties"])
    gemini = _body(GEMINI, Feature.JSON_SCHEMA)["generationConfig"]["responseSchema"]
    assert gemini["type"] == "OBJECT" and "additionalProperties" not in gemini


def test_a_tool_must_be_called() -> None:
    chat, responses = _body(CHAT, Feature.TOOLS), _body(RESPONSES, Feature.TOOLS)
    assert chat["tools"][0]["function"]["name"] == responses["tools"][0]["name"] == TOOL
    assert chat["tool_choice"] == responses["tool_choice"] == "required"
    anthropic, gemini = _body(ANTHROPIC, Feature.TOOLS), _body(GEMINI, Feature.TOOLS)
    assert anthropic["tools"][0]["name"] == TOOL and anthropic["tool_choice"] == {"type": "any"}
    assert gemini["tools"][0]["functionDeclarations"][0]["name"] == TOOL
    assert gemini["toolConfig"] == {"functionCallingConfig": {"mode": "ANY"}}


def test_an_image_stands_beside_the_words() -> None:
    image = base64.b64encode(png()).decode()
    chat = _body(CHAT, Feature.VISION)["messages"][0]["content"]
    assert chat[0] == {"type": "text", "text": "Hi"}
    assert chat[1]["image_url"]["url"] == f"data:image/png;base64,{image}"
    responses = _body(RESPONSES, Feature.VISION)["input"][0]["content"]
    assert [part["type"] for part in responses] == ["input_text", "input_image"]
    anthropic = _body(ANTHROPIC, Feature.VISION)["messages"][0]["content"]
    assert anthropic[0]["source"] == {"type": "base64", "media_type": "image/png", "data": image}
    gemini = _body(GEMINI, Feature.VISION)["contents"][0]["parts"]
    assert gemini == [{"text": "Hi"}, {"inlineData": {"mimeType": "image/png", "data": image}}]

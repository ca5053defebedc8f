from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.demo.prompt import Asked, Tool
from gatewaytui.demo.script import Phrases, tokens
from gatewaytui.domain.profile import Protocol

PHRASES = Phrases()
SCHEMA = {
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer"},
        "unit": {"enum": ["c", "f"]},
        "wind": {"type": "boolean"},
        "places": {"type": "array", "items": {"type": "number"}},
        "more": {"type": "object", "properties": {"deep": {"type": "STRING"}}},
    }
}


def _asked(prompt: str, **more: object) -> Asked:
    return Asked(Protocol.OPENAI_CHAT, "m", prompt, 3, **more)  # type: ignore[arg-type]


@given(st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(st.text(), st.integers(1, 60), st.booleans())
def test_the_limit_holds_for_thoughts_and_words_together(prompt: str, limit: int, thinks: bool) -> None:
    script = PHRASES.script(7, _asked(prompt, limit=limit), thinks)
    whole = PHRASES.script(7, _asked(prompt), thinks)
    assert script.length == min(limit, whole.length) and script.cut == (whole.length > limit)
    assert whole.text.startswith(script.text)


def test_answers_follow_from_prompt_and_seed() -> None:
    one, same, other = (PHRASES.script(seed, _asked("Tell me of queues"), False) for seed in (1, 1, 2))
    assert one == same != other
    assert one != PHRASES.script(1, _asked("Tell me of channels"), False)


@pytest.mark.parametrize("prompt", ["Reply with OK", "reply with exactly: OK.", 'Answer with only "OK"'])
def test_a_word_asked_for_is_said_and_nothing_else(prompt: str) -> None:
    assert PHRASES.script(1, _asked(prompt), False).text == "OK"
    assert len(PHRASES.script(1, _asked(prompt), False, brief=False).words) > 20


def test_a_tool_is_called_with_arguments_its_schema_declares_once() -> None:
    asked = _asked("Weather in Florence?", tools=(Tool("other"), Tool("weather", SCHEMA)))
    call = PHRASES.script(3, asked, False).call
    assert call is not None and call.name == "weather"
    arguments = json.loads("".join(call.pieces))
    assert set(arguments) == set(SCHEMA["properties"]) and arguments["unit"] in ("c", "f")
    assert (type(arguments["days"]), type(arguments["wind"]), len(arguments["places"])) == (int, bool, 1)
    again = _asked("Weather in Florence?", tools=asked.tools, answered_tool=True)
    assert PHRASES.script(3, again, False).call is None


def test_json_is_said_where_json_is_asked() -> None:
    assert json.loads(PHRASES.script(1, _asked("Give JSON", wants_json=True), False).text)["ok"] is True

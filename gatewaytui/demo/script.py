"""What a model will say to a prompt: words, thoughts or a tool call, decided by the seed before the first byte."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from .dice import Dice
from .prompt import Asked, Object, Tool

_TOKEN = re.compile(r"\s?[A-Za-z]{1,8}|\s?\d{1,3}|\s+|.", re.DOTALL)
_ECHO = re.compile(r"(?:reply|respond|answer) with (?:exactly|only|just)?\s*:?\s*[\"'`]?(.{1,40}?)[\"'`]?[.!]?", re.I)
DEEPEST_SCHEMA = 8
_WORD = re.compile(r"[^\W\d_]{4,24}")
_SHORT_WORDS = frozenset(
    ("about", "please", "could", "would", "should", "write", "short", "with", "tell", "what", "which", "explain")
)


class Call(msgspec.Struct, frozen=True):
    """A tool call: arguments as a value and as the pieces of its JSON text."""

    name: str
    arguments: Object

    @property
    def pieces(self) -> tuple[str, ...]:
        """The JSON text of the arguments, token by token."""
        return tokens(json.dumps(self.arguments, ensure_ascii=False))


class Script(msgspec.Struct, frozen=True):
    """An answer, token by token. ``cut`` says that the asked limit ended it; thoughts count as output."""

    thoughts: tuple[str, ...]
    words: tuple[str, ...]
    call: Call | None = None
    cut: bool = False

    @property
    def text(self) -> str:
        """The whole answer."""
        return "".join(self.words)

    @property
    def thought(self) -> str:
        """The whole thinking."""
        return "".join(self.thoughts)

    @property
    def length(self) -> int:
        """Output tokens: thoughts, words and the call's arguments."""
        return len(self.thoughts) + len(self.words) + (len(self.call.pieces) if self.call else 0)


class Phrases:
    """The sentences the models know, from ``phrases.toml``."""

    def __init__(self) -> None:
        path = Path(__file__).with_name("phrases.toml")
        self._lines: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))

    def script(self, seed: int, asked: Asked, thinks: bool, brief: bool = True) -> Script:
        """The answer to this prompt. ``brief`` lets "Reply with OK" be answered with nothing but OK."""
        dice = Dice(seed, asked.model, asked.prompt)
        thoughts = tokens(self._thoughts(dice, asked.prompt)) if thinks else ()
        if asked.tools and not asked.answered_tool:
            return Script(thoughts, (), _call(dice, asked))
        words = tokens(self._text(dice, asked, brief))
        if asked.limit is None or len(thoughts) + len(words) <= asked.limit:
            return Script(thoughts, words)
        thoughts = thoughts[: asked.limit]
        return Script(thoughts, words[: asked.limit - len(thoughts)], cut=True)

    def heard(self, dice: Dice, sentences: int) -> str:
        """What is said in a sound."""
        return " ".join(dice.picks(self._lines["sentences"], sentences))

    def _thoughts(self, dice: Dice, prompt: str) -> str:
        return " ".join(dice.picks(self._lines["thoughts"], 3)).replace("{topic}", _topic(prompt))

    def _text(self, dice: Dice, asked: Asked, brief: bool) -> str:
        if asked.wants_json:
            return json.dumps({"ok": True, "topic": _topic(asked.prompt)}, ensure_ascii=False)
        echo = _ECHO.fullmatch(asked.prompt.strip())
        if brief and echo is not None:
            return echo[1]
        if re.search(r"\bpoem\b|\bverse\b|诗", asked.prompt, re.I):
            return "\n".join(self._lines["poem"])
        opening = dice.pick(self._lines["openings"]).replace("{topic}", _topic(asked.prompt))
        flourish = dice.pick(["", *self._lines["flourishes"]])
        return opening + " ".join(dice.picks(self._lines["sentences"], 3 + dice.below(4))) + flourish


def tokens(text: str) -> tuple[str, ...]:
    """The text in pieces about as long as a model's tokens; joined they are the text again."""
    return tuple(_TOKEN.findall(text))


def _topic(prompt: str) -> str:
    words = [word for word in _WORD.findall(prompt) if word.lower() not in _SHORT_WORDS]
    return max(words, key=len, default="routing").lower()


def _call(dice: Dice, asked: Asked) -> Call:
    named = [tool for tool in asked.tools if tool.name.replace("_", " ").lower() in asked.prompt.lower()]
    tool = named[0] if named else asked.tools[0]
    return Call(tool.name, _arguments(dice, tool, asked.prompt))


def _arguments(dice: Dice, tool: Tool, prompt: str) -> Object:
    """A value for every property the schema declares."""
    declared = tool.parameters.get("properties")
    properties = declared if isinstance(declared, dict) else {}
    return {name: _value(dice, schema, prompt) for name, schema in properties.items()}


def _value(dice: Dice, schema: Any, prompt: str, depth: int = 0) -> object:
    schema = schema if isinstance(schema, dict) and depth < DEEPEST_SCHEMA else {}
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return dice.pick(schema["enum"])
    match str(schema.get("type", "string")).lower():
        case "integer":
            return 1 + dice.below(9)
        case "number":
            return round(1 + 9 * dice.fraction(), 1)
        case "boolean":
            return dice.below(2) == 1
        case "array":
            return [_value(dice, schema.get("items"), prompt, depth + 1)]
        case "object":
            properties = schema.get("properties")
            named = properties if isinstance(properties, dict) else {}
            return {name: _value(dice, inner, prompt, depth + 1) for name, inner in named.items()}
        case _:
            return _topic(prompt)

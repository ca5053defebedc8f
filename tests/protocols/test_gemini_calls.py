from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui.domain.chat import Finished, StreamEvent, ToolDelta
from gatewaytui.protocols.gemini import GeminiReader
from gatewaytui.protocols.gemini_calls import OpenCall

from .support import answer, sse


def _part(finish: str = "", **call: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": [{"functionCall": call}]}}
    return {"candidates": [{**candidate, "finishReason": finish} if finish else candidate]}


def _piece(path: str, **value: Any) -> dict[str, Any]:
    return _part(partialArgs=[{"jsonPath": path, **value}], willContinue=True)


def _calls(*chunks: dict[str, Any]) -> list[tuple[str, Any]]:
    found = answer("gemini", sse(*chunks)).tool_calls
    return [(call.name, json.loads(call.arguments)) for call in found]


def _arguments(*pieces: dict[str, Any]) -> Any:
    return json.loads(OpenCall(0, {"partialArgs": list(pieces)}).arguments())


def test_a_call_in_pieces_is_one_call() -> None:
    assert _calls(
        _part(name="paint", willContinue=True),
        _piece("$.colour", stringValue="dark ", willContinue=True),
        _piece("$.colour", stringValue="red"),
        _piece("$.layers", numberValue=2),
        _part(),
    ) == [("paint", {"colour": "dark red", "layers": 2})]


def test_whole_calls_and_calls_in_pieces_are_numbered_together() -> None:
    chunks = (
        _part(name="look", args={"at": "sky"}),
        _part(name="paint", willContinue=True),
        _piece("$.wet", boolValue=True),
        _part(name="wait", willContinue=True),  # begins without the end of the one before
        _part("STOP"),
    )
    assert _calls(*chunks) == [("look", {"at": "sky"}), ("paint", {"wet": True}), ("wait", {})]


def test_the_finish_ends_a_call_that_nothing_ended() -> None:
    reader, found = GeminiReader(), list[StreamEvent]()
    for value in (_part(name="f", willContinue=True), {"candidates": [{"finishReason": "STOP"}]}):
        found += reader.read(value)
    assert found == [ToolDelta(0, name="f"), ToolDelta(0, arguments="{}"), Finished("STOP")]


def test_a_call_of_one_part_with_a_value_at_a_path() -> None:
    part = _part(name="f", partialArgs=[{"jsonPath": "$.a", "nullValue": "NULL_VALUE"}])
    assert _calls(part, _part(name="g")) == [("f", {"a": None}), ("g", {})]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("$.a.b", {"a": {"b": "x"}}),
        ("$.a[0]", {"a": ["x"]}),
        ("$.a[0].b[0]", {"a": [{"b": ["x"]}]}),
        ("$['a b'].c", {"a b": {"c": "x"}}),
        ('$["a.b"]', {"a.b": "x"}),
        ("$.a[999999999]", {"a": ["x"]}),  # no list of a length that a server names
        ("$[0]", {}),
        ("$", {}),
        ("", {}),
    ],
)
def test_paths(path: str, wanted: Any) -> None:
    assert _arguments({"jsonPath": path, "stringValue": "x"}) == wanted


def test_lists_grow_entry_by_entry() -> None:
    pieces = [{"jsonPath": f"$.list[{at}].{name}", "numberValue": at} for at in (0, 1) for name in ("a", "b")]
    assert _arguments(*pieces) == {"list": [{"a": 0, "b": 0}, {"a": 1, "b": 1}]}


@pytest.mark.parametrize(
    "pieces",
    [
        [{"jsonPath": "$.a", "stringValue": "x"}, {"jsonPath": "$.a.b", "stringValue": "y"}],
        [{"jsonPath": "$.a[0]", "stringValue": "x"}, {"jsonPath": "$.a.b", "stringValue": "y"}],
        [{"jsonPath": 7, "stringValue": "x"}, {"jsonPath": "$.b"}, "odd", None],
        [{"jsonPath": "$" + ".a" * 5000, "stringValue": "x"}],
    ],
)
def test_what_makes_no_sense_breaks_nothing(pieces: list[Any]) -> None:
    assert isinstance(_arguments(*pieces), dict)

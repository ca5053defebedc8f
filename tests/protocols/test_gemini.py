from __future__ import annotations

import json
from typing import Any

import pytest

from gatewaytui.domain.chat import Usage
from gatewaytui.protocols.gemini import recognises

from .support import answer, sse


def _candidate(*parts: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, **members}]}


@pytest.mark.parametrize(
    ("finish", "word"),
    [("STOP", "STOP"), (1, "STOP"), (3, "SAFETY"), (9, "MALFORMED_FUNCTION_CALL"), (99, "99"), (0, ""), (None, ""),
     ("FINISH_REASON_UNSPECIFIED", "")],
)  # fmt: skip
def test_finish_reasons_by_name_and_by_number(finish: object, word: str) -> None:
    assert answer("gemini", json.dumps(_candidate({"text": "a"}, finishReason=finish))).finish_reason == word


@pytest.mark.parametrize(("reason", "detail"), [("SAFETY", "SAFETY"), (4, "PROHIBITED_CONTENT"), (0, ""), (None, "")])
def test_a_blocked_prompt(reason: object, detail: str) -> None:
    found = answer("gemini", json.dumps({"promptFeedback": {"blockReason": reason}}))
    assert (found.finish_reason, found.finish_detail, found.text) == ("", detail, "")


def test_several_parts_of_one_chunk_are_one_piece_of_text() -> None:
    found = answer("gemini", json.dumps(_candidate({"text": "a"}, {"text": "t", "thought": True}, {"text": "b"})))
    assert (found.text, found.reasoning, found.content_chunks) == ("ab", "t", 1)


def test_calls_of_several_chunks_are_numbered_on() -> None:
    one, two = _candidate({"functionCall": {"name": "f", "args": {}}}), _candidate({"functionCall": {"name": "g"}})
    assert [(c.name, c.arguments) for c in answer("gemini", sse(one, two)).tool_calls] == [("f", "{}"), ("g", "{}")]


def test_the_last_usage_stands_and_thoughts_are_no_output() -> None:
    first = {"usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 1, "totalTokenCount": 6}}
    last = {"usageMetadata": {"promptTokenCount": 5, "thoughtsTokenCount": 7, "totalTokenCount": 12}}
    assert answer("gemini", sse(first, last)).usage == Usage(5, None, 12, None, 7)


def test_several_candidates() -> None:
    body = {
        "candidates": [{"content": {"parts": [{"text": text}]}, "index": at} for at, text in ((1, "b"), (0, "a"))]
    }
    found = answer("gemini", json.dumps(body))
    assert (found.text, found.choice_count) == ("a", 2)


def test_what_is_recognised() -> None:
    assert all(recognises(value) for value in ({"candidates": []}, {"promptFeedback": {}}, {"usageMetadata": {}}))
    assert not recognises({"error": {}}) and not recognises({"candidates": None}) and not recognises({"choices": []})

"""A chunk decoded by type says exactly what the general reader finds in it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.chat import ReasoningDelta, StreamEvent, TextDelta
from gatewaytui.protocols.lenient import decode
from gatewaytui.protocols.openai_chat import ChatReader
from gatewaytui.protocols.plain_chunks import plain_events

TEXTS = st.sampled_from(["", " a", "caf\u00e9", "\u2028", "\ud83d"]) | st.text(max_size=3)
ODD = st.sampled_from([None, "", 0, True, 1.5, [], {}, ["x"], {"text": "x"}, {"code": "x"}, "stop", [{"text": "x"}]])
PLAIN = (
    "content", "reasoning_content", "role", "refusal", "tool_calls", "function_call", "reasoning", "audio", "images"
)  # fmt: skip
CHOICE = ("index", "finish_reason", "logprobs", "text", "message", "error", "usage")
OUTSIDE = ("usage", "error", "x_groq", "type", "model", "id", "choices")


def members(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from(names), TEXTS | ODD, max_size=2)


def chunk(delta: object, choice: dict[str, object], outside: dict[str, object], copies: int = 1) -> str:
    choices = [{"index": 0, "delta": delta, **choice}] * copies
    return json.dumps({"id": "c", "model": "m", "choices": choices, **outside})


def begun() -> ChatReader:
    reader = ChatReader()
    reader.read({"id": "c", "model": "m", "choices": []})
    return reader


def general(data: str) -> list[StreamEvent]:
    value = decode(data)
    assert isinstance(value, dict)
    return begun().read(value)


@given(members(PLAIN) | ODD, members(CHOICE), members(OUTSIDE), st.integers(0, 2))
def test_what_is_plain_reads_as_the_general_reader_reads_it(
    delta: object, choice: dict[str, object], outside: dict[str, object], copies: int
) -> None:
    data = chunk(delta, choice, outside, copies)
    plain = plain_events(data)
    assert plain is None or list(plain) == general(data)


def test_the_commonest_chunks_are_plain() -> None:
    null = {"finish_reason": None, "logprobs": None}
    assert plain_events(chunk({"content": "a"}, null, {"usage": None})) == (TextDelta("a"),)
    assert plain_events(chunk({"role": "assistant", "content": ""}, null, {})) == ()
    thinking = chunk({"reasoning_content": "h", "content": None}, {"index": 1}, {})
    assert plain_events(thinking) == (ReasoningDelta("h", 1),)


def test_a_first_chunk_is_never_plain_because_it_names_the_model() -> None:
    assert ChatReader().read_plain(chunk({"content": "a"}, {}, {})) is None
    assert begun().read_plain(chunk({"content": "a"}, {}, {})) == (TextDelta("a"),)

"""Every dialect of the wire, one scenario each: the whole stream at once, and cut anywhere."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.domain.chat import Usage
from gatewaytui.protocols.reading import read_exchange

from .support import CORPUS, chat, exchange, frames, recordings, scenarios

_STREAMS = scenarios("streams")
_NAMES = [scenario["name"] for scenario in _STREAMS]


def _body(scenario: dict[str, Any]) -> bytes:
    return scenario["body"].replace("\n", scenario.get("line_end", "\n")).encode()


@pytest.mark.parametrize("scenario", _STREAMS, ids=_NAMES)
def test_a_stream_is_read(scenario: dict[str, Any]) -> None:
    expect = scenario["expect"]
    reading = read_exchange(exchange(_body(scenario), chat(scenario["protocol"])))
    answer = reading.answer
    assert reading.streaming and answer is not None
    assert reading.shape.value == expect.get("shape", "sse")
    assert reading.stream_end is not None and reading.stream_end.value == expect.get("end", "complete")
    assert answer.text == expect.get("text", "")
    assert answer.reasoning == expect.get("reasoning", "")
    assert answer.refusal == expect.get("refusal", "")
    assert answer.finish_reason == expect.get("finish", "")
    assert answer.finish_detail == expect.get("detail", "")
    assert [[call.id, call.name, call.arguments] for call in answer.tool_calls] == expect.get("tools", [])
    assert answer.usage == (Usage(**expect["usage"]) if "usage" in expect else None)
    assert answer.unrecognised == expect.get("unrecognised", 0)
    assert answer.other_content == expect.get("other", 0)
    assert (answer.served_model == expect["model"]) if "model" in expect else True
    assert (answer.content_chunks == expect["chunks"]) if "chunks" in expect else True
    assert (answer.choice_count == expect["choices"]) if "choices" in expect else True
    error = reading.error
    assert ((error.code or error.type or error.message) if error else "") == expect.get("error", "")
    assert error is None or error.place == "stream"


@pytest.mark.parametrize("scenario", _STREAMS, ids=_NAMES)
def test_a_stream_cut_at_any_byte_gives_the_same_frames(scenario: dict[str, Any]) -> None:
    body = _body(scenario)
    whole = frames(scenario["protocol"], [body])
    assert frames(scenario["protocol"], [body[at : at + 1] for at in range(len(body))]) == whole
    for at in range(0, len(body), 7):
        assert frames(scenario["protocol"], [body[:at], body[at:]]) == whole


_CUTS = st.lists(st.integers(0, 40_000), max_size=12)


def _pieces(body: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    return [body[start:end] for start, end in pairwise(places)]


@given(scenario=st.sampled_from(_STREAMS), cuts=_CUTS)
def test_any_cuts_give_the_same_frames(scenario: dict[str, Any], cuts: list[int]) -> None:
    body = _body(scenario)
    assert frames(scenario["protocol"], _pieces(body, cuts)) == frames(scenario["protocol"], [body])


@given(scenario=st.sampled_from(_STREAMS), at=st.integers(0, 100_000), junk=st.binary(max_size=20))
def test_damaged_streams_are_survived(scenario: dict[str, Any], at: int, junk: bytes) -> None:
    body = _body(scenario)
    at %= len(body) + 1
    damaged = body[:at] + junk + body[at + len(junk) :]
    reading = read_exchange(exchange(damaged, chat(scenario["protocol"])))
    assert reading.kind.value == scenario["protocol"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded corpus is not beside this checkout")
def test_recorded_streams_cut_at_every_byte_give_the_same_frames() -> None:
    for recording in recordings():
        protocol = recording["protocol"]
        if not recording["streaming"] or protocol == "other":
            continue
        body = recording["response"]["body"].encode()
        whole = frames(protocol, [body])
        assert frames(protocol, [body[at : at + 1] for at in range(len(body))]) == whole, recording["id"]
        for at in range(1, len(body), max(1, len(body) // 60)):
            assert frames(protocol, [body[:at], body[at:]]) == whole, recording["id"]

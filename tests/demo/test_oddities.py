"""Answers that go wrong in ways of their own, read with a plain client and without their waits."""

from __future__ import annotations

import json

import httpx
import pytest

from gatewaytui.demo.launch import Gateways
from gatewaytui.demo.oddities import MOST
from gatewaytui.domain.profile import Protocol
from tests.demo.support import CLIENT, Question, events, info_of, question, said, said_whole, send

CHAT = Protocol.OPENAI_CHAT


def _ask(gateways: Gateways, name: str, stream: bool, protocol: Protocol = CHAT) -> Question:
    return question(info_of(gateways, name), protocol, stream=stream)


@pytest.mark.parametrize("protocol", Protocol)
@pytest.mark.parametrize("stream", [False, True])
def test_the_silent_one_answers_after_all(swift: Gateways, protocol: Protocol, stream: bool) -> None:
    answer = send(_ask(swift, "silent", stream, protocol))
    assert said(protocol, events(answer.text)) if stream else said_whole(protocol, answer.json())


@pytest.mark.parametrize("stream", [False, True])
def test_comments_hold_the_line_before_the_stream(swift: Gateways, stream: bool) -> None:
    text = send(_ask(swift, "keeps-waiting", stream)).text
    before, _, after = text.partition("data: ")
    assert before.count(": OPENROUTER PROCESSING") > 20 and not before.replace(": OPENROUTER PROCESSING", "").strip()
    assert after.endswith("data: [DONE]\n\n")


def test_blank_lines_come_before_a_whole_answer(swift: Gateways) -> None:
    answer = send(_ask(swift, "drip", stream=False))
    assert answer.text.startswith("\n\n\n") and said_whole(CHAT, answer.json())


def test_a_dripping_stream_is_whole_in_the_end(swift: Gateways) -> None:
    assert send(_ask(swift, "drip", stream=True)).text.endswith("data: [DONE]\n\n")


@pytest.mark.parametrize("stream", [False, True])
def test_an_endless_answer_is_cut_beyond_what_anybody_takes(swift: Gateways, stream: bool) -> None:
    asked, size = _ask(swift, "endless", stream), 0
    with (
        pytest.raises(httpx.RemoteProtocolError),
        CLIENT.stream("POST", asked.url, headers=asked.headers, json=asked.body) as answer,
    ):
        for piece in answer.iter_raw():
            size += len(piece)
    assert MOST * 0.9 < size < MOST * 1.1


@pytest.mark.parametrize("protocol", Protocol)
def test_a_gathered_stream_lacks_nothing(swift: Gateways, protocol: Protocol) -> None:
    healthy, gathered = (
        send(question(info_of(swift, "gathers"), protocol, stream=stream, limit=30)) for stream in (False, True)
    )
    assert len(said(protocol, events(gathered.text))) > 20 and said_whole(protocol, healthy.json())


def test_only_the_end_mark_is_missing(swift: Gateways) -> None:
    stream = send(_ask(swift, "no-end-mark", stream=True)).text
    finishes = [each["finish_reason"] for event in events(stream) for each in event["choices"]]
    assert "[DONE]" not in stream and finishes.count("stop") == 1


@pytest.mark.parametrize("protocol", Protocol)
def test_a_blank_answer_is_well_formed(swift: Gateways, protocol: Protocol) -> None:
    assert said(protocol, events(send(_ask(swift, "blank", True, protocol)).text)) == ""
    assert send(_ask(swift, "blank", False, protocol)).status_code == 200


def test_a_stream_comes_unasked(swift: Gateways) -> None:
    answer = send(_ask(swift, "always-streams", stream=False))
    assert answer.headers["content-type"].startswith("text/event-stream") and said(CHAT, events(answer.text))


def test_a_fault_may_strike_some_protocols_only(swift: Gateways) -> None:
    assert send(_ask(swift, "responses-only", stream=False)).status_code == 501
    other = send(_ask(swift, "responses-only", False, Protocol.OPENAI_RESPONSES))
    assert said_whole(Protocol.OPENAI_RESPONSES, other.json())


def test_a_fault_may_strike_whole_answers_only(swift: Gateways) -> None:
    assert send(_ask(swift, "stream-only", stream=False)).status_code == 400
    assert said(CHAT, events(send(_ask(swift, "stream-only", stream=True)).text))


def test_half_a_body_is_whole_by_its_length(swift: Gateways) -> None:
    answer = send(_ask(swift, "cut-json", stream=False))
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()

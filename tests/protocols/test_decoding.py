from __future__ import annotations

import json

from gatewaytui.domain.chat import Finished, StreamError, Terminator, TextDelta, Unrecognised
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.table import PROTOCOLS

from .support import chunk, frames, sse


def test_a_frame_shows_the_event_as_it_came() -> None:
    body = b': ping\n\nevent: message_stop\ndata: {"type":"message_stop"  }\n\n'
    comment, stop = frames("anthropic", [body])
    assert (comment.name, comment.data, comment.size, comment.events) == (":", "ping", 7, ())
    assert (stop.name, stop.data) == ("message_stop", '{"type":"message_stop"  }')
    assert stop.events == (Terminator("message_stop"),)


def test_a_frame_without_an_event_line_is_named_by_its_type() -> None:
    (frame,) = frames("anthropic", [b'data: {"type":"ping"}\n\n'])
    assert (frame.name, frame.events) == ("ping", ())


def test_a_json_body_where_a_stream_was_due_is_one_frame() -> None:
    body = json.dumps({"error": {"message": "no", "code": "x"}}, indent=2).encode()
    (frame,) = frames("openai-chat", [body[:7], body[7:]])
    assert isinstance(frame.events[-1], StreamError)
    assert frame.data == body.decode()


def test_array_elements_become_frames_as_they_arrive() -> None:
    decoder = PROTOCOLS[Protocol.GEMINI].decoder()
    assert decoder.feed(b'[{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}')[0].events == (TextDelta("a"),)
    assert decoder.feed(b",\r\n") == []
    (frame,) = decoder.feed(b'{"candidates":[{"finishReason":"STOP"}]}')
    assert frame.events == (Finished("STOP"),)
    assert decoder.feed(b"]") == [] and decoder.close() == []


def test_objects_a_line_are_read_too() -> None:
    body = b"".join(json.dumps(chunk({"content": word})).encode() + b"\n" for word in "ab")
    texts = [e.text for frame in frames("openai-chat", [body]) for e in frame.events if isinstance(e, TextDelta)]
    assert texts == ["a", "b"]


def test_done_is_the_end_of_chat_alone() -> None:
    assert frames("openai-chat", [b"data: [DONE]\n\n"])[0].events == (Terminator("[DONE]"),)
    for other in ("openai-responses", "anthropic", "gemini"):
        assert frames(other, [b"data: [DONE]\n\n"])[0].events == (Unrecognised("[DONE]"),)


def test_a_body_of_700_kb_and_a_line_of_100_kb_are_read_whole() -> None:
    text = "x" * 100_000
    body = sse(*(chunk({"content": text}) for _ in range(7)), "[DONE]").encode()
    assert len(body) > 700_000
    pieces = [body[at : at + 16_384] for at in range(0, len(body), 16_384)]
    read = [e.text for frame in frames("openai-chat", pieces) for e in frame.events if isinstance(e, TextDelta)]
    assert read == [text] * 7


def test_html_and_text_give_unrecognised_frames_and_no_answer() -> None:
    for body in (b"<html>\n<body>no</body>\n</html>", b"upstream connect error"):
        events = [event for frame in frames("openai-chat", [body]) for event in frame.events]
        assert events and all(isinstance(event, Unrecognised) for event in events)

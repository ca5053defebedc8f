from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.protocols.sse import LARGEST_LINE, SseDecoder, SseEvent


def _all(*pieces: bytes) -> list[SseEvent]:
    decoder = SseDecoder()
    found: list[SseEvent] = []
    for piece in pieces:
        found += decoder.feed(piece)
    return found + decoder.close()


def _short(*pieces: bytes) -> list[tuple[str, str]]:
    return [(event.name, event.data) for event in _all(*pieces)]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_line_end_of_the_standard(end: bytes) -> None:
    body = end.join([b"event: a", b"data: 1", b"data: 2", b"", b":note", b"id: 7", b"data:3", b"", b""])
    assert _all(body) == [
        SseEvent("a", "1\n2", "", 26),
        SseEvent(":", "note", "", 6),
        SseEvent("", "3", "7", 14),
    ]


def test_mixed_line_ends() -> None:
    assert _short(b"data: 1\r\rdata: 2\n\ndata: 3\r\n\r\n") == [("", "1"), ("", "2"), ("", "3")]


def test_crlf_cut_between_its_two_bytes_is_one_line_end() -> None:
    assert _short(b"data: 1\r", b"\ndata: 2\r", b"\n\r", b"\n") == [("", "1\n2")]


def test_only_one_leading_bom_is_stripped_and_may_come_in_pieces() -> None:
    assert _short(b"\xef", b"\xbb", b"\xbfdata: 1\n\n") == [("", "1")]
    assert _short(b"\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\n") == [("", "\ufeffdata: 1")]


def test_one_blank_after_the_colon_is_stripped_and_no_more() -> None:
    assert _short(b"data:  x\n\ndata:x\n\ndata\n\n") == [("", " x"), ("", "x"), ("", "")]


def test_unicode_line_separators_do_not_split() -> None:
    assert _short("data: a\u2028b\u2029c\u0085d\x0b\x1c\n\n".encode()) == [("", "a\u2028b\u2029c\u0085d\x0b\x1c")]


def test_invalid_utf8_is_replaced() -> None:
    assert _short(b"data: \xff\xe4\n\n") == [("", "\ufffd\ufffd")]


def test_an_event_without_data_is_none_and_retry_is_passed_over() -> None:
    assert _short(b"event: x\n\nretry: 5\n\ndata: 1\n\n") == [("", "1")]


def test_the_id_stays_until_the_next_one_and_must_not_hold_nul() -> None:
    assert [event.id for event in _all(b"id: 1\ndata: a\n\nid: \x00\ndata: b\n\nid\ndata: c\n\n")] == ["1", "1", ""]


def test_the_last_event_needs_no_blank_line() -> None:
    assert _short(b"data: 1\n\ndata: 2") == [("", "1"), ("", "2")]
    assert _short(b"data: 1\n\ndata: 2\n") == [("", "1"), ("", "2")]


def test_lines_of_no_field_are_delivered_not_lost() -> None:
    assert _short(b'data: 1\n\n{"error":\n "x"}\n\nerror: {"a":1}\n\n') == [
        ("", "1"),
        ("", '{"error":\n "x"}'),
        ("error", '{"a":1}'),
    ]


def test_a_comment_within_an_event_does_not_break_it() -> None:
    assert _all(b"data: 1\n: hi\ndata: 2\n\n") == [SseEvent(":", "hi", "", 5), SseEvent("", "1\n2", "", 17)]


def test_a_line_of_100_kb_is_read_whole() -> None:
    assert _short(b"data: " + b"x" * 100_873 + b"\n\n") == [("", "x" * 100_873)]


def test_an_endless_line_takes_no_more_than_the_cap() -> None:
    decoder = SseDecoder()
    piece = b"x" * 1_000_000
    decoder.feed(b"data: ")
    for _ in range(20):
        decoder.feed(piece)
    (event, after) = decoder.feed(b"\n\ndata: 2\n\n")
    assert len(event.data) == LARGEST_LINE - len(b"data: ")
    assert event.size == 20_000_008
    assert after.data == "2"


def test_endless_data_lines_take_no_more_than_the_cap() -> None:
    decoder = SseDecoder()
    line = b"data: " + b"x" * 1_000_000 + b"\n"
    for _ in range(30):
        decoder.feed(line)
    (event,) = decoder.feed(b"\n")
    assert len(event.data) < 17_000_000


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=8))
def test_any_cut_of_any_bytes_gives_the_same_events(body: bytes, cuts: list[int]) -> None:
    places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    pieces = [body[start:end] for start, end in pairwise(places)]
    assert _all(*pieces) == _all(body)


_FIELD = st.sampled_from([b"data:", b"data: ", b"event: ", b"id: ", b":", b"", b"\xef\xbb\xbf", b"error: ", b"x"])
_END = st.sampled_from([b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n"])


@given(st.lists(st.tuples(_FIELD, st.binary(max_size=3), _END), max_size=12))
def test_fed_byte_by_byte_or_at_once(lines: list[tuple[bytes, bytes, bytes]]) -> None:
    body = b"".join(part for line in lines for part in line)
    assert _all(*(body[at : at + 1] for at in range(len(body)))) == _all(body)

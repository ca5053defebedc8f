"""Bytes as they come off the wire: pieces, silence, cuts, and a client that hangs up."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from gatewaytui.demo.launch import Gateways
from gatewaytui.domain.profile import Protocol
from tests.demo.support import CLIENT, Question, info_of, question, send

PATIENCE, SILENCE = 5.0, 0.2
LAST_CHUNK = b"0\r\n\r\n"


@contextmanager
def _opened(asked: Question) -> Iterator[socket.socket]:
    parts, body = urlsplit(asked.url), json.dumps(asked.body).encode()
    headers = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
    head = f"POST {parts.path}?{parts.query} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
    with socket.create_connection((str(parts.hostname), parts.port or 80), timeout=5) as wire:
        wire.sendall(head.encode() + body)
        yield wire


def _read(wire: socket.socket, silence: float = SILENCE) -> tuple[bytes, bool]:
    """All that comes before the end or a silence (seconds), and whether the server ended the connection."""
    received = b""
    while not received.partition(b"\r\n\r\n")[2].endswith(LAST_CHUNK):  # a length of 1300 ends so too
        wire.settimeout(silence if received else PATIENCE)
        try:
            piece = wire.recv(65536)
        except TimeoutError:
            return received, False
        if not piece:
            return received, True
        received += piece
    return received, False


def _tally(gateways: Gateways, name: str) -> dict[str, int]:
    counted: dict[str, int] = CLIENT.get(gateways.state_url).json()[name]
    return counted


def _eventually(gateways: Gateways, name: str, member: str, count: int) -> bool:
    for _ in range(200):
        if _tally(gateways, name)[member] == count:
            return True
        time.sleep(0.01)
    return False


def _chunks(received: bytes) -> list[bytes]:
    """The chunks of a chunked body, as many as arrived whole."""
    rest, chunks = received.partition(b"\r\n\r\n")[2], []
    while b"\r\n" in rest:
        size, _, rest = rest.partition(b"\r\n")
        chunks.append(rest[: int(size, 16)])
        rest = rest[int(size, 16) + 2 :]
    return chunks


@pytest.mark.parametrize("protocol", Protocol)
def test_every_event_is_a_write_of_its_own(swift: Gateways, protocol: Protocol) -> None:
    with _opened(question(info_of(swift, "healthy"), protocol, stream=True)) as wire:
        received, _ = _read(wire)
    *events, last = _chunks(received)
    assert last == b"" and len(events) > 20
    assert all(event.endswith((b"\n\n", b"\r\n\r\n")) for event in events if event)
    assert all(event.count(b"data: ") == 1 for event in events if event)


@pytest.mark.parametrize("protocol", Protocol)
def test_a_stalled_stream_keeps_the_connection_and_says_nothing_more(swift: Gateways, protocol: Protocol) -> None:
    with _opened(question(info_of(swift, "stalls"), protocol, stream=True)) as wire:
        received, ended = _read(wire)
    assert not ended and received.count(b"data: ") > 5 and not received.endswith(LAST_CHUNK)


@pytest.mark.parametrize("prompt", ["Reply with OK", "Tell me of routes"])
@pytest.mark.parametrize("protocol", Protocol)
def test_a_stalled_whole_answer_stops_half_way(swift: Gateways, protocol: Protocol, prompt: str) -> None:
    with _opened(question(info_of(swift, "stalls"), protocol, prompt=prompt)) as wire:
        received, ended = _read(wire)
    head, _, body = received.partition(b"\r\n\r\n")
    promised = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    assert not ended and 0 < len(body) < promised


@pytest.mark.parametrize("limit", [1, 400])
@pytest.mark.parametrize("protocol", Protocol)
def test_a_cut_stream_ends_the_connection_in_the_middle_of_the_body(
    swift: Gateways, protocol: Protocol, limit: int
) -> None:
    with _opened(question(info_of(swift, "cuts-streams"), protocol, stream=True, limit=limit)) as wire:
        received, ended = _read(wire, PATIENCE)
    assert ended and b"data: " in received and not received.endswith(LAST_CHUNK)
    assert all(mark not in received for mark in (b"[DONE]", b"message_stop", b"response.completed", b"finishReason"))


@pytest.mark.parametrize("protocol", Protocol)
def test_a_cut_whole_answer_ends_the_connection_half_way(swift: Gateways, protocol: Protocol) -> None:
    with _opened(question(info_of(swift, "cuts-streams"), protocol)) as wire:
        received, ended = _read(wire, PATIENCE)
    head, _, body = received.partition(b"\r\n\r\n")
    promised = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    assert ended and 0 < len(body) < promised


@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_hangs_up_is_noticed_and_counted(swift: Gateways, stream: bool) -> None:
    before = _tally(swift, "stalls")
    with _opened(question(info_of(swift, "stalls"), Protocol.ANTHROPIC, stream=stream)) as wire:
        _read(wire)
        assert _eventually(swift, "stalls", "started", before["started"] + 1)
        assert _tally(swift, "stalls")["aborted"] == before["aborted"]
    assert _eventually(swift, "stalls", "aborted", before["aborted"] + 1)
    assert _tally(swift, "stalls")["finished"] == before["finished"]


def test_an_answer_read_to_its_end_is_finished(swift: Gateways) -> None:
    before = _tally(swift, "tken")
    send(question(info_of(swift, "tken"), Protocol.OPENAI_CHAT, stream=True))
    after = {"started": before["started"] + 1, "finished": before["finished"] + 1, "aborted": before["aborted"]}
    assert _eventually(swift, "tken", "finished", after["finished"]) and _tally(swift, "tken") == after


def test_hanging_up_while_it_waits_for_the_first_token_is_noticed_too(gateways: Gateways) -> None:
    before = _tally(gateways, "slow")
    with _opened(question(info_of(gateways, "slow"), Protocol.OPENAI_CHAT)):
        assert _eventually(gateways, "slow", "started", before["started"] + 1)
    assert _eventually(gateways, "slow", "aborted", before["aborted"] + 1)


def test_headers_and_opening_come_before_a_late_first_token(gateways: Gateways) -> None:
    with _opened(question(info_of(gateways, "slow"), Protocol.OPENAI_CHAT, stream=True)) as wire:
        received, _ = _read(wire)
    assert b'"role":"assistant"' in received and b'"content":"A' not in received

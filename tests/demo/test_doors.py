"""Ports of their own: each fails in its way before any HTTP is spoken."""

from __future__ import annotations

import socket
import ssl
import sys
from urllib.parse import urlsplit

import pytest

from gatewaytui.demo import doors
from gatewaytui.demo.launch import Gateways, start
from gatewaytui.demo.persona import load_personas
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from tests.demo.support import info_of

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux drops connections to a full queue")


def _address(gateways: Gateways, name: str) -> tuple[str, int]:
    parts = urlsplit(info_of(gateways, name).base_url)
    assert parts.hostname and parts.port and parts.port != gateways.port
    return parts.hostname, parts.port


def test_the_closed_port_refuses(swift: Gateways) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(_address(swift, "closed-port"), 2)


@linux_only
def test_the_full_queue_never_answers(swift: Gateways) -> None:
    with pytest.raises(TimeoutError):
        socket.create_connection(_address(swift, "drops-packets"), 0.5)


def test_a_reset_comes_after_the_request(swift: Gateways) -> None:
    with socket.create_connection(_address(swift, "resets"), 2) as wire:
        wire.sendall(b"GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            wire.recv(100)


def test_another_protocol_greets_first(swift: Gateways) -> None:
    with socket.create_connection(_address(swift, "not-http"), 2) as wire:
        assert wire.recv(100).startswith(b"SSH-2.0-")


def test_the_certificate_is_signed_by_itself(swift: Gateways) -> None:
    pytest.importorskip("cryptography")
    host, port = _address(swift, "self-signed")
    context = ssl.create_default_context()
    with socket.create_connection((host, port), 2) as wire, pytest.raises(ssl.SSLCertVerificationError) as caught:
        context.wrap_socket(wire, server_hostname=host)
    assert caught.value.verify_code == 18


def test_what_a_machine_cannot_have_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "cryptography", None)
    opened = doors.open_doors(persona for persona in load_personas().values() if persona.door != "reset")
    assert set(opened) == {"closed-port", "not-http"}
    for door in opened.values():
        door.sockets[0].close()


@pytest.mark.skipif(sys.platform == "linux", reason="Linux can show it")
def test_one_that_cannot_be_shown_is_said_so() -> None:
    with pytest.raises(Problem) as caught:
        start(personas=("drops-packets",))
    assert caught.value.failure_class is FailureClass.CONFIG


def test_a_host_that_never_exists_needs_no_port(swift: Gateways) -> None:
    assert info_of(swift, "no-such-host").base_url == "https://gateway.invalid/v1"


def test_an_address_may_ask_for_tls_where_there_is_none(swift: Gateways) -> None:
    assert info_of(swift, "no-tls").base_url == f"https://127.0.0.1:{swift.port}/no-tls/v1"

"""The process of the gateways: starts quickly, says what it serves, ends with whoever started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from gatewaytui.demo.launch import Gateways, profile_for, start
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader, KeySource, Protocol
from tests.demo.support import info_of

PARENT = """
import sys, time
from gatewaytui.demo.launch import start
gateways = start(personas=("healthy",))
print(gateways.port, flush=True)
time.sleep(60)
"""


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _ends(port: int) -> bool:
    for _ in range(300):
        if not _listens(port):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)], ids=["term", "kill"])
def test_the_gateways_end_with_the_process_that_started_them(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert _listens(port)
        parent.send_signal(number)
        parent.wait(10)
    assert _ends(port)


def test_stopping_ends_it_even_with_an_answer_under_way() -> None:
    gateways = start(personas=("stalls",))
    info = gateways.personas[0]
    wire = socket.create_connection(("127.0.0.1", gateways.port))
    body = b'{"model":"gpt-5.5","stream":true,"messages":[{"role":"user","content":"x"}]}'
    head = f"POST /stalls/v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {info.api_key}\r\n"
    wire.sendall(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
    assert wire.recv(100)
    assert gateways.running
    gateways.stop()
    gateways.stop()
    assert not gateways.running and _ends(gateways.port)
    wire.close()


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C reaches a process group on POSIX")
def test_ctrl_c_is_left_to_the_parent() -> None:
    with start(personas=("healthy",)) as gateways:
        gateways._process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert gateways.running and _listens(gateways.port)


def test_a_port_in_use_is_one_clear_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Problem) as caught:
            start(port=port)
    assert caught.value.failure_class is FailureClass.CONFIG
    assert str(port) in caught.value.sentence and "--port" in caught.value.next_step


def test_a_port_asked_for_is_the_one_served() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with start(port=port, personas=("healthy",)) as gateways:
        assert gateways.personas[0].base_url == f"http://127.0.0.1:{port}/healthy/v1"


@pytest.mark.parametrize("names", [("nobody",), ("healthy", "nobody"), ()])
def test_an_unknown_name_lists_the_known_ones(names: tuple[str, ...]) -> None:
    with pytest.raises(Problem) as caught:
        start(personas=names)
    assert caught.value.failure_class is FailureClass.CONFIG and "healthy" in caught.value.next_step


def test_profiles_hold_what_a_person_would_type_and_never_a_key(swift: Gateways) -> None:
    tokone, tokmodel = (profile_for(info_of(swift, name)) for name in ("tokone", "tokmodel"))
    assert (tokmodel.models_path, tokmodel.auth_header) == ("/v1beta/models", AuthHeader.BEARER)
    assert [group.name for group in tokone.groups] == ["openai", "anthropic", "gemini"]
    assert tokone.groups[1].protocols == (Protocol.ANTHROPIC,)
    assert {key.source for key in (tokone.key, *(group.key for group in tokone.groups))} == {KeySource.PROMPT}


def test_keys_are_by_group_and_hidden(swift: Gateways) -> None:
    info = info_of(swift, "tokone")
    assert list(info.keys) == ["", "openai", "anthropic", "gemini"]
    assert info.keys[""] == info.keys["openai"] and info.keys[""].reveal() == info.api_key
    assert info.api_key not in repr(info)


def test_what_each_is_made_to_show(swift: Gateways) -> None:
    shown = {info.name: info.shows for info in swift.personas}
    assert shown["cuts-streams"] == "stream_interrupted"
    assert shown["no-credit"] == "billing_quota"
    assert [shown[name] for name in ("healthy", "tken", "tokmodel", "tokenopen", "tokone", "slow")] == [None] * 6
    assert {shows for shows in shown.values() if shows} <= set(FailureClass)


def test_the_parent_loads_no_server() -> None:
    code = "import sys, gatewaytui.demo.launch; print(*{'starlette', 'uvicorn', 'httpx', 'anyio'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

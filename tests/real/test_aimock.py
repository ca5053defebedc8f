"""The installed command against aimock: a foreign server that speaks four protocols and fails on demand."""

from __future__ import annotations

import json

import pytest

from gatewaytui.domain.profile import Protocol
from tests.conftest import Cli

pytestmark = pytest.mark.real_server
KEY = {"AIMOCK_KEY": "sk-aimock-0001"}
FAULTS = {
    "E401": ("auth", 10),
    "E402": ("billing_quota", 14),
    "E429": ("rate_limit", 14),
    "E529": ("overloaded", 16),
    "DROP": ("gateway_error", 16),
}


def _chat(cli: Cli, base_url: str, protocol: str, *more: str) -> tuple[str, str, int]:
    done = cli(
        "chat",
        "--base-url",
        base_url,
        "--api-key-env",
        "AIMOCK_KEY",
        "--model",
        "gpt-5.5",
        "--protocol",
        protocol,
        *more,
        **KEY,
    )
    return done.stdout, done.stderr, done.returncode


def test_smoke_proves_it_and_the_evidence_verifies(cli: Cli, aimock: str) -> None:
    done = cli("smoke", "--base-url", aimock, "--api-key-env", "AIMOCK_KEY", "--model", "gpt-5.5", "--json", **KEY)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["summary"]["ok"] is True
    assert [check["outcome"] for check in document["checks"]] == ["passed", "passed"]
    assert cli("verify", "-", stdin=done.stdout).returncode == 0


def test_a_wrong_key_is_the_keys_fault(cli: Cli, aimock: str) -> None:
    done = cli(
        "smoke",
        "--base-url",
        aimock,
        "--api-key-env",
        "WRONG",
        "--model",
        "gpt-5.5",
        "--json",
        WRONG="sk-wrong-0000000001",
    )
    assert json.loads(done.stdout)["summary"]["failure_class"] == "auth"
    assert done.returncode == 10


def test_an_unknown_model_is_the_model_ids_fault(cli: Cli, aimock: str) -> None:
    done = cli(
        "smoke", "--base-url", aimock, "--api-key-env", "AIMOCK_KEY", "--model", "no-such-model-xyz", "--json", **KEY
    )
    assert json.loads(done.stdout)["summary"]["failure_family"] == "model_id"
    assert done.returncode == 12


@pytest.mark.parametrize("protocol", Protocol)
def test_an_answer_streams_in_every_protocol(cli: Cli, aimock: str, protocol: Protocol) -> None:
    out, err, code = _chat(cli, aimock, protocol, "hello")
    assert code == 0, err
    assert out == "Hello from aimock, this is a deterministic streamed answer.\n"
    assert "TTFT" in err and "end complete" in err


@pytest.mark.parametrize("protocol", Protocol)
def test_a_whole_answer_comes_in_every_protocol(cli: Cli, aimock: str, protocol: Protocol) -> None:
    out, err, code = _chat(cli, aimock, protocol, "--no-stream", "hello")
    assert (out, code) == ("Hello from aimock, this is a deterministic streamed answer.\n", 0), err


@pytest.mark.parametrize("protocol", Protocol)
@pytest.mark.parametrize("prompt", FAULTS)
def test_each_fault_has_its_class_in_every_protocol(cli: Cli, aimock: str, protocol: Protocol, prompt: str) -> None:
    label, family = FAULTS[prompt]
    _, err, code = _chat(cli, aimock, protocol, prompt)
    assert (label in err, code) == (True, family), err


@pytest.mark.parametrize("protocol", Protocol)
@pytest.mark.parametrize("prompt", ["CUT", "DISC"])
def test_a_broken_stream_is_interrupted_in_every_protocol(
    cli: Cli, aimock: str, protocol: Protocol, prompt: str
) -> None:
    _, err, code = _chat(cli, aimock, protocol, prompt)
    assert ("stream_interrupted" in err, code) == (True, 18), err


@pytest.mark.parametrize("protocol", Protocol)
def test_a_connection_hung_up_and_broken_json_are_told_apart(cli: Cli, aimock: str, protocol: Protocol) -> None:
    _, hung, code = _chat(cli, aimock, protocol, "HANGUP")
    assert ("connection_reset" in hung, code) == (True, 20), hung
    _, broken, code = _chat(cli, aimock, protocol, "--no-stream", "BADJSON")
    assert ("invalid_json" in broken, code) == (True, 17), broken


@pytest.mark.parametrize("protocol", Protocol)
def test_tools_and_thinking_are_read_apart_from_the_answer(cli: Cli, aimock: str, protocol: Protocol) -> None:
    out, err, code = _chat(cli, aimock, protocol, "--thinking", "THINK")
    assert (out, code) == ("The answer is 4.\n", 0), err
    assert "2+2 is 4" in err


@pytest.mark.parametrize("protocol", Protocol)
def test_a_slow_answer_is_waited_for_unless_the_time_is_up(cli: Cli, aimock: str, protocol: Protocol) -> None:
    out, err, code = _chat(cli, aimock, protocol, "SLOW")
    assert (out.startswith("Slow answer"), code) == (True, 0), err
    _, err, code = _chat(cli, aimock, protocol, "--timeout", "1", "SLOW")
    assert ("timeout" in err, code) == (True, 15), err

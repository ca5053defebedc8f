"""The doctor against aimock and llama.cpp: real servers with faults of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Cli

pytestmark = pytest.mark.real_server
KEYS = {"AIMOCK_KEY": "sk-aimock-0001", "LLAMA_KEY": "sk-llama-local-0001", "WRONG_KEY": "sk-wrong-0000000001"}


def _examined(cli: Cli, base_url: str, key: str, *more: str) -> tuple[dict[str, Any], int]:
    done = cli("doctor", "--base-url", base_url, "--api-key-env", key, "--format", "json", *more, **KEYS)
    assert not any(secret in done.stdout + done.stderr for secret in KEYS.values())
    assert cli("verify", "-", stdin=done.stdout).returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["spending"]["requests"] == len(document["requests"]) <= 24
    assert document["spending"]["tokens"] <= 2_000
    return document, done.returncode


def _outcomes(document: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["outcome"] for check in document["checks"]}


def _failure(document: dict[str, Any]) -> dict[str, Any]:
    failed = next(check for check in document["checks"] if check["outcome"] == "failed")
    assert isinstance(failed["failure"], dict)
    return {"rung": failed["name"], **failed["failure"]}


def test_aimock_is_climbed_to_the_stream(cli: Cli, aimock: str) -> None:
    document, code = _examined(cli, aimock, "AIMOCK_KEY", "--model", "gpt-5.5")
    outcomes = _outcomes(document)
    assert (code, document["summary"]["ok"]) == (0, True), outcomes
    assert [outcomes[name] for name in ("auth", "models", "chat", "stream")] == ["passed"] * 4
    assert outcomes["model"] == "warned", "its list holds another id"


def test_a_wrong_key_at_aimock(cli: Cli, aimock: str) -> None:
    document, code = _examined(cli, aimock, "WRONG_KEY", "--model", "gpt-5.5")
    failure = _failure(document)
    assert (code, failure["rung"], failure["class"], failure["origin"]) == (10, "auth", "auth", "gateway")
    assert "Copy the key again" in failure["next_step"]


def test_the_model_that_aimock_lists_and_does_not_serve(cli: Cli, aimock: str) -> None:
    document, code = _examined(cli, aimock, "AIMOCK_KEY")
    failure = _failure(document)
    assert (code, failure["rung"], failure["class"]) == (12, "chat", "model_unavailable")


@pytest.mark.parametrize("ending", ["/v1/v1", "/v1/chat/completions"])
def test_a_mistyped_address_of_aimock_is_mended_in_words(cli: Cli, aimock: str, ending: str) -> None:
    document, code = _examined(cli, aimock.removesuffix("/v1") + ending, "AIMOCK_KEY", "--model", "gpt-5.5")
    failure = _failure(document)
    assert (code, failure["class"]) == (11, "base_url")
    assert f"Set the base URL to {aimock}:" in failure["next_step"]


def test_llama_is_climbed_to_the_stream_and_told_which_protocols_answer(cli: Cli, llama: str) -> None:
    document, code = _examined(cli, llama, "LLAMA_KEY")
    outcomes = _outcomes(document)
    assert (code, document["summary"]["ok"]) == (0, True), outcomes
    assert [outcomes[name] for name in ("auth", "models", "model", "chat", "stream")] == ["passed"] * 5
    families = next(check for check in document["checks"] if check["name"] == "families")
    assert "Anthropic Messages answer" in families["note"] and "Gemini: " in families["note"]
    assert document["gateway"]["software"] == "llama.cpp"


def test_a_wrong_key_at_llama(cli: Cli, llama: str) -> None:
    document, code = _examined(cli, llama, "WRONG_KEY")
    failure = _failure(document)
    assert (code, failure["rung"], failure["class"]) == (10, "auth", "auth")
    assert "Copy the key again" in failure["next_step"]


def test_a_foreign_model_at_llama_only_warns(cli: Cli, llama: str) -> None:
    document, code = _examined(cli, llama, "LLAMA_KEY", "--model", "gpt-5.5")
    assert (code, document["summary"]["ok"]) == (0, True)
    assert "model_mismatch" in document["summary"]["warnings"]


def test_https_to_llama_s_plain_port_is_the_tls_rung_s(cli: Cli, llama: str) -> None:
    document, code = _examined(cli, llama.replace("http://", "https://"), "LLAMA_KEY", "--timeout", "2")
    failure = _failure(document)
    assert (code, failure["rung"], failure["class"]) == (15, "tls", "connect_timeout"), "it waits for more"
    assert "http://" in failure["next_step"]

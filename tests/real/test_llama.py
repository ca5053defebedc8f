"""The installed command against a real llama.cpp server: real tokens, real usage."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Cli

pytestmark = pytest.mark.real_server
KEY = {"LLAMA_KEY": "sk-llama-local-0001"}


def test_smoke_proves_it(cli: Cli, llama: str) -> None:
    done = cli("smoke", "--base-url", llama, "--api-key-env", "LLAMA_KEY", "--json", **KEY)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["target"]["selected_model"] == "tiny-random"
    assert document["checks"][1]["usage"]["output_tokens"] > 0


def test_a_wrong_key_is_refused(cli: Cli, llama: str) -> None:
    done = cli(
        "chat", "--base-url", llama, "--api-key-env", "WRONG", "--model", "tiny-random", "hello", WRONG="sk-wrong-1"
    )
    assert ("auth" in done.stderr, done.returncode) == (True, 10)


@pytest.mark.parametrize("protocol", ["openai-chat", "openai-responses", "anthropic"])
def test_real_tokens_stream_with_their_usage(cli: Cli, llama: str, protocol: str) -> None:
    done = cli(
        "chat", "--base-url", llama, "--api-key-env", "LLAMA_KEY", "--model", "tiny-random", "--protocol", protocol,
        "--max-tokens", "16", "Write a poem.", **KEY,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "output tokens 16" in done.stderr and "end complete" in done.stderr


def test_a_foreign_answering_model_is_noticed(cli: Cli, llama: str) -> None:
    done = cli("smoke", "--base-url", llama, "--api-key-env", "LLAMA_KEY", "--model", "gpt-5.5", "--json", **KEY)
    assert json.loads(done.stdout)["summary"]["warnings"] == ["model_mismatch"]

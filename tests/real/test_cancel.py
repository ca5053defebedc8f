"""A stream stopped in its middle, against real servers: it ends at once, keeps what had come, and says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from gatewaytui.domain.profile import Protocol

pytestmark = pytest.mark.real_server
INTERRUPTED = 130


def _cancelled(base_url: str, key: str, model: str, protocol: str, prompt: str) -> tuple[str, str, int]:
    """Start a chat, wait for the first of the answer, interrupt it."""
    with subprocess.Popen(
        [
            sys.executable, "-m", "gatewaytui", "chat", "--base-url", base_url, "--api-key-env", "K",
            "--model", model, "--protocol", protocol, "--max-tokens", "256", prompt,
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "K": key},
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        first = process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=20)
        return first + rest, said, process.returncode


@pytest.mark.parametrize("protocol", Protocol)
def test_aimock_in_every_protocol(home: object, aimock: str, protocol: Protocol) -> None:
    text, said, code = _cancelled(aimock, "sk-aimock-0001", "gpt-5.5", protocol, "SLOW")
    assert (code, "Traceback" in said) == (INTERRUPTED, False), said
    assert text and "time to first token" not in text


@pytest.mark.parametrize("protocol", ["openai-chat", "anthropic"])  # its Responses come in one burst: no middle
def test_llama_where_it_streams(home: object, llama: str, protocol: str) -> None:
    text, said, code = _cancelled(llama, "sk-llama-local-0001", "tiny-random", protocol, "Write a long poem.")
    assert (code, "Traceback" in said) == (INTERRUPTED, False), said
    assert text

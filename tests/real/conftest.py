"""Real servers, started by ``.ci/real-servers`` on loopback; under CI a missing one is a failure, not a skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _address(variable: str) -> str:
    address = os.environ.get(variable, "")
    if not address and os.environ.get("CI"):
        pytest.fail(f"{variable} is not set: .ci/real-servers starts the server")
    if not address:
        pytest.skip(f"{variable} is not set: run .ci/real-servers")
    return address


@pytest.fixture(scope="session")
def aimock() -> str:
    """The base URL of aimock."""
    return _address("GATEWAYTUI_AIMOCK")


@pytest.fixture(scope="session")
def llama() -> str:
    """The base URL of the llama.cpp server."""
    return _address("GATEWAYTUI_LLAMA")


@pytest.fixture(scope="session")
def llama_log() -> Path:
    """What the llama.cpp server logs."""
    return Path(_address("GATEWAYTUI_LLAMA_LOG"))

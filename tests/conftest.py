"""What every room's tests share: a home of their own, the embedded gateways, the command as a person runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gatewaytui.demo.launch import Gateways, start

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
_FOREIGN = ("TKEN_", "OPENAI_", "ANTHROPIC_", "GEMINI_", "GOOGLE_", "OPENROUTER_", "GATEWAYTUI_HOME")
_SIZES = ("COLUMNS", "LINES")  # pytest-xdist sets them; a terminal's own size would not count
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


settings.register_profile("here", deadline=None)  # no timing assertion: a busy machine says nothing about the code
settings.load_profile("here")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background job ignores SIGINT and its children inherit that; these tests send it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test: no profile, key or history of the person who runs the tests is touched."""
    place = tmp_path / "home"
    place.mkdir()
    for name in list(os.environ):
        if name.startswith(_FOREIGN) or name in _PROXIES + _SIZES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place / ".config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(place / ".local" / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(place / ".local" / "share"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return place


@pytest.fixture(scope="session")
def gateways() -> Iterator[Gateways]:
    """The embedded gateways, once for all tests."""
    running = start()
    yield running
    running.stop()


Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(home: Path) -> Cli:
    """``gatewaytui`` as a process of its own: arguments, ``stdin`` and extra variables in, the result out."""

    def run(*argv: str, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gatewaytui", *argv],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            env={**os.environ, **variables},
            check=False,
        )

    return run

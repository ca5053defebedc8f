"""The command line inside the test's own process: the same door as the installed command's, several times faster."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator

import msgspec
import pytest

from gatewaytui.cli.root import run

from .recorded import KEY_VARIABLE, Profile, profiles


class Done(msgspec.Struct, frozen=True):
    """How it ended."""

    returncode: int
    stdout: str
    stderr: str


Quick = Callable[..., Done]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Quick]:
    """``gatewaytui ARGV`` with ``stdin`` piped in; opening the console is an error."""
    before = signal.getsignal(signal.SIGTERM)

    def quickly(*argv: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["gatewaytui", *argv])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        with pytest.raises(SystemExit) as ending:
            run(_no_console)
        said = capsys.readouterr()
        return Done(int(ending.value.code or 0), said.out, said.err)

    yield quickly
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def profile(quick: Quick, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    """Add a profile of that name whose gateway answers so and keeps a log; the gateway."""
    monkeypatch.setenv(KEY_VARIABLE, "sk-local-0001")
    with profiles(quick) as added:
        yield added


def _no_console(gateways: object) -> int:
    raise AssertionError("no test opens the console here")

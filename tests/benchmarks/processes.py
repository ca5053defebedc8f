"""Processes as a person has them: bytecode compiled, a home of their own, a terminal that takes what they paint."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
KEY_VARIABLE, KEY = "BENCH_KEY", "sk-bench-0123456789abcdef"
_LOGIN = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"


@contextmanager
def desk() -> Iterator[dict[str, str]]:
    """The variables of an empty home in which bytecode is kept."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        yield variables | {
            "HOME": folder,
            "GATEWAYTUI_HOME": folder,
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": f"{folder}/bytecode",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            KEY_VARIABLE: KEY,
        }


def module(name: str, *argv: str) -> list[str]:
    """The command that runs a module of this package."""
    return [sys.executable, "-m", f"{__package__}.{name}", *argv]


def answer_of(command: Sequence[str], variables: dict[str, str]) -> Any:
    """The JSON that a process prints."""
    done = subprocess.run(command, env=variables, capture_output=True, check=True, timeout=PATIENCE_S)
    return json.loads(done.stdout)


def whole_ms(command: Sequence[str], variables: dict[str, str]) -> float:
    """Wall time of a whole process.

    Waited for without a timeout of ``subprocess``: that looks only every 50 ms.
    """
    begun = time.monotonic()
    process = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    guard = threading.Timer(PATIENCE_S, process.kill)
    guard.start()
    code = process.wait()
    took = (time.monotonic() - begun) * 1e3
    guard.cancel()
    if code:
        raise subprocess.CalledProcessError(code, list(command))
    return took


class Window:
    """A program in a pseudo terminal, everything it paints taken in and looked through for words."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self._process, self._master = process, master
        self.painted = b""

    @property
    def ended(self) -> bool:
        """Whether the program is gone."""
        return self._process.poll() is not None

    def type(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def look(self, seconds: float = 0.05) -> None:
        """Take in what is there, waiting at most so long for it."""
        if select.select([self._master], [], [], seconds)[0]:
            with suppress(OSError):  # the program has ended
                self.painted += os.read(self._master, 1 << 16)

    def wait_for(self, *words: str) -> None:
        """Look until all words were painted."""
        wanted, end = [word.encode() for word in words], time.monotonic() + PATIENCE_S
        while not all(word in self.painted for word in wanted):
            assert time.monotonic() < end and not self.ended, self.painted[-2000:]
            self.look()

    def watch(self, seconds: float) -> None:
        """Take in what is painted for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self.ended:
            self.look()
        self.painted = self.painted[-(1 << 16) :]

    def wait(self) -> None:
        """Take in what is painted until the program ends."""
        self.watch(PATIENCE_S)
        assert self.ended, self.painted[-2000:]


@contextmanager
def window(command: Sequence[str], variables: dict[str, str], columns: int = 120, rows: int = 36) -> Iterator[Window]:
    """The command in a terminal of this size; ended at the end."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen([sys.executable, "-S", "-c", _LOGIN, *command], stdin=slave, env=variables)
    os.close(slave)
    try:
        yield Window(process, master)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(master)

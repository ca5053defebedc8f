"""A terminal for tests: runs the installed command in a pseudo terminal and looks at what it paints."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

PATIENCE_S = 30.0
COMMAND = (sys.executable, "-m", "gatewaytui")
DEFAULT_MODES = {7: True, 25: True}
"""Private modes that a terminal has on before a program comes; every other is off (xterm, DECSET)."""

_LOGIN = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes the pty the controlling terminal, as a login does, so that resizes and hang-ups come as signals."""
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KEYBOARD = re.compile(rb"\x1b\[(?:>\d*|<\d*)u")
_COLOUR = re.compile(rb"\x1b\[([\d;:]*)m")
_STEP_S = 0.05


class Terminal:
    """A program under a pty, its screen as pyte sees it, and every byte it wrote."""

    def __init__(self, process: subprocess.Popen[bytes], master: int, slave: int, columns: int, rows: int) -> None:
        self._process, self._master, self._slave = process, master, slave
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._attributes = termios.tcgetattr(slave)
        self.written = bytearray()

    @property
    def pid(self) -> int:
        """The program's process, which is also its session and process group."""
        return self._process.pid

    @property
    def lines(self) -> list[str]:
        """The screen, line by line, blanks at the ends gone."""
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def modes(self) -> dict[int, bool]:
        """Each private mode the program ever touched, as it left it."""
        return {
            int(number): on == b"h" for numbers, on in _MODE.findall(self.written) for number in numbers.split(b";")
        }

    @property
    def keyboard_depth(self) -> int:
        """How many keyboard protocols were pushed and not popped again."""
        return sum(1 if b">" in found else -1 for found in _KEYBOARD.findall(self.written))

    @property
    def colours(self) -> set[bytes]:
        """Parameters of every SGR sequence that set a colour."""
        return {
            found
            for found in _COLOUR.findall(self.written)
            if any(re.fullmatch(rb"[349][0-8]|10[0-7]", part) for part in re.split(rb"[;:]", found))
        }

    @property
    def attributes_kept(self) -> bool:
        """True where echo, line mode and the rest are as they were before the program."""
        return termios.tcgetattr(self._slave) == self._attributes

    @property
    def companions(self) -> list[str]:
        """Command lines of the program's other processes that still run."""
        return [arguments for _, arguments in self._companions()]

    def kill_companion(self, word: str) -> None:
        """Kill (SIGKILL) the program's other process whose command line holds this word."""
        for pid, arguments in self._companions():
            if word in arguments:
                os.kill(pid, signal.SIGKILL)
                return
        raise AssertionError(f"no {word} runs: {self.companions}")

    def _companions(self) -> list[tuple[int, str]]:
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,pgid=,stat=,args="], capture_output=True, text=True, check=True
        )
        rows = [row.split(None, 3) for row in listed.stdout.splitlines()]
        return [
            (int(pid), arguments)
            for pid, group, state, arguments in (row for row in rows if len(row) == 4)
            if int(group) == self.pid != int(pid) and not state.startswith("Z")
        ]

    @property
    def stopped(self) -> bool:
        """True where the program is suspended."""
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(self.pid)], capture_output=True, text=True, check=False
        )
        return state.stdout.strip().startswith("T")

    def type(self, keys: str) -> None:
        """Type; ``\\x1b`` is Esc, ``\\r`` Enter."""
        os.write(self._master, keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size as a person does with the mouse."""
        self._screen.resize(rows, columns)
        _set_size(self._slave, columns, rows)

    def look(self, seconds: float = _STEP_S) -> bool:
        """Take in what is painted, waiting at most so long for more; False where nothing came."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        content = b""
        if ready:
            with contextlib.suppress(OSError):
                content = os.read(self._master, 65_536)
        self.written += content
        self._stream.feed(content)
        return bool(content)

    def until(self, reached: Callable[[], object], what: str, patience_s: float = PATIENCE_S) -> None:
        """Look until something is so; fails showing the screen."""
        end = time.monotonic() + patience_s
        while not reached():
            assert time.monotonic() < end, f"{what}:\n{self.text}"
            self.look()

    def wait_for(self, *words: str) -> None:
        """Look until all words stand on the screen at once."""
        self.until(lambda: all(word in self.text for word in words), f"{words} never came")

    def wait_until_gone(self, word: str) -> None:
        """Look until the word is off the screen."""
        self.until(lambda: word not in self.text, f"{word!r} never went")

    def settle(self, quiet_s: float = 0.25) -> None:
        """Look until nothing has been painted for a while, where a screen without a clock must come to rest."""
        end = time.monotonic() + PATIENCE_S
        while self.look(quiet_s):
            assert time.monotonic() < end, f"it never came to rest:\n{self.text}"

    def send_signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the window."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def wait(self, patience_s: float = PATIENCE_S) -> int:
        """Wait for the end, taking in all it still writes; the exit code as a shell says it (128 + n by a signal)."""
        end = time.monotonic() + patience_s
        while self._process.poll() is None:
            assert time.monotonic() < end, f"it never ended:\n{self.text}"
            if self._master < 0:
                time.sleep(_STEP_S)
            else:
                self.look()
        while self._master >= 0 and self.look(0):
            pass
        code = self._process.returncode
        return code if code >= 0 else 128 - code

    def close(self) -> None:
        """End whatever still runs of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        if self._master >= 0:
            self.hang_up()


@contextmanager
def terminal(
    *argv: str,
    columns: int = 120,
    rows: int = 36,
    variables: Mapping[str, str] | None = None,
    program: Sequence[str] = COMMAND,
    folder: Path | None = None,
) -> Iterator[Terminal]:
    """``gatewaytui ARGV`` started in ``folder`` on a pty of this size; ended at the end whatever happens."""
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment.pop("NO_COLOR", None)
    master, slave = pty.openpty()
    _set_size(slave, columns, rows)
    process = subprocess.Popen(
        [sys.executable, "-c", _LOGIN, *program, *argv],
        stdin=slave,
        env=environment | dict(variables or {}),
        cwd=folder,
    )
    window = Terminal(process, master, slave, columns, rows)
    try:
        yield window
    finally:
        window.close()


def _set_size(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

"""Reading a key from a command: no shell, a deadline, a cap on what it prints, and nothing of its stderr shown."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import PurePath

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.text import safe_line

PATIENCE_S = 20.0
LARGEST_OUTPUT = 16_384
_POSIX = os.name == "posix"
_GRACE_S = 2.0


def run(argv: tuple[str, ...], patience_s: float = PATIENCE_S) -> str:
    """What the command prints, one line. It runs with this environment, without input.

    Raises Problem (keystore), naming the program and never what it printed.
    """
    program = safe_line(PurePath(argv[0]).name, 64)
    process = _start(argv, program)
    printed = bytearray()
    reader = threading.Thread(target=_read, args=(process, printed), daemon=True, name="key-command")
    reader.start()
    reader.join(patience_s)
    silent, flooded = reader.is_alive(), len(printed) > LARGEST_OUTPUT
    status = _end(process, reader, at_once=silent or flooded)
    if flooded:
        raise _problem(f"The command {program} printed far more than a key.", "Make it print the key alone.")
    if silent:
        raise _problem(
            f"The command {program} did not answer within {patience_s:.0f} s.",
            "Run it in a terminal first: it may wait for a login or an unlock.",
        )
    return _key_line(program, status, bytes(printed))


def _start(argv: tuple[str, ...], program: str) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  (argv from the profile, confirmed by the person, no shell)
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0 if _POSIX else None,  # so that its children can be ended with it
        )
    except FileNotFoundError:
        raise _problem(f"The command {program} was not found.", "Install it, or correct its name.") from None
    except (OSError, ValueError):
        raise _problem(f"The command {program} could not be started.", "Check that it is a program.") from None


def _read(process: subprocess.Popen[bytes], printed: bytearray) -> None:
    stream = process.stdout
    while stream is not None and len(printed) <= LARGEST_OUTPUT and (piece := os.read(stream.fileno(), 4096)):
        printed += piece


def _end(process: subprocess.Popen[bytes], reader: threading.Thread, *, at_once: bool) -> int | None:
    """The exit status, after the command and its children are gone; None where it would not go."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(0 if at_once else _GRACE_S)
    if at_once or process.returncode is None:
        _kill(process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
    reader.join(_GRACE_S)
    if process.stdout is not None and not reader.is_alive():
        process.stdout.close()
    return process.returncode


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):  # gone already, or another user's
        if _POSIX:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _key_line(program: str, status: int | None, printed: bytes) -> str:
    if status != 0:
        raise _problem(f"The command {program} failed.", "Run it in a terminal to see why.")
    try:
        lines = printed.decode("utf-8").strip().splitlines()
    except UnicodeDecodeError:
        raise _problem(f"The command {program} did not print text.", "Make it print the key alone.") from None
    if len(lines) != 1:
        how_many = "more than one line" if lines else "nothing"
        raise _problem(f"The command {program} printed {how_many}.", "Make it print the key alone.")
    return lines[0]


def _problem(sentence: str, next_step: str) -> Problem:
    return Problem(FailureClass.KEYSTORE, sentence, next_step)

"""How the program ends, whatever it ran: each ending has its exit code and its words. click is not needed for it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn


def run(work: Callable[[], int]) -> NoReturn:
    """Do the work and exit with its code; no traceback reaches a person."""
    _have_streams()
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(_exit_code(work))


def _exit_code(work: Callable[[], int]) -> int:
    try:
        return work()
    except (Exception, KeyboardInterrupt, _Terminated) as error:  # noqa: BLE001  (the face's own door: see below)
        return _told(error)


def _told(error: BaseException) -> int:
    """Say why it ended; its exit code. A person gets a sentence, never a traceback."""
    from gatewaytui.domain.problem import Problem  # late: most runs end well, and none begins with this

    from . import exit_codes, output

    match error:
        case Problem():
            output.problem(error)
            return error.exit_code
        case KeyboardInterrupt():
            output.say("Interrupted.")
            return exit_codes.INTERRUPTED
        case _Terminated():
            output.say("Ended by SIGTERM.")
            return exit_codes.TERMINATED
        case BrokenPipeError():  # the reader of a stream, or of a help page, had enough
            output.silence(sys.stdout)
            return exit_codes.OK
    trouble = output.full_disk(error) if isinstance(error, OSError) else None
    if trouble is not None:
        output.problem(trouble)
        return trouble.exit_code
    output.trouble_said(
        f"An unexpected error of its own ({type(error).__name__}).",
        "Run it again; if it repeats, report the command without its keys.",
    )
    return exit_codes.CRASH


def _have_streams() -> None:
    """Open what was closed (``>&-``) to nowhere, or the next socket would be taken for a standard stream."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_RDWR), number)
                setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


class _Terminated(SystemExit):
    """SIGTERM came. A SystemExit, because that is what an event loop lets through."""


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise _Terminated

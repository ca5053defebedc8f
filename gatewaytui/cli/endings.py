"""How the program ends, whatever it ran: each ending has its exit code and its words. click is not needed for it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from gatewaytui.domain.problem import Problem

from . import exit_codes, output


def run(work: Callable[[], int]) -> NoReturn:
    """Do the work and exit with its code; no traceback reaches a person."""
    output.have_streams()
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(_exit_code(work))


def _exit_code(work: Callable[[], int]) -> int:
    try:
        return work()
    except Problem as trouble:
        output.problem(trouble)
        return trouble.exit_code
    except KeyboardInterrupt:
        output.say("Interrupted.")
        return exit_codes.INTERRUPTED
    except _Terminated:
        output.say("Ended by SIGTERM.")
        return exit_codes.TERMINATED
    except BrokenPipeError:  # the reader of a stream, or of a help page, had enough
        output.silence(sys.stdout)
        return exit_codes.OK
    except Exception as error:  # noqa: BLE001  (the face's own door: a person gets a sentence, never a traceback)
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    trouble = output.full_disk(error) if isinstance(error, OSError) else None
    if trouble is not None:
        output.problem(trouble)
        return trouble.exit_code
    output.trouble_said(
        f"An unexpected error of its own ({type(error).__name__}).",
        "Run it again; if it repeats, report the command without its keys.",
    )
    return exit_codes.CRASH


class _Terminated(SystemExit):
    """SIGTERM came. A SystemExit, because that is what an event loop lets through."""


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    raise _Terminated

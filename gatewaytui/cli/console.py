"""Opening the console from the command line: only on a terminal, through the way that was handed in from above."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatewaytui.demo.launch import Gateways

OpenConsole = Callable[["Gateways | None"], int]


def has_terminal() -> bool:
    """True where a person can see and type."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def open_or_refuse(open_console: OpenConsole) -> int:
    """Open the console on this machine's profiles; without a terminal say which command to use."""
    if has_terminal():
        return open_console(None)
    from . import exit_codes, output  # late: the console is opened without them

    output.trouble_said(
        "The console needs a terminal, and this is a pipe, a file or a dumb terminal.",
        "Run one command headless, for example: gatewaytui smoke TARGET --format json",
    )
    return exit_codes.USAGE

"""Running the console: only on a terminal, with a garbage collector that does not disturb the first paint."""

from __future__ import annotations

import gc
import io
import sys

from rich.console import Console

from .app import GatewayApp
from .services import Services

_USAGE = 2
_CRASH = 70
_RARE = (2_000, 5, 200)
"""Thresholds of the collector while the screen is up: its pauses hold the interpreter lock (design/measuring.md).

Painting leaves cycles behind: often and little is collected, or a pause takes 60 ms. All of it is looked at rarely.
"""


def run_console(services: Services) -> int:
    """Open the console and wait for its end; the exit code of the process. ``services`` are closed at the end."""
    try:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            sys.stderr.write(
                "gatewaytui: the console needs a terminal. Run a headless command: gatewaytui smoke TARGET\n"
            )
            return _USAGE
        gc.disable()
        app = GatewayApp(services, painted=_settle)
        app.error_console = Console(file=io.StringIO())  # Textual would print a traceback with all local variables
        app.heed_signals()
        app.run()
        return _code(app.asked_code)
    finally:
        gc.enable()
        services.close()


def _code(asked: int | None) -> int:
    """The exit code that was asked for; where Textual ended the app over an error, a sentence and that of a crash."""
    if asked is not None:
        return asked
    sys.stderr.write(
        "gatewaytui: the console met an unexpected error of its own and had to close.\n"
        "  next: start it again; if it repeats, report what you did, without keys.\n"
    )
    return _CRASH


def _settle() -> None:
    """What lives until the end is collected once and then left alone."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARE)
    gc.enable()

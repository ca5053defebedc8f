"""The ``gatewaytui`` command, also as ``python -m gatewaytui``.

The two faces never see each other: here, above both, the command line is handed the way to open the console.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from gatewaytui.demo.launch import Gateways

_RARELY = 100_000
_COMPLETION = "_GATEWAYTUI_COMPLETE"  # click's: the shell asks for completions


def main() -> NoReturn:
    """Run the command line; it opens the console where no command was given, and for ``demo``."""
    if len(sys.argv) == 1 and _COMPLETION not in os.environ:
        gc.disable()  # until the console has painted; it says so itself
        from gatewaytui.cli import endings
        from gatewaytui.cli.console import open_or_refuse

        endings.run(lambda: open_or_refuse(_open_console))  # without click, which only a typed command wants
    gc.set_threshold(_RARELY)  # a command is short, and what it loads is kept to the end
    from gatewaytui.cli.root import run

    run(_open_console)


def program() -> NoReturn:
    """Be the process: `main`, and then gone at once with its exit code.

    All that must end well has ended by then; to take the interpreter apart takes a twentieth of a short command.
    """
    code: object = 0
    try:
        main()
    except SystemExit as ending:
        code = ending.code
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a reader that is gone, or a full disk: both were told as they were met
            stream.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _open_console(gateways: Gateways | None) -> int:
    """Open the console on this machine's profiles, or on the embedded gateways; its exit code."""
    gc.disable()  # until the console has painted; it says so itself
    from gatewaytui.tui.run import run_console
    from gatewaytui.tui.services import demo_services, own_services

    return run_console(own_services() if gateways is None else demo_services(gateways))


if __name__ == "__main__":
    program()

"""The process that serves the embedded gateways: ``python -m gatewaytui.demo.serve``.

It says on stdout, in one JSON line, which ports it listens on or why it cannot, and lives exactly as long as its
standard input stays open: whatever becomes of the process that started it, this one ends.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Generator, Mapping

import uvicorn

from .doors import HOST, Opened, attend, open_doors
from .persona import load_personas
from .server import build_app


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: an open stream must not delay the end."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave the signals as they are."""
        yield


def main() -> None:
    """Listen, say so, serve until standard input ends."""
    arguments = _arguments()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent decides
    try:
        listening = socket.create_server((HOST, arguments.port), backlog=256)
    except OSError:
        _say({"refused": arguments.port})
        return
    chosen = [persona for name, persona in load_personas().items() if name in arguments.personas]
    config = uvicorn.Config(
        build_app(chosen, arguments.pace),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
    )
    threading.Thread(target=_end_with_input, daemon=True).start()
    doors = open_doors(chosen)
    _say({"port": listening.getsockname()[1], "doors": {name: door.port for name, door in doors.items()}})
    asyncio.run(_serve(_Server(config), listening, doors))


async def _serve(server: _Server, listening: socket.socket, doors: Mapping[str, Opened]) -> None:
    attended = await attend(doors.values())
    await server.serve(sockets=[listening])
    for one in attended:
        one.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Serve the embedded gateways of gatewaytui on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("personas", nargs="+")
    return parser.parse_args()


def _say(message: Mapping[str, object]) -> None:
    print(json.dumps(message), flush=True)


def _end_with_input() -> None:
    """Nothing is kept here, so the process may end wherever it is."""
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    os._exit(0)


if __name__ == "__main__":
    main()

"""The command as a process whose streams, signals and bytes a test holds in its hands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from gatewaytui.demo.launch import Gateways

KEY = "sk-canaryKEY0123456789abcdefABCDEF0123456789abcdef"
COMMAND = [sys.executable, "-m", "gatewaytui"]


def persona(gateways: Gateways, name: str) -> tuple[str, str]:
    """Base URL and key of an embedded gateway."""
    info = next(info for info in gateways.personas if info.name == name)
    return info.base_url, info.api_key


def shell(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which ``gatewaytui`` is the command, with redirections and pipes."""
    command = " ".join(COMMAND)
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'gatewaytui() {{ {command} "$@"; }}; {line}'],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **variables},
        check=False,
    )


@contextmanager
def started(*argv: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The command while it runs; killed at the end if it has not ended by then."""
    process = subprocess.Popen(
        [*COMMAND, *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **variables},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()

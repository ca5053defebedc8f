"""The serving process by itself."""

from __future__ import annotations

import json
import subprocess
import sys

SERVE = [sys.executable, "-m", "gatewaytui.demo.serve", "--pace", "0", "healthy"]


def test_it_says_its_port_and_ends_with_its_input() -> None:
    with subprocess.Popen(SERVE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        assert json.loads(process.stdout.readline())["port"] > 0
        process.stdin.close()
        assert process.wait(10) == 0


def test_what_is_written_to_it_does_not_end_it() -> None:
    with subprocess.Popen(SERVE, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline()
        process.stdin.write(b"anything\n")
        process.stdin.flush()
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(10) == 0

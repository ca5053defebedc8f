"""The console with a probe in it: ``python -m tests.benchmarks.probed FILE`` opens it and keeps an eye on its loop.

FILE gets, as JSON once the console ends, one row every 20 ms: CLOCK_MONOTONIC seconds, the loop's lag in ms, the CPU
seconds of this process so far. The engine's process is not counted.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from gatewaytui.tui import run
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.services import own_services

STEP_S = 0.02


class Probed(GatewayApp):
    """The console, watched."""

    rows: list[tuple[float, float, float]]

    def on_mount(self) -> None:
        super().on_mount()
        self.rows = []
        self.run_worker(self._watch())

    async def on_unmount(self) -> None:
        Path(sys.argv[1]).write_text(json.dumps(self.rows))
        await super().on_unmount()

    async def _watch(self) -> None:
        while True:
            due = time.monotonic() + STEP_S
            await asyncio.sleep(STEP_S)
            now = time.monotonic()
            self.rows.append((now, max(0.0, now - due) * 1e3, time.process_time()))


if __name__ == "__main__":
    run.GatewayApp = Probed  # type: ignore[misc]
    sys.exit(run.run_console(own_services()))

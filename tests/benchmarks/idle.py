"""A loop with nothing to do: ``python -m tests.benchmarks.idle SECONDS`` prints how late it is woken, p99, as JSON.

Beside the lag of a console this says how much of it is the machine's.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from .figures import percentile
from .probed import STEP_S


async def _watch(seconds: float) -> list[float]:
    lags, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        due = time.monotonic() + STEP_S
        await asyncio.sleep(STEP_S)
        lags.append(max(0.0, time.monotonic() - due) * 1e3)
    return lags


if __name__ == "__main__":
    print(json.dumps(percentile(asyncio.run(_watch(float(sys.argv[1]))), 0.99)))

"""What a process holds that reads many streams at once: ``python -m tests.benchmarks.holding URL STREAMS REPEATS``.

Prints the resident MB after each repeat, as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
from pathlib import Path

from .readers import engine


def resident_mb() -> float:
    """Of this process, now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _hold(url: str, streams: int, repeats: int) -> list[float]:
    held = []
    for _ in range(repeats):
        await engine(url, streams)
        gc.collect()
        held.append(resident_mb())
    return held


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_hold(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))

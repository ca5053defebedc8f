"""Four streaming panes in the console: CPU, lag, a token in a full pane; and the memory of 64 streams at once."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from gatewaytui.domain.profile import KeyReference, KeySource, Profile, Timeouts
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
from gatewaytui.storage.settings import SettingsStore

from .figures import Figure, percentile
from .processes import KEY_VARIABLE, ROOT, answer_of, desk, module, window
from .stream_server import MODEL, base_url, streaming

PANES, GAP_US = 4, 5_000
FULL = 49_984
WATCHED_S, SETTLING_S, FILLING_S = 8.0, 2.0, 25.0
_RATE = PANES * 1e6 / GAP_US
_SETTLED = 10  # times that 64 streams were read, after which the heap has found its size


class _Seen(NamedTuple):
    cpu_percent: float
    lag_p99_ms: float
    idle_p99_ms: float


def measure(rounds: int) -> list[Figure]:
    """Panes first, then memory."""
    empty: list[_Seen] = []
    full: list[_Seen] = []
    with streaming() as origin:
        for _ in range(rounds):
            empty.append(_console(origin, 0, SETTLING_S))
            full.append(_console(origin, FULL, FILLING_S))
    token = [seen.cpu_percent / 100 / _RATE * 1e6 for seen in full]
    first = [seen.cpu_percent / 100 / _RATE * 1e6 for seen in empty]
    pace = f"{PANES} panes, {1_000_000 // GAP_US} tokens/s each"
    return [
        Figure(f"{pace}: the console's process", "% of a core", [seen.cpu_percent for seen in empty], budget=25.0),
        Figure(f"{pace}: lag of its loop, p99", "ms", [seen.lag_p99_ms for seen in empty], budget=20.0),
        Figure(f"{pace}: lag p99 of an idle loop beside it", "ms", [seen.idle_p99_ms for seen in empty]),
        Figure(f"{pace}: lag p99 at 50,000 tokens", "ms", [seen.lag_p99_ms for seen in full]),
        Figure("a token at 50,000 tokens / in an empty pane", "us", token, first, 1.2),
        *memory(),
    ]


def _console(origin: str, burst: int, settling_s: float) -> _Seen:
    """The Compare pane with that many tokens in each column, watched while more come."""
    more = int((settling_s + WATCHED_S + 30) * 1e6 / GAP_US)
    with desk() as variables:
        where = Locations.find(variables)
        for number in range(PANES):
            profile = Profile(
                f"bench-{number}",
                base_url(origin, burst + more, GAP_US, burst),
                key=KeyReference(KeySource.ENV, name=KEY_VARIABLE),
                default_model=MODEL,
                timeouts=Timeouts(stall=60.0, total=600.0),
            )
            ProfileStore(where).put(profile)
        SettingsStore(where).change(lambda settings: replace(settings, last_pane="compare", last_profile="bench-0"))
        file = Path(variables["HOME"]) / "probe.json"
        with window(module("probed", str(file)), variables, 160, 48) as screen:
            screen.wait_for("bench-3")
            screen.watch(1.0)
            screen.type("r")
            screen.watch(settling_s)
            begun = time.monotonic()
            with subprocess.Popen(
                module("idle", str(WATCHED_S - 1)), stdout=subprocess.PIPE, env=variables, cwd=ROOT
            ) as idle:
                screen.watch(WATCHED_S)
                ended = time.monotonic()
                idle_p99_ms = float(json.loads(idle.communicate()[0]))
            screen.type("\x1b")
            screen.watch(1.0)
            screen.type("\x11")
            screen.wait()
        return _between(json.loads(file.read_text()), begun, ended, idle_p99_ms)


def _between(rows: Sequence[Sequence[float]], begun: float, ended: float, idle_p99_ms: float) -> _Seen:
    rows = [row for row in rows if begun <= row[0] <= ended]
    cpu = (rows[-1][2] - rows[0][2]) / (rows[-1][0] - rows[0][0])
    return _Seen(cpu * 100, percentile([row[1] for row in rows], 0.99), idle_p99_ms)


def memory(streams: int = 64, repeats: int = 20) -> list[Figure]:
    """Memory of a process that reads 64 streams at once, again and again: late times against settled ones.

    The heap finds its size in some ten times (measured over thirty: from the eleventh on it stays); what grows after
    that is kept by us.
    """
    with streaming() as origin, desk() as variables:
        url = base_url(origin, 400, 5_000)
        held = answer_of(module("holding", url, str(streams), str(repeats)), variables)
    late, settled = held[-3:], held[_SETTLED : _SETTLED + 3]
    name = f"{streams} streams at once: memory after {repeats} times / after {_SETTLED + 3}"
    return [Figure(name, "MB", late, settled, 1.05)]

"""How true the stamps are, against the server's own: the engine alone, beside a rendering screen, and a peer.

The engine's stamps count from a request's start, which no event names on the clock; so each stream's errors are what
they are above its quickest chunk, for every reader alike. Chunks during which the server itself was interrupted are
left out, for all alike: on a busy machine they would measure the server. The transport's own stamps are absolute and
shown as such.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import NamedTuple

from .figures import Figure, percentile
from .processes import answer_of, desk, module, window
from .readers import Stamps
from .stream_server import base_url, streaming

STREAMS, GAP_US, CHUNKS = 4, 10_000, 800


class _Error(NamedTuple):
    p50_ms: float
    p99_ms: float
    n: int


_UNDISTURBED_NS = 300_000
"""A chunk that took longer to be sent was sent by a server that was interrupted between its stamp and the wire."""


def measure(rounds: int) -> list[Figure]:
    """Four streams of 100 tokens a second."""
    ways = ("absolute", "alone", "child", "same_loop")
    found: dict[str, list[_Error]] = {way: [] for way in ways}
    with streaming() as origin, desk() as variables:
        url = base_url(origin, CHUNKS, GAP_US)
        readers = {
            "absolute": partial(_headless, "transport", url, variables, above_quickest=False),
            "alone": partial(_headless, "engine", url, variables, above_quickest=True),
            "child": partial(_on_screen, "child", url, variables),
            "same_loop": partial(_on_screen, "same_loop", url, variables),
        }
        for _ in range(rounds):
            for way, read in readers.items():
                found[way].append(read())
    p50 = {way: [error.p50_ms for error in errors] for way, errors in found.items()}
    p99 = {way: [error.p99_ms for error in errors] for way, errors in found.items()}
    n = f"{rounds} x {found['child'][0].n}"
    return [
        Figure("stamp error p50: transport, no screen, absolute", "ms", p50["absolute"], n=n),
        Figure("stamp error p99: transport, no screen, absolute", "ms", p99["absolute"], n=n),
        Figure("stamp error p50: child under a screen / engine alone", "ms", p50["child"], p50["alone"], n=n),
        Figure("stamp error p99: child under a screen / engine alone", "ms", p99["child"], p99["alone"], 2.0, n=n),
        Figure("stamp error p50: child under a screen / same loop", "ms", p50["child"], p50["same_loop"], n=n),
        Figure("stamp error p99: child under a screen / same loop", "ms", p99["child"], p99["same_loop"], 0.02, n=n),
    ]


def _headless(reader: str, url: str, variables: dict[str, str], *, above_quickest: bool) -> _Error:
    answer = answer_of(module("readers", reader, url, str(STREAMS)), variables)
    return _error(answer["seen"], above_quickest)


def _on_screen(where: str, url: str, variables: dict[str, str]) -> _Error:
    file = Path(variables["HOME"]) / f"{where}.json"
    with window(module("screen_app", where, url, str(STREAMS), str(file)), variables) as screen:
        screen.wait()
    return _error(json.loads(file.read_text()), above_quickest=True)


def _error(seen: list[Stamps], above_quickest: bool) -> _Error:
    errors: list[float] = []
    for stamps in seen:
        took = [took for _, (_, took) in stamps[1:]]
        late = [
            at - sent for (at, (sent, _)), took in zip(stamps, took, strict=False) if sent and took < _UNDISTURBED_NS
        ]
        floor = min(late) if above_quickest else 0
        errors += [(each - floor) / 1e6 for each in late]
    return _Error(percentile(errors, 0.5), percentile(errors, 0.99), len(errors))

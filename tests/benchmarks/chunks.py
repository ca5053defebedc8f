"""CPU a chunk: our engine and its transport against plain httpx, httpx-sse, aiohttp and the openai SDK.

Streams that tick at once cost their reader one waking for all of them, others one each. Left to themselves those
of a client that asks for all of them at once tick so, and those of one that asks for each as soon as it can do not:
so the server decides, and both are measured.
"""

from __future__ import annotations

from functools import partial

from .figures import Figure, Samples, interleaved
from .processes import answer_of, desk, module
from .readers import READERS
from .stream_server import base_url, streaming

FLAT_CHUNKS = 10_048
STREAMS, GAP_US, PACED_CHUNKS = 16, 10_000, 300


def measure(rounds: int) -> list[Figure]:
    """Flat out over one connection; 16 streams of 100 chunks a second that tick at once, and one after the other."""
    with streaming() as origin, desk() as variables:
        flat = _samples(rounds, base_url(origin, FLAT_CHUNKS), 1, variables)
        at_once, in_turn = (
            _samples(rounds, base_url(origin, PACED_CHUNKS, GAP_US, parts=parts), STREAMS, variables)
            for parts in (1, STREAMS)
        )
    return [
        *_figures("flat out", flat, {"openai_sdk": 0.15}),
        *_figures("16 streams at once", at_once, {"openai_sdk": 0.35, "httpx_raw": 0.7}),
        *_figures("16 streams in turn", in_turn, {"openai_sdk": 0.35, "httpx_raw": 0.7}),
    ]


def _samples(rounds: int, url: str, streams: int, variables: dict[str, str]) -> Samples:
    def once(name: str) -> float:
        answer = answer_of(module("readers", name, url, str(streams)), variables)
        return float(answer["cpu_us"]) / int(answer["chunks"])

    return interleaved(rounds, {name: partial(once, name) for name in READERS})


def _figures(pace: str, samples: Samples, budgets: dict[str, float]) -> list[Figure]:
    """The budget beside plain httpx is that of a reader with the same decoder (measuring.md): our transport's.

    The engine also measures, puts together, withholds and judges.
    """
    ours = [
        ("transport", "transport and decoder", budgets),
        ("engine", "whole engine", {**budgets, "httpx_raw": None}),
    ]
    return [
        Figure(f"CPU a chunk, {pace}: {words} / {peer}", "us", samples[name], samples[peer], allowed.get(peer))
        for name, words, allowed in ours
        for peer in READERS
        if peer not in ("transport", "engine") and (name == "transport" or peer in budgets)
    ]

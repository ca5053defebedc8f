"""Starts: the console to its full paint against a bare Textual app, ``smoke`` against the same calls by node."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gatewaytui.domain.profile import KeyReference, KeySource, Profile
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore

from . import bare_app
from .figures import Figure, interleaved
from .processes import KEY_VARIABLE, desk, module, whole_ms, window
from .stream_server import MODEL, streaming

CONSOLE = (sys.executable, "-m", "gatewaytui")
_PROFILE = "first-profile"
_PAINTED = (_PROFILE, "commands", "Failures")
_TWO_CALLS = Path(__file__).with_name("two_calls.mjs")


def measure(rounds: int) -> list[Figure]:
    """Both."""
    return [*_console(rounds * 4), *_smoke(rounds * 4)]


def _console(rounds: int) -> list[Figure]:
    with desk() as variables:
        profile = Profile(_PROFILE, "http://127.0.0.1:9/v1", key=KeyReference(KeySource.ENV, name=KEY_VARIABLE))
        ProfileStore(Locations.find(variables)).put(profile)
        took = interleaved(
            rounds,
            {
                "console": partial(_paint_ms, CONSOLE, variables, _PAINTED),
                "bare": partial(_paint_ms, module("bare_app"), variables, (bare_app.WORDS,)),
            },
            warm_ups=2,
        )
    return [Figure("console start to full paint / a bare Textual app", "ms", took["console"], took["bare"], 1.10)]


def _paint_ms(command: Sequence[str], variables: dict[str, str], words: tuple[str, ...]) -> float:
    begun = time.monotonic()
    with window(command, variables) as screen:
        screen.wait_for(*words)
        return (time.monotonic() - begun) * 1e3


def _smoke(rounds: int) -> list[Figure]:
    node = shutil.which("node")
    if node is None:
        return []
    with desk() as variables, streaming() as origin:
        base = f"{origin}/v1"
        smoke = (*CONSOLE, "smoke", "--base-url", base, "--api-key-env", KEY_VARIABLE, "--model", MODEL)
        took = interleaved(
            rounds,
            {
                "smoke": partial(whole_ms, smoke, variables),
                "node": partial(whole_ms, (node, str(_TWO_CALLS), base, KEY_VARIABLE), variables),
                "python": partial(whole_ms, (sys.executable, "-c", "import httpx, click, asyncio"), variables),
            },
            warm_ups=2,
        )
    return [
        Figure("smoke, whole process / the same calls by node's fetch", "ms", took["smoke"], took["node"], 0.9),
        Figure("smoke, whole process / importing httpx, click, asyncio", "ms", took["smoke"], took["python"]),
    ]

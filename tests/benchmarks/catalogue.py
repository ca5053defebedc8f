"""What a catalogue costs at size: bytes to a searchable index, a search, a filter key to its paint.

Run it by hand (``python -m tests.benchmarks.catalogue``); it prints ratios of CPU time and asserts nothing. What is
compared takes turns, so that a busy machine slows both; each figure is the best or the median of its turns.
"""

from __future__ import annotations

import asyncio
import gc
import json
import pickle
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gatewaytui.diagnosis.catalogues import diff
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.protocols.model_lists import read_model_list
from gatewaytui.tui.panes.model_index import ModelIndex

TURNS = 15
FAMILIES = ("gpt-5.5", "claude-opus-4-6", "gemini-3-pro", "qwen3-coder-480b", "deepseek-v3.2", "kimi-k2", "glm-5")
OWNERS = ("openai", "anthropic", "google", "qwen", "deepseek", "moonshot", "zhipu")
ABOUT = "A mixture of experts for code, tools and long documents, served with caching and a reasoning effort."


def plain(number: int) -> dict[str, object]:
    """An entry as new-api writes it."""
    at = number % len(FAMILIES)
    return {
        "id": f"{FAMILIES[at]}-{number:05d}",
        "object": "model",
        "created": 1_626_777_600,
        "owned_by": OWNERS[at],
        "supported_endpoint_types": ["openai", "openai-response"] if at == 0 else ["openai", OWNERS[at]],
    }


def rich(number: int) -> dict[str, object]:
    """An entry of 370 bytes, with limits and prices."""
    return {
        **plain(number),
        "context_length": 131_072 + number,
        "max_completion_tokens": 32_768,
        "pricing": {"prompt": f"0.00000{number % 9 + 1}", "completion": "0.00001"},
        "description": ABOUT,
    }


def body(entry: Callable[[int], dict[str, object]], count: int) -> bytes:
    """A list of so many."""
    return json.dumps({"object": "list", "data": [entry(n) for n in range(count)]}, separators=(",", ":")).encode()


def turns(*works: Callable[[], object], turns: int = TURNS) -> list[float]:
    """The best CPU time of each, in ms; they take turns."""
    best = [float("inf")] * len(works)
    for _ in range(turns):
        for at, work in enumerate(works):
            gc.collect()
            begun = time.process_time_ns()
            kept = work()
            best[at] = min(best[at], (time.process_time_ns() - begun) / 1e6)
            del kept
    return best


def read(source: bytes) -> ModelList:
    """The list of these bytes."""
    found = read_model_list(source)
    assert found is not None
    return found


def reading(name: str, source: bytes) -> None:
    """Bytes to an index that can be searched, and the parts of that."""
    models = read(source).models
    packed = pickle.dumps(models, pickle.HIGHEST_PROTOCOL)
    loads, whole, listed, folded, columns, pickled, unpickled = turns(
        lambda: json.loads(source),
        lambda: ModelIndex.of(read(source).models).searchable(),
        lambda: read(source),
        lambda: ModelIndex.of(models).searchable(),
        lambda: ModelIndex.of(read(source).models).laid_out(),
        lambda: pickle.dumps(models, pickle.HIGHEST_PROTOCOL),
        lambda: pickle.loads(packed),
    )
    print(f"{name}: {len(models)} models, {len(source) / 1e6:.1f} MB; json.loads {loads:.1f} ms")
    parts = (
        ("words read", listed),
        ("words folded", folded),
        ("numbers read and laid out", columns - listed),
        ("pickled", pickled),
        ("unpickled", unpickled),
    )
    shares = ", ".join(f"{part} {cost / loads:.2f}x" for part, cost in parts)
    print(f"  to a searchable index {whole:.1f} ms = {whole / loads:.2f}x   ({shares})")
    made = ModelIndex.of(models).searchable()
    for words in ("g", "claude", "coder-480b-a", "00042", "no such"):
        (fresh,) = turns(lambda words=words: made.narrowed(made.everything(), words))  # type: ignore[misc]
        print(f"  search {words!r}: {fresh:.2f} ms for {len(made.narrowed(made.everything(), words).places)}")


def comparing(source: bytes) -> None:
    """Two lists against each other."""
    a = read(source)
    renamed = read(source.replace(b'"id":"', b'"id":"vendor/'))
    same, alike = turns(lambda: diff(a, a), lambda: diff(a, renamed), turns=3)
    print(f"diff of {len(a.models)} against as many: the same {same:.0f} ms, all renamed {alike:.0f} ms")


async def typing(counts: tuple[int, ...]) -> None:
    """A filter key to its paint, in the real pane: the sizes take turns."""
    from tests.tui.front import console
    from tests.tui.scripted import ScriptedEngine, gateway, listing

    costs: dict[int, list[float]] = {}
    for _ in range(3):
        for count in counts:
            models = [m for at in range(0, count, 10_000) for m in read(body(rich, min(count, 10_000))).models]
            with tempfile.TemporaryDirectory() as home:
                app = console(Path(home), "models", ScriptedEngine(listing(*models)), gateway())
                async with app.run_test(size=(120, 36)) as pilot:
                    costs.setdefault(count, []).extend(await _typed(app, pilot, count))
    base = statistics.median(costs[counts[0]])
    for count, cost in costs.items():
        middle, worst = statistics.median(cost), max(cost)
        print(f"{count} rows, a key to its paint: median {middle:.1f} ms, worst {worst:.1f} ms; {middle / base:.2f}x")


async def _typed(app: object, pilot: object, count: int) -> list[float]:
    from textual.pilot import Pilot

    from gatewaytui.tui.widgets.model_list import ModelList as Shown

    assert isinstance(pilot, Pilot)
    screen = pilot.app.screen
    while not screen.query(Shown) or screen.query_one(Shown).total != count:
        await pilot.pause(0.05)
        screen = pilot.app.screen
    await pilot.press("slash")
    await pilot.pause(0.3)
    gc.collect()
    gc.freeze()
    cost = []
    for word in ("gpt-5.5-00", "opus 0004", "qwen3 coder", "no such model"):
        for key in (*word, *["backspace"] * len(word)):
            begun = time.process_time_ns()
            await pilot.press({" ": "space", "-": "minus", ".": "full_stop"}.get(key, key))
            await pilot.pause()
            cost.append((time.process_time_ns() - begun) / 1e6)
    gc.unfreeze()
    return cost


def main() -> None:
    """All of it, or the parts that are named: read, diff, type."""
    random.seed(0)
    wanted = sys.argv[1:] or ["read", "diff", "type"]
    if "read" in wanted:
        reading("plain", body(plain, 10_000))
        reading("rich", body(rich, 10_000))
    if "diff" in wanted:
        comparing(body(rich, 10_000))
    if "type" in wanted:
        asyncio.run(typing((1_000, 50_000)))


if __name__ == "__main__":
    main()

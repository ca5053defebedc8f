"""Long lists: bytes to a searchable index against json.loads, and a filter key to its paint at 50,000 rows."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import time

from textual.app import App, ComposeResult
from textual.widgets import DataTable

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.tui.panes.model_index import ModelIndex
from gatewaytui.tui.widgets.model_list import ModelList

from .catalogue import body, read, rich
from .figures import Figure, Samples, interleaved

MANY, FEW, MODELS = 50_000, 1_000, 10_000
_TYPED = ("gpt-5.5-00", "opus 0004", "qwen3 coder", "no such")
_WORDS = tuple(word[:end] for word in _TYPED for end in (*range(1, len(word) + 1), *range(len(word) - 1, -1, -1)))
"""What a filter says key by key: each word typed, then taken back."""


def measure(rounds: int) -> list[Figure]:
    """Index and search, then rows."""
    return [*_index(max(rounds, 15)), *_rows(rounds)]


def _index(rounds: int) -> list[Figure]:
    source = body(rich, MODELS)
    made = ModelIndex.of(read(source).models)
    took = interleaved(
        rounds,
        {
            "json": lambda: _cpu_ms(lambda: json.loads(source)),
            "index": lambda: _cpu_ms(lambda: ModelIndex.of(read(source).models).searchable()),
            "shown": lambda: _cpu_ms(lambda: ModelIndex.of(read(source).models).searchable().laid_out()),
            "search": lambda: _cpu_ms(lambda: made.narrowed(made.everything(), "coder-480b-a").places),
            "search many": lambda: _cpu_ms(lambda: made.narrowed(made.everything(), "gpt").places),
            "search shared": lambda: _cpu_ms(lambda: made.narrowed(made.everything(), "google").places),
        },
        warm_ups=1,
    )
    name = f"{MODELS:,} models, {len(source) / 1e6:.1f} MB"
    return [
        Figure(f"{name}: to a searchable index / json.loads", "ms", took["index"], took["json"], 0.35),
        Figure(f"{name}: ... with its columns laid out / json.loads", "ms", took["shown"], took["json"]),
        Figure(f"{name}: substring search, some matches", "ms", took["search"], budget=1.0),
        Figure(f"{name}: substring search, a seventh matches", "ms", took["search many"], budget=1.0),
        Figure(f"{name}: substring search, a provider's name", "ms", took["search shared"], budget=1.0),
    ]


def _rows(rounds: int) -> list[Figure]:
    models = _models(MANY)
    took: Samples = {"many": [], "few": [], "table": []}
    for _ in range(rounds):
        took["many"] += asyncio.run(_narrowing(models))
        took["few"] += asyncio.run(_narrowing(models[:FEW]))
        took["table"] += asyncio.run(_data_table(models))
    worst = [max(took["many"])]
    name = f"a filter key to its paint, {MANY:,} rows"
    return [
        Figure(f"{name}: the worst", "ms", worst, budget=16.0, n=str(len(took["many"]))),
        Figure(f"{name} / {FEW:,} rows", "ms", took["many"], took["few"], 1.5),
        Figure(f"{name} / DataTable filled with what matches", "ms", took["many"], took["table"]),
    ]


def _models(count: int) -> tuple[ModelInfo, ...]:
    lot = read(body(rich, MODELS)).models
    models = [model for _ in range(-(-count // MODELS)) for model in lot][:count]
    random.Random(0).shuffle(models)
    return tuple(models)


class _Ours(App[None]):
    def compose(self) -> ComposeResult:
        yield ModelList()


class _Table(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable()


async def _narrowing(models: tuple[ModelInfo, ...]) -> list[float]:
    app, cost = _Ours(), []
    async with app.run_test(size=(120, 36)) as pilot:
        shown = app.query_one(ModelList)
        shown.show_index(ModelIndex.of(models).searchable().laid_out())  # in a thread beside the screen, there
        await pilot.pause()
        gc.collect()
        gc.freeze()
        for words in _WORDS:
            begun = time.process_time_ns()
            shown.narrow(words)
            await pilot.pause()
            cost.append((time.process_time_ns() - begun) / 1e6)
        gc.unfreeze()
    return cost


async def _data_table(models: tuple[ModelInfo, ...]) -> list[float]:
    app, cost = _Table(), []
    index = ModelIndex.of(models)
    rows = [(model.id, model.provider, str(model.context), str(model.input_price)) for model in models]
    async with app.run_test(size=(120, 36)) as pilot:
        shown = app.query_one(DataTable)
        shown.add_columns("model", "provider", "context", "price")
        matches = index.everything()
        for words in ("gpt-5", "qwen 0004"):  # each takes seconds
            matches = index.narrowed(index.everything(), words)
            begun = time.process_time_ns()
            shown.clear()
            shown.add_rows(rows[place] for place in matches.places)
            await pilot.pause()
            cost.append((time.process_time_ns() - begun) / 1e6)
    return cost


def _cpu_ms(work: object) -> float:
    assert callable(work)
    begun = time.process_time_ns()
    work()
    return (time.process_time_ns() - begun) / 1e6

"""The endpoint matrix as a person uses it: what costs money is priced and asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import CheckStarted, MatrixJob
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.screens.confirm import ConfirmScreen
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.screens.main import MainScreen
from gatewaytui.tui.screens.matrix import MatrixScreen
from tests.tui.climbs import CELLS, GROUPED, IMAGE, LISTED, measuring
from tests.tui.front import console
from tests.tui.scripted import HOLD, ScriptedEngine
from tests.tui.seeing import seen, settled, shows, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def opened(home: Path, engine: ScriptedEngine) -> GatewayApp:
    return console(home, "doctor", engine, GROUPED)


def asked(engine: ScriptedEngine, number: int) -> bool:
    return len(engine.jobs) == number


async def to_matrix(pilot: Pilot[int], *keys: str) -> None:
    await settled(pilot)
    await pilot.press("m")
    await until(pilot, lambda: isinstance(pilot.app.screen, MatrixScreen))
    await pilot.press(*keys)


async def test_nothing_is_sent_before_r(tmp_path: Path) -> None:
    engine = ScriptedEngine(measuring(*CELLS))
    app = opened(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_matrix(pilot)
        await shows(pilot, "at most 80 requests", "listed with their price")
        await pilot.press("b")
        await shows(pilot, "Nothing waits for your word.")
        await pilot.press("e")
        await shows(pilot, "There is no run")
        assert engine.jobs == []


async def test_what_costs_more_is_sent_only_on_a_yes_to_its_price(tmp_path: Path) -> None:
    engine = ScriptedEngine(measuring(*CELLS), measuring(IMAGE))
    app = opened(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await to_matrix(pilot, "r")
        await shows(pilot, "up to $0.1694: b asks", "2 billable requests skipped")
        for answer, number in (("n", 1), ("y", 2)):
            await pilot.press("b")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await shows(pilot, "$0.1694", "price not listed", "In all up to $0.1694")
            await pilot.press(answer)
            await until(pilot, lambda: isinstance(app.screen, MatrixScreen))
            await until(pilot, partial(asked, engine, number))
        await shows(pilot, "4\u00a0120 ms", "1 billable request skipped")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await shows(pilot, "10 checks")
    first, second = engine.jobs
    assert isinstance(first, MatrixJob) and isinstance(second, MatrixJob)
    assert (first.confirmed, second.confirmed) == (False, True)
    assert second.endpoints == ("images_generations", "audio_speech")


async def test_escape_stops_then_closes(tmp_path: Path) -> None:
    engine = ScriptedEngine([CheckStarted(0, "chat", "POST", "/v1/chat/completions"), HOLD])
    app = opened(tmp_path, engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_matrix(pilot, "r")
        await shows(pilot, "…  chat", "Esc stops")
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        await shows(pilot, "stopped by you")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_trouble_on_this_machine_is_told(tmp_path: Path) -> None:
    app = opened(tmp_path, ScriptedEngine([Problem(FailureClass.STORAGE, "The engine is gone.", "Start again.")]))
    async with app.run_test(size=(120, 36)) as pilot:
        await to_matrix(pilot, "r")
        await shows(pilot, "The engine is gone. Start again.")
        assert LISTED.name not in seen(app).splitlines()[-2]

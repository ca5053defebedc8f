"""What is asked once before a key is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewaytui.domain.profile import KeyReference, KeySource, Profile
from gatewaytui.tui.screens.confirm import ConfirmScreen
from gatewaytui.tui.screens.main import MainScreen
from tests.tui.front import console
from tests.tui.scripted import ScriptedEngine, gateway, smoke
from tests.tui.seeing import settled, shows, until

pytestmark = pytest.mark.anyio
CLEAR = gateway(base_url="http://gw.example/v1")
COMMAND = gateway(key=KeyReference(KeySource.CMD, argv=("op", "read", "op://x\x1b[2J")))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("profile", "question"),
    [(CLEAR, "Send the key unencrypted?"), (COMMAND, "Run this command for the key?")],
    ids=["http", "command"],
)
@pytest.mark.parametrize(("answer", "jobs"), [("y", 2), ("n", 0)])
async def test_nothing_is_sent_before_a_yes_and_a_yes_is_asked_for_once(
    tmp_path: Path, profile: Profile, question: str, answer: str, jobs: int
) -> None:
    engine = ScriptedEngine(smoke())
    app = console(tmp_path, "profiles", engine, profile)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await shows(pilot, question)
        assert isinstance(app.screen, ConfirmScreen) and engine.jobs == []
        await pilot.press(answer)
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await settled(pilot)
        if answer == "y":
            await until(pilot, lambda: len(engine.jobs) == 1)
            await pilot.press("c")
            await until(pilot, lambda: len(engine.jobs) == 2)
    assert len(engine.jobs) == jobs

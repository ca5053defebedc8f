"""Whatever stands in front, the key that leaves the console leaves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatewaytui.tui.screens.dialog import Dialog
from tests.tui.front import console
from tests.tui.scripted import HOLD, ScriptedEngine, gateway
from tests.tui.seeing import settled, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("pane", "keys"),
    [
        ("profiles", ("f1",)),
        ("profiles", ("a",)),
        ("profiles", ("s",)),
        ("profiles", ("x",)),
        ("profiles", ("ctrl+o",)),
        ("doctor", ("m",)),
        ("compare", ("escape", "n")),
        ("compare", ("escape", "a")),
    ],
    ids=" ".join,
)
async def test_a_dialog_holds_nobody_back(tmp_path: Path, pane: str, keys: tuple[str, ...]) -> None:
    app = console(tmp_path, pane, ScriptedEngine((HOLD,)), gateway(), gateway("tokmodel"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        assert app.asked_code is None
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.asked_code == 0)

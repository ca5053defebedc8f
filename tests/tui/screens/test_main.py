"""The frame: panes by key, tab and palette; state that flows down; what is remembered; a screen too small."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.widgets import Input

from gatewaytui.domain.progress import CheckStarted
from gatewaytui.tui import themes
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.messages import RunRecorded
from gatewaytui.tui.panes.base import Pane
from gatewaytui.tui.panes.table import PANES
from gatewaytui.tui.screens.help import HelpScreen
from gatewaytui.tui.screens.jump import JumpScreen
from gatewaytui.tui.screens.main import MainScreen
from tests.tui.front import console
from tests.tui.scripted import (
    CATALOGUE,
    CHAT_PASSED,
    HOLD,
    MODELS_PASSED,
    NOON,
    ScriptedEngine,
    facts,
    gateway,
    listing,
    services,
    smoke,
)
from tests.tui.seeing import seen, settled, shows, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def opened(home: Path, pane: str = "profiles") -> GatewayApp:
    return console(home, pane, ScriptedEngine((HOLD,)), gateway(), gateway("tokmodel"))


def front(app: GatewayApp) -> str:
    assert isinstance(app.screen, MainScreen) and app.screen.front is not None
    return app.screen.front.id or ""


async def test_panes_are_mounted_when_they_are_first_shown(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert [pane.id for pane in app.screen.query(Pane)] == ["profiles"]
        for row in PANES:
            await pilot.press("escape", row.key)
            await until(pilot, lambda wanted=row.id: front(app) == wanted)
            await settled(pilot)
            await pilot.press("escape")
        assert [pane.id for pane in app.screen.query(Pane)] == [row.id for row in PANES]


async def test_the_last_pane_is_where_the_next_start_begins(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("6")
        await until(pilot, lambda: app.services.settings.load().last_pane == "failures")
        await settled(pilot)
    again = GatewayApp(replace(services(tmp_path), settings=app.services.settings))
    async with again.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: isinstance(again.screen, MainScreen) and again.screen.front is not None)
        assert front(again) == "failures"
        await settled(pilot)


async def test_jump_mode_goes_anywhere_from_a_text_field_too(tmp_path: Path) -> None:
    app = opened(tmp_path, "chat")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert isinstance(app.focused, Input)
        await pilot.press("6")
        assert app.focused.value == "6"
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.press("6")
        await until(pilot, lambda: isinstance(app.screen, MainScreen) and front(app) == "failures")


async def test_a_tab_is_clicked(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.click("#tabs", offset=(29, 0))
        await until(pilot, lambda: front(app) == "models")


async def test_the_palette_carries_out_a_command_of_another_pane(tmp_path: Path) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine(listing(*CATALOGUE)), gateway())
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+p")
        await settled(pilot)
        await pilot.press(*"models type an id")
        await shows(pilot, "Models: type an id  (i)")
        await settled(pilot)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen) and front(app) == "models")
        await until(pilot, lambda: isinstance(app.focused, Input))
        assert app.focused is not None and app.focused.id == "models-field"


async def test_help_tells_the_keys_of_the_pane_in_front(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await shows(pilot, "Point the whole console at this profile or group.", "Everywhere")
        await pilot.press(*"j" * 30)
        await shows(pilot, "1–6", "Go to a pane, as a click on its tab does.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_a_mapped_key_works_and_is_the_one_that_is_shown(tmp_path: Path) -> None:
    doors = services(tmp_path, gateway(), engine=ScriptedEngine(smoke()))
    doors.settings.change(lambda settings: replace(settings, keymap={"profiles.check": "f8"}))
    app = GatewayApp(doors)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "F8 check" in seen(app).splitlines()[-1]
        await pilot.press("c")
        await settled(pilot)
        assert doors.engine.jobs == []  # type: ignore[attr-defined]
        await pilot.press("f8")
        await until(pilot, lambda: doors.engine.jobs)  # type: ignore[attr-defined]


async def test_the_footer_leaves_out_letters_while_a_field_takes_them(tmp_path: Path) -> None:
    app = console(tmp_path, "models", ScriptedEngine(listing(*CATALOGUE)), gateway())
    async with app.run_test(size=(120, 36)) as pilot:
        await shows(pilot, "7 models")
        assert "r reload" in seen(app).splitlines()[-1] and "? help" in seen(app).splitlines()[-1]
        await pilot.press("slash")
        await settled(pilot)
        foot = seen(app).splitlines()[-1]
        assert "reload" not in foot and "Esc" in foot and "F1 help" in foot and "^p commands" in foot


async def test_a_key_in_the_footer_is_clicked(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.click("#footer", offset=(seen(app).splitlines()[-1].index("help") - 2, 0))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_a_run_is_kept_redacted_and_the_panes_hear_of_it(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        run_facts = facts(app.screen.target)  # type: ignore[attr-defined]
        from gatewaytui.domain.run import Run

        app.screen.post_message(RunRecorded(Run("smoke", NOON, (run_facts,), (MODELS_PASSED, CHAT_PASSED))))
        await shows(pilot, "✓ passed")
    assert [row.label for row in app.services.history.runs()] == ["tken"]


async def test_a_window_too_small_says_so_and_the_focus_comes_back(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        focused = app.focused
        await pilot.resize_terminal(60, 15)
        await shows(pilot, "60 x 15", "80 x 24")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "too small" not in seen(app) and app.focused is focused


async def test_zoom_gives_the_pane_the_whole_screen(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("z")
        await settled(pilot)
        assert "3 Models" not in seen(app)
        await pilot.press("z")
        await settled(pilot)
        assert "3 Models" in seen(app)


async def test_themes_go_around_and_the_last_is_kept(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        names = []
        for _ in themes.THEMES:
            names.append(app.theme)
            await pilot.press("f3")
            await settled(pilot)
        assert tuple(names) == themes.THEMES and app.theme == themes.THEMES[0]
        await until(pilot, lambda: app.services.settings.load().theme == app.theme)


async def test_the_engine_is_let_go_at_the_end(tmp_path: Path) -> None:
    engine = ScriptedEngine((CheckStarted(0, "models", "GET", "/v1/models"), HOLD))
    app = console(tmp_path, "models", engine, gateway())
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: engine.jobs)
        await settled(pilot)
    assert engine.closed and engine.stopped == engine.jobs


async def test_a_size_is_laid_out_where_the_timer_before_it_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        monkeypatch.setattr(app, "set_timer", partial(app.set_timer, pause=True))
        for columns in (100, 80):
            await pilot.resize_terminal(columns, 24)
            await until(pilot, lambda wide=columns: app.screen.outer_size.width == wide)

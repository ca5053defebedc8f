"""The Profiles pane as a person uses it: choose, check, add, edit, duplicate, remove, give a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.profile import Group, KeyReference, KeySource, Protocol
from gatewaytui.domain.progress import CheckStarted, SmokeJob
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes.profile_table import ProfileTable
from gatewaytui.tui.screens.confirm import ConfirmScreen
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.screens.key_form import KeyForm
from gatewaytui.tui.screens.main import MainScreen
from gatewaytui.tui.screens.profile_form import ProfileForm
from tests.tui.front import console
from tests.tui.scripted import HOLD, KEY, MODELS_PASSED, NO_CREDIT, ScriptedEngine, gateway, smoke
from tests.tui.seeing import seen, settled, until

pytestmark = pytest.mark.anyio
KEYRING = KeyReference(KeySource.KEYRING)
TOKONE = gateway(
    "tokone",
    key=KEYRING,
    groups=(Group("claude", KeyReference(KeySource.ENV, name="SCRIPTED_KEY"), (Protocol.ANTHROPIC,)),),
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def opened(home: Path, *scripts: object, profiles: tuple[object, ...] = ()) -> GatewayApp:
    engine = ScriptedEngine(*(scripts or ((HOLD,),)))  # type: ignore[arg-type]
    return console(home, "profiles", engine, *(profiles or (gateway(), gateway("tokmodel"))))  # type: ignore[arg-type]


def main(app: GatewayApp) -> MainScreen:
    assert isinstance(app.screen, MainScreen)
    return app.screen


async def fill(pilot: Pilot[int], field: str, text: str) -> None:
    entry = pilot.app.screen.query_one(f"#{field}", Input)
    entry.focus()
    entry.value = text
    await pilot.pause()


async def test_enter_points_the_console_at_the_row_and_the_next_start_begins_there(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        target = main(app).target
        assert target is not None and target.label == "tokmodel"
        await until(pilot, lambda: app.services.settings.load().last_profile == "tokmodel")
        assert "tokmodel" in seen(app).splitlines()[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 40), (200, 30), (200, 50)])
async def test_what_was_done_is_said_below_the_list_at_every_size(tmp_path: Path, size: tuple[int, int]) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        table = app.screen.query_one(ProfileTable)
        before = table.size
        await pilot.press("v")
        await settled(pilot)
        assert "Nothing was checked yet" in seen(app)
        assert table.size == before


async def test_a_check_explains_what_failed_and_the_verdict_stays_in_the_row(tmp_path: Path) -> None:
    app = opened(tmp_path, smoke(MODELS_PASSED, NO_CREDIT))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "The money or quota is used up." in seen(app))
        await until(pilot, lambda: "✗ billing_quota" in seen(app))
        assert "Top up the account" in seen(app)
        await pilot.press("v")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)


async def test_the_tail_of_the_key_shows_only_after_it_was_read(tmp_path: Path) -> None:
    app = opened(tmp_path, smoke())
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert KEY[-4:] not in seen(app)
        await pilot.press("c")
        await until(pilot, lambda: f"…{KEY[-4:]}" in seen(app))
        assert KEY not in seen(app)


async def test_esc_stops_a_check_and_keeps_what_it_found(tmp_path: Path) -> None:
    app = opened(tmp_path, (CheckStarted(0, "models", "GET", "/v1/models"), HOLD))
    engine = app.services.engine
    assert isinstance(engine, ScriptedEngine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "Esc stops" in seen(app))
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        await settled(pilot)
        assert "stopped" in seen(app)


async def test_a_group_is_used_and_checked_with_its_own_protocol_and_the_profile_alone_names_its_groups(
    tmp_path: Path,
) -> None:
    app = opened(tmp_path, smoke(), profiles=(TOKONE,))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await settled(pilot)
        assert "go to one of its groups" in seen(app)
        await pilot.press("down", "c")
        await until(pilot, lambda: app.services.engine.jobs)  # type: ignore[attr-defined]
    job = app.services.engine.jobs[0]  # type: ignore[attr-defined]
    assert isinstance(job, SmokeJob) and job.target.label == "tokone/claude"
    assert job.target.protocol is Protocol.ANTHROPIC


async def test_a_profile_is_added_from_a_preset_and_asked_for_its_key(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ProfileForm))
        await settled(pilot)
        await pilot.press("right")
        await settled(pilot)
        assert app.screen.query_one("#base-url", Input).value == "https://www.tken.shop/v1"
        assert app.screen.query_one("#name", Input).value == "tken-2"
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(app.screen, KeyForm))
        await pilot.press("escape")
        await settled(pilot)
        await until(pilot, lambda: "tken-2" in seen(app))
        assert "has no key yet" in seen(app)
    added = app.services.profiles.load().get("tken-2")
    assert added is not None and added.key == KEYRING


async def test_an_edit_keeps_what_the_form_does_not_show(tmp_path: Path) -> None:
    before = gateway(extra_headers=(("x-team", "blue"),))
    app = opened(tmp_path, profiles=(before,))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ProfileForm))
        await fill(pilot, "name", "renamed")
        await fill(pilot, "default-model", "gpt-5.5")
        await pilot.press("enter")
        await until(pilot, lambda: app.services.profiles.load().get("renamed"))
    after = app.services.profiles.load().get("renamed")
    assert after is not None
    assert (after.default_model, after.extra_headers, after.key) == ("gpt-5.5", before.extra_headers, before.key)
    assert app.services.profiles.load().get("tken") is None


async def test_a_copy_needs_a_free_name(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, ProfileForm))
        await fill(pilot, "name", "tokmodel")
        await pilot.press("enter")
        await settled(pilot)
        assert "There is a profile tokmodel already." in seen(app)
        await fill(pilot, "name", "other")
        await pilot.press("enter")
        await until(pilot, lambda: app.services.profiles.load().get("other"))
    assert len(app.services.profiles.load().profiles) == 3


@pytest.mark.parametrize(("answer", "left"), [("y", 1), ("n", 2), ("escape", 2)])
async def test_removing_asks_first(tmp_path: Path, answer: str, left: int) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await settled(pilot)
        assert "Past runs stay." in seen(app) and "keyring" not in seen(app)  # its key is a variable
        await pilot.press(answer)
        await settled(pilot)
    assert len(app.services.profiles.load().profiles) == left


TALKATIVE = gateway(
    "talkative",
    base_url="https://talkative.example/v1/chat/completions/",
    protocols=tuple(Protocol),
    extra_headers=tuple((f"x-header-{number}", "value") for number in range(12)),
    default_model="a-provider/of/models/with-a-long-name",
)


@pytest.mark.parametrize("size", [(80, 24), (120, 34), (120, 40), (160, 24), (160, 34), (200, 33), (200, 50)])
async def test_a_long_description_leaves_room_for_the_check_and_for_what_is_said(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = opened(tmp_path, smoke(MODELS_PASSED, NO_CREDIT), profiles=(TALKATIVE, gateway("tokmodel")))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await settled(pilot)
        if not isinstance(app.screen, MainScreen):  # a key is to go to another place: agreed
            await pilot.press("y")
        await until(pilot, lambda: app.screen.query("#profiles-below") and "✗ billing_quota" in seen(app))
        below = app.screen.query_one("#profiles-below")
        below.scroll_end(animate=False)
        await settled(pilot)
        assert "Retry" in seen(app) or "Seen" in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: "The console now points at" in seen(app))
        assert below.size.height >= 4 and app.screen.query_one(ProfileTable).size.height >= 4


async def test_with_its_profile_the_check_of_it_goes(tmp_path: Path) -> None:
    app = opened(tmp_path, smoke(MODELS_PASSED, NO_CREDIT), smoke(MODELS_PASSED, NO_CREDIT))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("c")
        await until(pilot, lambda: "The money or quota is used up." in seen(app))
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        await pilot.press("y")
        await until(pilot, lambda: "check of" not in seen(app) and "tokmodel" in seen(app))
        assert "The money or quota" not in seen(app) and "model list" in seen(app)
        await pilot.press("c")
        await until(pilot, lambda: "The money or quota is used up." in seen(app))
        assert "check of tokmodel" in seen(app) and seen(app).count("model list") == 1


async def test_an_empty_book_opens_the_walkthrough_and_the_pane_says_what_to_press(tmp_path: Path) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine((HOLD,)))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: not isinstance(app.screen, MainScreen) and "Step 1 of 5" in seen(app))
        await pilot.press("escape")
        await settled(pilot)
        shown = seen(app)
        assert "No profiles yet." in shown and "gatewaytui demo" in shown
        await pilot.press("c")
        await settled(pilot)
        assert "a adds one" in seen(app)


async def test_a_damaged_profile_file_is_told_and_not_written_over(tmp_path: Path) -> None:
    app = opened(tmp_path)
    file = tmp_path / "config" / "profiles.toml"
    file.write_text(file.read_text() + '\n[profiles.bad]\nbase_url = "https://x.example/v1"\nkey = "sk-abc"\n')
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await until(pilot, lambda: "bad" in seen(app))
        assert "tokmodel" in seen(app)
    assert "[profiles.bad]" in file.read_text()

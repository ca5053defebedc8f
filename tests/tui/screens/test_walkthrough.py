"""The walkthrough by keyboard: from nothing to an integration, and a failure that is explained and stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.profile import KeySource
from gatewaytui.domain.progress import ChatJob, CheckStarted
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.screens.main import MainScreen
from gatewaytui.tui.screens.walkthrough import WalkthroughScreen
from tests.tui.front import console
from tests.tui.scripted import (
    BAD_KEY,
    CATALOGUE,
    HOLD,
    KEY,
    NO_LIST,
    ScriptedEngine,
    answer,
    gateway,
    listing,
    no_listing,
    services,
)
from tests.tui.seeing import seen, settled, shows, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def address(pilot: Pilot[int], url: str = "https://gw.example/v1", name: str = "mine") -> None:
    """The first step, with a variable for the key."""
    await shows(pilot, "Step 1 of 5")
    screen = pilot.app.screen
    screen.query_one("#base-url", Input).value = url
    screen.query_one("#name", Input).value = name
    screen.query_one("#key-from").focus()
    await settled(pilot)
    await pilot.press("right", "right")
    await settled(pilot)
    screen.query_one("#key-text", Input).value = "SCRIPTED_KEY"
    await pilot.press("enter")


def walking(home: Path, *scripts: object) -> GatewayApp:
    return console(home, "profiles", ScriptedEngine(*scripts))  # type: ignore[arg-type]


async def test_from_nothing_to_an_integration_with_the_keyboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = walking(tmp_path, listing(*CATALOGUE), answer())
    async with app.run_test(size=(120, 36)) as pilot:
        await address(pilot)
        await shows(pilot, "Step 2 of 5", "curl -sS https://gw.example/v1/models", "$SCRIPTED_KEY")
        await pilot.press("enter")
        await shows(pilot, "7 models", "Proven.")
        await pilot.press("enter")
        await shows(pilot, "Step 3 of 5", "gpt-5.5")
        await pilot.press(*"haiku", "enter")
        await shows(pilot, "Step 4 of 5", '"model":"claude-haiku-4-5-20251001"')
        await pilot.press("enter")
        await shows(pilot, "answered  OK", "Proven.")
        await pilot.press("enter")
        await shows(pilot, "Step 5 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await pilot.press("escape")
        await shows(pilot, "✓ evidence")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "One integration", "export SCRIPTED_KEY")
        await settled(pilot)
        await pilot.press("t")
        await shows(pilot, "import")
        await pilot.press("s")
        await shows(pilot, "Saved")
        await pilot.press("y")
        await shows(pilot, "Copied")
        assert "$SCRIPTED_KEY" in app.clipboard or "SCRIPTED_KEY" in app.clipboard
        assert KEY not in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await shows(pilot, "● ", "mine")
        assert isinstance(app.screen, MainScreen) and app.screen.target is not None
        assert (app.screen.target.label, app.screen.target.model) == ("mine", "claude-haiku-4-5-20251001")
        await until(pilot, lambda: len(app.services.history.runs()) == 2)
    saved = list(tmp_path.glob("gatewaytui-*.py"))
    assert len(saved) == 1 and KEY not in saved[0].read_text() and saved[0].stat().st_mode & 0o077 == 0
    profile = app.services.profiles.load().get("mine")
    assert profile is not None and profile.key.source is KeySource.ENV


async def test_a_failure_explains_itself_and_stays_until_it_works(tmp_path: Path) -> None:
    app = walking(tmp_path, no_listing(BAD_KEY), listing(*CATALOGUE))
    async with app.run_test(size=(120, 36)) as pilot:
        await address(pilot)
        await shows(pilot, "Step 2 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "The gateway does not accept this key.", "Not proven yet.", "Step 2 of 5")
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await pilot.press("escape")
        await shows(pilot, "Step 2 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "Proven.")


async def test_a_gateway_without_a_list_is_walked_with_an_id_typed_by_hand(tmp_path: Path) -> None:
    engine = ScriptedEngine(no_listing(NO_LIST), answer())
    app = console(tmp_path, "profiles", engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await address(pilot)
        await shows(pilot, "Step 2 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "i goes on without a list")
        await settled(pilot)
        await pilot.press("i")
        await shows(pilot, "Step 3 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "type its id")
        await pilot.press(*"my-model", "enter")
        await shows(pilot, "Step 4 of 5", "my-model")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "answered  OK")
    job = engine.jobs[-1]
    assert isinstance(job, ChatJob) and not job.request.stream and job.targets[0].model == "my-model"


async def test_esc_stops_the_request_and_a_second_esc_leaves_with_the_profile_kept(tmp_path: Path) -> None:
    engine = ScriptedEngine((CheckStarted(0, "models", "GET", "/v1/models"), HOLD))
    app = console(tmp_path, "profiles", engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await address(pilot)
        await shows(pilot, "Step 2 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "waiting, Esc stops")
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        await shows(pilot, "Stopped.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await shows(pilot, "mine")


async def test_a_step_back_keeps_the_key_that_was_given(tmp_path: Path) -> None:
    app = walking(tmp_path, listing(*CATALOGUE))
    async with app.run_test(size=(120, 36)) as pilot:
        await address(pilot)
        await shows(pilot, "Step 2 of 5")
        await settled(pilot)
        await pilot.press("ctrl+b")
        await shows(pilot, "Step 1 of 5")
        await settled(pilot)
        await pilot.press("enter")
        await shows(pilot, "Step 2 of 5")
    profile = app.services.profiles.load().get("mine")
    assert profile is not None and profile.key.name == "SCRIPTED_KEY"


@pytest.mark.parametrize(
    ("url", "name", "sentence"),
    [
        ("", "mine", "The base URL is empty"),
        ("https://gw.example/v1/models", "mine", "ends in an endpoint's path"),
        ("https://gw.example/v1", "", "Give the profile a name."),
        ("https://gw.example/v1", "taken", "There is a profile taken already."),
    ],
)
async def test_an_address_that_cannot_work_is_said_at_once(
    tmp_path: Path, url: str, name: str, sentence: str
) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine((HOLD,)), gateway("taken"))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, WalkthroughScreen))
        await address(pilot, url, name)
        await shows(pilot, sentence, "Step 1 of 5")
    assert len(app.services.profiles.load().profiles) == 1


async def test_in_the_demo_the_gateways_stand_ready_with_their_keys(tmp_path: Path) -> None:
    engine = ScriptedEngine(listing(*CATALOGUE))
    doors = services(tmp_path, gateway("one"), gateway("two"), engine=engine, demo=True)
    doors.settings.change(lambda settings: replace(settings, last_pane="profiles", last_profile="two"))
    app = GatewayApp(doors)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "● ", "two")
        await pilot.press("w")
        await shows(pilot, "Step 1 of 5", "‹ two ›", "https://two.example/v1", "Set up already")
        assert "key from" not in seen(app)
        await pilot.press("right")
        await shows(pilot, "‹ one ›", "https://one.example/v1")
        await pilot.press("enter")
        await shows(pilot, "Step 2 of 5", "curl -sS https://one.example/v1/models", "$SCRIPTED_KEY")
        await settled(pilot)
        await pilot.press("ctrl+b")
        await shows(pilot, "Step 1 of 5")
        await settled(pilot)
        await pilot.press("right")
        await shows(pilot, "my own gateway", "key from")
    assert [profile.name for profile in doors.profiles.load().profiles] == ["one", "two"]

"""The Doctor pane as a person uses it: on the embedded gateways with the real engine, and on scripted runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.demo.launch import Gateways
from gatewaytui.domain.progress import DoctorJob, RunFinished
from gatewaytui.domain.run import Rung
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes.doctor_body import Ladder
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.screens.main import MainScreen
from gatewaytui.tui.screens.matrix import MatrixScreen
from gatewaytui.tui.screens.profile_form import ProfileForm
from gatewaytui.tui.services import demo_services
from tests.tui.climbs import GROUPED, SAID, broken, climbing
from tests.tui.front import console
from tests.tui.scripted import HOLD, ScriptedEngine, gateway
from tests.tui.seeing import seen, settled, shows, until

pytestmark = pytest.mark.anyio
Opened = Callable[..., AbstractAsyncContextManager[Pilot[int]]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def opened(gateways: Gateways) -> Opened:
    """The console on the embedded gateways with the Doctor in front, pointed at this target."""

    @asynccontextmanager
    async def opening(target: str, size: tuple[int, int] = (120, 36)) -> AsyncIterator[Pilot[int]]:
        doors = demo_services(gateways)
        try:
            doors.settings.change(lambda settings: replace(settings, last_pane="doctor", last_profile=target))
            app = GatewayApp(doors)
            async with app.run_test(size=size) as pilot:
                await shows(pilot, "What is wrong with", "r run")
                yield pilot
        finally:
            doors.close()

    return opening


def ladder(pilot: Pilot[int]) -> Ladder:
    return pilot.app.screen.query_one(Ladder)


async def test_a_gateway_in_good_health_passes_every_rung(opened: Opened) -> None:
    async with opened("healthy") as pilot:
        await shows(pilot, "at most 24 requests and 2\u00a0000 tokens", "Is the key accepted")
        await pilot.press("r")
        await shows(pilot, "✓ healthy: nothing is broken", "✓  stream", "Anthropic Messages and Gemini answer.")
        await shows(pilot, "✓ chat passed", "software openai", "Connected over IPv4")
        app = pilot.app
        assert isinstance(app, GatewayApp)
        await until(pilot, lambda: [row.kind for row in app.services.history.runs()] == ["doctor"])


async def test_the_broken_rung_opens_by_itself_and_says_whose_problem_it_is(opened: Opened) -> None:
    async with opened("no-credit") as pilot:
        await pilot.press("r")
        await shows(pilot, "✗  chat", "429 · billing_quota", "✗ no-credit: chat failed", "Waits for chat.")
        await shows(
            pilot, "The money or quota is used up.", "billing_quota · gateway", "Whose", "Next", "Retry", "Seen"
        )
        assert ladder(pilot).chosen is Rung.CHAT


async def test_up_and_down_choose_a_rung_and_the_card_follows(opened: Opened) -> None:
    async with opened("html-502", (200, 50)) as pilot:
        await pilot.press("r")
        await shows(pilot, "✗ html-502: models failed", "502 · edge_error", "edge_error · edge", "in front nginx")
        await pilot.press("up")
        await shows(pilot, "· auth skipped", "Not decided", "a wrong key")
        await pilot.press("home")
        await shows(pilot, "✓ address passed", "Is the base URL well formed")


async def test_an_address_that_answered_is_taken_over_only_when_the_form_is_saved(opened: Opened) -> None:
    async with opened("wrong-route", (120, 48)) as pilot:
        app = pilot.app
        assert isinstance(app, GatewayApp)
        before = app.services.profiles.load().get("wrong-route")
        assert before is not None
        await pilot.press("r")
        await shows(pilot, "Tried to be sure", "✓  base URL ending in /wrong-route/api/v1", "u take over")
        for key in ("escape", "enter"):
            await pilot.press("u")
            await until(pilot, lambda: isinstance(app.screen, ProfileForm))
            field = app.screen.query_one("#base-url", Input)
            assert field.value == f"{before.base_url.removesuffix('/v1')}/api/v1"
            assert app.services.profiles.load().get("wrong-route") == before
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await shows(pilot, "Saved wrong-route.", "r runs the doctor on it")
        after = app.services.profiles.load().get("wrong-route")
        assert after is not None and after.base_url == f"{before.base_url.removesuffix('/v1')}/api/v1"
        await until(pilot, lambda: isinstance(app.screen, MainScreen) and app.screen.target.profile == after)  # type: ignore[union-attr]
        await pilot.press("r")
        await shows(pilot, "✓ wrong-route: nothing is broken")


async def test_g_switches_to_the_group_whose_key_answers(opened: Opened) -> None:
    async with opened("tokone/openai,model=claude-opus-4-6", (120, 48)) as pilot:
        await pilot.press("r")
        await shows(pilot, "✗ tokone/openai: chat failed", "✓  key of group anthropic", "g switch group key")
        await pilot.press("g")
        await shows(pilot, "tokone / anthropic", "r examines tokone/anthropic")
        await pilot.press("r")
        await shows(pilot, "✓ tokone/anthropic: nothing is broken")
        assert "g switch group key" not in seen(pilot.app)


async def test_the_profiles_pane_runs_it_on_the_row(opened: Opened) -> None:
    async with opened("healthy") as pilot:
        await pilot.press("1")
        await shows(pilot, "last verdict")
        await pilot.press("home", "D")
        await shows(pilot, "✓ tken: nothing is broken")


async def test_escape_stops_at_once_and_what_was_found_stays(tmp_path: Path) -> None:
    engine = ScriptedEngine([*climbing(Rung.CHAT), HOLD])
    app = console(tmp_path, "doctor", engine, GROUPED)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await shows(pilot, "Is one small chat answered", "Esc stops", "41 models in the OpenAI shape.")
        assert ladder(pilot).chosen is Rung.CHAT
        await pilot.press("up", "escape")
        await until(pilot, lambda: engine.stopped)
        await shows(pilot, "stopped by you", "41 models in the OpenAI shape.")
        assert ladder(pilot).chosen is Rung.MODEL, "a person who moved is left there"
        await shows(pilot, "chat      Stopped by you in the middle.")
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await shows(pilot, "`cancelled`", "`doctor`")
        assert not app.services.history.runs()


async def test_a_broken_rung_is_kept_and_recorded_though_the_run_is_stopped(tmp_path: Path) -> None:
    steps = [step for step in broken() if not isinstance(step, RunFinished)]
    engine = ScriptedEngine([*steps, HOLD])
    app = console(tmp_path, "doctor", engine, GROUPED)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await shows(pilot, "group_or_model_access", "Esc stops")
        await pilot.press("e")
        await shows(pilot, "The run is not over: Esc stops it")
        await pilot.press("escape")
        await shows(pilot, "tokone: stopped by you")
        await until(pilot, lambda: app.services.history.runs())
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await shows(pilot, "`group_or_model_access`")


async def test_on_a_short_screen_the_whole_next_step_is_in_view(tmp_path: Path) -> None:
    app = console(tmp_path, "doctor", ScriptedEngine(broken()), GROUPED)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await shows(pilot, "Whose   Yours", "Next    Use the key", "group changed in the gateway's console.")


async def test_evidence_is_previewed_and_copied_and_the_server_s_words_are_asked_for(tmp_path: Path) -> None:
    app = console(tmp_path, "doctor", ScriptedEngine(broken()), GROUPED)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await shows(pilot, "tokone: chat failed")
        assert SAID not in seen(app)
        await pilot.press("o")
        await shows(pilot, "This token has no access")
        await pilot.press("y")
        await shows(pilot, "of Markdown through the terminal (OSC 52).")
        assert "group_or_model_access" in app.clipboard and SAID not in app.clipboard
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ExportScreen))
        await shows(pilot, "These are the exact bytes.")


async def test_a_second_run_starts_from_nothing_and_the_cursor_follows_again(tmp_path: Path) -> None:
    engine = ScriptedEngine(broken(), [*climbing(Rung.TLS), HOLD])
    app = console(tmp_path, "doctor", engine, GROUPED)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await shows(pilot, "tokone: chat failed")
        await pilot.press("home")
        assert ladder(pilot).chosen is Rung.ADDRESS
        await pilot.press("r")
        await shows(pilot, "Waits for tls.")
        assert ladder(pilot).chosen is Rung.TLS
        assert "403" not in seen(app)
    assert all(isinstance(job, DoctorJob) for job in engine.jobs) and len(engine.jobs) == 2


async def test_in_a_short_window_the_page_keys_scroll_what_is_said(tmp_path: Path) -> None:
    app = console(tmp_path, "doctor", ScriptedEngine(broken()), GROUPED)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await shows(pilot, "tokone: chat failed", "Whose")
        assert "Tried to be sure" not in seen(app)
        await pilot.press("pagedown", "pagedown")
        await shows(pilot, "model claude-opus-4-6")
        assert ladder(pilot).chosen is Rung.CHAT


async def test_the_matrix_opens_and_what_it_measured_is_there_when_it_opens_again(opened: Opened) -> None:
    async with opened("tokmodel") as pilot:
        app = pilot.app
        assert isinstance(app, GatewayApp)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MatrixScreen))
        await shows(pilot, "Endpoint matrix  tokmodel", "at most 80 requests")
        await pilot.press("r")
        await shows(pilot, "✓  chat", "not offered", "up to $0.1694: b asks", "6 billable requests skipped: b asks")
        await until(pilot, lambda: [row.kind for row in app.services.history.runs()] == ["endpoints"])
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.press("m")
        await shows(pilot, "up to $0.1694: b asks")


async def test_without_a_target_it_says_where_to_choose_one(tmp_path: Path) -> None:
    app = console(tmp_path, "doctor", ScriptedEngine((HOLD,)), gateway())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, MainScreen)
        screen.target = None
        await shows(pilot, "No target yet", "choose a profile")
        for key in ("r", "m"):
            await pilot.press(key)
            await shows(pilot, "No target yet: press 1 and choose a profile.")

"""The Compare pane as a person uses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.demo.launch import Gateways
from gatewaytui.domain.profile import FROM_KEYRING, Group
from gatewaytui.domain.progress import CompareJob
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes.compare import ComparePane
from gatewaytui.tui.panes.compare_cell import CompareCell
from gatewaytui.tui.screens.confirm import ConfirmScreen
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.screens.pick_baseline import PickBaselineScreen
from gatewaytui.tui.screens.pick_target import PickTargetScreen
from gatewaytui.tui.screens.run_settings import RunSettingsScreen
from gatewaytui.tui.services import Services, demo_services
from gatewaytui.tui.widgets.prompt_input import PromptInput
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.stream_view import StreamView
from tests.tui.comparing import answered, ended, once, rounds, spending
from tests.tui.comparing import job_of as asked
from tests.tui.front import console
from tests.tui.scripted import HOLD, ScriptedEngine, Step, gateway
from tests.tui.seeing import seen, settled, shows, until
from tests.tui.streams import answering, connecting

pytestmark = pytest.mark.anyio
PROFILES = (gateway("tken"), gateway("tokmodel"), gateway("tokone"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def shown(app: GatewayApp, name: str) -> str:
    sheet = app.screen.query_one(name, Sheet)
    return "\n".join(sheet.render_line(y).text for y in range(sheet.size.height))


def status(app: GatewayApp) -> str:
    return str(app.screen.query_one("#compare-status").render())


async def run(pilot: Pilot[int]) -> None:
    await settled(pilot)
    await pilot.press("r")
    await settled(pilot)


async def test_the_first_profiles_are_the_line_up_and_r_asks_them_all(tmp_path: Path) -> None:
    engine = ScriptedEngine(once(PROFILES))
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await run(pilot)
        table = shown(app, "#compare-table")
        assert "▲ 212 ms" in table and "✗ rate_limit" in table
        await until(pilot, lambda: app.services.history.runs())
    job = engine.jobs[0]
    assert isinstance(job, CompareJob)
    assert [target.label for target in job.targets] == ["tken", "tokmodel", "tokone"]
    assert (job.runs, job.request.max_tokens) == (1, 256)


async def test_one_that_stalls_holds_nobody_up_and_escape_stops_only_what_is_open(tmp_path: Path) -> None:
    steps: list[Step] = [*connecting(0), *connecting(1), *answering(1), answered(1, 1), HOLD]
    engine = ScriptedEngine(steps)
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await run(pilot)
        await until(pilot, lambda: "✓ passed" in shown(app, "#compare-table"))
        assert "1 of 3 targets done" in status(app)
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        assert shown(app, "#compare-table").count("stopped by you") == 2


async def test_x_removes_the_focused_target_and_two_are_needed(tmp_path: Path) -> None:
    engine = ScriptedEngine(once(PROFILES))
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("tab", "x")
        await settled(pilot)
        assert [cell.has_focus_within for cell in app.screen.query(CompareCell)] == [False, True], "the next one"
        await pilot.press("x", "r")
        await settled(pilot)
        assert len(app.screen.query(CompareCell)) == 1
        assert "needs two targets" in status(app)
    assert engine.jobs == []


async def test_a_adds_a_target_by_typing_and_by_writing_it_out(tmp_path: Path) -> None:
    groups = (Group("claude", FROM_KEYRING), Group("gpt", FROM_KEYRING))
    engine = ScriptedEngine(once(PROFILES))
    app = console(tmp_path, "compare", engine, *PROFILES, gateway("grouped", groups=groups))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        for typed in ("grouped/gpt", "tken,model=a/b"):
            await pilot.press("a")
            app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await settled(pilot)
        await run(pilot)
    targets = engine.jobs[0].targets  # type: ignore[union-attr]
    assert [target.label for target in targets][3:] == ["grouped/claude", "grouped/gpt", "tken"]
    assert targets[-1].model == "a/b"


async def test_a_target_that_cannot_be_is_said_in_place(tmp_path: Path) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(once(PROFILES)), *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("a")
        app.screen.query_one(Input).value = "nowhere"
        await pilot.press("enter")
        assert isinstance(app.screen, PickTargetScreen)
        assert "no profile" in str(app.screen.query_one("#pick-notice").render())
        await pilot.press("escape")
        assert not isinstance(app.screen, PickTargetScreen)


async def test_the_prompt_is_written_with_p_and_sent_with_enter(tmp_path: Path) -> None:
    engine = ScriptedEngine(once(PROFILES))
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("p")
        app.screen.query_one(PromptInput).value = "say ok"
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("escape")
        assert app.screen.query(StreamView).first().has_focus
    assert engine.jobs[0].request.messages[0].text == "say ok"  # type: ignore[union-attr]


async def test_without_profiles_it_says_what_to_do(tmp_path: Path) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(once(PROFILES)), gateway())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "press a to add one" in status(app)


async def test_evidence_of_the_comparison(tmp_path: Path) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(once(PROFILES)), *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        assert "no comparison yet" in status(app)
        await run(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)


@pytest.mark.parametrize(("width", "columns"), [(60, 2), (80, 3), (120, 3), (200, 3)])
async def test_columns_follow_the_width(tmp_path: Path, width: int, columns: int) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(once(PROFILES)), *PROFILES)
    async with app.run_test(size=(width, 30)) as pilot:
        await settled(pilot)
        tops = [cell.region.y for cell in app.screen.query(CompareCell)]
        assert tops.count(tops[0]) == columns


async def set_runs(pilot: Pilot[int], **fields: str) -> None:
    """Fill in the form of the runs and keep it."""
    await settled(pilot)
    await pilot.press("n")
    await settled(pilot)
    assert isinstance(pilot.app.screen, RunSettingsScreen)
    for id, text in fields.items():
        pilot.app.screen.query_one(f"#{id.replace('_', '-')}", Input).value = text
    await pilot.press("enter")
    await settled(pilot)


def job_of(engine: ScriptedEngine) -> CompareJob:
    job = engine.jobs[-1]
    assert isinstance(job, CompareJob)
    return job


async def test_the_runs_are_set_in_a_form_and_remembered(tmp_path: Path) -> None:
    engine = ScriptedEngine(rounds(PROFILES, 6))
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await set_runs(pilot, runs="6", warm_ups="1", at_once="2", temperature="0", max_tokens="")
        assert "6 runs each · 1 warm-up · 2 at once each · temperature 0" in status(app)
        await run(pilot)
        await until(pilot, lambda: "18 of 18 runs measured" in status(app))
        await pilot.press("n")
        await settled(pilot)
        assert app.screen.query_one("#runs", Input).value == "6"
        await pilot.press("escape")
    job = job_of(engine)
    assert (job.runs, job.warm_ups, job.concurrency, job.request.temperature) == (6, 1, 2, 0.0)
    assert job.request.max_tokens is None


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("runs", "0", "Runs is a whole number from 1 to 1000"),
        ("runs", "many", "Runs is a whole number"),
        ("warm_ups", "101", "Warm-ups is a whole number from 0 to 100"),
        ("at_once", "33", "At once is a whole number from 1 to 32"),
        ("temperature", "hot", "Temperature is a number from 0 to 2"),
        ("max_tokens", "0", "Max tokens is a whole number"),
    ],
)
async def test_a_setting_that_cannot_be_is_said_in_place(tmp_path: Path, field: str, text: str, words: str) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(once(PROFILES)), *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await set_runs(pilot, **{field: text})
        assert isinstance(app.screen, RunSettingsScreen)
        assert words in seen(app)


async def test_the_form_says_what_the_runs_take(tmp_path: Path) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(once(PROFILES)), *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("n", "2", "0")
        await shows(pilot, "60 requests, at most", "Cost: not known, no prices are")


async def test_more_than_fifty_requests_are_asked_about(tmp_path: Path) -> None:
    engine = ScriptedEngine(rounds(PROFILES, 17))
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await set_runs(pilot, runs="17")
        await run(pilot)
        assert isinstance(app.screen, ConfirmScreen)
        assert "Send 51 requests to 3 targets?" in seen(app) and "cost" in seen(app)
        await pilot.press("n")
        assert engine.jobs == []
        await run(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "51 of 51 runs measured" in status(app))


async def test_a_cost_above_ten_cents_is_asked_about_as_soon_as_it_is_known(tmp_path: Path) -> None:
    dear: list[Step] = [spending(2, 3, cost_usd=0.35), HOLD]
    engine = ScriptedEngine(dear)
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await run(pilot)
        await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
        assert engine.stopped == engine.jobs[:1]
        assert "$0.3500" in seen(app)
        await pilot.press("y")
        await settled(pilot)
        assert len(engine.jobs) == 2 and len(engine.stopped) == 1
        assert not isinstance(app.screen, ConfirmScreen)


async def test_escape_keeps_shows_and_records_what_was_measured_once(tmp_path: Path) -> None:
    engine = ScriptedEngine([*rounds(PROFILES, 8, until=3), HOLD])
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await set_runs(pilot, runs="8")
        await run(pilot)
        await until(pilot, lambda: "9 of 24 requests" in status(app))
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        assert "Stopped: 9 of 24 runs measured" in status(app)
        assert "3/3" in shown(app, "#compare-table") and "2/3" in shown(app, "#compare-table")
        await until(pilot, lambda: app.services.history.runs())
        await settled(pilot)
        assert len(app.services.history.runs()) == 1
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)


async def test_a_stop_before_anything_was_measured_records_nothing(tmp_path: Path) -> None:
    engine = ScriptedEngine([*connecting(0), HOLD])
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await run(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert "Stopped before anything was measured" in status(app)
        assert not app.services.history.runs()


async def test_evidence_is_previewed_while_it_runs(tmp_path: Path) -> None:
    engine = ScriptedEngine([answered(0, 1), HOLD])
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await run(pilot)
        await until(pilot, lambda: "✓ passed" in shown(app, "#compare-table"))
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen) and not engine.stopped


async def test_v_and_m_go_through_views_and_metrics(tmp_path: Path) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(rounds(PROFILES, 6)), *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await set_runs(pilot, runs="6", temperature="0")
        await run(pilot)
        await until(pilot, lambda: "18 of 18" in status(app))
        await pilot.press("v")
        await shows(pilot, "low–high", "━ to the p50")
        await pilot.press("v")
        await shows(pilot, "● p50", "n too small: p90 needs 10")
        await pilot.press("m")
        await shows(pilot, "Percentiles of TTFAT, ms.")
        await pilot.press("v")
        await shows(pilot, "TTFT p50", "verdict")
        await pilot.press("m")
        await shows(pilot, "Bars of TTFAT, ms.", "low–high")


async def test_a_comparison_is_saved_as_a_baseline_and_a_later_one_held_against_it(tmp_path: Path) -> None:
    slower: list[Step] = [answered(index, number, 900) for index in range(3) for number in range(1, 7)]
    slower.append(ended(asked(PROFILES, 6), slower))
    engine = ScriptedEngine(rounds(PROFILES, 6), slower)
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("b")
        assert "no comparison yet" in status(app)
        await set_runs(pilot, runs="6")
        await run(pilot)
        await until(pilot, lambda: "18 of 18" in status(app))
        await pilot.press("b")
        await settled(pilot)
        assert isinstance(app.screen, PickBaselineScreen)
        assert app.screen.query_one(Input).value == "main"
        await pilot.press(*"spring")  # what is proposed is replaced by what is typed
        assert app.screen.query_one(Input).value == "spring"
        app.screen.query_one(Input).value = "Not A Name"
        await pilot.press("enter")
        await shows(pilot, "lower-case letters")
        app.screen.query_one(Input).value = "january"
        await pilot.press("enter")
        await until(pilot, lambda: "Saved as the baseline january" in status(app))
        await pilot.press("c")
        await shows(pilot, "Hold against a baseline", "january")
        await pilot.press("enter")
        await until(pilot, lambda: "Against january: 0 worse" in status(app))
        await run(pilot)
        await until(pilot, lambda: "Against january: 7 worse" in status(app))
        table = shown(app, "#compare-table")
        assert "✗ worse" in table and "TTFT p50" in table
        await pilot.press("v")
        await shows(pilot, "success", "TTFT p50", "tok/s p50")


@pytest.fixture
def services(gateways: Gateways) -> Iterator[Services]:
    doors = demo_services(gateways)
    doors.settings.change(lambda settings: replace(settings, last_pane="compare"))
    yield doors
    doors.close()


async def line_up(app: GatewayApp, pilot: Pilot[int], *names: str) -> None:
    """These embedded gateways side by side, added and removed as a person does."""
    await until(pilot, lambda: len(app.screen.query(CompareCell)) == 4)
    for name in names:
        await pilot.press("a")
        app.screen.query_one(Input).value = name
        await pilot.press("enter")
        await settled(pilot)
    for _ in range(4):
        app.screen.query(StreamView).first().focus()
        await pilot.press("x")
        await settled(pilot)


async def test_several_runs_on_the_embedded_gateways_while_one_stalls(services: Services) -> None:
    app = GatewayApp(services)
    async with app.run_test(size=(160, 40)) as pilot:
        await line_up(app, pilot, "healthy", "rate-limited", "stalls")
        await set_runs(pilot, runs="2", warm_ups="1", at_once="2", temperature="0", max_tokens="32")
        await pilot.press("r")
        await until(pilot, lambda: "2 of 3" in status(app) or "/2 answered" in seen(app))
        await shows(pilot, "2/2", "0/2", "✗ rate_limit ×2")
        rows = shown(app, "#compare-table").splitlines()
        assert "✓ passed" in rows[1] and "gpt-" in rows[1] and "same" in rows[1]
        assert "✗" not in rows[3] and "stalls" in rows[3]
        await pilot.press("escape")
        await shows(pilot, "Stopped: 4 of 6 runs measured", "stopped by you")
        await until(pilot, lambda: services.history.runs())
        assert len(services.history.runs()) == 1
        pane = app.screen.query_one(ComparePane)
        assert pane.cancel() is False

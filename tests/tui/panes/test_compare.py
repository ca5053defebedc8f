"""The Compare pane as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import FROM_KEYRING, Group
from gatewaytui.domain.progress import ChatJob, CheckFinished, Progress, RunFinished
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes.compare_cell import CompareCell
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.screens.pick_target import PickTargetScreen
from gatewaytui.tui.widgets.prompt_input import PromptInput
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.stream_view import StreamView
from tests.tui.front import console
from tests.tui.scripted import HOLD, ScriptedEngine, Step, gateway
from tests.tui.seeing import settled, until
from tests.tui.streams import answering, connecting, failed, passed, run_of, side_by_side

pytestmark = pytest.mark.anyio
PROFILES = (gateway("tken"), gateway("tokmodel"), gateway("tokone"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def compared() -> list[Progress]:
    checks = [passed(0, 310, 52.3), passed(1, 212, 48.0), failed(FailureClass.RATE_LIMIT, 429, target=2)]
    streams = side_by_side([*connecting(0), *answering(0)], [*connecting(1), *answering(1)], connecting(2))
    finished = [CheckFinished(check.target, check) for check in checks]
    return [*streams, *finished, RunFinished(run_of(checks, *PROFILES, kind="compare"))]


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
    engine = ScriptedEngine(compared())
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await run(pilot)
        table = shown(app, "#compare-table")
        assert "▲ 212 ms" in table and "✗ rate_limit" in table
        await until(pilot, lambda: app.services.history.runs())
    job = engine.jobs[0]
    assert isinstance(job, ChatJob)
    assert [target.label for target in job.targets] == ["tken", "tokmodel", "tokone"]
    assert job.kind == "compare"


async def test_one_that_stalls_holds_nobody_up_and_escape_stops_only_what_is_open(tmp_path: Path) -> None:
    steps: list[Step] = [*connecting(0), *connecting(1), *answering(1), CheckFinished(1, passed(1)), HOLD]
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
    engine = ScriptedEngine(compared())
    app = console(tmp_path, "compare", engine, *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("tab", "x")
        await settled(pilot)
        await pilot.press("x", "r")
        await settled(pilot)
        assert len(app.screen.query(CompareCell)) == 1
        assert "needs two targets" in status(app)
    assert engine.jobs == []


async def test_a_adds_a_target_by_typing_and_by_writing_it_out(tmp_path: Path) -> None:
    groups = (Group("claude", FROM_KEYRING), Group("gpt", FROM_KEYRING))
    engine = ScriptedEngine(compared())
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
    app = console(tmp_path, "compare", ScriptedEngine(compared()), *PROFILES)
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
    engine = ScriptedEngine(compared())
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
    app = console(tmp_path, "compare", ScriptedEngine(compared()), gateway())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "press a to add one" in status(app)


async def test_evidence_of_the_comparison(tmp_path: Path) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(compared()), *PROFILES)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        assert "no finished comparison" in status(app)
        await run(pilot)
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)


@pytest.mark.parametrize(("width", "columns"), [(80, 2), (120, 3), (200, 3)])
async def test_columns_follow_the_width(tmp_path: Path, width: int, columns: int) -> None:
    app = console(tmp_path, "compare", ScriptedEngine(compared()), *PROFILES)
    async with app.run_test(size=(width, 30)) as pilot:
        await settled(pilot)
        tops = [cell.region.y for cell in app.screen.query(CompareCell)]
        assert tops.count(tops[0]) == columns

"""The Models pane as a person uses it: it loads, narrows, groups, takes a model to Chat, explains a failure."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import CheckStarted, ModelsJob
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes.models import ModelsPane
from gatewaytui.tui.screens.main import MainScreen
from gatewaytui.tui.screens.pick_target import PickTargetScreen
from gatewaytui.tui.widgets.model_list import ModelList
from gatewaytui.tui.widgets.sheet import Sheet
from tests.tui.front import console
from tests.tui.scripted import CATALOGUE, HOLD, NO_LIST, ScriptedEngine, gateway, listing, no_listing
from tests.tui.seeing import seen, settled, shows, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def listed(home: Path, engine: ScriptedEngine | None = None) -> GatewayApp:
    return console(home, "models", engine or ScriptedEngine(listing(*CATALOGUE)), gateway(), gateway("tokmodel"))


async def arrived(pilot: Pilot[int]) -> None:
    await settled(pilot)
    await until(pilot, lambda: pilot.app.screen.query_one(ModelList).total)
    await settled(pilot)


async def test_the_list_is_fetched_when_the_pane_is_first_shown_and_once_only(tmp_path: Path) -> None:
    engine = ScriptedEngine(listing(*CATALOGUE))
    app = listed(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        assert "7 models" in seen(app) and "claude-haiku-4-5-20251001" in seen(app)
        await pilot.press("1", "3")
        await settled(pilot)
    assert [job for job in engine.jobs if isinstance(job, ModelsJob)] == engine.jobs and len(engine.jobs) == 1


async def test_typing_after_the_slash_narrows_and_enter_takes_the_model_to_chat(tmp_path: Path) -> None:
    app = listed(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("slash", *"claude", "down")
        assert "2 of 7 models" in seen(app)
        await pilot.press("enter")
        await settled(pilot)
        main = app.screen
        assert isinstance(main, MainScreen) and main.front is not None and main.front.id == "chat"
        assert main.target is not None and main.target.model == "claude-haiku-4-5-20251001"


async def test_letters_in_the_filter_are_text_and_esc_shows_everything_again(tmp_path: Path) -> None:
    engine = ScriptedEngine(listing(*CATALOGUE))
    app = listed(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("slash", *"rip1z")
        assert app.screen.query_one("#models-field", Input).value == "rip1z"
        await pilot.press("escape")
        await settled(pilot)
        assert "7 models" in seen(app) and app.screen.query_one(ModelList).matching == len(CATALOGUE)
    assert len(engine.jobs) == 1


async def test_a_model_can_be_typed_where_there_is_no_list(tmp_path: Path) -> None:
    app = listed(tmp_path, ScriptedEngine(no_listing(NO_LIST)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await until(pilot, lambda: "route_not_found" in seen(app))
        assert "i takes a model id typed by hand" in seen(app)
        await pilot.press("i", *"my-model", "enter")
        await settled(pilot)
        assert isinstance(app.screen, MainScreen) and app.screen.target is not None
        assert app.screen.target.model == "my-model"


async def test_esc_stops_the_request(tmp_path: Path) -> None:
    engine = ScriptedEngine((CheckStarted(0, "models", "GET", "/v1/models"), HOLD))
    app = listed(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await until(pilot, lambda: "Esc stops" in seen(app))
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        await settled(pilot)
        assert "stopped" in seen(app) and "Esc stops" not in seen(app)
        assert "r asks for the list" in seen(app)


async def test_a_problem_of_this_machine_is_told_with_its_next_step(tmp_path: Path) -> None:
    problem = Problem(FailureClass.KEYSTORE, "The keyring is locked.", "Unlock it.")
    app = listed(tmp_path, ScriptedEngine((problem,)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await until(pilot, lambda: "The keyring is locked." in seen(app))
        assert "Unlock it." in seen(app)


async def test_grouping_heads_each_provider_and_starts_at_a_model(tmp_path: Path) -> None:
    app = listed(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("p")
        models = app.screen.query_one(ModelList)
        assert models.model is not None and models.model.id == "claude-opus-4-6"
        assert "by provider" in seen(app)
        await pilot.press("p")
        assert models.model is not None and models.model.id == CATALOGUE[0].id


async def test_another_target_brings_its_own_list(tmp_path: Path) -> None:
    engine = ScriptedEngine(listing(*CATALOGUE), listing(ModelInfo("only-one")))
    app = listed(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("1", "down", "enter")
        await settled(pilot)
        await pilot.press("3")
        await until(pilot, lambda: "only-one" in seen(app))
        assert "gpt-5.5" not in seen(app)
    jobs = [job for job in engine.jobs if isinstance(job, ModelsJob)]
    assert [job.targets[0].label for job in jobs] == ["tken", "tokmodel"]


async def test_a_hostile_id_reaches_the_terminal_as_glyphs(tmp_path: Path) -> None:
    hostile = ModelInfo("\x1b]52;c;aGk=\x07[@click=app.quit]x[/]")
    app = listed(tmp_path, ScriptedEngine(listing(hostile)))
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        shown = seen(app)
    assert "\x1b" not in shown and "\x07" not in shown
    assert "[@click=app.quit]" in shown


OTHER = (
    ModelInfo("openai/gpt-5.5"),
    msgspec.structs.replace(CATALOGUE[1], input_price=0.3),
    *CATALOGUE[2:],
    ModelInfo("theirs"),
)


async def picked(pilot: Pilot[int], key: str, *words: str) -> None:
    """Press the key, then choose the other profile, and wait for these words."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, PickTargetScreen))
    await pilot.press(*"tokmodel", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, MainScreen))
    await shows(pilot, *words)


async def test_two_profiles_are_held_against_each_other_and_let_go_again(tmp_path: Path) -> None:
    engine = ScriptedEngine(listing(*CATALOGUE), listing(*OTHER))
    app = listed(tmp_path, engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await picked(pilot, "d", "tken against tokmodel", "1 differ, 1 look alike, 1 in one only, 5 the same")
        rows = [" ".join(line.split()) for line in seen(app).splitlines()]
        assert any(row.startswith("~ differs gpt-5.4-mini $/M in 0.25 → 0.30") for row in rows)
        assert any(row.startswith("? look-alike gpt-5.5 openai/gpt-5.5 (certain)") for row in rows)
        await pilot.press("slash", *"only")
        assert "1 of 8 rows" in seen(app) and "theirs" in seen(app)
        await pilot.press("escape", "d")
        await shows(pilot, "7 models")
    jobs = [job for job in engine.jobs if isinstance(job, ModelsJob)]
    assert [job.targets[0].label for job in jobs] == ["tken", "tokmodel"]


async def test_a_model_of_the_other_profile_takes_that_profile_to_chat(tmp_path: Path) -> None:
    app = listed(tmp_path, ScriptedEngine(listing(*CATALOGUE), listing(*OTHER)))
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await picked(pilot, "d", "only tokmodel")
        await pilot.press("slash", *"theirs", "enter")
        await settled(pilot)
        main = app.screen
        assert isinstance(main, MainScreen) and main.target is not None and main.front is not None
        assert (main.front.id, main.target.label, main.target.model) == ("chat", "tokmodel", "theirs")


async def test_several_profiles_are_looked_through_at_once(tmp_path: Path) -> None:
    app = listed(tmp_path, ScriptedEngine(listing(*CATALOGUE), listing(*OTHER)))
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await picked(pilot, "a", "15 models", "profile")
        await pilot.press("slash", *"tokmodel gpt")
        assert "2 of 15 models" in seen(app)
        await pilot.press("escape", "escape")
        await shows(pilot, "7 models")


async def test_a_difference_that_its_column_cuts_is_read_in_full_below(tmp_path: Path) -> None:
    longer = ModelInfo("a-provider/of/models/with-a-name-that-no-column-of-a-small-terminal-could-hold/gpt-5.5")
    app = listed(tmp_path, ScriptedEngine(listing(*CATALOGUE), listing(longer)))
    async with app.run_test(size=(80, 24)) as pilot:
        await arrived(pilot)
        await picked(pilot, "d", "tken against tokmodel", "(certain)")
        row = app.screen.query_one("#models-row", Sheet)
        await until(pilot, lambda: row.size.height > 1)
        assert "hold/gpt-5.5 (certain)" in "".join(line.strip() for line in seen(app).splitlines())
        await pilot.press("slash", *"nowhere")
        await shows(pilot, "Nothing matches: Esc clears the filter.")


async def test_the_list_itself_is_nothing_to_hold_it_against(tmp_path: Path) -> None:
    app = listed(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("d", "enter")
        await shows(pilot, "choose another profile")
        await pilot.press("d", "escape")
        await settled(pilot)
        assert app.screen.query_one(ModelList).total == len(CATALOGUE)


async def test_a_list_that_does_not_come_leaves_the_one_in_view(tmp_path: Path) -> None:
    app = listed(tmp_path, ScriptedEngine(listing(*CATALOGUE), no_listing(NO_LIST)))
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await picked(pilot, "d", "route_not_found")
        assert app.screen.query_one(ModelList).total == len(CATALOGUE)


async def test_the_order_turns_with_each_press(tmp_path: Path) -> None:
    app = listed(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        models = app.screen.query_one(ModelList)
        firsts = []
        for words in ("by id", "by provider", "longest first", "cheapest first", "7 models"):
            await pilot.press("s")
            assert words in seen(app)
            firsts.append(models.model.id if models.model else "")
        assert firsts == [
            "claude-haiku-4-5-20251001", "claude-opus-4-6", "gemini-3-pro", "text-embedding-4", "gpt-5.5",
        ]  # fmt: skip


async def test_what_changed_since_the_last_other_list(tmp_path: Path) -> None:
    async with listed(tmp_path).run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("t")
        assert "No other list of this target was seen before" in seen(pilot.app)
    app = listed(tmp_path, ScriptedEngine(listing(*CATALOGUE[1:], ModelInfo("brand-new"))))
    async with app.run_test(size=(120, 36)) as pilot:
        await arrived(pilot)
        await pilot.press("t")
        await shows(pilot, "tken since 20", "+ new", "brand-new", "- gone", "gpt-5.5")
        await pilot.press("t")
        await shows(pilot, "7 models")


async def test_a_list_that_cannot_be_kept_is_shown_all_the_same(tmp_path: Path) -> None:
    app = listed(tmp_path)
    (tmp_path / "state").mkdir(exist_ok=True)
    (tmp_path / "state" / "catalogues").write_text("in the way")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await arrived(pilot)
        await shows(pilot, "7 models", "could not be kept")


async def test_without_a_target_the_pane_says_what_to_press(tmp_path: Path) -> None:
    app = console(tmp_path, "models", ScriptedEngine((HOLD,)))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, MainScreen)
        assert app.screen.query_one(ModelsPane) and "press 1" in seen(app)

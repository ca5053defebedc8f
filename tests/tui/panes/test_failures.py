"""The Failures pane as a person uses it, and the screens it opens."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from textual.widgets import Input

from gatewaytui.domain.failure import FailureClass
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.gate import GateRefused, Leak
from gatewaytui.evidence.record import build
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes import failures as failures_pane
from gatewaytui.tui.panes.failures import FailuresPane
from gatewaytui.tui.screens.export import ExportScreen, PreviewView
from gatewaytui.tui.screens.finding import FindingScreen
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.line_view import LineView
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.sheet import Sheet
from tests.tui.front import console
from tests.tui.scripted import HOLD, NOON, ScriptedEngine, gateway
from tests.tui.seeing import settled
from tests.tui.streams import failed, passed, run_of

pytestmark = pytest.mark.anyio
SEEN = (
    ("tken", FailureClass.RATE_LIMIT),
    ("tokone", FailureClass.GROUP_OR_MODEL_ACCESS),
    ("tokone", FailureClass.RATE_LIMIT),
    ("tokmodel", FailureClass.STALL_TIMEOUT),
)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FailuresPane, "now", lambda self: NOON)
    monkeypatch.setattr(FailuresPane, "zone", UTC)
    monkeypatch.setattr(ExportScreen, "now", lambda self: datetime(2026, 11, 20, 12, 0, 5, tzinfo=UTC))


def failures(
    home: Path, engine: ScriptedEngine | None = None, seen: Iterable[tuple[str, FailureClass]] = SEEN
) -> GatewayApp:
    app = console(home, "failures", engine or ScriptedEngine([HOLD]), gateway())
    for hours, (profile, failure_class) in enumerate(seen):
        run = run_of([failed(failure_class, 429)], gateway(profile))
        app.services.history.append(build(run, now=NOON - timedelta(hours=30 - hours)))
    app.services.history.append(build(run_of([passed()], gateway()), now=NOON))
    return app


def lines(app: GatewayApp, name: str) -> list[str]:
    view = app.screen.query_one(name, LineView)
    return ["".join(text for text, _ in view.line_at(i)) for i in range(view.line_count)]


def heat(app: GatewayApp) -> list[str]:
    sheet = app.screen.query_one("#failures-heat", Sheet)
    return [sheet.render_line(y).text for y in range(sheet.size.height)]


def status(app: GatewayApp) -> str:
    return str(app.screen.query_one("#failures-status").render())


async def test_with_nothing_failed_it_says_what_to_press(tmp_path: Path) -> None:
    app = failures(tmp_path, seen=())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert heat(app)[0].strip() == "Nothing has failed yet"
        await pilot.press("enter", "e", "y", "space", "d")
        await settled(pilot)
        assert isinstance(app.screen.query_one(FailuresPane), FailuresPane)


async def test_counts_by_profile_and_over_time_and_the_newest_first(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert heat(app)[0].split()[:3] == ["tokone", "tken", "tokmodel"]
        assert [line.split()[3] for line in lines(app, "#failures-list")] == ["tokmodel", "tokone", "tokone", "tken"]
        await pilot.press("d")
        assert heat(app)[0].split()[:7][-1] == NOON.strftime("%a")
        await pilot.press("w")
        await settled(pilot)
        assert "last 30 days · 4 findings" in status(app)


async def test_the_filter_narrows_and_escape_leaves_it_then_clears_it(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("slash")
        app.screen.query_one(Input).value = "tokone rate"
        await pilot.pause()
        assert len(lines(app, "#failures-list")) == 1
        assert "1 match" in status(app)
        await pilot.press("escape")
        assert app.screen.query_one(RowList).has_focus
        assert len(lines(app, "#failures-list")) == 1
        await pilot.press("escape")
        assert len(lines(app, "#failures-list")) == 4


async def test_enter_opens_the_finding_with_its_signals_rule_and_retry(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert isinstance(app.screen, FindingScreen)
        page = "\n".join(lines(app, "#finding-text"))
        meaning = FailureClass.RATE_LIMIT.meaning
        assert all(
            words in page for words in (meaning.whose, meaning.next_step, "rate_limit.scripted", "exit code 14")
        )
        seen = (NOON - timedelta(hours=28)).strftime("%Y-%m-%d %H:%M:%S")
        assert all(words in page for words in ("listed models", "41", seen, "later may help"))
        await pilot.press("e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)
        await pilot.press("escape", "escape")
        assert app.screen.query(FailuresPane)


async def test_selected_findings_are_exported_together(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("space", "space", "e")
        await settled(pilot)
        await pilot.press("f")
        await settled(pilot)
        document = json.loads("".join(lines(app, "#export-preview")))
        assert [target["profile"] for target in document["targets"]] == ["tokone", "tokmodel"]


async def test_the_finding_says_what_changed_since_the_last_good_run_and_how_it_goes(tmp_path: Path) -> None:
    app = console(tmp_path, "failures", ScriptedEngine([HOLD]), gateway())
    history = app.services.history
    for hours in (8, 6, 4, 2):
        history.append(build(run_of([passed()], gateway()), now=NOON - timedelta(hours=hours)))
        history.append(build(run_of([failed()], gateway()), now=NOON - timedelta(hours=hours - 1)))
    async with app.run_test(size=(120, 50)) as pilot:
        await settled(pilot)
        assert "~ flaps" in lines(app, "#failures-list")[0]
        detail = app.screen.query_one("#failures-detail", Sheet)
        assert "4 in 7 days · ▲ new · ~ flaps · first 05:00:00 · last 11:00:00" in "".join(
            detail.render_line(y).text for y in range(detail.size.height)
        )
        await pilot.press("enter")
        await settled(pilot)
        page = [" ".join(line.split()) for line in lines(app, "#finding-text")]
        title = page.index(f"Since the last good run ({NOON - timedelta(hours=2):%Y-%m-%d %H:%M:%S}, run 7)")
        assert page[title + 1 : title + 3] == [
            "stream passed → failed: group_or_model_access", "stream: status 200 → 403"
        ]  # fmt: skip
        first = f"{NOON - timedelta(hours=7):%Y-%m-%d %H:%M:%S}"
        assert any(f"4 times in 7 days · first {first}" in line for line in page)
        assert any("~ flaps: 7 changes in the last 10 answers" in line for line in page)


async def test_without_a_good_run_it_says_so(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("end", "enter")
        await settled(pilot)
        assert any("No good run of this profile is kept" in line for line in lines(app, "#finding-text"))


async def test_a_selects_all_that_match_and_lets_them_go_again(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("slash")
        app.screen.query_one(Input).value = "rate"
        await pilot.press("enter", "a")
        assert "2 match · 2 selected" in status(app)
        await pilot.press("e")
        await settled(pilot)
        await pilot.press("f")
        await settled(pilot)
        document = json.loads("".join(lines(app, "#export-preview")))
        assert [target["profile"] for target in document["targets"]] == ["tken", "tokone"]
        await pilot.press("escape", "escape", "a")
        assert "4 selected" in status(app)
        await pilot.press("a")
        assert "selected" not in status(app)


async def test_more_runs_than_an_export_holds_are_refused_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures_pane, "MOST_EXPORTED", 3)
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("a", "e")
        await settled(pilot)
        assert "at most 3 runs, and 4 are selected. Narrow the filter" in status(app)
        await pilot.press("space", "e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)


async def test_the_preview_turns_from_markdown_to_json_to_junit_and_saves_it_as_xml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = failures(tmp_path / "home")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("e", "f", "f")
        await settled(pilot)
        preview = app.screen.query_one(PreviewView).text
        await pilot.press("s")
        await settled(pilot)
        await pilot.press("f")
        await settled(pilot)
        assert app.screen.query_one(PreviewView).text.startswith("# Gateway evidence")
    (saved,) = tmp_path.glob("gatewaytui-*.xml")
    assert saved.read_text(encoding="ascii") == preview
    assert ElementTree.fromstring(preview).get("failures") == "1"


async def test_what_is_saved_is_what_was_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = failures(tmp_path / "home")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        preview = app.screen.query_one(PreviewView).text
        await pilot.press("s", "s")
        await settled(pilot)
        await pilot.press("y")
        assert app.clipboard == preview
    saved = sorted(tmp_path.glob("gatewaytui-*"))
    assert [file.name for file in saved][-1] == "gatewaytui-20261120T120005Z-stall_timeout.md"
    assert all(file.read_text(encoding="utf-8") == preview for file in saved)


async def test_y_copies_markdown_after_the_gate(tmp_path: Path) -> None:
    app = failures(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "stall_timeout" in app.clipboard
        assert "OSC 52" in status(app)


class Refusing(ScriptedEngine):
    async def export(self, evidence: Evidence, format: str) -> bytes:
        raise GateRefused((Leak("/checks/0/note", "key"),))


async def test_a_refusal_of_the_gate_names_its_field_and_nothing_is_copied_or_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = failures(tmp_path / "home", Refusing([HOLD]))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert "/checks/0/note" in status(app)
        await pilot.press("e")
        await settled(pilot)
        assert any("/checks/0/note: key" in line for line in lines(app, "#export-preview"))
        await pilot.press("s", "y")
        await settled(pilot)
        assert app.clipboard == ""
    assert list(tmp_path.glob("gatewaytui-*")) == []


async def test_withheld_markers_are_highlighted(tmp_path: Path) -> None:
    app = console(tmp_path, "failures", ScriptedEngine([HOLD]), gateway())
    run = run_of([failed()], gateway("sk-live-0123456789abcdef0123456789abcdef"))
    app.services.history.append(build(run, now=NOON))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        view = app.screen.query_one(PreviewView)
        marked = [text for i in range(view.line_count) for text, ink in view.line_at(i) if ink is Ink.MARKED]
        assert marked == ["[name withheld]", "[host withheld]"]
        assert "2 withheld, highlighted" in str(app.screen.query_one("#export-title").render())


async def test_a_run_that_ends_elsewhere_is_counted(tmp_path: Path) -> None:
    app = failures(tmp_path, seen=())
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        app.services.history.append(build(run_of([failed()], gateway()), now=NOON))
        app.screen.query_one(FailuresPane).recorded()
        await settled(pilot)
        assert "1 finding" in status(app)

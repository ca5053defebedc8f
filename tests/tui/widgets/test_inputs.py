"""The small widgets a person types and chooses with."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.tui.widgets.choice import Choice
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.prompt_input import PromptInput
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.status_line import StatusLine
from gatewaytui.tui.widgets.wire_view import WireRow, WireView

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Desk(App[None]):
    CSS = "RowList, WireView { height: 5; }"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield PromptInput()
        yield Choice(("one", "two", "three"))
        yield RowList()
        yield WireView()
        yield StatusLine()

    def on_choice_changed(self, event: Choice.Changed) -> None:
        self.heard.append(f"chosen {event.choice.chosen}")

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.heard.append(f"opened {event.index}")


async def test_a_paste_keeps_all_its_lines() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        field = app.query_one(PromptInput)
        field.focus()
        field.post_message(events.Paste("first\r\nsecond\nthird "))
        await pilot.pause()
        assert field.value == "first⏎second⏎third "
        assert field.prompt == "first\nsecond\nthird"


async def test_a_choice_goes_around_and_tells_what_the_person_chose_only() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        choice = app.query_one(Choice)
        choice.focus()
        choice.choose(1)
        await pilot.press("right", "right", "left")
        assert app.heard == ["chosen 2", "chosen 0", "chosen 2"]
        assert str(choice.render()) == "‹ three ›"


async def test_the_cursor_of_a_list_stays_in_view_and_a_second_click_opens() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        rows = app.query_one(RowList)
        rows.show([((f"row {number}", Ink.PLAIN),) for number in range(40)])
        rows.focus()
        await pilot.press("end")
        assert (rows.cursor, rows.top) == (39, 35)
        await pilot.press("pageup", "k")
        assert (rows.cursor, rows.top) == (34, 34)
        await pilot.click(RowList, offset=(2, 1))
        assert app.heard == []
        await pilot.click(RowList, offset=(2, 1))
        assert app.heard == ["opened 35"]
        rows.show([])
        assert rows.cursor == 0


async def test_muted_words_are_plain_on_the_cursors_ground() -> None:
    app = Desk()
    async with app.run_test():
        rows = app.query_one(RowList)
        rows.show([(("plain ", Ink.PLAIN), ("muted", Ink.MUTED))] * 2)
        colours = []
        for y in range(2):
            said = {segment.text.strip(): segment.style for segment in rows.render_line(y)}
            plain, muted = said["plain"], said["muted"]
            assert plain is not None and muted is not None
            colours.append(plain.color == muted.color)
        assert colours == [True, False]


async def test_the_head_of_a_list_stays_while_its_rows_scroll() -> None:
    app = Desk()
    async with app.run_test() as pilot:
        rows = app.query_one(RowList)
        rows.show([((f"row {number}", Ink.PLAIN),) for number in range(40)], [(("head", Ink.MUTED),)])
        rows.focus()
        await pilot.press("end")
        assert [rows.render_line(y).text[:7].rstrip() for y in range(5)] == [
            "head",
            "row 36",
            "row 37",
            "row 38",
            "row 39",
        ]
        await pilot.press("pageup")
        assert (rows.cursor, rows.top) == (36, 36)
        await pilot.click(RowList, offset=(2, 0))
        assert rows.cursor == 36
        await pilot.click(RowList, offset=(2, 1))
        assert app.heard == ["opened 36"]


async def test_a_cursor_set_before_there_is_a_size_leaves_rows_above_it_in_view() -> None:
    class Early(Desk):
        def on_mount(self) -> None:
            rows = self.query_one(RowList)
            rows.show([((f"row {number}", Ink.PLAIN),) for number in range(40)])
            rows.move(20)

    app = Early()
    async with app.run_test() as pilot:
        rows = app.query_one(RowList)
        await pilot.pause()
        assert (rows.cursor, rows.top) == (20, 16)


async def test_long_payloads_are_read_by_moving_along_them() -> None:
    app = Desk()
    async with app.run_test(size=(60, 30)) as pilot:
        wire = app.query_one(WireView)
        wire.show([WireRow(1_000_000, 1_000_000, "chunk", "text", '"a"', "x" * 100 + "THE END", 120)])
        wire.focus()
        await pilot.pause()
        assert "THE END" not in wire.render_line(0).text
        await pilot.press(*["right"] * 6)
        assert "THE END" in wire.render_line(0).text


async def test_what_is_said_stays_until_it_is_taken_back() -> None:
    app = Desk()
    async with app.run_test():
        line = app.query_one(StatusLine)
        line.stand("ready")
        line.explain(Problem(FailureClass.STORAGE, "The disk is full.", "Make room."))
        line.stand("ready [red]")
        assert str(line.render()) == "The disk is full. Make room."
        line.take_back()
        assert str(line.render()) == "ready [red]"

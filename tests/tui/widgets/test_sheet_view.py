"""A drawing in as much room as there is: as high as itself, up to a limit, and scrolled beyond it."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.sheet_view import SheetView

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class _Desk(App[None]):
    CSS = "SheetView { height: auto; max-height: 4; } #below { height: 1; }"

    def compose(self) -> ComposeResult:
        yield SheetView(id="view")
        yield Static("below", id="below")


def drawing(count: int) -> tuple[Line, ...]:
    return tuple(((f"line {number}", Ink.PLAIN),) for number in range(count))


async def test_it_is_as_high_as_its_drawing_and_no_higher_than_it_may_be() -> None:
    async with _Desk().run_test(size=(40, 12)) as pilot:
        view, below = pilot.app.query_one(SheetView), pilot.app.query_one("#below")
        for count, height in ((2, 2), (9, 4), (1, 1), (0, 0), (3, 3)):
            view.show(lambda _, count=count: drawing(count), from_start=True)  # type: ignore[misc]
            await pilot.pause()
            assert (view.size.height, below.region.y) == (height, height)


async def test_what_does_not_fit_is_reached_by_the_wheel_and_another_drawing_begins_anew() -> None:
    async with _Desk().run_test(size=(40, 12)) as pilot:
        view = pilot.app.query_one(SheetView)
        view.show(lambda _: drawing(9))
        await pilot.pause()
        assert view.render_line(0).text.startswith("line 0")
        view.action_scroll_lines(9)
        assert view.render_line(3).text.startswith("line 8")
        view.show(lambda _: drawing(6), from_start=True)
        await pilot.pause()
        assert view.render_line(0).text.startswith("line 0")


async def test_it_is_drawn_to_the_width_that_its_lines_have() -> None:
    drawn: list[int] = []

    def drawing_at(width: int) -> tuple[Line, ...]:
        drawn.append(width)
        return ((("x" * width, Ink.PLAIN),),)

    async with _Desk().run_test(size=(40, 12)) as pilot:
        view = pilot.app.query_one(SheetView)
        view.show(drawing_at)
        await pilot.resize_terminal(30, 12)
        await pilot.pause()
        assert view.render_line(0).text == "x" * 28 + "  " and set(drawn) == {38, 28}

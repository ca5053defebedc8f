"""The stream view: what it shows, that growing costs what grew, and how it scrolls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from gatewaytui.tui.widgets import stream_view
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.stream_view import StreamView


class Viewer(App[None]):
    def compose(self) -> ComposeResult:
        yield StreamView()


def shown(view: StreamView) -> list[str]:
    return ["".join(text for text, _ in view.line_at(i)) for i in range(view.line_count)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


PASSAGES = st.lists(
    st.builds(
        Passage,
        st.text(alphabet="ab \n你", max_size=40),
        st.sampled_from([Ink.PLAIN, Ink.MUTED]),
        st.sampled_from(["", "> ", "Whose   "]),
    ),
    max_size=5,
)


@pytest.mark.anyio
async def test_showing_one_after_another_is_the_same_as_showing_the_last_alone() -> None:
    app = Viewer()
    async with app.run_test(size=(30, 10)) as pilot:
        await pilot.pause()
        view = app.query_one(StreamView)

        @given(st.lists(PASSAGES, min_size=1, max_size=4))
        def check(states: list[list[Passage]]) -> None:
            for passages in states:
                view.show(passages)
            wanted = passage_lines(states[-1], view.text_width)
            assert shown(view) == ["".join(text for text, _ in line) for line in wanted]

        check()


@pytest.mark.anyio
async def test_a_growing_answer_wraps_only_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    wrapped: list[int] = []
    grow = stream_view.grow

    def counting(lines: list[str], text: str, width: int) -> None:
        wrapped.append(len(text) + len(lines[-1]))
        grow(lines, text, width)

    app = Viewer()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        view = app.query_one(StreamView)
        view.show([Passage("you"), Passage("word " * 20_000)])
        monkeypatch.setattr(stream_view, "grow", counting)
        text = "word " * 20_000
        for _ in range(50):
            text += "more "
            view.show([Passage("you"), Passage(text)])
        assert len(wrapped) == 50
        assert max(wrapped) < 50
        assert shown(view)[-1].endswith("more ")


@pytest.mark.anyio
async def test_it_follows_the_end_until_a_person_scrolls_up() -> None:
    app = Viewer()
    async with app.run_test(size=(30, 5)) as pilot:
        view = app.query_one(StreamView)
        view.focus()
        view.show([Passage("\n".join(map(str, range(20))))])
        assert view.top == 15
        await pilot.press("up")
        view.show([Passage("\n".join(map(str, range(30))))])
        assert (view.top, view.following) == (14, False)
        await pilot.press("end")
        assert (view.top, view.following) == (25, True)


@pytest.mark.anyio
async def test_another_width_wraps_anew() -> None:
    app = Viewer()
    async with app.run_test(size=(30, 10)) as pilot:
        view = app.query_one(StreamView)
        view.show([Passage("the gateway answers in time", label="> ")])
        await pilot.resize_terminal(14, 10)
        await pilot.pause()
        assert shown(view) == ["> the ", "  gateway ", "  answers in ", "  time"]

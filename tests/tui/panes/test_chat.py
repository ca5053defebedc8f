"""The Chat pane as a person uses it: keys, Esc, the wire, parameters, copying."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.chat import TextDelta
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import ChatJob, CheckFinished, CheckStarted, Job, Progress, RunFinished
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.screens.export import ExportScreen
from gatewaytui.tui.widgets.prompt_input import PromptInput
from gatewaytui.tui.widgets.stream_view import StreamView
from gatewaytui.tui.widgets.wire_view import WireView
from tests.tui.front import console
from tests.tui.scripted import HOLD, KEY, ScriptedEngine, gateway
from tests.tui.seeing import settled, shows, until
from tests.tui.streams import answering, at, connecting, failed, refused, run_of, whole

pytestmark = pytest.mark.anyio
TKEN = gateway(default_model="gpt-5.5")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def text(app: GatewayApp) -> str:
    view = app.screen.query_one("#chat-text", StreamView)
    return "\n".join("".join(part for part, _ in view.line_at(i)) for i in range(view.line_count))


def status(app: GatewayApp) -> str:
    return str(app.screen.query_one("#chat-status").render())


async def ask(pilot: Pilot[int], prompt: str = "Hi") -> None:
    await settled(pilot)
    field = pilot.app.screen.query_one(PromptInput)
    field.value = prompt
    field.focus()
    await pilot.press("enter")
    await settled(pilot)


async def test_enter_sends_and_the_answer_is_shown_with_its_run_in_the_history(tmp_path: Path) -> None:
    engine = ScriptedEngine(whole(TKEN))
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: app.services.history.runs())
        assert "leaves at break of day" in text(app)
        assert app.services.history.runs()[0].model == "claude-opus-4-6"
    job = engine.jobs[0]
    assert isinstance(job, ChatJob)
    assert [message.text for message in job.request.messages] == ["Hi"]


async def test_escape_stops_at_once_keeps_what_arrived_and_closes_the_job(tmp_path: Path) -> None:
    engine = ScriptedEngine([*connecting(), *answering(thinking=False), HOLD])
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: "leaves at break" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: engine.stopped)
        assert "stopped by you after 29 events" in text(app)
        assert app.services.history.runs() == ()


async def test_a_stopped_answer_has_evidence_and_a_place_in_the_history(tmp_path: Path) -> None:
    check = failed(FailureClass.CANCELLED, 200)

    class Halting(ScriptedEngine):
        async def run(self, job: Job, halt: asyncio.Event | None = None) -> AsyncGenerator[Progress, None]:
            for step in (*connecting(), *answering(thinking=False)):
                yield step
            assert halt is not None
            await halt.wait()
            yield CheckFinished(0, check)
            yield RunFinished(run_of([check], TKEN, kind="chat"))

    app = console(tmp_path, "chat", Halting(()), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: "leaves at break" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.services.history.runs())
        assert "stopped by you after 29 events" in text(app) and "Whose" not in text(app)
        assert app.services.history.runs()[0].status == "Stopped" and app.services.history.findings() == ()
        await pilot.press("escape", "e")
        await shows(pilot, "cancelled", "exact bytes")


async def test_escape_after_the_verdict_leaves_it_and_the_run_is_still_kept(tmp_path: Path) -> None:
    release = asyncio.Event()
    *steps, end = refused(TKEN)

    class Late(ScriptedEngine):
        async def run(self, job: Job, halt: asyncio.Event | None = None) -> AsyncGenerator[Progress, None]:
            for step in steps:
                yield step
            await release.wait()
            yield end

    app = console(tmp_path, "chat", Late(()), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: "Whose" in text(app))
        await pilot.press("escape")
        assert "stopped by you" not in text(app)
        release.set()
        await until(pilot, lambda: app.services.history.runs())
        assert FailureClass.GROUP_OR_MODEL_ACCESS.meaning.title in text(app)


async def test_a_new_conversation_drops_what_was_on_its_way(tmp_path: Path) -> None:
    engine = ScriptedEngine([*refused(TKEN)[:-1], HOLD])
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        await until(pilot, lambda: "Whose" in text(app))
        await pilot.press("escape", "n")
        await until(pilot, lambda: engine.stopped)
        assert "Ask something" in text(app)


async def test_letters_are_typed_in_the_prompt_and_are_keys_outside_it(tmp_path: Path) -> None:
    app = console(tmp_path, "chat", ScriptedEngine(whole(TKEN)), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("w", "t")
        assert app.screen.query_one(PromptInput).value == "wt"
        await pilot.press("escape", "w", "t")
        assert app.screen.query_one(PromptInput).value == "wt"
        assert app.screen.query("ChatBody.-wire")
        assert "stream off" in status(app)
        await pilot.press("enter")
        assert app.screen.query_one(PromptInput).has_focus


async def test_several_turns_are_one_conversation_and_n_begins_anew(tmp_path: Path) -> None:
    engine = ScriptedEngine(whole(TKEN))
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot, "one")
        await ask(pilot, "two")
        assert text(app).count("leaves at break of day") == 2
        assert len(engine.jobs[1].request.messages) == 3  # type: ignore[union-attr]
        await pilot.press("escape", "n")
        assert "leaves at break" not in text(app)


async def test_an_empty_prompt_asks_again_whole_beside_streamed(tmp_path: Path) -> None:
    engine = ScriptedEngine(whole(TKEN))
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 40)) as pilot:
        await ask(pilot, "one")
        await pilot.press("escape", "t", "enter", "enter")
        await settled(pilot)
        assert [job.request.stream for job in engine.jobs] == [True, False]  # type: ignore[union-attr]
        figures = app.screen.query_one("#chat-figures")
        shown = "\n".join(figures.render_line(y).text for y in range(figures.size.height))
        assert "same prompt" in shown


async def test_a_failure_is_explained_under_the_answer_and_m_shows_the_servers_words(tmp_path: Path) -> None:
    app = console(tmp_path, "chat", ScriptedEngine(refused(TKEN, "no \x1b]0;x\x07access")), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        assert FailureClass.GROUP_OR_MODEL_ACCESS.meaning.title in text(app)
        assert "Said" not in text(app)
        await pilot.press("escape", "m")
        assert "Said" in text(app)
        assert "\x1b" not in text(app)


async def test_trouble_on_this_machine_is_two_sentences_not_a_traceback(tmp_path: Path) -> None:
    problem = Problem(FailureClass.KEYSTORE, "The keyring is locked.", "Unlock it and send again.")
    app = console(tmp_path, "chat", ScriptedEngine([*connecting()[:2], problem]), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        assert "The keyring is locked." in text(app)
        assert "Unlock it and send again." in text(app)


async def test_the_wire_lists_every_event_and_is_scrolled_on_its_own(tmp_path: Path) -> None:
    events = [at(0, ms, "chunk", TextDelta(f"w{ms} ")) for ms in range(100)]
    app = console(tmp_path, "chat", ScriptedEngine([CheckStarted(0, "stream", "POST", "/x"), *events, HOLD]), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        wire = app.screen.query_one(WireView)
        await until(pilot, lambda: wire.line_count == 100)
        await pilot.press("escape", "w")
        await settled(pilot)
        assert wire.following
        wire.focus()
        await pilot.press("home")
        assert (wire.top, wire.following) == (0, False)
        await pilot.press("end")
        assert wire.following


async def test_parameters_are_kept_and_refused_where_they_cannot_be(tmp_path: Path) -> None:
    engine = ScriptedEngine(whole(TKEN))
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("escape", "p")
        await settled(pilot)
        await pilot.press("right", "right", "tab", "tab", "0", "enter")
        assert "at least 1" in str(app.screen.query_one("#parameters-notice").render())
        app.screen.query_one("#max-tokens", Input).value = "64"
        app.screen.query_one("#temperature", Input).value = "0.2"
        await pilot.press("enter")
        await settled(pilot)
        assert status(app) == "gpt-5.5 · openai-responses · stream on · max 64 tokens · temperature 0.2"
        await ask(pilot)
    request = engine.jobs[0].request  # type: ignore[union-attr]
    assert (request.max_tokens, request.temperature) == (64, 0.2)


async def test_a_prompt_comes_from_a_file_with_its_line_breaks(tmp_path: Path) -> None:
    file = tmp_path / "prompt.txt"
    file.write_text("first\nsecond\n", encoding="utf-8")
    engine = ScriptedEngine(whole(TKEN))
    app = console(tmp_path, "chat", engine, TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("escape", "p")
        await settled(pilot)
        app.screen.query_one("#prompt-file", Input).value = str(file)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query(PromptInput) and app.screen.query_one(PromptInput).value)
        assert app.screen.query_one(PromptInput).value == "first⏎second"
        await pilot.press("enter")
        await settled(pilot)
    assert engine.jobs[0].request.messages[0].text == "first\nsecond"  # type: ignore[union-attr]


async def test_copies_say_how_they_went_and_hold_no_key(tmp_path: Path) -> None:
    app = console(tmp_path, "chat", ScriptedEngine(whole(TKEN)), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("escape", "c", "y")
        assert "no answer to copy" in status(app)
        await ask(pilot)
        await pilot.press("escape", "c")
        assert "$SCRIPTED_KEY" in app.clipboard
        assert KEY not in app.clipboard
        assert "OSC 52" in status(app)
        await pilot.press("y")
        assert app.clipboard.startswith("A packet leaves")


async def test_evidence_is_previewed_and_without_a_run_it_is_said(tmp_path: Path) -> None:
    app = console(tmp_path, "chat", ScriptedEngine(whole(TKEN)), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("escape", "e")
        assert "no finished run" in status(app)
        await ask(pilot)
        await pilot.press("escape", "e")
        await settled(pilot)
        assert isinstance(app.screen, ExportScreen)


async def test_thinking_unfolds(tmp_path: Path) -> None:
    app = console(tmp_path, "chat", ScriptedEngine(whole(TKEN)), TKEN)
    async with app.run_test(size=(120, 36)) as pilot:
        await ask(pilot)
        assert "│ Packets" not in text(app)
        await pilot.press("escape", "o")
        assert "│ Packets" in text(app)

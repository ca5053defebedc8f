"""Giving a key: every source, every problem with its sentence and the other ways, and never the key on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import KeyReference, KeySource, Profile, Target
from gatewaytui.domain.secret import Secret
from gatewaytui.storage.keys import KeyStore
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.screens.key_form import KeyForm
from gatewaytui.tui.screens.main import MainScreen
from gatewaytui.tui.screens.profile_form import ProfileForm
from tests.tui.front import console
from tests.tui.scripted import HOLD, KEY, ScriptedEngine, gateway
from tests.tui.seeing import seen, settled, until

pytestmark = pytest.mark.anyio
NEW_KEY = "sk-another-0123456789abcdwxyz"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring that takes keys."""
    taken: dict[str, str] = {}

    def write(self: KeyStore, profile: Profile, group: str, secret: Secret) -> None:
        taken[f"{profile.name}/{group}"] = secret.reveal()

    monkeypatch.setattr(KeyStore, "write", write)
    return taken


def opened(home: Path) -> GatewayApp:
    profile = gateway(key=KeyReference(KeySource.KEYRING))
    return console(home, "profiles", ScriptedEngine((HOLD,)), profile)


async def form(pilot: Pilot[int], steps_right: int = 0) -> None:
    await settled(pilot)
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, KeyForm))
    await settled(pilot)
    if steps_right:
        await pilot.press("shift+tab", *(["right"] * steps_right), "tab")
        await settled(pilot)


async def give(pilot: Pilot[int], text: str) -> None:
    pilot.app.screen.query_one("#key-text", Input).value = text
    await pilot.press("enter")
    await settled(pilot)


async def test_the_keyring_takes_the_cleaned_key_and_the_screen_says_what_was_stripped(
    tmp_path: Path, kept: dict[str, str]
) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot)
        await pilot.press(*"Bearer ")
        await give(pilot, f' "Bearer {NEW_KEY}"\n')
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await settled(pilot)
        said = str(app.screen.query_one("#profiles-notice").render())
        assert "the word Bearer" in said and "quotes" in said
        assert f"…{NEW_KEY[-4:]}" in seen(app) and NEW_KEY not in seen(app)
    assert kept == {"tken/": NEW_KEY}


async def test_typed_keys_are_masked(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot)
        await pilot.press(*"secret")
        assert app.screen.query_one("#key-text", Input).value == "secret" and "secret" not in seen(app)


async def test_a_keyring_that_refuses_is_answered_with_its_sentence_and_the_other_ways(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: KeyStore, profile: Profile, group: str, secret: Secret) -> None:
        raise Problem(FailureClass.KEYSTORE, "The keyring is locked and was not unlocked.", "Unlock it.")

    monkeypatch.setattr(KeyStore, "write", write)
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot)
        await give(pilot, NEW_KEY)
        await until(pilot, lambda: "is locked" in seen(app))
        said = str(app.screen.query_one("#notice").render())
        assert "Unlock it." in said and "this session, a variable, a command" in said
        assert isinstance(app.screen, KeyForm)


async def test_a_session_key_goes_to_the_engine_and_to_no_file(tmp_path: Path) -> None:
    app = opened(tmp_path)
    engine = app.services.engine
    assert isinstance(engine, ScriptedEngine)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot, steps_right=1)
        await give(pilot, NEW_KEY)
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
    assert engine.remembered == {("tken", ""): Secret(NEW_KEY)}
    profile = app.services.profiles.load().get("tken")
    assert profile is not None and profile.key.source is KeySource.PROMPT
    assert app.services.keys.read(Target(profile)) == Secret(NEW_KEY)
    assert not any(NEW_KEY.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


async def test_a_variable_that_is_not_set_is_doubted_once(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot, steps_right=2)
        await give(pilot, "NOT_SET_HERE")
        await until(pilot, lambda: "NOT_SET_HERE is not set" in seen(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
    profile = app.services.profiles.load().get("tken")
    assert profile is not None and profile.key == KeyReference(KeySource.ENV, name="NOT_SET_HERE")


async def test_a_set_variable_is_taken_at_once_with_or_without_its_dollar(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot, steps_right=2)
        await give(pilot, "$SCRIPTED_KEY")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert KEY not in seen(app)
    profile = app.services.profiles.load().get("tken")
    assert profile is not None and profile.key.name == "SCRIPTED_KEY"


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        ("op read 'op://my vault/key'", ("op", "read", "op://my vault/key")),
        ('["pass", "show", "tken"]', ("pass", "show", "tken")),
    ],
)
async def test_a_command_is_kept_as_words_and_not_run(tmp_path: Path, text: str, argv: tuple[str, ...]) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot, steps_right=3)
        await give(pilot, text)
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
    profile = app.services.profiles.load().get("tken")
    assert profile is not None and profile.key.argv == argv


@pytest.mark.parametrize(
    ("steps", "text", "sentence"),
    [
        (0, "", "The key is empty."),
        (0, "sk-with\u00e9accent", "outside ASCII"),
        (2, NEW_KEY, "is a key itself"),
        (3, "op 'unclosed", "is not a command"),
    ],
)
async def test_what_cannot_be_a_key_is_said_without_repeating_it(
    tmp_path: Path, steps: int, text: str, sentence: str
) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot, steps_right=steps)
        await give(pilot, text)
        await until(pilot, lambda: sentence in seen(app))
        notice = str(app.screen.query_one("#notice").render())
        assert isinstance(app.screen, KeyForm) and (not text or text not in notice)


@pytest.mark.parametrize("typed", ["MY VAR", "", "1ST"])
async def test_what_is_no_variable_is_answered_in_the_words_of_this_field(tmp_path: Path, typed: str) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot, steps_right=2)
        await give(pilot, typed)
        await until(pilot, lambda: "This is no name of a variable." in seen(app))
        assert "TKEN_API_KEY" in seen(app) and "keyring:" not in seen(app)
        await pilot.press("shift+tab", "left")
        await settled(pilot)
        assert "This is no name" not in seen(app)


async def test_the_variable_that_is_read_now_is_a_hint_that_nothing_is_pasted_onto(tmp_path: Path) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine((HOLD,)), gateway())
    async with app.run_test(size=(120, 36)) as pilot:
        await form(pilot)
        field = app.screen.query_one("#key-text", Input)
        assert (field.value, field.placeholder) == ("", "SCRIPTED_KEY")


async def test_keys_typed_ahead_of_the_screen_go_where_they_were_meant(tmp_path: Path) -> None:
    app = opened(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ProfileForm))
        await settled(pilot)
        app.screen.query_one("#name", Input).focus()
        await settled(pilot)
        for key in ("n", "tab", *"sk"):  # as one burst: nothing is waited for
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: app.screen.query_one("#base-url", Input).value == "sk")
        assert app.screen.query_one("#name", Input).value == "n"

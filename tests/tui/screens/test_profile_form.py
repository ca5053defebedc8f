"""The profile form: lint as it is typed, a proposal by a key, groups in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from gatewaytui.domain.profile import Group, KeyReference, KeySource, Profile, Protocol
from gatewaytui.tui.screens.profile_form import ProfileForm, groups_from, groups_text
from gatewaytui.tui.widgets.lint_line import LintLine
from tests.tui.front import console
from tests.tui.scripted import HOLD, ScriptedEngine, gateway
from tests.tui.seeing import seen, settled, until

ENV = KeyReference(KeySource.ENV, name="A")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_the_address_is_judged_as_it_is_typed_and_rewritten_by_the_persons_key_alone(tmp_path: Path) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine((HOLD,)), gateway())
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        got: list[Profile | None] = []
        app.push_screen(ProfileForm("Add", frozenset()), got.append)
        await settled(pilot)
        address, name = (app.screen.query_one(f"#{id}", Input) for id in ("base-url", "name"))
        name.value = "mine"
        address.focus()
        await pilot.press(*"https://gw.example/v1/chat/completions")
        await settled(pilot)
        assert "ends in an endpoint's path" in seen(app)
        assert address.value == "https://gw.example/v1/chat/completions"
        await pilot.press("enter")
        await settled(pilot)
        assert got == [] and isinstance(app.screen, ProfileForm)
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert address.value == "https://gw.example/v1" and "nothing to mend" in seen(app)
        await pilot.press("enter")
        await until(pilot, lambda: got)
    assert got[0] is not None and got[0].base_url == "https://gw.example/v1"


@pytest.mark.anyio
async def test_a_warning_may_be_passed_over(tmp_path: Path) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine((HOLD,)), gateway())
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        got: list[Profile | None] = []
        app.push_screen(ProfileForm("Add", frozenset()), got.append)
        await settled(pilot)
        app.screen.query_one("#name", Input).value = "mine"
        app.screen.query_one("#base-url", Input).value = "https://gw.example/custom"
        await settled(pilot)
        lint = app.screen.query_one(LintLine)
        assert lint.proposal == "https://gw.example/custom/v1" and not lint.blocks
        app.screen.query_one("#name").focus()
        await pilot.press("enter")
        await until(pilot, lambda: got)
    assert got[0] is not None and got[0].base_url == "https://gw.example/custom"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "The name cannot be used."),
        ("name", "tken", "There is a profile tken already."),
        ("base-url", "", "The base URL is empty."),
        ("groups", "x=klingon", "names a protocol that is none of"),
    ],
)
async def test_what_cannot_be_saved_is_said_and_the_form_stays(
    tmp_path: Path, field: str, text: str, sentence: str
) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine((HOLD,)), gateway())
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        app.push_screen(ProfileForm("Copy", frozenset({"tken"}), gateway("other"), new=True))
        await settled(pilot)
        app.screen.query_one(f"#{field}", Input).value = text
        app.screen.query_one(f"#{field}").focus()
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ProfileForm) and sentence in seen(app)


def test_groups_keep_their_keys_through_the_field() -> None:
    groups = (Group("claude", ENV, (Protocol.ANTHROPIC,)), Group("all", ENV, ()))
    assert groups_text(groups) == "claude=anthropic, all"
    assert groups_from(groups_text(groups), groups) == groups


def test_a_new_group_begins_with_the_keyring() -> None:
    (group,) = groups_from("gpt=openai-chat+openai-responses", ())
    assert group.key.source is KeySource.KEYRING
    assert group.protocols == (Protocol.OPENAI_CHAT, Protocol.OPENAI_RESPONSES)


@given(st.text(max_size=60))
def test_any_text_gives_groups_or_a_sentence(text: str) -> None:
    try:
        groups_from(text, ())
    except ValueError as error:
        assert str(error).endswith(".")

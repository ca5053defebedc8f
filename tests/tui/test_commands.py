"""The command table: every command has its action, a key of its own in its scope, and words."""

from __future__ import annotations

from importlib import import_module

import pytest

from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.commands import COMMANDS, GLOBAL, Command, bindings_for, commands_for, keys_of, shown_key
from gatewaytui.tui.panes.table import PANES

SCREENS = {
    "export": "export:ExportScreen",
    "finding": "finding:FindingScreen",
    "matrix": "matrix:MatrixScreen",
    "walkthrough": "walkthrough:WalkthroughScreen",
}


def owner(scope: str) -> type:
    if scope == GLOBAL:
        return GatewayApp
    room = "panes" if scope not in SCREENS else "screens"
    where = SCREENS.get(scope) or next(row.where for row in PANES if row.id == scope)
    module, _, name = where.partition(":")
    found: type = getattr(import_module(f"gatewaytui.tui.{room}.{module}"), name)
    return found


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_command_has_words_and_an_action_where_it_works(command: Command) -> None:
    assert callable(getattr(owner(command.scope), f"action_{command.action}", None))
    assert command.title and command.help.endswith(".")


def test_ids_are_unique_and_no_scope_gives_a_key_twice() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    for scope in {command.scope for command in COMMANDS}:
        keys = [key for command in commands_for(scope) for key in keys_of(command, {})]
        assert len(keys) == len(set(keys)), scope


def test_no_command_of_a_pane_hides_one_that_works_everywhere() -> None:
    everywhere = {key for command in commands_for(GLOBAL) for key in keys_of(command, {})} | {
        row.key for row in PANES
    }
    for row in PANES:
        assert not everywhere & {key for command in commands_for(row.id) for key in keys_of(command, {})}


def test_bindings_carry_the_id_by_which_keys_are_mapped() -> None:
    assert [binding.id for binding in bindings_for("models")] == [command.id for command in commands_for("models")]


def test_a_mapped_key_replaces_all_of_a_command() -> None:
    command = next(command for command in COMMANDS if command.id == "global.help")
    assert keys_of(command, {}) == ("question_mark", "f1")
    assert keys_of(command, {"global.help": "f10"}) == ("f10",)


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("escape", "Esc"),
        ("ctrl+p", "^p"),
        ("slash", "/"),
        ("question_mark", "?"),
        ("f1", "F1"),
        ("x", "x"),
        ("enter", "Enter"),
        ("", ""),
        ("+", "+"),
        ("ctrl++", "^+"),
    ],
)
def test_keys_are_shown_as_they_stand_on_a_keyboard(key: str, shown: str) -> None:
    assert shown_key(key) == shown

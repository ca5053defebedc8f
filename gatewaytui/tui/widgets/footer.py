"""The footer: the keys that work where the focus is, derived from the command table and the person's own key map."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.screen import Screen
from textual.widget import Widget

from gatewaytui.tui.commands import GLOBAL, commands_for, keys_of, shown_key

from .ink import Ink

_GAP = 2


class FooterKey(msgspec.Struct, frozen=True):
    """One key of the footer: as pressed, as shown, and what it does."""

    key: str
    shown: str
    title: str

    @property
    def width(self) -> int:
        """Cells: key, blank, title."""
        return cell_len(self.shown) + 1 + cell_len(self.title)


class Footer(Widget):
    """One line. What does not fit is left out from the end; help and commands never.

    A key that the focused field would take for itself as a letter is not shown.
    """

    ALLOW_SELECT = False

    def __init__(self, keymap: Mapping[str, str], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._scope = ""
        self._node: DOMNode | None = None
        self._keys: tuple[FooterKey, ...] = ()

    def follow(self, node: DOMNode, scope: str) -> None:
        """Show the commands of this scope; ``node`` is the pane or screen that carries them out."""
        self._node, self._scope = node, scope
        self.refresh()

    def on_mount(self) -> None:
        """Follow the focus, and which commands are possible."""
        self.screen.bindings_updated_signal.subscribe(self, self._updated)

    def render(self) -> Content:
        """Keys in the accent, words quiet."""
        self._keys = _fitting(self._possible(self._scope), self._possible(GLOBAL), self.size.width)
        parts: list[tuple[str, str]] = []
        for key in self._keys:
            parts += [(key.shown, f"bold {Ink.ACCENT}"), (f" {key.title}{' ' * _GAP}", Ink.MUTED)]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """A click on a key presses it."""
        at = 0
        for key in self._keys:
            if at <= event.x < at + key.width:
                self.app.simulate_key(key.key)
                return
            at += key.width + _GAP

    def _updated(self, screen: Screen[object]) -> None:
        if screen is self.screen:
            self.refresh()

    def _possible(self, scope: str) -> tuple[FooterKey, ...]:
        keys = []
        for command in commands_for(scope):
            free = [key for key in keys_of(command, self._keymap) if not self._taken(key)]
            if command.show and free and self._can(command.action):
                keys.append(FooterKey(free[0], shown_key(free[0]), command.title))
        return tuple(keys)

    def _can(self, action: str) -> bool:
        return self._node is None or self._node.check_action(action, ()) is not False

    def _taken(self, key: str) -> bool:
        focused = self.screen.focused
        return focused is not None and focused.check_consume_key(key, key_to_character(key))


def _fitting(own: tuple[FooterKey, ...], everywhere: tuple[FooterKey, ...], width: int) -> tuple[FooterKey, ...]:
    room = width - sum(key.width + _GAP for key in everywhere)
    kept: list[FooterKey] = []
    for key in own:
        room -= key.width + _GAP
        if room < 0:
            break
        kept.append(key)
    return (*kept, *everywhere)

"""The palette's commands: every command of the console with its key, and every pane."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from gatewaytui.tui.commands import COMMANDS, GLOBAL, Command, keys_of, shown_key
from gatewaytui.tui.panes.table import PANES, pane_row

from .help import Explained
from .main import MainScreen

Entry = tuple[str, str, Callable[[], Awaitable[object]]]


class CommandProvider(Provider):
    """Offers what can be done from the screen under the palette. A pane's command brings its pane to the front."""

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for title, help, run in self._entries():
            yield DiscoveryHit(title, run, help=help)

    async def search(self, query: str) -> Hits:
        """What matches the typed text."""
        matcher = self.matcher(query)
        for title, help, run in self._entries():
            if (score := matcher.match(title)) > 0:
                yield Hit(score, matcher.highlight(title), run, help=help)

    def _entries(self) -> Iterable[Entry]:
        screen = self.screen
        keymap: Mapping[str, str] = getattr(self.app, "keymap", {})
        if isinstance(screen, MainScreen):
            for row in PANES:
                key = shown_key(keymap.get(f"pane.{row.id}", row.key))
                yield f"{row.title}  ({key})", row.help, partial(screen.run_action, f"go('{row.id}')")
        scope = screen.help_subject[1] if isinstance(screen, Explained) else ""
        for command in sorted(COMMANDS, key=lambda command: command.scope != scope):
            run = self._way(screen, scope, command)
            if run is not None:
                yield (
                    f"{_place(command)}{command.title}  ({shown_key(keys_of(command, keymap)[0])})",
                    command.help,
                    run,
                )

    def _way(self, screen: Screen[object], scope: str, command: Command) -> Callable[[], Awaitable[object]] | None:
        """How to carry out the command from here; None where it cannot be."""
        if command.scope == GLOBAL:
            return partial(self.app.run_action, command.action)
        if isinstance(screen, MainScreen):
            return partial(screen.carry_out, command) if pane_row(command.scope) else None
        return partial(screen.run_action, command.action) if command.scope == scope else None


def _place(command: Command) -> str:
    row = pane_row(command.scope)
    return f"{row.title}: " if row else ""

"""Help for what is in front: what it is for and every key that works there, from the command table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol, runtime_checkable

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gatewaytui.tui.commands import GLOBAL, Command, commands_for, keys_of, shown_key
from gatewaytui.tui.panes.base import PaneHelp
from gatewaytui.tui.panes.table import PANES, pane_row
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.sheet import Sheet

from .dialog import Dialog

_KEY_WIDTH = 9
_LISTS = (("↑ ↓ j k", "Move in a list; PgUp PgDn Home End go further."), ("Tab", "Go to the next field."))


@runtime_checkable
class Explained(Protocol):
    """A screen that ``?`` can explain."""

    @property
    def help_subject(self) -> tuple[PaneHelp, str]:
        """The text, and the scope of the commands."""
        ...


class HelpScreen(Dialog[None]):
    """Text, the keys of the scope, the keys that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter,question_mark,f1", "back", "Back", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, subject: PaneHelp, scope: str, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._subject = subject
        self._scope = scope
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Three passages, scrolled where they are longer than the window."""
        with Vertical(classes="dialog", id="help"):
            yield Static(Content.styled(self._subject.title, Ink.STRONG), classes="form-title")
            with VerticalScroll():
                yield Sheet(self._lines)
            yield Static(Content.styled("Esc closes", Ink.MUTED), classes="form-hint")

    def action_back(self) -> None:
        """Close."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def _lines(self, width: int) -> tuple[Line, ...]:
        return (
            *passage_lines([Passage(self._subject.text)], width),
            (),
            *self._section("Here", commands_for(self._scope), width),
            *passage_lines([_key_passage(keys, words) for keys, words in _LISTS], width),
            (),
            *self._section("Everywhere", commands_for(GLOBAL), width),
            *passage_lines([self._pane_keys()] if pane_row(self._scope) else [], width),
        )

    def _pane_keys(self) -> Passage:
        """The panes' own keys, which their tabs show too."""
        keys = [shown_key(self._keymap.get(f"pane.{row.id}", row.key)) for row in PANES]
        usual = keys == [row.key for row in PANES]
        words = f"{keys[0]}–{keys[-1]}" if usual else " ".join(keys)
        return _key_passage(words, "Go to a pane, as a click on its tab does.")

    def _section(self, head: str, commands: tuple[Command, ...], width: int) -> tuple[Line, ...]:
        rows = [_key_passage(self._keys(command), command.help) for command in commands]
        return (((head, Ink.MUTED),), *passage_lines(rows, width))

    def _keys(self, command: Command) -> str:
        return " ".join(map(shown_key, keys_of(command, self._keymap)))


def _key_passage(keys: str, words: str) -> Passage:
    return Passage(words, Ink.PLAIN, f"{keys:<{_KEY_WIDTH}} ", Ink.ACCENT)

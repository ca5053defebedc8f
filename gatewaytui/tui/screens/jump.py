"""Jump mode: every pane with its key and what it is for; the key goes there, from a text field too."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from gatewaytui.tui.panes.table import PANES
from gatewaytui.tui.widgets.columns import Column, table
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.sheet import Sheet

from .dialog import Dialog

_COLUMNS = (Column("key"), Column("pane"), Column("shows", gives=True))


class JumpScreen(Dialog[str]):
    """Dismissed with a pane's id, or "" where the person backed out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(row.key, f"jump('{row.id}')", row.title, show=False) for row in PANES),
        Binding("escape", "jump('')", "Back", show=False),
    ]

    def compose(self) -> ComposeResult:
        """The PANES table."""
        rows = [((row.key, Ink.ACCENT), (row.title, Ink.STRONG), (row.help, Ink.MUTED)) for row in PANES]
        with Vertical(classes="dialog"):
            yield Static(Content.styled("Go to", Ink.STRONG), classes="form-title")
            yield Sheet(lambda width: table(_COLUMNS, rows, width))

    def action_jump(self, pane: str) -> None:
        """Go there."""
        self.dismiss(pane)

"""The field at the foot of the Models pane: it narrows the list, or takes a model id typed by hand."""

from __future__ import annotations

from enum import Enum

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.tui.widgets.ink import Ink


class Asking(Enum):
    """What the field is for; the value stands before it."""

    FILTER = "/ "
    ID = "model id "


class ModelField(Horizontal):
    """In view while it asks; what is typed bubbles up as the field's own messages."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.asking = Asking.FILTER

    def compose(self) -> ComposeResult:
        """What it is for, and the field."""
        yield Static(id="models-field-sign")
        yield Input(id="models-field", compact=True, select_on_focus=False)

    @property
    def is_open(self) -> bool:
        """True while it is in view."""
        return self.has_class("-asking")

    def open(self, asking: Asking) -> None:
        """Ask for this."""
        self.asking = asking
        self.add_class("-asking")
        self.query_one(Static).update(Content.styled(asking.value, Ink.ACCENT))
        self.query_one(Input).focus()

    def close(self) -> None:
        """Empty it and put it away."""
        self.remove_class("-asking")
        self.query_one(Input).value = ""

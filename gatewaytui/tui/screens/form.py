"""What forms are made of: a labelled field a row, and the way they look."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets.ink import Ink


def row(label: str, field: Widget, id: str | None = None) -> ComposeResult:
    """A label and its field; ``id`` names the row, so that it can be hidden."""
    with Horizontal(classes="form-row", id=id):
        yield Static(Content.styled(label, Ink.MUTED), classes="form-label")
        yield field


def field(id: str, value: str = "", placeholder: str = "", password: bool = False) -> Input:
    """A one-line text field."""
    return Input(safe_line(value, 4_096), placeholder, id=id, password=password, compact=True, select_on_focus=False)


def hint(*keys: tuple[str, str]) -> Static:
    """The keys of a form at its foot: (key, what it does)."""
    parts: list[tuple[str, str]] = []
    for key, words in keys:
        parts += [(key, f"bold {Ink.ACCENT}"), (f" {words}   ", Ink.MUTED)]
    return Static(Content.assemble(*parts), classes="form-hint")


def notice(words: str, ink: Ink = Ink.WARNED) -> Content:
    """A sentence under the fields."""
    return Content.styled(words, ink)

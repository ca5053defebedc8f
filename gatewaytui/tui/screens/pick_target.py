"""Choosing a target over a pane: type to narrow the profiles and groups, or write a TARGET out with its options."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.storage.profiles import ProfileBook
from gatewaytui.storage.target import GRAMMAR, parse_target
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.row_list import RowList

from .dialog import Dialog
from .form import hint, notice


class PickTargetScreen(Dialog["Target | None"]):
    """Dismissed with the Target, or None where the person backed out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, book: ProfileBook, title: str = "Add a target") -> None:
        super().__init__()
        self._title = title
        self._book = book
        self._targets = tuple(
            target
            for profile in book.profiles
            for target in (Target(profile), *(Target(profile, group.name) for group in profile.groups))
        )
        self._matching = self._targets

    def compose(self) -> ComposeResult:
        """A field over a list."""
        with Vertical(id="pick-target", classes="dialog"):
            yield Static(Content.styled(self._title, Ink.STRONG), classes="form-title")
            yield Input(placeholder=f"type to narrow, or write {GRAMMAR}", id="pick-text", compact=True)
            yield RowList(id="pick-list")
            yield Static(id="pick-notice", classes="form-notice")
            yield hint(("↑ ↓", "choose"), ("Enter", "takes it"), ("Esc", "leaves"))

    def on_mount(self) -> None:
        """All targets, ready to type."""
        self._show()
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow as it is typed; options after a comma do not narrow."""
        wanted = event.value.split(",", 1)[0].strip().casefold()
        self._matching = tuple(target for target in self._targets if wanted in target.label.casefold())
        self.query_one("#pick-notice", Static).update("")
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the chosen row; a text with options, or one that matches nothing, is read as a TARGET."""
        text = event.value.strip()
        if self._matching and "," not in text:
            self.dismiss(self._matching[self.query_one(RowList).cursor])
            return
        try:
            self.dismiss(parse_target(text, self._book))
        except Problem as problem:
            self.query_one("#pick-notice", Static).update(notice(f"{problem.sentence} {problem.next_step}"))

    def action_back(self) -> None:
        """Take nothing."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Move the cursor of the list while the field keeps the focus."""
        self.query_one(RowList).move(by)

    def _show(self) -> None:
        rows = [
            ((target.label, Ink.STRONG), (f"  {target.profile.base_url}", Ink.MUTED)) for target in self._matching
        ]
        self.query_one(RowList).show(rows)

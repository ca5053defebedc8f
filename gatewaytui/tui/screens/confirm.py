"""A question before what deletes, costs money or cannot be taken back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from gatewaytui.tui.widgets.ink import Ink

from .dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """Dismissed with True where the person said yes. ``facts`` are shown under the question, each on a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape", "answer(False)", "no"),
    ]

    def __init__(self, question: str, facts: tuple[str, ...] = (), yes: str = "yes", no: str = "no") -> None:
        super().__init__()
        self._question = question
        self._facts = facts
        self._yes, self._no = yes, no

    def compose(self) -> ComposeResult:
        """Question, facts, keys."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self._question, Ink.STRONG), classes="form-title")
            yield Static(Content("\n".join(self._facts)), classes="form-facts")
            yield Static(
                Content.assemble(
                    ("y", f"bold {Ink.ACCENT}"), (f" {self._yes}   ", Ink.MUTED),
                    ("n", f"bold {Ink.ACCENT}"), (f" {self._no}", Ink.MUTED),
                )
            )  # fmt: skip

    def action_answer(self, yes: bool) -> None:
        """Give the answer."""
        self.dismiss(yes)

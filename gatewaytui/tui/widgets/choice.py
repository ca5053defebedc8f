"""One of a few words, chosen with the left and right arrows: for forms, where a list would hide what is below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from .ink import Ink


class Choice(Widget, can_focus=True):
    """Shows ``‹ word ›``; :attr:`chosen` is its index."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Before", show=False),
        Binding("right,l,space", "step(1)", "Next", show=False),
    ]
    ALLOW_SELECT = False

    class Changed(Message):
        """Another word was chosen by the person."""

        def __init__(self, choice: Choice) -> None:
            self.choice = choice
            super().__init__()

    def __init__(self, words: Sequence[str], chosen: int = 0, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words = tuple(words)
        self.chosen = chosen

    def render(self) -> Content:
        """The chosen word between arrows."""
        return Content.assemble(("‹ ", Ink.MUTED), self._words[self.chosen], (" ›", Ink.MUTED))

    def action_step(self, by: int) -> None:
        """Choose the next or the one before, around the end."""
        self.choose((self.chosen + by) % len(self._words))
        self.post_message(self.Changed(self))

    def choose(self, index: int) -> None:
        """Show the word of this index."""
        self.chosen = index
        self.refresh()

"""A one-line prompt that keeps line breaks: pasted ones show as ⏎ and are breaks again when it is sent."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

BREAK = "⏎"


class PromptInput(Input):
    """An Input whose :attr:`prompt` is its text with its line breaks."""

    @property
    def prompt(self) -> str:
        """The text as it is to be sent, blanks at both ends gone."""
        return self.value.replace(BREAK, "\n").strip()

    def _on_paste(self, event: events.Paste) -> None:
        """Keep all pasted lines (the base class keeps the first)."""
        event.stop()
        event.prevent_default()
        text = BREAK.join(event.text.splitlines())
        self.replace(text, *self.selection)

"""A bare Textual app: what a start costs at least."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

WORDS = "bare-and-ready"


class Bare(App[None]):
    """One line."""

    def compose(self) -> ComposeResult:
        yield Static(WORDS)


if __name__ == "__main__":
    Bare().run()

"""The notice over everything where the terminal is smaller than 80 x 24."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from .ink import Ink


class TooSmall(Widget):
    """Lies over its screen; the style sheet shows it below 80 columns or 24 rows. The focus stays where it was."""

    ALLOW_SELECT = False

    def render(self) -> Content:
        """What is wrong and what to do."""
        size = self.app.size
        return Content.assemble(
            ("This terminal is too small.\n\n", Ink.STRONG),
            (f"It has {size.width} x {size.height} cells; the console needs 80 x 24.\n", Ink.PLAIN),
            ("Make the window larger, or the font smaller.\n\n", Ink.PLAIN),
            ("Headless commands work at any size: gatewaytui --help", Ink.MUTED),
        )

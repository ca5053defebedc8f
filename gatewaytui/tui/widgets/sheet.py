"""A block of lines that a pure function draws to the width at hand: figures, waterfall, cards, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from .ink import Line
from .painting import paint

Drawing = Callable[[int], Sequence[Line]]
"""Draws lines for a width in cells."""


def _blank(width: int) -> Sequence[Line]:
    del width
    return ()


class Sheet(Widget):
    """As high as its drawing. Laid out again only where that height changes."""

    ALLOW_SELECT = False

    def __init__(self, drawing: Drawing = _blank, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawing = drawing
        self._lines: Sequence[Line] = ()
        self._drawn_at = -1

    def show(self, drawing: Drawing) -> None:
        """Show another drawing."""
        before, self._drawing = len(self._lines), drawing
        self._draw(self._drawn_at)
        self.refresh(layout=len(self._lines) != before)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """All the width there is."""
        del viewport
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as lines."""
        del container, viewport
        self._draw(width)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """The strip of a row."""
        width = self.size.width
        if width != self._drawn_at:
            self._draw(width)
        return paint(self, self._lines[y] if y < len(self._lines) else (), width)

    def _draw(self, width: int) -> None:
        self._drawn_at = width
        self._lines = self._drawing(width) if width > 0 else ()

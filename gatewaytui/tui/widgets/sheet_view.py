"""A drawing that is scrolled: what a pure function draws to the width at hand, in as much height as there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.geometry import Size

from .ink import Line
from .line_view import MARGIN, LineView

if TYPE_CHECKING:
    from .sheet import Drawing


def _blank(width: int) -> Sequence[Line]:
    del width
    return ()


class SheetView(LineView, can_focus=False):
    """Shows as much of its drawing as there is room for; the page keys of its pane and the wheel scroll it.

    With a height of ``auto`` it is as high as the drawing, up to its ``max-height``.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawing: Drawing = _blank
        self._lines: Sequence[Line] = ()

    @property
    def line_count(self) -> int:
        """How many lines were drawn."""
        return len(self._lines)

    def line_at(self, index: int) -> Line:
        """One of them."""
        return self._lines[index]

    def show(self, drawing: Drawing, *, from_start: bool = False) -> None:
        """Show another drawing, where the view stands or from its first line."""
        before, self._drawing = len(self._lines), drawing
        self.on_resize()
        if len(self._lines) != before and self.styles.auto_dimensions:
            self.refresh(layout=True)
        if from_start:
            self.scroll_to_line(0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as lines."""
        del container, viewport
        return len(self._drawing(max(width - MARGIN, 1)))

    def on_resize(self) -> None:
        """Draw to the new width."""
        self._lines = self._drawing(self.text_width) if self.size.width > 0 else ()
        self.refresh()

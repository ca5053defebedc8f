"""A plain widget that shows lines and keeps its own offset: scrolling and growing never lay the screen out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from .ink import Ink, Line
from .painting import paint

_WHEEL = 3
_KEPT = 256
MARGIN = 2
"""Cells beside each line: a blank and the mark of the position."""


class _Frame(msgspec.Struct, frozen=True):
    """What one painting of the view goes by."""

    head: Sequence[Line]
    top: int
    size: Size
    count: int
    style: Style
    padding: Spacing

    @property
    def look(self) -> tuple[int, Style, Spacing]:
        """What every painted strip depends on."""
        return self.size.width, self.style, self.padding

    def marks(self, y: int) -> bool:
        """Whether the mark of the position stands in this row."""
        height = self.size.height - len(self.head)
        if self.count <= height or height <= 0:
            return False
        length = max(height * height // self.count, 1)
        start = round(self.top * (height - length) / (self.count - height))
        return start <= y - len(self.head) < start + length


class LineView(Widget, can_focus=True):
    """Base of every long view. A subclass says how many lines there are and gives each one.

    It paints whole rows by itself, which costs half of what Textual's painting of styles does: of them it honours
    colours and padding, and no border, outline or opacity.

    ``following`` is True while the view keeps to the end of what grows; scrolling up lets go, the end takes up again.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_lines(-1)", "Up", show=False),
        Binding("down,j", "scroll_lines(1)", "Down", show=False),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False),
        Binding("pagedown", "scroll_pages(1)", "Page down", show=False),
        Binding("home,g", "scroll_top", "Start", show=False),
        Binding("end,G", "scroll_bottom", "End", show=False),
    ]
    ALLOW_SELECT = False
    FOLLOWS: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._top = 0
        self._strips: LRUCache[tuple[Line, Ink, bool], Strip] = LRUCache(_KEPT)
        self._frame = _Frame((), 0, Size(), 0, Style.null(), Spacing())
        self._look = self._frame.look
        self.following = self.FOLLOWS

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def line_at(self, index: int) -> Line:
        """One line."""
        raise NotImplementedError

    @property
    def head(self) -> Sequence[Line]:
        """What stays above the lines while they scroll."""
        return ()

    @property
    def height_below_head(self) -> int:
        """The rows that the lines have, at least one."""
        return max(self.size.height - len(self.head), 1)

    @property
    def text_width(self) -> int:
        """The cells a line may take."""
        return max(self.size.width - MARGIN, 1)

    @property
    def top(self) -> int:
        """The first line in view."""
        return self._furthest if self.following else min(self._top, self._furthest)

    @property
    def _furthest(self) -> int:
        return max(self.line_count - self.height_below_head, 0)

    def row_ink(self, index: int) -> Ink:
        """The ground of a whole line; a view with a cursor marks it so."""
        del index
        return Ink.PLAIN

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of a region. Size, offset and style are asked for once, not once a row."""
        self._look_again()
        _, background = self.background_colors
        strips = [self._padded(y - self._frame.padding.top) for y in crop.line_range]
        for filter in self.get_line_filters():
            strips = [strip.apply_filter(filter, background) for strip in strips]
        if crop.width != self.outer_size.width:
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """The strip of a row of the view: the line and, where there is more than fits, the mark of the position."""
        self._look_again()
        padding = self._frame.padding
        return self._padded(y).crop(padding.left, padding.left + self._frame.size.width)

    def _look_again(self) -> None:
        style, padding = self.visual_style, self.styles.padding
        self._frame = _Frame(self.head, self.top, self.size, self.line_count, style, padding)
        if self._frame.look != self._look:
            self._look = self._frame.look
            self._strips.clear()

    def _padded(self, y: int) -> Strip:
        """A row of the view, or of the padding above and below it, in all its width.

        It is painted once for as long as width and style stay: a view that grows repaints what grew.
        """
        frame = self._frame
        index = frame.top + y - len(frame.head)
        line: Line = ()
        ink, marked = Ink.PLAIN, False
        if 0 <= y < len(frame.head):
            line = frame.head[y]
        elif 0 <= y < frame.size.height:
            line = self.line_at(index) if index < frame.count else ()
            ink, marked = self.row_ink(index), frame.marks(y)
        strip = self._strips.get((line, ink, marked))
        if strip is None:
            left, right = paint(self, (), frame.padding.left), paint(self, (), frame.padding.right)
            mark = paint(self, ((" ▐" if marked else "  ", Ink.MUTED),), MARGIN)
            strip = Strip.join([left, paint(self, line, self.text_width, ink), mark, right])
            self._strips[line, ink, marked] = strip
        return strip

    def scroll_to_line(self, index: int) -> None:
        """Make this the first line in view; at the end of what grows, follow it again."""
        self._top = max(0, min(index, self._furthest))
        self.following = self.FOLLOWS and self._top >= self._furthest
        self.refresh()

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self.scroll_to_line(self.top + lines)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by pages, one line kept in view."""
        self.scroll_to_line(self.top + pages * max(self.height_below_head - 1, 1))

    def action_scroll_top(self) -> None:
        """Go to the first line."""
        self.scroll_to_line(0)

    def action_scroll_bottom(self) -> None:
        """Go to the last line."""
        self.scroll_to_line(self.line_count)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls three lines."""
        event.stop()
        self.action_scroll_lines(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls three lines."""
        event.stop()
        self.action_scroll_lines(-_WHEEL)

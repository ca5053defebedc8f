"""A list of lines with a head and a cursor, as cheap with ten thousand rows as with ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from .ink import Ink, Line
from .line_view import LineView


class RowList(LineView):
    """Shows rows and keeps a cursor in view. Enter or a click opens a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "move_pages(-1)", "Page up", show=False),
        Binding("pagedown", "move_pages(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]

    class Opened(Message):
        """A row was clicked."""

        def __init__(self, row_list: RowList, index: int) -> None:
            self.row_list = row_list
            self.index = index
            super().__init__()

    class Moved(Message):
        """The cursor is on another row."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[Line] = ()
        self._head: Sequence[Line] = ()
        self.cursor = 0

    @property
    def head(self) -> Sequence[Line]:
        """The names of the columns, or what is said where there are no rows."""
        return self._head

    @property
    def line_count(self) -> int:
        """One line a row."""
        return len(self._rows)

    def line_at(self, index: int) -> Line:
        """The row."""
        return self._rows[index]

    def row_ink(self, index: int) -> Ink:
        """The cursor's row has a ground of its own."""
        return Ink.CURSOR if index == self.cursor and self._rows else Ink.PLAIN

    def show(self, rows: Sequence[Line], head: Sequence[Line] = ()) -> None:
        """Show these rows below this head; the cursor stays where it was as far as there are rows."""
        self._rows, self._head = rows, head
        self.move(0)

    def move(self, by: int) -> None:
        """Move the cursor by rows and keep it in view."""
        before, self.cursor = self.cursor, max(0, min(self.cursor + by, len(self._rows) - 1))
        if self.cursor != before:
            self.post_message(self.Moved())
        if self.size.height:
            self.scroll_to_line(min(max(self.top, self.cursor - self.height_below_head + 1), self.cursor))

    def action_move(self, by: int) -> None:
        """Move by rows."""
        self.move(by)

    def action_move_pages(self, pages: int) -> None:
        """Move by pages."""
        self.move(pages * max(self.height_below_head - 1, 1))

    def action_first(self) -> None:
        """Go to the first row."""
        self.move(-len(self._rows))

    def action_last(self) -> None:
        """Go to the last row."""
        self.move(len(self._rows))

    def on_resize(self, event: events.Resize) -> None:
        """The cursor stays in view; before there is a size nothing is."""
        del event
        self.move(0)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor there; a second one opens the row."""
        index = self.top + event.y - len(self._head)
        if event.y < len(self._head) or index >= len(self._rows):
            return
        opened = index == self.cursor
        self.move(index - self.cursor)
        if opened:
            self.post_message(self.Opened(self, index))

"""The tabs of the panes over a quiet line, the one in front underlined in the accent."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from .ink import Ink, Line
from .painting import paint

_PAD, _GAP = 1, 2


class TabStrip(Widget):
    """``tabs`` are (id, key, title). ``current`` is the id of the tab in front."""

    ALLOW_SELECT = False

    current: reactive[str] = reactive("")

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, tab: str) -> None:
            self.tab = tab
            super().__init__()

    def __init__(self, tabs: Sequence[tuple[str, str, str]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tabs = tuple(tabs)

    def render_line(self, y: int) -> Strip:
        """Titles above, the line below."""
        return paint(self, self._titles() if y == 0 else self._rule(), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """A click on a tab brings its pane to the front."""
        at = 0
        for tab, key, title in self._tabs:
            width = _width(key, title)
            if at <= event.x < at + width:
                self.post_message(self.Chosen(tab))
                return
            at += width + _GAP

    def _titles(self) -> Line:
        line: list[tuple[str, Ink]] = []
        for tab, key, title in self._tabs:
            ink = Ink.STRONG if tab == self.current else Ink.MUTED
            line.append((f"{' ' * _PAD}{key} {title}{' ' * (_PAD + _GAP)}", ink))
        return tuple(line)

    def _rule(self) -> Line:
        line: list[tuple[str, Ink]] = []
        for tab, key, title in self._tabs:
            in_front = tab == self.current
            line.append((("━" if in_front else "─") * _width(key, title), Ink.ACCENT if in_front else Ink.RULE))
            line.append(("─" * _GAP, Ink.RULE))
        return (*line, ("─" * self.size.width, Ink.RULE))


def _width(key: str, title: str) -> int:
    return cell_len(key) + 1 + cell_len(title) + 2 * _PAD

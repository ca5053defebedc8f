"""The list of the Profiles pane: head and rows laid out to the width, a cursor, and the empty state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from gatewaytui.domain.profile import Target
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.row_list import RowList
from gatewaytui.tui.widgets.sheet import Sheet

from .base import NO_TAILS, Tails
from .profile_rows import NARROW, Verdict, key_words, row_lines

_READING = (Passage("Reading the profiles.", Ink.MUTED),)
_EMPTY = (
    Passage("No profiles yet.", Ink.STRONG),
    Passage(" "),
    Passage("the walkthrough: five steps from a base URL to a proven integration", Ink.PLAIN, "w   ", Ink.ACCENT),
    Passage("add a profile, from the preset of a known gateway or from nothing", Ink.PLAIN, "a   ", Ink.ACCENT),
    Passage(" "),
    Passage("To try everything without a key or a network, leave with ^q and run: gatewaytui demo", Ink.MUTED),
)


class ProfileTable(Vertical):
    """Shows targets; :attr:`row` is the one under the cursor, :attr:`verdicts` are the last ones by label."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Target, ...] | None = None
        self._current: Target | None = None
        self.verdicts: Mapping[str, Verdict] = {}
        self._tails: Tails = NO_TAILS

    def compose(self) -> ComposeResult:
        """The head over the rows; words where there are none."""
        yield Sheet(id="profiles-head")
        yield RowList(id="profiles-list")

    @property
    def row(self) -> Target | None:
        """The target under the cursor."""
        cursor = self.query_one(RowList).cursor
        return self._rows[cursor] if self._rows and cursor < len(self._rows) else None

    def now(self) -> datetime:
        """The present in local time: a verdict of today shows its hour, an older one its day."""
        return datetime.now().astimezone()

    def focus_list(self) -> None:
        """The list takes the focus."""
        self.query_one(RowList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Columns are laid out to the width."""
        self._paint()

    def show_rows(self, rows: tuple[Target, ...], current: Target | None) -> None:
        """Show these; where there were none before, the cursor goes to the chosen one."""
        first = not self._rows
        self._rows, self._current = rows, current
        self._paint()
        labels = [row.label for row in rows]
        if first and current is not None and current.label in labels:
            self.query_one(RowList).move(labels.index(current.label))

    def show_verdicts(self, verdicts: Mapping[str, Verdict]) -> None:
        """Show these last verdicts, by the label of the target."""
        self.verdicts = verdicts
        self._paint()

    def show_tails(self, tails: Tails) -> None:
        """Show these last characters of keys."""
        self._tails = tails
        self._paint()

    def _paint(self) -> None:
        rows, width = self._rows, self.query_one(RowList).text_width
        head: tuple[Line, ...] = ()
        lines: tuple[Line, ...] = ()
        if rows:
            describe, tails = services_of(self.app).keys.describe, self._tails if width >= NARROW else NO_TAILS
            head, lines = _parted(
                row_lines(
                    rows,
                    self._current,
                    self.verdicts,
                    lambda target: key_words(target, describe, tails),
                    width,
                    self.now(),
                )
            )
            self.query_one("#profiles-head", Sheet).show(lambda _: head)
        else:
            words = _READING if rows is None else _EMPTY
            self.query_one("#profiles-head", Sheet).show(lambda width: passage_lines(words, width))
        self.query_one(RowList).show(lines)


def _parted(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    return lines[:1], lines[1:]

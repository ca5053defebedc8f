"""The list of the Profiles pane: head and rows laid out to the width, a cursor, and the empty state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from textual import events

from gatewaytui.domain.profile import Target
from gatewaytui.tui.services import services_of
from gatewaytui.tui.widgets.ink import Ink
from gatewaytui.tui.widgets.passages import Passage, passage_lines
from gatewaytui.tui.widgets.row_list import RowList

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


class ProfileTable(RowList):
    """Shows targets; :attr:`row` is the one under the cursor, :attr:`verdicts` are the last ones by label."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._targets: tuple[Target, ...] | None = None
        self._current: Target | None = None
        self.verdicts: Mapping[str, Verdict] = {}
        self._tails: Tails = NO_TAILS

    @property
    def row(self) -> Target | None:
        """The target under the cursor."""
        return self._targets[self.cursor] if self._targets and self.cursor < len(self._targets) else None

    def now(self) -> datetime:
        """The present in local time: a verdict of today shows its hour, an older one its day."""
        return datetime.now().astimezone()

    def on_resize(self, event: events.Resize) -> None:
        """Columns are laid out to the width."""
        self._paint()

    def show_targets(self, targets: tuple[Target, ...], current: Target | None) -> None:
        """Show these; where there were none before, the cursor goes to the chosen one."""
        first = not self._targets
        self._targets, self._current = targets, current
        self._paint()
        labels = [target.label for target in targets]
        if first and current is not None and current.label in labels:
            self.move(labels.index(current.label))

    def show_verdicts(self, verdicts: Mapping[str, Verdict]) -> None:
        """Show these last verdicts, by the label of the target."""
        self.verdicts = verdicts
        self._paint()

    def show_tails(self, tails: Tails) -> None:
        """Show these last characters of keys."""
        self._tails = tails
        self._paint()

    def _paint(self) -> None:
        targets, width = self._targets, self.text_width
        if not targets:
            self.show((), passage_lines(_READING if targets is None else _EMPTY, width))
            return
        if not self.size:  # laid out once there is a width; till then there is no more to know than how many
            self.show(((),) * len(targets))
            return
        describe, tails = services_of(self.app).keys.describe, self._tails if width >= NARROW else NO_TAILS
        head, *rows = row_lines(
            targets,
            self._current,
            self.verdicts,
            lambda target: key_words(target, describe, tails),
            width,
            self.now(),
        )
        self.show(tuple(rows), (head,))

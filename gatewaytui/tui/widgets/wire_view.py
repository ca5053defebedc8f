"""The wire view: every event of a stream with its time, its gap, its name and what was read in it."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import ClassVar

import msgspec
from textual.binding import Binding, BindingType

from .figures import grouped, padded
from .ink import Ink, Line
from .line_view import LineView

_AT, _GAP, _NAME, _KIND = 10, 9, 28, 9
_STEP = 16
_KIND_INKS = MappingProxyType(
    {"text": Ink.ANSWER, "thinking": Ink.THINKING, "tool": Ink.ACCENT, "error": Ink.FAILED, "unknown": Ink.WARNED}
)


class WireRow(msgspec.Struct, frozen=True):
    """One event. ``at_ns`` after the request began, ``gap_ns`` since the event before; strings are safe and capped.

    ``text`` is what the dialect read (quoted), ``raw`` the payload as sent.
    """

    at_ns: int
    gap_ns: int
    name: str
    kind: str
    text: str
    raw: str
    size: int


class WireView(LineView):
    """Rows of :class:`WireRow`; the left and right arrows move along long payloads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *LineView.BINDINGS,
        Binding("left,h", "shift(-1)", "Left", show=False),
        Binding("right,l", "shift(1)", "Right", show=False),
    ]
    FOLLOWS: ClassVar[bool] = True

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[WireRow] = ()
        self._dropped = 0
        self._shift = 0
        self._longest_name = 0

    @property
    def line_count(self) -> int:
        """One line an event."""
        return len(self._rows)

    def line_at(self, index: int) -> Line:
        """An event: time, gap, name, kind, what was read, and muted the payload as sent."""
        row = self._rows[index]
        name = min(self._longest_name + 2, _NAME, self.text_width // 4) if self._longest_name else 0
        text, raw = row.text[self._shift :], row.raw[max(self._shift - len(row.text), 0) :]
        return (
            (padded(grouped(row.at_ns / 1e6, 1), _AT, right=True), Ink.MUTED),
            (padded(f"+{grouped(row.gap_ns / 1e6, 1)}", _GAP, right=True) + "  ", Ink.MUTED),
            (padded(row.name, name), Ink.PLAIN),
            (padded(row.kind, _KIND) + " ", _KIND_INKS.get(row.kind, Ink.MUTED)),
            (text + "  " if text else "", Ink.PLAIN),
            (raw, Ink.MUTED),
        )

    def show(self, rows: Sequence[WireRow], dropped: int = 0) -> None:
        """Show these rows; ``dropped`` older ones are no longer kept."""
        gone, self._dropped = dropped - self._dropped, dropped
        self._rows = rows
        self._longest_name = max((len(row.name) for row in rows), default=0)
        if not self.following:
            self._top = max(self._top - max(gone, 0), 0)
        self.refresh()

    def action_shift(self, steps: int) -> None:
        """Move along the payloads."""
        self._shift = max(self._shift + steps * _STEP, 0)
        self.refresh()

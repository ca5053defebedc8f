"""Labelled passages wrapped to a width, as lines: the shape of a finding card and of a form's summary."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from rich.cells import cell_len

from .ink import Ink, Line
from .wrapping import wrap


class Passage(msgspec.Struct, frozen=True):
    """Text with one ink, under a label that stands to its left; the label's width is the hanging indent.

    The text must be safe for a terminal (`domain.text`).
    """

    text: str
    ink: Ink = Ink.PLAIN
    label: str = ""
    label_ink: Ink = Ink.MUTED

    def continues(self, other: Passage) -> bool:
        """True where this is the other passage with more text at its end."""
        alike = (self.ink, self.label, self.label_ink) == (other.ink, other.label, other.label_ink)
        return alike and self.text.startswith(other.text)

    def line(self, row: int, text: str) -> Line:
        """The wrapped line of that row with its label or indent."""
        if not self.label:
            return ((text, self.ink),)
        return ((self.label if row == 0 else " " * cell_len(self.label), self.label_ink), (text, self.ink))


def passage_lines(passages: Iterable[Passage], width: int) -> tuple[Line, ...]:
    """All of them below each other."""
    return tuple(
        passage.line(row, text)
        for passage in passages
        for row, text in enumerate(wrap(passage.text, width - cell_len(passage.label)))
    )

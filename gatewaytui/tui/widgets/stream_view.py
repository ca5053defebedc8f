"""A conversation as it streams: blocks of text, of which only the last line of the last one is ever wrapped again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from rich.cells import cell_len
from textual import events

from .ink import Line
from .line_view import LineView
from .passages import Passage
from .wrapping import grow, wrap

_TAB = "    "


@dataclass(slots=True)
class _Block:
    passage: Passage
    lines: list[str] = field(default_factory=list)


class StreamView(LineView):
    """Passages below each other. Text given to it must be safe for a terminal (`domain.text.safe_text`)."""

    FOLLOWS: ClassVar[bool] = True

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._blocks: list[_Block] = []
        self._starts: list[int] = []
        self._count = 0
        self._wrapped_at = 0

    @property
    def line_count(self) -> int:
        """How many lines the passages wrap to."""
        return self._count

    @property
    def passage_count(self) -> int:
        """How many passages there are: the number the next one gets."""
        return len(self._blocks)

    def line_at(self, index: int) -> Line:
        """One wrapped line, its label before the first of its passage."""
        number = bisect_right(self._starts, index) - 1
        block = self._blocks[number]
        row = index - self._starts[number]
        return block.passage.line(row, block.lines[row])

    def show(self, passages: Iterable[Passage], first: int = 0) -> None:
        """Show these from passage number ``first`` on. Cheap where only the last one's text grew."""
        wanted = tuple(passages)
        shown = [block.passage for block in self._blocks[first:]]
        same = next((i for i, (a, b) in enumerate(zip(shown, wanted, strict=False)) if a != b), None)
        if same is None:
            same = min(len(shown), len(wanted))
        if same == len(shown) == len(wanted):
            return
        if same == len(shown) - 1 == len(wanted) - 1 and wanted[-1].continues(shown[-1]):
            self._grow(wanted[-1])
            return
        del self._blocks[first + same :]
        self._blocks += map(_Block, wanted[same:])
        self._rewrap(first + same)

    def clear(self) -> None:
        """Show nothing, and follow again."""
        self.following = True
        self.show(())

    def _grow(self, passage: Passage) -> None:
        block = self._blocks[-1]
        more = passage.text[len(block.passage.text) :]
        block.passage = passage
        before = len(block.lines)
        grow(block.lines, more.replace("\t", _TAB), self._width_of(block))
        self._count += len(block.lines) - before
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap to the new width."""
        del event
        if self.text_width != self._wrapped_at:
            self._rewrap(0)

    def _rewrap(self, first: int) -> None:
        self._wrapped_at = self.text_width
        del self._starts[first:]
        last = self._blocks[first - 1] if first else None
        at = self._starts[-1] + len(last.lines) if last else 0
        for block in self._blocks[first:]:
            self._starts.append(at)
            block.lines = wrap(block.passage.text.replace("\t", _TAB), self._width_of(block))
            at += len(block.lines)
        self._count = at
        self.refresh()

    def _width_of(self, block: _Block) -> int:
        """The width all of it is wrapped to: behind another pane the widget has none, and text still comes in."""
        return self._wrapped_at - cell_len(block.passage.label)

"""Aligned columns as lines: widths from the contents, numbers to the right, the loosest column gives way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from .figures import padded
from .ink import Ink, Line

_GAP = 2


class Column(msgspec.Struct, frozen=True):
    """A column: its head, whether numbers stand right, and whether it may be cut where the width is short.

    The lower its ``rank``, the sooner it is cut, and left out where even cutting does not help. Of equal ranks the
    widest is cut, so that none is cut to nothing beside another that is whole.
    """

    head: str
    right: bool = False
    gives: bool = False
    rank: int = 1


Cell = tuple[str, Ink]


def widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], room: int) -> tuple[int, ...]:
    """The width of each column, 0 for one that is left out."""
    wide = [
        max((cell_len(text) for text in (column.head, *(row[i][0] for row in rows))), default=0)
        for i, column in enumerate(columns)
    ]
    kept = set(range(len(columns)))
    least = [min(wide[i], max(cell_len(c.head), 8)) if c.gives else wide[i] for i, c in enumerate(columns)]
    while len(kept) > 1 and _total(least, kept) > room:
        kept.remove(min(kept, key=lambda i: (columns[i].rank, -i)))
    for _ in range(_total(wide, kept) - room):
        giving = [i for i in kept if wide[i] > least[i]]
        if not giving:
            break
        wide[min(giving, key=lambda i: (columns[i].rank, -wide[i], i))] -= 1  # cell by cell: equal ranks stay even
    return tuple(wide[i] if i in kept else 0 for i in range(len(columns)))


def head(columns: Sequence[Column], cells: Sequence[int]) -> Line:
    """The line of heads."""
    return aligned(columns, [(column.head, Ink.MUTED) for column in columns], cells)


def aligned(columns: Sequence[Column], row: Sequence[Cell], cells: Sequence[int]) -> Line:
    """A row in these widths."""
    line: list[Cell] = []
    for column, (text, ink), width in zip(columns, row, cells, strict=True):
        if width:
            line += [(padded(text, width, column.right), ink), (" " * _GAP, Ink.PLAIN)]
    return tuple(line[:-1])


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], room: int) -> tuple[Line, ...]:
    """Heads and rows."""
    cells = widths(columns, rows, room)
    return (head(columns, cells), *(aligned(columns, row, cells) for row in rows))


def _total(wide: Sequence[int], kept: set[int]) -> int:
    return sum(wide[i] for i in kept) + _GAP * (len(kept) - 1)

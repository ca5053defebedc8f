"""Counts as a heat table: rows of families, columns of profiles or days, the deeper the ground the more failures."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from rich.cells import cell_len

from .figures import grouped, padded
from .ink import Ink, Line

_NARROWEST, _WIDEST = 5, 14
_GAP = 1
_NOTHING = "·"
_SEEN, _TREND = "last seen", "trend"


class HeatRow(msgspec.Struct, frozen=True):
    """A family: its counts in the order of the columns, and after its sum when it was last seen and its trend."""

    label: str
    counts: tuple[int, ...]
    seen: str = ""
    trend: str = ""
    trend_ink: Ink = Ink.MUTED


def heat_table(columns: Sequence[str], rows: Sequence[HeatRow], total: str, width: int) -> tuple[Line, ...]:
    """A head line and a line a row. Columns that do not fit are counted in the sum and not shown."""
    label = max((cell_len(row.label) for row in rows), default=0) + 2
    seen = max((cell_len(row.seen) for row in rows), default=0)
    seen = max(seen, cell_len(_SEEN)) if seen else 0
    remark = seen + 2 + max((cell_len(text) for text in (_TREND, *(row.trend for row in rows))), default=0)
    sums = max(cell_len(total), *(len(grouped(sum(row.counts))) for row in rows), 0) if rows else cell_len(total)
    room = width - label - sums - 2
    if room - remark - 2 >= len(columns) * (_NARROWEST + _GAP):
        room -= remark + 2
    else:
        seen = 0
    cell = max(_NARROWEST, min(_WIDEST, room // max(len(columns), 1) - _GAP))
    shown = max(min(len(columns), room // (cell + _GAP)), 0)
    top = max((count for row in rows for count in row.counts), default=0)
    heads = "".join(padded(_centred(name, cell), cell) + " " * _GAP for name in columns[:shown])
    remarks = f"  {padded(_SEEN, seen)}  {_TREND}" if seen else ""
    head: Line = ((" " * label + heads + " " * 2 + padded(total, sums, right=True) + remarks, Ink.MUTED),)
    return (head, *(_line(row, label, cell, shown, sums, seen, top) for row in rows))


def _line(row: HeatRow, label: int, cell: int, shown: int, sums: int, seen: int, top: int) -> Line:
    failed = sum(row.counts)
    cells: list[tuple[str, Ink]] = [(padded(row.label, label), Ink.PLAIN if failed else Ink.MUTED)]
    for count in row.counts[:shown]:
        text = grouped(count) if count else _NOTHING
        cells += [(_centred(text, cell), _heat(count, top)), (" " * _GAP, Ink.PLAIN)]
    cells.append((" " * 2 + padded(grouped(failed), sums, right=True), Ink.STRONG if failed else Ink.MUTED))
    if seen:
        cells += [("  " + padded(row.seen, seen), Ink.MUTED), ("  " + row.trend, row.trend_ink)]
    return tuple(cells)


def _heat(count: int, top: int) -> Ink:
    if not count:
        return Ink.MUTED
    share = count / top
    return Ink.HOT if share > 2 / 3 else Ink.WARM if share > 1 / 3 else Ink.MILD


def _centred(text: str, width: int) -> str:
    return padded(text, width) if cell_len(text) >= width else text.center(width)

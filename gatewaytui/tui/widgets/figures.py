"""Numbers as a person reads them: grouped, with their unit, and a dash for what was not measured."""

from __future__ import annotations

from rich.cells import cell_len

GROUP_SPACE = "\u00a0"
"""Parts thousands: a no-break space, which every monospaced font draws a whole cell wide."""

NOT_MEASURED = "–"
_KILO, _MEGA = 1000, 1_000_000


def grouped(value: float, decimals: int = 0) -> str:
    """``1214`` as ``1 214``, thousands parted by a no-break space."""
    return f"{value:,.{decimals}f}".replace(",", GROUP_SPACE)


def count(value: int | None) -> str:
    """A whole number, or a dash."""
    return NOT_MEASURED if value is None else grouped(value)


def milliseconds(value: float | None) -> str:
    """A time in ms: one decimal below 10 ms, whole above."""
    return NOT_MEASURED if value is None else f"{grouped(value, 1 if value < 10 else 0)} ms"


def fine_milliseconds(value: float | None) -> str:
    """A time in ms whose tenths tell something: gaps between tokens."""
    return NOT_MEASURED if value is None else f"{grouped(value, 1)} ms"


def nanoseconds(value: int | None) -> str:
    """A time in ns, shown in ms."""
    return milliseconds(None if value is None else value / 1e6)


def seconds(ns: int) -> str:
    """A time in ns, shown in seconds with one decimal."""
    return f"{grouped(ns / 1e9, 1)} s"


def rate(value: float | None) -> str:
    """Tokens a second."""
    return NOT_MEASURED if value is None else f"{grouped(value, 1)} tok/s"


def size(value: int) -> str:
    """Bytes, in kB and MB from a thousand on."""
    if value < _KILO:
        return f"{value} B"
    return f"{value / _KILO:.1f} kB" if value < _MEGA else f"{value / _MEGA:.1f} MB"


def plural(number: int, noun: str) -> str:
    """``1 event``, ``2 events``."""
    return f"{grouped(number)} {noun}{'' if number == 1 else 's'}"


def clipped(text: str, width: int) -> str:
    """The text in at most ``width`` cells, its end an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += cell_len(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…" if width > 0 else ""


def padded(text: str, width: int, right: bool = False) -> str:
    """The text in exactly ``width`` cells, cut or filled with blanks; ``right`` aligns numbers."""
    cut = clipped(text, width)
    fill = " " * (width - cell_len(cut))
    return fill + cut if right else cut + fill

"""Lines onto the screen: the one place where an ink becomes a terminal style."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from .ink import Ink, Line


def paint(widget: Widget, line: Line, width: int, ground: Ink = Ink.PLAIN) -> Strip:
    """The line in exactly ``width`` cells, cropped or filled; ``ground`` lies under all of it."""
    strip = Strip([Segment(text, _style(widget, ink, ground)) for text, ink in line])
    return strip.crop(0, width).adjust_cell_length(width, _style(widget, Ink.PLAIN, ground))


def _style(widget: Widget, ink: Ink, ground: Ink) -> Style:
    style = widget.visual_style
    if ground is Ink.CURSOR and ink is Ink.MUTED:  # which could not be read there: 3.3:1 in the dark look
        ink = Ink.PLAIN
    for name in (ground, ink):
        if name:
            style += widget.app.stylesheet.parse_style(name)
    return style.rich_style

"""Wrapping text to a width in cells, so that text which grows at its end only ever changes its last line."""

from __future__ import annotations

from rich.cells import cell_len, chop_cells

from gatewaytui.domain.pattern import Pattern

WIDEST = 2  # cells of one character: a narrower column could not hold it
_WORDS = Pattern(r"\S+\s*|\s+")


def wrap(text: str, width: int) -> list[str]:
    """The lines of a text, at least one. Nothing is lost: joined, the lines of a paragraph are the paragraph.

    Blanks at a break stay at the end of their line, where they may stand over the edge unseen. Lines fill
    greedily from the left, so appending to the text rewraps no line but the last (see :func:`grow`).
    """
    return [line for paragraph in text.split("\n") for line in _paragraph(paragraph, max(width, WIDEST))]


def grow(lines: list[str], text: str, width: int) -> None:
    """Append text to lines that :func:`wrap` made with the same width, in place."""
    last = lines.pop() if lines else ""
    lines.extend(wrap(last + text, width))


def _paragraph(paragraph: str, width: int) -> list[str]:
    if len(paragraph) <= width and (paragraph.isascii() or cell_len(paragraph) <= width):
        return [paragraph]
    lines: list[str] = []
    line, used = "", 0
    for word in _WORDS.findall(paragraph):
        bare = cell_len(word.rstrip())
        if line and used + bare > width:
            lines.append(line)
            line, used = "", 0
        if bare > width:
            solid = word.rstrip()
            *full, rest = chop_cells(solid, width)
            lines.extend(full)
            word = rest + word[len(solid) :]
        line += word
        used += cell_len(word)
    lines.append(line)
    return lines

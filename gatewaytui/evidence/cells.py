"""Values and tables of the Markdown report: no text can leave its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatewaytui.domain.pattern import Pattern

NONE = "-"
_BACKTICKS = Pattern(r"`+")
_UNPRINTABLE = Pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def code(value: object) -> str:
    """A value as a code span that its own text cannot leave; ``|`` becomes a broken bar, line breaks a blank."""
    text = str(value)
    if not text.isprintable():
        text = _UNPRINTABLE.sub(" ", text)
    text = text.replace("|", "\u00a6").strip()
    if not text:
        return NONE
    longest = max(len(match[0]) for match in _BACKTICKS.finditer(text)) if "`" in text else 0
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(value: object) -> str:
    """Any value of the record as a code span; a dash for what is None."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return code("yes" if value else "no")
    return code(f"{value:g}" if isinstance(value, float) and value < 1e6 else value)


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"

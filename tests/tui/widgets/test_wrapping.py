"""Wrapping loses nothing, fits, and growing gives what wrapping the whole gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gatewaytui.tui.widgets.wrapping import grow, wrap

TEXTS = st.text(alphabet="ab  \n.é你好🙂-", max_size=120)
WIDTHS = st.integers(2, 30)


@given(TEXTS, WIDTHS)
def test_the_lines_of_each_paragraph_are_the_paragraph(text: str, width: int) -> None:
    joined = ["".join(wrap(paragraph, width)) for paragraph in text.split("\n")]
    assert joined == text.split("\n")


@given(TEXTS, WIDTHS)
def test_no_line_is_wider_than_asked_but_for_blanks_at_its_end(text: str, width: int) -> None:
    assert all(cell_len(line.rstrip()) <= width for line in wrap(text, width) if line.strip())


@given(st.lists(TEXTS, max_size=6), WIDTHS)
def test_growing_piece_by_piece_gives_what_the_whole_gives(pieces: list[str], width: int) -> None:
    lines = wrap("", width)
    for piece in pieces:
        grow(lines, piece, width)
    assert lines == wrap("".join(pieces), width)


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("the gateway answers", 11) == ["the gateway ", "answers"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]

"""The same prompt streamed beside whole: what streaming buys, in figures."""

from __future__ import annotations

from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, table
from gatewaytui.tui.widgets.ink import Ink, Line

from .answer_figures import e2e_ms, verdict
from .answer_state import AnswerState
from .chat_state import Turn

_COLUMNS = (Column("same prompt"), Column("streamed", right=True), Column("whole", right=True))


def beside_lines(turns: tuple[Turn, Turn] | None, width: int) -> tuple[Line, ...]:
    """A small table under the figures; nothing where the prompt was not asked in both ways."""
    if turns is None:
        return ()
    streamed, whole = (turn.answer for turn in turns)
    rows = [
        _row("first text", _first_ms(streamed), _first_ms(whole)),
        _row("e2e", e2e_ms(streamed), e2e_ms(whole)),
        ((("tokens out", Ink.MUTED), _out(streamed), _out(whole))),
        ((("verdict", Ink.MUTED), verdict(streamed), verdict(whole))),
    ]
    return ((), *table(_COLUMNS, rows, width))


def _row(label: str, streamed: float | None, whole: float | None) -> tuple[Cell, Cell, Cell]:
    cells = (figures.milliseconds(streamed), figures.milliseconds(whole))
    return ((label, Ink.MUTED), (cells[0], Ink.PLAIN), (cells[1], Ink.PLAIN))


def _first_ms(answer: AnswerState) -> float | None:
    """When a person could begin to read: a whole answer is there when it is all there."""
    stream = answer.result.stream if answer.result else None
    return stream.ttft_ms if stream else e2e_ms(answer)


def _out(answer: AnswerState) -> Cell:
    return figures.count(answer.usage.output_tokens if answer.usage else None), Ink.PLAIN

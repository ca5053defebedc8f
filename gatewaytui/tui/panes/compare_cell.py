"""One target of a comparison: its name, its answer as it streams, its verdict."""

from __future__ import annotations

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from gatewaytui.domain.profile import Target
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.passages import Passage
from gatewaytui.tui.widgets.sheet import Drawing, Sheet
from gatewaytui.tui.widgets.stream_view import StreamView

from .answer_figures import verdict
from .answer_state import AnswerState
from .compare_figures import cell_figures, lasting_ns
from .compare_progress import tally
from .compare_state import LineUp, model_of

_JOINED = " · "
_LISTING = "… asks for the model list"
_WAITS = "· not asked yet"
_LAST = "last run "


class CompareCell(Vertical):
    """A column. Its text takes the focus, which is what selects the target."""

    def __init__(self, target: Target, name: str) -> None:
        super().__init__(classes="compare-cell")
        self._target = target
        self._called = name
        self._named = Content("")

    def compose(self) -> ComposeResult:
        """Name and model, how many runs were answered, the text, two lines of verdict."""
        yield Static(classes="compare-name")
        yield Sheet(classes="compare-tally")
        yield StreamView(classes="compare-text")
        yield Sheet(classes="compare-verdict")

    def on_mount(self) -> None:
        """Nothing has arrived yet."""
        self.blank()

    def blank(self) -> None:
        """Show who it is, and that nothing has arrived."""
        self._paint(AnswerState(), lambda width: (), lambda width: (((_WAITS, Ink.MUTED),),))

    def show(self, line_up: LineUp, index: int, now_ns: int = 0, *, figures: bool = True) -> None:
        """Paint this column of the line-up, with or without its figures."""
        runner = line_up.runners[index]
        answer, lasting = runner.answer, lasting_ns(runner, now_ns)
        before = _LAST if line_up.runs > 1 and answer.result is not None else ""
        self._paint(
            answer,
            (lambda width: _told(line_up, index, width)) if figures else None,
            (lambda width: _verdict_lines(answer, before, width, lasting)) if figures else None,
        )

    def _paint(self, answer: AnswerState, told: Drawing | None, judged: Drawing | None) -> None:
        model = model_of(self._target, answer.served_model)
        beside = "" if f"({model}" in self._called else f"  {model}"
        name = Content.assemble((self._called, Ink.STRONG), (beside, Ink.MUTED))
        if name != self._named:
            self._named = name
            self.query_one(".compare-name", Static).update(name, layout=False)
        if told is not None:
            self.query_one(".compare-tally", Sheet).show(told)
        view = self.query_one(StreamView)
        if answer.result is not None and not answer.text:
            view.following = False  # a failure is read from its first line
        view.show(_passages(answer))
        if judged is not None:
            self.query_one(".compare-verdict", Sheet).show(judged)


def _told(line_up: LineUp, index: int, width: int) -> tuple[Line, ...]:
    line = tally(line_up, index, width)
    return (line,) if line else ()


def _verdict_lines(answer: AnswerState, before: str, width: int, now_ns: int) -> tuple[Line, ...]:
    """Verdict and figures, in one line where they fit. ``before`` says whose verdict it is, of several runs."""
    (words, ink), measured = verdict(answer, now_ns), cell_figures(answer)
    said = figures.clipped(words, width), ink
    if cell_len(measured[0]) > width:
        measured = measured[0].partition(_JOINED)[0], measured[1]
    if now_ns and not said[0]:
        said = _LISTING, Ink.ACCENT
    head: Line = ((before, Ink.MUTED), said) if cell_len(before) + cell_len(said[0]) <= width else (said,)
    used = sum(cell_len(text) for text, _ in head)
    if used + cell_len(_JOINED) + cell_len(measured[0]) <= width:
        return ((*head, (_JOINED if used and measured[0] else "", Ink.MUTED), measured),)
    return (head, (measured,))


def _passages(answer: AnswerState) -> tuple[Passage, ...]:
    """The answer; before it the thinking; where it failed, what is broken and what to do."""
    finding = answer.result.finding if answer.result else None
    if answer.text or answer.refusal:
        body: tuple[Passage, ...] = (Passage((answer.text or answer.refusal).rstrip()),)
    elif answer.thinking:
        body = (Passage("thinking …", Ink.THINKING), Passage(answer.thinking, Ink.MUTED))
    else:
        body = ()
    if answer.trouble is not None:
        return (*body, Passage(answer.trouble.sentence, Ink.FAILED), Passage(answer.trouble.next_step))
    if finding is None:
        return body
    return (*body, Passage(finding.title, Ink.FAILED), Passage(finding.next_step))

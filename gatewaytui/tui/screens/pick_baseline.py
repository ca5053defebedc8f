"""Choosing a baseline over the Compare pane: a name to save under, or a kept one to hold against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.off_loop import off_loop
from gatewaytui.storage.baselines import BaselineRow, check_name
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.row_list import RowList

from .dialog import Dialog
from .form import hint, notice

_FIRST_NAME = "main"


class PickBaselineScreen(Dialog["str | None"]):
    """Dismissed with a name, or None where the person backed out.

    ``saving`` takes a new name too, and says where one is there already; else one of the kept is chosen. ``rows``
    lists them and blocks.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
    ]

    def __init__(self, rows: Callable[[], tuple[BaselineRow, ...]], *, saving: bool) -> None:
        super().__init__()
        self._list = rows
        self._saving = saving
        self._kept: tuple[BaselineRow, ...] = ()
        self._matching: tuple[BaselineRow, ...] = ()

    def compose(self) -> ComposeResult:
        """A field over a list."""
        title = "Save as baseline" if self._saving else "Hold against a baseline"
        does = "saves" if self._saving else "holds against it"
        with Vertical(id="pick-baseline", classes="dialog"):
            yield Static(Content.styled(title, Ink.STRONG), classes="form-title")
            first, words = (_FIRST_NAME, "a name") if self._saving else ("", "type to narrow")
            yield Input(first, words, id="baseline-name", compact=True)
            yield RowList(id="baseline-list")
            yield Static(id="baseline-notice", classes="form-notice")
            yield hint(("↑ ↓", "choose"), ("Enter", does), ("Esc", "leaves"))

    def on_mount(self) -> None:
        """Read the names beside the screen."""
        self.query_one(Input).focus()
        self.run_worker(self._read())

    def on_input_changed(self) -> None:
        """Narrow as it is typed; a name that is taken is said to be replaced."""
        self._show()

    def on_input_submitted(self) -> None:
        """Take the typed name, or the chosen row."""
        name = self._typed
        if not self._saving:
            if not self._matching:
                self._say("There is no such baseline: b saves one.")
                return
            name = self._matching[self.query_one(RowList).cursor].name
        try:
            check_name(name)
        except Problem as problem:
            self._say(f"{problem.sentence} {problem.next_step}")
            return
        self.dismiss(name)

    def action_back(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Move in the list; when saving, the row's name goes into the field."""
        rows = self.query_one(RowList)
        rows.move(by)
        if self._saving and self._matching:
            self.query_one(Input).value = self._matching[rows.cursor].name

    async def _read(self) -> None:
        try:
            self._kept = await off_loop(self._list)
        except Problem as problem:
            self._say(f"{problem.sentence} {problem.next_step}")
            return
        self._show()

    def _show(self) -> None:
        self._matching = tuple(row for row in self._kept if self._saving or self._typed in row.name)
        self.query_one(RowList).show([_line(row) for row in self._matching])
        taken = self._saving and any(row.name == self._typed for row in self._kept)
        self._say("There is one of that name: it is replaced." if taken else "")

    @property
    def _typed(self) -> str:
        return self.query_one(Input).value.strip()

    def _say(self, sentence: str) -> None:
        self.query_one("#baseline-notice", Static).update(notice(sentence))


def _line(row: BaselineRow) -> Line:
    if row.evidence is None:
        return ((row.name, Ink.STRONG), ("  ! cannot be read", Ink.WARNED))
    targets = ", ".join(target.profile or "" for target in row.evidence.targets)
    return ((row.name, Ink.STRONG), (f"  {_local(row.evidence.generated_at)}  {targets}", Ink.MUTED))


def _local(moment: str) -> str:
    """A moment of a file, as a person's clock has it; as it stands where it is none."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return safe_line(moment, 32)

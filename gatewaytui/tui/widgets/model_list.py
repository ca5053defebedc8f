"""The list of models: a head laid out like its rows, a filter that narrows step by step, groups by provider."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.tui.panes.model_index import ModelIndex, ModelLines

from .row_list import RowList
from .sheet import Sheet


class ModelList(Vertical):
    """Shows an index; :attr:`model` is the one under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plain = self._index = ModelIndex.of(())
        self._matches = self._index.everything()
        self._lines: ModelLines | None = None
        self._chosen = ""
        self.by_provider = False

    def compose(self) -> ComposeResult:
        """The head over the rows."""
        yield Sheet(classes="model-head")
        yield RowList(classes="model-rows")

    @property
    def model(self) -> ModelInfo | None:
        """The model under the cursor; None on a group's head and in an empty list."""
        return self._lines.model_at(self.query_one(RowList).cursor) if self._lines else None

    @property
    def total(self) -> int:
        """How many models there are."""
        return len(self._index.models)

    @property
    def matching(self) -> int:
        """How many match the filter."""
        return len(self._matches.places)

    def focus_rows(self) -> None:
        """The rows take the focus."""
        self.query_one(RowList).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Columns are laid out to the width."""
        self._lay_out()

    def show_index(self, index: ModelIndex) -> None:
        """Show another catalogue, whole."""
        self._plain = index
        self.group(self.by_provider)

    def narrow(self, words: str) -> None:
        """Show what matches."""
        self._matches = self._index.narrowed(self._matches, words)
        self._restart()

    def group(self, by_provider: bool) -> None:
        """Group the rows by provider, or not; the filter stays."""
        words, self.by_provider = self._matches.words, by_provider
        self._index = self._plain.by_provider() if by_provider else self._plain
        self._matches = self._index.narrowed(self._index.everything(), words)
        self._restart()

    def mark(self, chosen: str) -> None:
        """Mark the model of this id."""
        self._chosen = chosen
        self._lay_out()

    def _restart(self) -> None:
        rows = self.query_one(RowList)
        rows.cursor = 1 if self.by_provider else 0
        self._lay_out()
        rows.scroll_to_line(0)

    def _lay_out(self) -> None:
        rows = self.query_one(RowList)
        shown = self._index.rows(self._matches)
        lines = self._lines = ModelLines(self._index, shown, rows.text_width, self._chosen)
        self.query_one(Sheet).show(lambda _: (lines.head,) if self._index.models else ())
        rows.show(lines)

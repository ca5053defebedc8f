"""The list of models: a head laid out like its rows, a filter that narrows step by step, orders, groups."""

from __future__ import annotations

from textual import events

from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.tui.panes.model_index import ModelIndex, ModelLines, Sort

from .row_list import RowList


class ModelList(RowList):
    """Shows an index; :attr:`model` is the one under the cursor."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plain = self._index = ModelIndex.of(())
        self._matches = self._index.everything()
        self._lines: ModelLines | None = None
        self._chosen = ""
        self.by_provider = False
        self.sort = Sort.LISTED

    @property
    def model(self) -> ModelInfo | None:
        """The model under the cursor; None on a group's head and in an empty list."""
        return None if self._place is None else self._index.model(self._place)

    @property
    def cut(self) -> str:
        """The row under the cursor in full, where its columns do not hold it; else ""."""
        return self._lines.cut_at(self.cursor) if self._lines else ""

    @property
    def source(self) -> int:
        """From which of several lists it is; 0 is the first."""
        return 0 if self._place is None else self._index.source(self._place)

    @property
    def total(self) -> int:
        """How many models there are."""
        return len(self._index)

    @property
    def matching(self) -> int:
        """How many match the filter."""
        return len(self._matches.places)

    def on_resize(self, event: events.Resize) -> None:
        """Columns are laid out to the width."""
        self._lay_out()

    def show_index(self, index: ModelIndex) -> None:
        """Show another catalogue, whole."""
        self._plain = index
        self.put_in_order(self.sort, self.by_provider)

    def narrow(self, words: str) -> None:
        """Show what matches."""
        self._matches = self._index.narrowed(self._matches, words)
        self._restart()

    def put_in_order(self, sort: Sort, by_provider: bool) -> None:
        """Put the rows into this order, under their providers or not; the filter stays."""
        words, self.sort, self.by_provider = self._matches.words, sort, by_provider
        plain = sort is Sort.LISTED and not by_provider
        self._index = self._plain if plain else self._plain.arranged(sort, by_provider)
        self._matches = self._index.narrowed(self._index.everything(), words)
        self._restart()

    def mark(self, chosen: str) -> None:
        """Mark the model of this id."""
        self._chosen = chosen
        self._lay_out()

    @property
    def _place(self) -> int | None:
        return self._lines.place_at(self.cursor) if self._lines else None

    def _restart(self) -> None:
        self.cursor = 1 if self.by_provider else 0
        self._lay_out()
        self.scroll_to_line(0)

    def _lay_out(self) -> None:
        shown = self._index.rows(self._matches)
        lines = self._lines = ModelLines(self._index, shown, self.text_width, self._chosen)
        self.show(lines, (lines.head,) if len(self._index) else ())

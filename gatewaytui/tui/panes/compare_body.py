"""What the Compare pane shows above its prompt: a column a target, below them the table or a plot."""

from __future__ import annotations

from itertools import starmap

from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.widget import Widget

from gatewaytui.domain.comparison import Metric
from gatewaytui.tui.widgets.ink import Line
from gatewaytui.tui.widgets.sheet import Sheet
from gatewaytui.tui.widgets.stream_view import StreamView

from .compare_cell import CompareCell
from .compare_state import LineUp
from .compare_views import METRICS, View, metric_after, view_lines

NARROWEST, NARROWEST_SHORT = 28, 22
"""Cells of a column; on a short screen one row of narrow columns shows more of the answers than two of wide ones."""
_LEAST, _LEAST_SHORT = 6, 4
_MARGIN = 1
_FIGURES_NS = 200_000_000


class CompareGrid(Grid, can_focus=True):
    """The columns; it takes the focus where there are none yet, so that the keys work."""


class CompareBody(Vertical):
    """Paints a line-up; which view stands below the columns, and of which metric, is its own."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown = LineUp()
        self._figured_ns = 0
        self._columns_least = _LEAST
        self.view = View.TABLE
        self.metric = Metric.TTFT

    def compose(self) -> ComposeResult:
        """Columns over the view."""
        yield CompareGrid(id="compare-grid")
        yield Sheet(id="compare-table")

    def on_resize(self) -> None:
        """As many columns as the width holds."""
        self._arrange()

    async def line_up(self, line_up: LineUp) -> None:
        """Other targets: other columns."""
        grid = self.query_one(CompareGrid)
        if self.focused_index is not None:
            self.screen.set_focus(grid)  # a key typed while the columns are exchanged is still the pane's
        await grid.remove_children()
        await grid.mount_all(starmap(CompareCell, zip(line_up.targets, line_up.names, strict=True)))
        self._shown = line_up
        self._arrange()

    def show(self, line_up: LineUp, now_ns: int = 0) -> None:
        """Paint how it stands; ``now_ns`` is how long it has been running, 0 where it is not.

        Between two verdicts the figures change five times a second: nobody reads them faster, and the text has the
        time they would take.
        """
        judged = line_up.requests_heard != self._shown.requests_heard
        self._shown = line_up
        figures = not now_ns or judged or abs(now_ns - self._figured_ns) >= _FIGURES_NS
        for index, (cell, _) in enumerate(zip(self.query(CompareCell), line_up.runners, strict=False)):
            cell.show(line_up, index, now_ns, figures=figures)
        if not line_up.runners:
            for cell in self.query(CompareCell):
                cell.blank()
        if figures:
            self._figured_ns = now_ns
            self.query_one(Sheet).show(lambda width: self._drawn(width, now_ns))

    def show_view(self, view: View) -> None:
        """Show this view."""
        self.view = view
        self.show(self._shown)

    def next_metric(self) -> tuple[str, str]:
        """Draw the next metric, as bars where the table stood; its name and unit."""
        if self.view in (View.TABLE, View.CHANGES):
            self.view = View.BARS
        else:
            self.metric = metric_after(self.metric)
        self.show(self._shown)
        return METRICS[self.metric]

    @property
    def focused_index(self) -> int | None:
        """The column that has the focus, or None."""
        return next((i for i, cell in enumerate(self.query(CompareCell)) if cell.has_focus_within), None)

    def take_focus(self, index: int = 0) -> None:
        """The keys work at once: a column takes the focus, the last where there is none of that index."""
        columns: list[Widget] = [*self.query(StreamView)] or [self.query_one(CompareGrid)]
        columns[min(index, len(columns) - 1)].focus()

    def _drawn(self, width: int, now_ns: int) -> tuple[Line, ...]:
        most = self.size.height - self._columns_least - _MARGIN
        return view_lines(self._shown, self.view, self.metric, width, most, now_ns)

    def _arrange(self) -> None:
        """Columns of equal width in rows of equal length."""
        grid, number = self.query_one(CompareGrid), max(len(self._shown.targets), 1)
        short = not self.screen.has_class("-tall")
        narrowest, least = (NARROWEST_SHORT, _LEAST_SHORT) if short else (NARROWEST, _LEAST)
        rows = -(-number // max(grid.size.width // narrowest, 1))
        grid.styles.grid_size_columns = -(-number // rows)
        self._columns_least = rows * least + (0 if short else rows - 1)

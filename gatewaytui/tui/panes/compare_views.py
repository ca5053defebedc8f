"""The ways a comparison is drawn below its columns: as a table, as bars, as percentiles, against a baseline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from gatewaytui.domain.comparison import Metric
from gatewaytui.tui.widgets.ink import Line
from gatewaytui.tui.widgets.plots import PlotRow, bar_plot, percentile_plot

from .compare_baseline import change_lines
from .compare_figures import best_of, comparison_lines, note_lines
from .compare_state import LineUp


class View(StrEnum):
    """What stands below the columns, in the order of its key."""

    TABLE = "table"
    BARS = "bars"
    PERCENTILES = "percentiles"
    CHANGES = "changes"

    def after(self, *, changes: bool) -> View:
        """The next one, around the end; ``changes`` tells whether there are any to show."""
        views = [view for view in View if changes or view is not View.CHANGES]
        return views[(views.index(self) + 1) % len(views)]


METRICS: Mapping[Metric, tuple[str, str]] = MappingProxyType(
    {
        Metric.TTFT: ("TTFT", "ms"),
        Metric.TTFAT: ("TTFAT", "ms"),
        Metric.ITL: ("ITL", "ms"),
        Metric.TOKENS_PER_SECOND: ("tokens/s", "tok/s"),
        Metric.E2E: ("e2e", "ms"),
        Metric.TTFT_CONNECTED: ("TTFT warm", "ms, connect left out"),
    }
)
"""The metrics that are drawn, in the order of their key: how each is named, and its unit."""

_Plot = Callable[[str, str, Sequence[PlotRow], int], tuple[Line, ...]]
_PLOTS: Mapping[View, _Plot] = MappingProxyType({View.BARS: bar_plot, View.PERCENTILES: percentile_plot})


def metric_after(metric: Metric) -> Metric:
    """The next metric that is drawn, around the end."""
    metrics = list(METRICS)
    return metrics[(metrics.index(metric) + 1) % len(metrics)]


def view_lines(
    line_up: LineUp, view: View, metric: Metric, width: int, most: int = 99, now_ns: int = 0
) -> tuple[Line, ...]:
    """The view, and below it the notes as far as ``most`` lines hold them."""
    if not line_up.runners:
        return ()
    if view is View.CHANGES and line_up.measured is not None and line_up.measured.changes is not None:
        return change_lines(line_up, width, most)
    plot = _PLOTS.get(view)
    if plot is None:
        drawn = comparison_lines(line_up, width, now_ns)
    else:
        drawn = plot(*METRICS[metric], _rows(line_up, metric), width)
    notes = note_lines(line_up, width, most - len(drawn) - 1)
    return (*drawn, (), *notes) if notes else drawn


def _rows(line_up: LineUp, metric: Metric) -> list[PlotRow]:
    best = best_of(line_up, metric)
    return [
        PlotRow(
            name,
            line_up.facts(index).spread(metric),
            index in best,
            "stopped by you" if line_up.runners[index].answer.stopped else "no answer",
        )
        for index, name in enumerate(line_up.names)
    ]

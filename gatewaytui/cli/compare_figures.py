"""How ``compare`` writes its figures: their names, their units, their decimals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from gatewaytui.diagnosis.comparison_notes import names
from gatewaytui.diagnosis.regression import ANSWERED
from gatewaytui.domain.comparison import Comparison, Metric
from gatewaytui.domain.run import TargetFacts

from . import output

NOT_MEASURED = "-"
NAMES: Mapping[str, str] = MappingProxyType(
    {
        ANSWERED: "answered",
        Metric.TTFT: "TTFT",
        Metric.TTFT_CONNECTED: "TTFT-conn",
        Metric.TTFAT: "TTFAT",
        Metric.ITL: "ITL",
        Metric.E2E: "e2e",
        Metric.TOKENS_PER_SECOND: "tok/s",
    }
)
_WITHOUT_UNIT = frozenset((ANSWERED, Metric.TOKENS_PER_SECOND))
_WILD_USD = 1e6
_ROUNDING = 1e-9


def unit(metric: str) -> str:
    """`` ms``, or "" for a share and for a rate, whose name says it."""
    return "" if metric in _WITHOUT_UNIT else " ms"


def number(value: float | None) -> str:
    """Three figures or so: what is below 10 with two decimals, what is above 1,000 with none."""
    return NOT_MEASURED if value is None else f"{value:,.{_decimals(value)}f}"


def share(value: float | None) -> str:
    """A share of the whole in percent."""
    return NOT_MEASURED if value is None else f"{value:.0%}"


def span(counts: Sequence[int]) -> str:
    """``10``, or ``10-12`` for counts in ascending order."""
    if not counts:
        return NOT_MEASURED
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]}-{counts[-1]}"


def cost(usd: float | None) -> str:
    """US dollars, to a millionth; what no request costs, because a list names a wild price, in few digits."""
    return NOT_MEASURED if usd is None else f"{usd:.6f}" if usd < _WILD_USD else f"{usd:.3g}"


def off(uncertainty: float) -> str:
    """An uncertainty with its sign, rounded up: no figure is exact."""
    scale = 10 ** _decimals(uncertainty)
    return f"±{number(math.ceil(uncertainty * scale - _ROUNDING) / scale)}"


def _decimals(value: float) -> int:
    return 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0


def how_many(comparison: Comparison) -> str:
    """``20 runs each``; where fewer came to an end, for example after Ctrl+C, how many of them did."""
    ended, runs = sum(column.runs for column in comparison.columns), comparison.runs
    if ended >= comparison.planned:
        return f"{output.counted(runs, 'run')} each"
    each = f" ({runs:,} each)" if len(comparison.columns) > 1 else ""
    return f"{ended:,} of {comparison.planned:,} runs came to an end{each}"


def chosen_words(targets: Sequence[TargetFacts]) -> Iterator[str]:
    """Nobody named a model for these: what was taken instead is said (design/rules.md)."""
    took = [facts.selected_model and not facts.requested_model for facts in targets]
    if any(took):
        called = [name for name, own in zip(names(targets), took, strict=True) if own]
        of = "" if all(took) else f" of {', '.join(called)}"
        yield f"No model was given: the first chat model listed{of} was asked."

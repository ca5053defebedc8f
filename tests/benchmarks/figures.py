"""What a benchmark gives: samples that took turns, their ratio, and whether it is within its budget."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence

import msgspec

Samples = dict[str, list[float]]
_HEAD = ("figure", "n", "ours: median, best", "peer: median, best", "ratio: median, best", "budget", "")


class Figure(msgspec.Struct, frozen=True):
    """One row. ``ours`` and ``peer`` are samples in ``unit``, one a round; () for a peer where there is none.

    ``budget`` bounds the ratio of the medians, or the median itself where there is no peer; None shows it only.
    """

    what: str
    unit: str
    ours: Sequence[float]
    peer: Sequence[float] = ()
    budget: float | None = None
    n: str = ""

    @property
    def measured(self) -> float:
        """What the budget bounds."""
        middle = statistics.median(self.ours)
        return middle / max(statistics.median(self.peer), 1e-9) if self.peer else middle

    @property
    def verdict(self) -> str:
        """A sign and a word; "" without a budget."""
        if self.budget is None:
            return ""
        return "✓ met" if self.measured <= self.budget else "✗ missed"

    def cells(self) -> tuple[str, ...]:
        """The row as it is printed."""
        best = min(self.ours) / max(min(self.peer), 1e-9) if self.peer else 0.0
        return (
            self.what,
            self.n or str(len(self.ours)),
            _pair(self.ours, self.unit),
            _pair(self.peer, self.unit) if self.peer else "-",
            f"{self.measured:.3g}x, {best:.3g}x" if self.peer else "-",
            "-" if self.budget is None else f"<= {self.budget:g}" + ("x" if self.peer else f" {self.unit}"),
            self.verdict,
        )


def _pair(samples: Sequence[float], unit: str) -> str:
    return f"{statistics.median(samples):.3g}, {min(samples):.3g} {unit}"


def interleaved(rounds: int, works: dict[str, Callable[[], float]], warm_ups: int = 0) -> Samples:
    """The result of each work, round after round, so that a busy machine slows all alike; warm-ups do not count."""
    samples: Samples = {name: [] for name in works}
    for turn in range(-warm_ups, rounds):
        for name, work in works.items():
            sample = work()
            if turn >= 0:
                samples[name].append(sample)
    return samples


def table(figures: Iterable[Figure]) -> str:
    """All rows, aligned."""
    rows = [_HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

"""A rate over time in one line of block characters."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], width: int) -> str:
    """The newest course of the values in at most ``width`` characters, the tallest a full block; "" without values.

    More values than characters are averaged in equal shares.
    """
    if not values or width <= 0:
        return ""
    columns = min(len(values), width)
    shares = [values[i * len(values) // columns : (i + 1) * len(values) // columns] for i in range(columns)]
    means = [sum(share) / len(share) for share in shares]
    top = max(means)
    if top <= 0:
        return _BLOCKS[0] * columns
    return "".join(_BLOCKS[min(int(mean / top * len(_BLOCKS)), len(_BLOCKS) - 1)] for mean in means)

"""How much of an answer arrived when, in a bounded number of buckets: what the sparkline draws."""

from __future__ import annotations

import msgspec

_BUCKETS = 96
_BUCKET_NS = 50_000_000


class Pace(msgspec.Struct, frozen=True):
    """How much arrived when: characters in buckets of equal time, which doubles when the buckets run out."""

    origin_ns: int = 0
    step_ns: int = _BUCKET_NS
    counts: tuple[int, ...] = ()

    def saw(self, at_ns: int, characters: int) -> Pace:
        """The pace with this piece of answer or thinking in it."""
        if not self.counts:
            return Pace(at_ns, self.step_ns, (characters,))
        index, step, counts = max(at_ns - self.origin_ns, 0) // self.step_ns, self.step_ns, self.counts
        while index >= _BUCKETS:
            counts = tuple(sum(counts[i : i + 2]) for i in range(0, len(counts), 2))
            index, step = index // 2, step * 2
        grown = list(counts) + [0] * (index + 1 - len(counts))
        grown[index] += characters
        return Pace(self.origin_ns, step, tuple(grown))

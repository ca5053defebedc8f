"""Whether this process kept looking: a beat of the event loop, and the last time that it did not come."""

from __future__ import annotations

import asyncio
import time

from .timing import Stamp

BEAT_NS = 50_000_000
"""Often enough for what a person would lay at a gateway's door; a beat wakes a process that may be idle."""
MISSED_NS = 5_000_000
"""A beat later than this was missed: the loop was busy, or the process was stopped or had to wait for a core."""


class Pulse:
    """Beats while needed. What came while a beat was missed may have lain there since the last beat or read.

    The kernel's stamp is that of the last bytes of a read (design/measuring.md): where the last ones came just before
    the loop went on, it says nothing of how long the first ones had lain by then.
    """

    def __init__(self) -> None:
        self._beat_ns = self._seen_ns = time.monotonic_ns()
        self._missed_from = self._missed_to = 0
        self._timer: asyncio.TimerHandle | None = None
        self._needed_by = 0

    def __enter__(self) -> Pulse:
        """Beat on the running loop, as long as anybody who came in has not left."""
        self._needed_by += 1
        if self._timer is None:
            self._beat_ns = self._seen_ns = time.monotonic_ns()
            self._timer = asyncio.get_running_loop().call_later(BEAT_NS / 1e9, self._beat)
        return self

    def __exit__(self, *_: object) -> None:
        self._needed_by -= 1
        if not self._needed_by and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def lag_ns(self, stamp: Stamp) -> int:
        """How long the bytes of a read may have lain unread."""
        if self._timer is None:
            return stamp.lag_ns
        now_ns = time.monotonic_ns()
        self._look(now_ns)
        self._seen_ns = now_ns
        if not self._missed_from <= stamp.at_ns <= self._missed_to:
            return stamp.lag_ns
        return max(stamp.lag_ns, stamp.at_ns + stamp.lag_ns - self._missed_from)

    def _beat(self) -> None:
        now_ns = time.monotonic_ns()
        self._look(now_ns)
        self._beat_ns = self._seen_ns = now_ns
        self._timer = asyncio.get_running_loop().call_later(BEAT_NS / 1e9, self._beat)

    def _look(self, now_ns: int) -> None:
        if now_ns - self._beat_ns <= BEAT_NS + MISSED_NS:
            return
        if self._missed_to <= self._beat_ns:  # else it is known already: another read met it first
            self._missed_from = self._seen_ns
        self._missed_to = now_ns

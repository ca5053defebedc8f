"""Whether this process kept looking: a beat of the event loop, and when it did not come."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from .timing import Stamp

BEAT_NS = 50_000_000
"""Often enough for what a person would lay at a gateway's door; a beat wakes a process that may be idle."""
MISSED_NS = 5_000_000 + round(1.25e9 * time.get_clock_info("monotonic").resolution)
"""A beat later than this (and a tick, where the clock is coarse) was missed: the loop was busy, or the process was
stopped or had to wait for a core."""
_REMEMBERED = 8


class Pulse:
    """Beats while needed. What came while a beat was missed may have lain there since the beat before.

    The kernel's stamp is that of the last bytes of a read (design/measuring.md): where the last ones came just before
    the loop went on, it says nothing of how long the first ones had lain by then.
    """

    def __init__(self, clock_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock_ns = clock_ns
        self._beat_ns = clock_ns()
        self._missed: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED)
        self._timer: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._needed_by = 0

    def __enter__(self) -> Pulse:
        """Beat on the running loop, as long as anybody who came in on it has not left."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._timer, self._needed_by = loop, None, 0  # the one before may have ended in the middle
        self._needed_by += 1
        if self._timer is None:
            self._beat_ns = self._clock_ns()
            self._timer = loop.call_later(BEAT_NS / 1e9, self._beat)
        return self

    def __exit__(self, *_: object) -> None:
        self._needed_by -= 1
        if not self._needed_by and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def unseen_ns(self, stamp: Stamp) -> int:
        """For how long before the read of these bytes nobody may have looked; 0 where somebody did."""
        read_ns, missed = stamp.at_ns + stamp.lag_ns, self._missed
        if self._is_missed(read_ns):
            missed = deque((*missed, (self._beat_ns, read_ns)))
        if not missed or missed[-1][1] < stamp.at_ns:
            return 0
        return max((read_ns - since for since, until in missed if since <= stamp.at_ns <= until), default=0)

    def _is_missed(self, now_ns: int) -> bool:
        return self._timer is not None and now_ns - self._beat_ns > BEAT_NS + MISSED_NS

    def _beat(self) -> None:
        now_ns = self._clock_ns()
        if self._is_missed(now_ns):
            self._missed.append((self._beat_ns, now_ns))
        self._beat_ns = now_ns
        self._timer = asyncio.get_running_loop().call_later(BEAT_NS / 1e9, self._beat)

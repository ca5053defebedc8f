"""Runs one job for a pane: progress is gathered as it comes and handed over at a rate a screen can paint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from time import monotonic_ns
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from gatewaytui.domain.problem import Problem
from gatewaytui.tui.once import once

if TYPE_CHECKING:
    from gatewaytui.domain.progress import Job, Progress
    from gatewaytui.engine.contract import EngineContract

PAINTS_A_SECOND = 20
_LONGEST_END_S = 1.0

Hear = Callable[["tuple[Progress, ...]"], None]
Ended = Callable[[Problem | None], None]


class Feed:
    """At most one job at a time. ``hear`` gets each batch, ``ended`` the Problem that ended the job, or None.

    Neither is called any more once :meth:`stop` was.
    """

    def __init__(self, owner: Widget, engine: Callable[[], EngineContract], hear: Hear, ended: Ended) -> None:
        self._owner = owner
        self._engine = engine
        self._hear = hear
        self._ended = ended
        self._waiting: list[Progress] = []
        self._worker: Worker[None] | None = None
        self._timer: Timer | None = None
        self._started_ns = 0
        self._halt = asyncio.Event()

    @property
    def running(self) -> bool:
        """True while a job runs."""
        return self._worker is not None

    @property
    def elapsed_ns(self) -> int:
        """Since the job began, by the screen's clock: for what still lasts, never for a measure."""
        return monotonic_ns() - self._started_ns

    def start(self, job: Job) -> None:
        """Run this job; one that still runs is stopped first."""
        self.stop()
        self._halt = asyncio.Event()
        self._started_ns = monotonic_ns()
        self._timer = self._owner.set_interval(1 / PAINTS_A_SECOND, self._hand_over)
        self._worker = self._owner.run_worker(self._run(job), group=f"feed-{id(self)}", exclusive=True)

    def halt(self) -> bool:
        """Bring the job to its end: its sockets close, and its run still comes. Stopped where that takes too long.

        True if something ran. Asked for again, it stops the job.
        """
        if self._worker is None or self._halt.is_set():
            return self.stop()
        self._halt.set()
        worker = self._worker
        once(self._owner, _LONGEST_END_S, lambda: self.stop() if self._worker is worker else None)
        return True

    def stop(self) -> bool:
        """Stop the job at once: its sockets close. What arrived is handed over. True if something ran."""
        worker, self._worker = self._worker, None
        if worker is None:
            return False
        worker.cancel()
        self._finish()
        return True

    async def _run(self, job: Job) -> None:
        problem: Problem | None = None
        try:
            async with aclosing(self._engine().run(job, self._halt)) as events:
                async for progress in events:
                    self._waiting.append(progress)
        except Problem as caught:
            problem = caught
        self._worker = None
        self._finish()
        self._ended(problem)

    def _finish(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._waiting:
            self._hand_over()

    def _hand_over(self) -> None:
        batch, self._waiting = tuple(self._waiting), []
        self._hear(batch)

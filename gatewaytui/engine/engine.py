"""The engine: one class with an async interface; it runs where it is made, `remote.py` puts it into a process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime

from gatewaytui.domain.progress import Job, Progress, RunFinished
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence import gate
from gatewaytui.evidence.formats import FORMATS
from gatewaytui.evidence.record import Evidence
from gatewaytui.transport.pulse import Pulse

from .contract import when
from .desk import AttentiveKeys, Confidences, Desk
from .jobs import JOBS
from .session import KeySourceContract


def _utc_now() -> datetime:
    return datetime.now(UTC)


class _Told:
    """What a job tells, for the one who listens: all that has come since the last time, in order."""

    def __init__(self) -> None:
        self._batch: list[Progress] = []
        self._some = asyncio.Event()
        self._ended = False

    def tell(self, progress: Progress) -> None:
        if not self._batch:
            self._some.set()
        self._batch.append(progress)

    def end(self) -> None:
        """Nothing more is told."""
        self._ended = True
        self._some.set()

    async def so_far(self) -> list[Progress]:
        """What came, once something has; nothing after the end."""
        await self._some.wait()
        if not self._ended:
            self._some.clear()
        batch, self._batch = self._batch, []
        return batch


class Engine:
    """Runs jobs (`EngineContract`), all on one loop at a time, whose beat they share.

    Keys, prompts and answers it saw stay in it, for the leak gate alone.
    """

    def __init__(self, keys: KeySourceContract, now: Callable[[], datetime] = _utc_now) -> None:
        self._now = now
        self._secrets = Confidences()
        self._keys = AttentiveKeys(keys, self._secrets)
        self._pulse = Pulse()

    async def run(self, job: Job, halt: asyncio.Event | None = None) -> AsyncGenerator[Progress, None]:
        """Do the job and tell how it goes; closing the iterator cancels it, ``halt`` brings it to its end."""
        told = _Told()
        desk = Desk(self._keys, self._secrets, told.tell, self._now, self._pulse)
        task = asyncio.ensure_future(JOBS[type(job)](job, desk))
        halting = asyncio.ensure_future(when(halt, desk.halting.ask))
        task.add_done_callback(lambda _: told.end())
        try:
            while batch := await told.so_far():
                for progress in batch:
                    yield progress
            yield RunFinished(await task)
        finally:
            halting.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})

    async def export(self, evidence: Evidence, format: str) -> bytes:
        """The exact bytes of an evidence file after the leak gate; raises GateRefused on a hit."""
        return self.exported(evidence, format)

    def exported(self, evidence: Evidence, format: str) -> bytes:
        """The same for a caller without an event loop."""
        return gate.guard(FORMATS[format](evidence), self._secrets.known())

    async def remember_key(self, profile: str, group: str, secret: Secret) -> None:
        """Keep a key for this session only."""
        self._keys.remember(profile, group, secret)

    async def close(self) -> None:
        """Nothing to let go of: every job closes its own connections."""

"""Running a job from the command line: progress heard, history kept, evidence rendered behind the gate."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from types import FrameType

from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import Job, Progress, RunFinished
from gatewaytui.domain.run import Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.evidence.record import build
from gatewaytui.storage.history import History
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations

from . import output
from .targets import NO_CONSENT, Consent

Hear = Callable[[Progress], None]


def _hear_nothing(progress: Progress) -> None:
    del progress


@contextmanager
def _at_first_interrupt(act: Callable[[], None] | None) -> Iterator[None]:
    """Have the first SIGINT act in the running loop; the second raises as ever. None, or SIGINT ignored: neither."""
    before = signal.getsignal(signal.SIGINT)
    if act is None or before is signal.SIG_IGN:
        yield
        return
    loop = asyncio.get_running_loop()

    def first(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        loop.call_soon_threadsafe(act)

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Worker:
    """An engine of this process, with the profile keys of this machine."""

    def __init__(
        self,
        session_keys: tuple[tuple[str, str, Secret], ...] = (),
        targets: tuple[Target, ...] = (),
        consent: Consent = NO_CONSENT,
    ) -> None:
        self._locations = Locations.find(os.environ)
        keys = KeyStore(self._locations, allow_commands=consent.commands)
        if consent.http:
            for target in targets:
                keys.allow_in_clear(target.profile)
        for profile, group, secret in session_keys:
            keys.remember(profile, group, secret)
        self._engine = Engine(keys)

    def do(self, job: Job, hear: Hear = _hear_nothing, keep: bool = True, halts: bool = False) -> Run:
        """Run the job to its end; ``keep`` puts it into the history.

        ``halts`` lets the first Ctrl+C bring a chat to its end, with what had arrived; else it raises as ever.
        """
        run = asyncio.run(self._do(job, hear, halts))
        if keep:
            self.keep(run)
        return run

    def do_each(self, plans: tuple[tuple[Job, ...], ...], done: Callable[[int, Run], None]) -> tuple[Run, ...]:
        """Run plans side by side, each until its first run that is not clean; ``done`` hears of each as it ends.

        Nothing of it is kept in the history.
        """

        async def one(index: int, jobs: tuple[Job, ...]) -> Run:
            for job in jobs:
                run = await self._do(job, _hear_nothing)
                if run.failed or run.warned:
                    break
            done(index, run)
            return run

        async def all_of_them() -> tuple[Run, ...]:
            return tuple(await asyncio.gather(*(one(index, jobs) for index, jobs in enumerate(plans))))

        return asyncio.run(all_of_them())

    async def _do(self, job: Job, hear: Hear, halts: bool = False) -> Run:
        halt = asyncio.Event()
        with _at_first_interrupt(halt.set if halts else None):
            return await self._heard(job, hear, halt)

    async def _heard(self, job: Job, hear: Hear, halt: asyncio.Event) -> Run:
        async with aclosing(self._engine.run(job, halt)) as events:
            async for event in events:
                if isinstance(event, RunFinished):
                    return event.run
                hear(event)
        raise AssertionError("an engine always ends with RunFinished")

    def evidence(self, run: Run, format: str, mask_host: bool = False, with_request_id: bool = False) -> bytes:
        """The evidence document. Raises GateRefused where the gate found something."""
        document = build(run, mask_host=mask_host, with_request_id=with_request_id)
        return self._engine.exported(document, format)

    def document(self, run: Run) -> Evidence:
        """The evidence, to be kept by another store than the history. Raises GateRefused where it would leak."""
        document = build(run)
        self._engine.exported(document, "json")
        return document

    def keep(self, run: Run) -> None:
        """Put the run into the history; one that cannot be written never fails the run, it is said."""
        try:
            History(self._locations).append(self.document(run))
        except Problem as trouble:
            output.say(f"! Not kept in the history: {trouble.sentence}")
        except GateRefused:
            output.say("! Not kept in the history: the leak gate refused it.")

"""What a face may ask of an engine, wherever it runs: in this process (headless) or in a child process (console)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING
from typing import Protocol as Contract

from gatewaytui.domain.progress import Job, Progress
from gatewaytui.domain.secret import Secret

if TYPE_CHECKING:
    from gatewaytui.evidence.document import Evidence


async def when(asked: asyncio.Event | None, act: Callable[[], None]) -> None:
    """Act once it is asked for; never where nobody can ask."""
    if asked is not None:
        await asked.wait()
        act()


class EngineContract(Contract):
    """One class with an async interface; everything that passes it is frozen and picklable."""

    def run(self, job: Job, halt: asyncio.Event | None = None) -> AsyncGenerator[Progress, None]:
        """Do the job and tell how it goes; the last event is ``RunFinished``.

        Once ``halt`` is set, a chat ends as cancelled and its run tells what came until then; other jobs go on.
        Closing the iterator (or cancelling the task that reads it) cancels the job and closes its sockets.
        Raises :class:`~gatewaytui.domain.problem.Problem` where something on this machine stands in the way.
        """
        ...

    async def export(self, evidence: Evidence, format: str) -> bytes:
        """The exact bytes of an evidence file, ``markdown`` or ``json``, after the leak gate.

        Raises :class:`~gatewaytui.evidence.gate.GateRefused` where a secret would leave.
        """
        ...

    async def remember_key(self, profile: str, group: str, secret: Secret) -> None:
        """Keep a key for this session only (key source ``prompt``, and the embedded gateways)."""
        ...

    async def close(self) -> None:
        """Cancel everything and let go of sockets and processes."""
        ...

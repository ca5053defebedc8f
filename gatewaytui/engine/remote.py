"""The engine in a child process, behind the same interface: the screen's work never disturbs its stamps.

design/measuring.md: only a process of its own keeps the stamps true beside a rendering console.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import Job, Progress
from gatewaytui.domain.secret import Secret

from .contract import when
from .wire import Call, Ended, Export, Halt, Refused, Remember, Reply, Run, Stop, Told, Troubled, pack, receive

if TYPE_CHECKING:
    from gatewaytui.evidence.document import Evidence

Inbox = asyncio.Queue[Reply]


def _gone() -> Problem:
    return Problem(
        FailureClass.UNCLASSIFIED,
        "The engine's process ended unexpectedly.",
        "Run it again: a new one starts by itself.",
    )


class RemoteEngine:
    """`EngineContract` over a child process that starts with the first call and is replaced if it dies."""

    def __init__(self, session_keys: Mapping[tuple[str, str], Secret] | None = None) -> None:
        """``session_keys`` are (profile name, group) -> key, kept for the session without a keyring."""
        self._numbers = itertools.count(1)
        self._inboxes: dict[int, Inbox] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._remembered = dict(session_keys or {})

    async def run(self, job: Job, halt: asyncio.Event | None = None) -> AsyncGenerator[Progress, None]:
        """Do the job there; closing the iterator stops it there, ``halt`` brings it to its end there."""
        number = next(self._numbers)
        inbox = await self._call(Run(number, job))
        halting = asyncio.ensure_future(when(halt, lambda: self._send(Halt(number))))
        try:
            while isinstance(reply := await inbox.get(), Told):
                yield reply.progress
            _raise_trouble(reply)
        finally:
            halting.cancel()
            self._inboxes.pop(number, None)
            self._send(Stop(number))

    async def export(self, evidence: Evidence, format: str) -> bytes:
        """The exact bytes of an evidence file after the leak gate there."""
        return (await self._ask(Export(next(self._numbers), evidence, format))).content

    async def remember_key(self, profile: str, group: str, secret: Secret) -> None:
        """Keep a key for this session, there."""
        self._remembered[profile, group] = secret
        await self._ask(Remember(next(self._numbers), profile, group, secret))

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs, else None."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Start the process now, so that the first job need not wait for it."""
        async with self._starting:
            if self._reading is not None and not self._reading.done():
                return
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "gatewaytui.engine.child",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=2**26,
                env=os.environ.copy(),
            )
            self._reading = asyncio.ensure_future(self._read(self._process))
            for (profile, group), secret in self._remembered.items():
                self._send(Remember(next(self._numbers), profile, group, secret))

    async def close(self) -> None:
        """End the process: closing its input is enough, it is told to go if it lingers."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(2):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reading is not None:
            await self._reading

    async def _ask(self, call: Export | Remember) -> Ended:
        inbox = await self._call(call)
        try:
            reply = await inbox.get()
            _raise_trouble(reply)
            return reply if isinstance(reply, Ended) else Ended(call.number)
        finally:
            self._inboxes.pop(call.number, None)

    async def _call(self, call: Run | Export | Remember) -> Inbox:
        await self.start()
        inbox: Inbox = asyncio.Queue()
        self._inboxes[call.number] = inbox
        self._send(call)
        return inbox

    def _send(self, call: Call) -> None:
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(pack(call))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        while (batch := await receive(process.stdout)) is not None:
            for reply in batch:  # type: ignore[attr-defined]
                inbox = self._inboxes.get(reply.number)
                if inbox is not None:
                    inbox.put_nowait(reply)
        await process.wait()
        gone = _gone()
        for number, inbox in self._inboxes.items():
            inbox.put_nowait(Troubled(number, gone.failure_class, gone.sentence, gone.next_step))


def _raise_trouble(reply: Reply) -> None:
    if isinstance(reply, Troubled):
        raise Problem(reply.failure_class, reply.sentence, reply.next_step)
    if isinstance(reply, Refused):
        from gatewaytui.evidence.gate import GateRefused  # late: the console starts without its patterns

        raise GateRefused(reply.leaks)

"""Both address families of a name tried side by side, to tell how each fares and which one a request will take."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import msgspec

from gatewaytui.domain.exchange import AddressFamily, FaultKind

from .connecting import HEAD_START_S, Address, connect_in_turn, drop, first_connected, telling
from .sockets import SocketWire
from .timing import DeadlineExpired, Limit

GRACE_S = 0.3
"""How long the slower family is waited for once one has connected; longer than the head start that decides."""

_SHARE_OF_THE_REST = 4  # a short deadline must not be used up by waiting for what is not needed


class Landed(msgspec.Struct, frozen=True):
    """A family that took a connection, after ``elapsed_ms``."""

    family: AddressFamily
    elapsed_ms: float
    wire: SocketWire


class Missed(msgspec.Struct, frozen=True):
    """A family that took none, and why: what its last address failed with after ``elapsed_ms``."""

    family: AddressFamily
    elapsed_ms: float
    failure: BaseException


Attempt = Landed | Missed


async def side_by_side(families: Mapping[AddressFamily, tuple[Address, ...]], limit: Limit) -> tuple[Attempt, ...]:
    """An attempt for each family, in the resolver's order; the caller closes the connections.

    Where one connects, the other is given a short grace and then counts as timed out.
    """
    started = time.monotonic()
    ends: dict[asyncio.Task[SocketWire], float] = {}
    tasks = {asyncio.create_task(connect_in_turn(lane, limit)): family for family, lane in families.items()}
    for task in tasks:
        task.add_done_callback(lambda task: ends.setdefault(task, time.monotonic()))
    attempts: list[Attempt] = []
    try:
        if await first_connected(tasks) is not None:
            grace = min(GRACE_S, (limit.at - time.monotonic()) / _SHARE_OF_THE_REST)
            await asyncio.wait(tasks, timeout=max(grace, 0))
        now = time.monotonic()
        for task, family in tasks.items():
            attempts.append(_attempt(task, family, (ends.get(task, now) - started) * 1e3))
    finally:
        landed = {attempt.wire for attempt in attempts if isinstance(attempt, Landed)}
        await drop(task for task in tasks if not (_connected(task) and task.result() in landed))
    return tuple(attempts)


def chosen(attempts: tuple[Attempt, ...]) -> Landed:
    """The one a request would use: the resolver's first choice unless another is ahead of it by its head start.

    Raises what `connect` would raise where no family connected.
    """
    landed = [attempt for attempt in attempts if isinstance(attempt, Landed)]
    if not landed:
        raise telling([attempt.failure for attempt in attempts if isinstance(attempt, Missed)])
    preferred, quickest = landed[0], min(landed, key=lambda attempt: attempt.elapsed_ms)
    return preferred if preferred.elapsed_ms <= quickest.elapsed_ms + HEAD_START_S * 1e3 else quickest


def _attempt(task: asyncio.Task[SocketWire], family: AddressFamily, elapsed_ms: float) -> Attempt:
    if _connected(task):
        return Landed(family, elapsed_ms, task.result())
    failure = task.exception() if task.done() else None
    return Missed(family, elapsed_ms, failure or DeadlineExpired(FaultKind.CONNECT_TIMEOUT))


def _connected(task: asyncio.Task[SocketWire]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None

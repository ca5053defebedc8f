"""Blocking work beside an event loop (disk, keyring), in a daemon thread: what hangs never holds up the exit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

PATIENCE_S = 60.0
"""An unlock window of the keyring waits for a person, though not for ever."""

Result = TypeVar("Result")


async def off_loop(
    work: Callable[[], Result], patience_s: float = PATIENCE_S, who: str = "The keyring or the disk"
) -> Result:
    """What ``work`` returns. Raises what it raises, or Problem (keystore) where ``who`` does not answer in time."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def settle(setter: Callable[[], None]) -> None:
        if not done.done():
            setter()

    def tell(setter: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile, and nobody asks any more
            loop.call_soon_threadsafe(settle, setter)

    def body() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001  (carried to the one who waits, whatever it is)
            caught = error
            tell(lambda: done.set_exception(caught))
        else:
            tell(lambda: done.set_result(value))

    threading.Thread(target=body, daemon=True, name="off-loop").start()
    try:
        async with asyncio.timeout(patience_s):
            return await done
    except TimeoutError:
        raise Problem(
            FailureClass.KEYSTORE,
            f"{who} did not answer within {patience_s:.0f} s.",
            "Look for an unlock window of the keyring, or read the key from a variable with env:NAME.",
        ) from None

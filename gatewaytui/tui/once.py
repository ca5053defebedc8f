"""A one-shot timer that is never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def once(owner: MessagePump, seconds: float, callback: Callable[[], object]) -> None:
    """Call back among the owner's messages after so long, unless the owner is gone by then.

    Textual's ``set_timer`` (8.2) skips a tick that it is late for, and where the process was held up for longer than
    the delay while it computed its first, that is the only one: it never calls.
    """
    asyncio.get_running_loop().call_later(seconds, owner.call_later, callback)

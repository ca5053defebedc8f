"""What a gateway says of the account behind a key: money left or gone, an end date, a quota window."""

from __future__ import annotations

import msgspec


class AccountFacts(msgspec.Struct, frozen=True):
    """The answer of a free account probe. None where the gateway did not say.

    ``exhausted`` tells that nothing is left to spend, ``unlimited`` that the key has no limit of its own,
    ``expired`` that its time is over, ``blocked`` that it was switched off. ``window`` is True where the limit
    renews itself (a quota a day or a month) instead of being money that somebody tops up. ``remaining`` in ``unit``
    ("USD" or "quota") is for the screen only, never evidence.
    """

    exhausted: bool | None = None
    unlimited: bool | None = None
    expired: bool | None = None
    blocked: bool | None = None
    window: bool = False
    remaining: float | None = None
    unit: str = ""

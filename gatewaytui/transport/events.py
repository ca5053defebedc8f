"""What a request tells while it is on its way: small frozen events. Times are ns since the request's start."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from gatewaytui.domain.exchange import Phase, StampSource
from gatewaytui.domain.secret import repr_without


class PhaseDone(msgspec.Struct, frozen=True):
    """A phase has ended well. ``WAIT`` ends with the first byte of the answer."""

    phase: Phase
    at_ns: int


class Opened(msgspec.Struct, frozen=True):
    """Status and headers are there; the body follows."""

    status: int
    headers: tuple[tuple[str, str], ...]
    at_ns: int

    def __repr__(self) -> str:
        return repr_without(self, "headers")


class Chunk(msgspec.Struct, frozen=True, gc=False):
    """What one read of the socket brought of the body, decoded, with the read's stamp; it lay unread for a lag.

    ``unseen_ns`` is for how long before the read nobody may have looked: of several pieces the first may be as old.
    Several of one stamp where TLS hands over a read in parts, or where it inflates to much.
    """

    data: bytes
    at_ns: int
    source: StampSource
    lag_ns: int = 0
    unseen_ns: int = 0

    def __repr__(self) -> str:
        return f"Chunk({len(self.data)} bytes, at_ns={self.at_ns})"


TransportEvent = PhaseDone | Opened | Chunk
Hear = Callable[[TransportEvent], None]


def hear_nothing(event: TransportEvent) -> None:
    """Nobody listens: the exchange is all that is wanted."""
    del event

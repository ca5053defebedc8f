"""What a request tells while it is on its way: small frozen events. Times are ns since the request's start."""

from __future__ import annotations

import msgspec

from gatewaytui.domain.exchange import Exchange, Phase, StampSource
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
    """A piece of the body, decoded, with the stamp of the socket read that brought it; it lay unread for a lag."""

    data: bytes
    at_ns: int
    source: StampSource
    lag_ns: int = 0

    def __repr__(self) -> str:
        return f"Chunk({len(self.data)} bytes, at_ns={self.at_ns})"


class Done(msgspec.Struct, frozen=True):
    """The last event of every request, also of one that failed."""

    exchange: Exchange


TransportEvent = PhaseDone | Opened | Chunk | Done

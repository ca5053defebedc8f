"""When things happened on the wire, and by when they had to: one Journal a request (design/measuring.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from gatewaytui.domain.exchange import AddressFamily, FaultKind, Phase, StampSource, Timings
from gatewaytui.domain.profile import Timeouts

Result = TypeVar("Result")
PhaseListener = Callable[[Phase, int], None]

_SECOND = 1_000_000_000
_STEP_NS = 1_000_000
_PAIR_NS, _PAIR_ATTEMPTS = 50_000, 3
_CONNECTING = frozenset((Phase.CONFIG, Phase.PROXY, Phase.DNS, Phase.TCP, Phase.TLS))


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """When bytes arrived (CLOCK_MONOTONIC, ns), how long they lay unread, and who says so."""

    at_ns: int
    lag_ns: int = 0
    source: StampSource = StampSource.READ


class DeadlineExpired(Exception):
    """A deadline passed. ``kind`` says which one."""

    def __init__(self, kind: FaultKind) -> None:
        self.kind = kind
        super().__init__()


class Limit(msgspec.Struct, frozen=True, gc=False):
    """By when a wait must be over (seconds of CLOCK_MONOTONIC, the loop's clock) and what it is called if not."""

    at: float
    kind: FaultKind


async def within(limit: Limit, waiting: Awaitable[Result]) -> Result:
    """The result of ``waiting``, or :class:`DeadlineExpired` once the limit has passed."""
    try:
        async with asyncio.timeout_at(limit.at) as timer:
            return await waiting
    except TimeoutError:
        if timer.expired():
            raise DeadlineExpired(limit.kind) from None
        raise  # ETIMEDOUT of the kernel is a TimeoutError too


class KernelClock:
    """Turns the kernel's receive stamps (CLOCK_REALTIME) into CLOCK_MONOTONIC by reading both clocks as a pair.

    A pair is read with every stamp, so that a clock being slewed does no harm. Where the stamp is missing or the
    wall clock stepped, or where the two clocks could not be read closely enough together, the read's own time stands
    (design/rules.md, clocks).
    """

    def __init__(self, wall_ns: Callable[[], int] = time.time_ns) -> None:
        self._wall_ns = wall_ns
        self._paired_ns, self._offset, _ = self._pair()
        self._latest_ns = self._paired_ns

    def stamp(self, real_ns: int | None) -> Stamp:
        """The stamp of bytes just read, for which the kernel noted ``real_ns`` (ns since the epoch) or nothing."""
        now_ns, offset, close = self._pair()
        stepped = abs(offset - self._offset) > _STEP_NS + (now_ns - self._paired_ns) // 1000
        self._paired_ns, self._offset = now_ns, offset
        latest_ns = self._latest_ns
        if real_ns is None or stepped or not close or real_ns - offset < latest_ns - _STEP_NS:
            self._latest_ns = now_ns
            return Stamp(now_ns)
        at_ns = max(min(real_ns - offset, now_ns), latest_ns)
        self._latest_ns = at_ns
        return Stamp(at_ns, now_ns - at_ns, StampSource.KERNEL)

    def _pair(self, attempts: int = _PAIR_ATTEMPTS) -> tuple[int, int, bool]:
        """Now, by how much the wall clock is ahead, and whether nothing came in between the two readings."""
        before, real, after = time.monotonic_ns(), self._wall_ns(), time.monotonic_ns()
        close = after - before < _PAIR_NS
        if not close and attempts > 1:
            return self._pair(attempts - 1)
        return after, real - (before + after) // 2, close


def _nothing() -> None:
    """Nobody wants to know."""


class Journal:
    """What one request did on the wire: its phase, its stamps, its deadlines.

    ``on_phase`` hears of each phase as it ends, with the time in ns since the start; ``on_wait`` is called before
    each read of the socket. ``received`` counts the bytes of the answer so far, ``body_began`` tells that some are of
    its body, ``ended`` that the peer closed the connection; ``family`` is what a connection opened for this request
    was made over.
    """

    def __init__(
        self, timeouts: Timeouts, start_ns: int, on_phase: PhaseListener, on_wait: Callable[[], None] = _nothing
    ) -> None:
        self.start_ns = start_ns
        self.phase = Phase.CONFIG
        self.received = 0
        self.body_began = False
        self.ended = False
        self.family: AddressFamily | None = None
        self.latest = Stamp(start_ns)
        self._timeouts = timeouts
        self._on_phase = on_phase
        self._on_wait = on_wait
        self._began_ns = start_ns
        self._spent: dict[Phase, int] = {}
        self._proxied = self._tunnel_pending = False
        self._first_byte_ns: int | None = None
        self._headers_ns: int | None = None
        self._connect_by = start_ns / _SECOND + timeouts.connect
        self._total_by = start_ns / _SECOND + timeouts.total
        self._first_byte_by = self._total_by

    def meet_proxy(self, tunnel: bool) -> None:
        """The connection about to be opened leads to a proxy, which may have to open a tunnel in turn."""
        self._proxied, self._tunnel_pending = True, tunnel

    @property
    def connecting(self) -> bool:
        """Whether a connection is being opened: nothing of the request has left."""
        return self.phase in _CONNECTING

    @property
    def at_proxy(self) -> bool:
        """Whether all that happens now happens on the way to a proxy, or in front of its closed tunnel."""
        return self._proxied and self.connecting and self.phase is not Phase.CONFIG

    @property
    def warm(self) -> bool:
        """Whether the request travelled on a connection that was already there."""
        return not self.connecting and Phase.TCP not in self._spent

    def begin(self, phase: Phase) -> None:
        """A phase begins; after PROXY this means that the tunnel is open."""
        if self.phase is Phase.PROXY:
            self.finish()
            self._proxied = self._tunnel_pending = False
        self.phase = phase
        self._began_ns = time.monotonic_ns()

    def finish(self) -> None:
        """The running phase has ended well."""
        now_ns = time.monotonic_ns()
        self._spent[self.phase] = self._spent.get(self.phase, 0) + now_ns - self._began_ns
        self._on_phase(self.phase, now_ns - self.start_ns)

    def writing(self) -> None:
        """Bytes are about to be sent: to the proxy while its tunnel is not open, else the request itself."""
        phase = Phase.PROXY if self._tunnel_pending else Phase.SEND
        if self.phase is not phase:
            self.begin(phase)
            self.received, self.ended = 0, False
            self._first_byte_by = self._began_ns / _SECOND + self._timeouts.first_byte

    def waiting(self) -> None:
        """An answer is about to be read: what was to be sent has been, and what came before has been taken."""
        self._on_wait()
        if self.phase is Phase.SEND:
            self.finish()
            self.begin(Phase.WAIT)
            self._first_byte_by = self._began_ns / _SECOND + self._timeouts.first_byte

    def arrived(self, size: int, stamp: Stamp) -> None:
        """Bytes came, or the end of the connection (0). Raises DeadlineExpired for bytes that never stop coming."""
        self.ended = size == 0
        if self.ended:
            return
        self.latest = stamp
        if self.phase is Phase.WAIT and not self.received:
            self._first_byte_ns = stamp.at_ns - self.start_ns
            self._on_phase(Phase.WAIT, self._first_byte_ns)
        self.received += size
        if (stamp.at_ns + stamp.lag_ns) / _SECOND > self._total_by:
            raise DeadlineExpired(FaultKind.TOTAL_TIMEOUT)

    def opened(self) -> int:
        """Status and headers are complete: the time since the start, in ns. The body follows."""
        self._headers_ns = self.latest.at_ns - self.start_ns
        self.begin(Phase.BODY)
        return self._headers_ns

    def limit(self) -> Limit:
        """By when the next wait must be over. The total bounds it and takes the name of what is still missing.

        Once the body began nothing else can be missing: the connection stands and bytes came.
        """
        stall_by = time.monotonic() + self._timeouts.stall
        if not self.body_began:
            if self.connecting:
                return Limit(min(self._connect_by, self._total_by), FaultKind.CONNECT_TIMEOUT)
            if not self.received:
                return Limit(min(self._first_byte_by, self._total_by), FaultKind.FIRST_BYTE_TIMEOUT)
            if self.phase is Phase.BODY:
                # Headers sent early leave the body no less time than headers sent late.
                stall_by = max(stall_by, self._first_byte_by)
        if stall_by < self._total_by:
            return Limit(stall_by, FaultKind.STALL_TIMEOUT)
        return Limit(self._total_by, FaultKind.TOTAL_TIMEOUT)

    def timings(self) -> Timings:
        """Everything measured, now being the end."""
        return Timings(
            dns_ns=self._spent.get(Phase.DNS),
            tcp_ns=self._spent.get(Phase.TCP),
            tls_ns=self._spent.get(Phase.TLS),
            send_ns=self._spent.get(Phase.SEND),
            first_byte_ns=self._first_byte_ns,
            headers_ns=self._headers_ns,
            done_ns=time.monotonic_ns() - self.start_ns,
            warm=self.warm,
            family=self.family,
        )

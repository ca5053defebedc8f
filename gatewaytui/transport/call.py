"""One call: a request carried over a line, told as it happens, kept as an Exchange."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import cast

import httpcore

from gatewaytui.domain.exchange import Exchange, FaultKind, Phase, Read, TransportFault, WireRequest, WireResponse
from gatewaytui.domain.profile import Timeouts

from . import limits
from .decoding import Decoder, Identity, decoder_for
from .events import Chunk, Hear, Opened, PhaseDone, TransportEvent, hear_nothing
from .faults import BodyTooLarge, Halted, fault_of
from .headers import ReadyRequest
from .line import Line
from .pulse import Pulse
from .timing import Journal, Stamp

_RACE = frozenset((FaultKind.CLOSED, FaultKind.RESET))


class Call:
    """What comes of one request on one line. ``whole`` is True once the answer has been read to its end.

    ``hear`` is told of it as it happens; ``pulse`` tells for how long nobody looked.
    """

    def __init__(
        self, request: WireRequest, timeouts: Timeouts, start_ns: int, pulse: Pulse, hear: Hear = hear_nothing
    ) -> None:
        self.whole = False
        self._request = request
        self._hear = hear
        self._pulse = pulse
        self._journal = Journal(timeouts, start_ns, self._phase_done, self._read_through)
        self._opening: Opened | None = None
        self._decoder: Decoder = Identity()
        self._pieces: list[bytes] = []
        self._body = bytearray()
        self._reads: list[Read] = []
        self._kept_stamp: Stamp | None = None
        self._room = 0
        self._truncated = False
        self._fault: TransportFault | None = None
        self._task: asyncio.Task[object] | None = None
        self._halted = False
        self._mishap: Exception | None = None

    async def over(self, line: Line, request: ReadyRequest) -> None:
        """Carry the request over the line. Raises a cancellation from outside, and what ``hear`` raises.

        However this ends, a line that has not brought a whole answer is closed on the way out.
        """
        line.lend(self._journal)
        self._task = asyncio.current_task()
        try:
            response = await line.open(request)
            self._open(response)
            self._decoder = decoder_for(_encodings(response))
            async for data in cast("AsyncIterable[bytes]", response.stream):
                for piece in self._decoder.feed(data):
                    self._pieces.append(piece)
                    self._room -= len(piece)
                    if self._room < 0:
                        self._pieces[-1] = piece[: self._room]
                        break
                    if len(piece) >= limits.INFLATED_PIECE:
                        self._read_through()
                        await asyncio.sleep(0)  # a bomb: let others have their turn
                if self._room < 0 or self._journal.received > limits.ON_THE_WIRE:
                    self._cut()
                    break
            else:
                self._decoder.close()
                self._read_through()
                await response.aclose()
                self.whole = True
            self._read_through()
        except asyncio.CancelledError:
            if not self._halted:
                raise
            self._task.uncancel()  # type: ignore[union-attr]  # the cancellation was :meth:`halt`'s and ends here
            self._read_through()
            self.fail(Halted())
        except Exception as error:
            if error is self._mishap:
                raise
            self._read_through()
            self.fail(error)
        finally:
            if not self.whole:
                line.abort()

    def halt(self) -> None:
        """End the call now; what came is kept."""
        self._halted = True
        if self._task is not None:
            self._task.cancel()

    def fail(self, error: Exception) -> None:
        """The call ended with this exception, which is told as a fault and forgotten."""
        self._fault = fault_of(error, self._journal)

    @property
    def lost_race(self) -> bool:
        """The server closed an idle connection just as it was used again, and answered nothing."""
        lost = self._fault is not None and self._fault.kind in _RACE
        return lost and self._journal.warm and not self._journal.received

    def exchange(self) -> Exchange:
        """What was asked, what came, how it ended; to be asked for once, at the end."""
        opened = self._opening
        response = None
        if opened is not None:
            response = WireResponse(opened.status, opened.headers, bytes(self._body), self._truncated)
        return Exchange(self._request, response, self._fault, self._journal.timings(), tuple(self._reads))

    def _open(self, response: httpcore.Response) -> None:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        self._opening = Opened(response.status, headers, self._journal.opened())
        self._room = limits.body_cap(response.status)
        self._tell(self._opening)

    def _cut(self) -> None:
        """No more is read. Raises BodyTooLarge where it is a success that exceeds its cap."""
        self._truncated = True
        if self._opening is not None and 200 <= self._opening.status < 300:
            raise BodyTooLarge  # of an error, what has been read is enough

    def _read_through(self) -> None:
        """All that one read of the socket brought has been taken: it is kept, and told as one."""
        pieces = self._pieces
        if not pieces:
            return
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._body += data
        journal, reads = self._journal, self._reads
        journal.body_began = True
        stamp, lag_ns = journal.latest, journal.latest.lag_ns
        at_ns, unseen_ns = stamp.at_ns - journal.start_ns, self._pulse.unseen_ns(stamp)
        if stamp is not self._kept_stamp and len(reads) < limits.READS_KEPT:
            self._kept_stamp = stamp
            reads.append(Read(at_ns, len(data), stamp.source, lag_ns, unseen_ns))
        else:
            kept = reads[-1]
            size, longest = kept.size + len(data), max(kept.unseen_ns, unseen_ns)
            reads[-1] = Read(kept.at_ns, size, kept.source, kept.lag_ns, longest)
        self._tell(Chunk(data, at_ns, stamp.source, lag_ns, unseen_ns))

    def _phase_done(self, phase: Phase, at_ns: int) -> None:
        self._tell(PhaseDone(phase, at_ns))

    def _tell(self, event: TransportEvent) -> None:
        try:
            self._hear(event)
        except Exception as error:
            self._mishap = error  # the listener's own, and no fault of the network
            raise


def _encodings(response: httpcore.Response) -> str:
    """The ``Content-Encoding``, several ones joined."""
    found = (value for name, value in response.headers if name.lower() == b"content-encoding")
    return b", ".join(found).decode("latin-1")

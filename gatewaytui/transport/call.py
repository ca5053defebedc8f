"""One call: a request carried over a line, told as it happens, kept as an Exchange."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from typing import cast

import httpcore

from gatewaytui.domain.exchange import Exchange, FaultKind, Phase, Read, TransportFault, WireRequest, WireResponse
from gatewaytui.domain.profile import Timeouts

from . import limits
from .decoding import Decoder, Identity, decoder_for
from .events import Chunk, Opened, PhaseDone, TransportEvent
from .faults import BodyTooLarge, Halted, fault_of
from .headers import ReadyRequest
from .line import Line
from .timing import Journal, Stamp

_RACE = frozenset((FaultKind.CLOSED, FaultKind.RESET))


class Call:
    """What comes of one request on one line. ``whole`` is True once the answer has been read to its end."""

    def __init__(self, request: WireRequest, timeouts: Timeouts, start_ns: int) -> None:
        self.whole = False
        self._request = request
        self._journal = Journal(timeouts, start_ns, self._tell)
        self._phases: asyncio.Queue[PhaseDone | None] = asyncio.Queue()
        self._opening: Opened | None = None
        self._decoder: Decoder = Identity()
        self._body = bytearray()
        self._reads: list[tuple[Stamp, int]] = []
        self._room = 0
        self._truncated = False
        self._fault: TransportFault | None = None
        self._task: asyncio.Task[object] | None = None
        self._halted = False

    async def over(self, line: Line, request: ReadyRequest) -> AsyncGenerator[TransportEvent, None]:
        """Carry the request over the line; every event but ``Done``. Only a cancellation from outside is ever raised.

        However this ends, a line that has not brought a whole answer is closed on the way out.
        """
        line.lend(self._journal)
        self._task = asyncio.current_task()
        opening = asyncio.create_task(line.open(request))
        opening.add_done_callback(lambda _: self._phases.put_nowait(None))
        try:
            while (phase := await self._phases.get()) is not None:
                yield phase
            response = opening.result()
            yield self._open(response)
            self._decoder = decoder_for(_encodings(response))
            async for data in cast("AsyncIterable[bytes]", response.stream):
                for chunk in self._take(data):
                    yield chunk
                    if len(chunk.data) >= limits.INFLATED_PIECE:
                        await asyncio.sleep(0)  # a bomb: let others have their turn
                if self._truncated:
                    break
            else:
                self._decoder.close()
                await response.aclose()
                self.whole = True
        except asyncio.CancelledError:
            if not self._halted:
                raise
            self._task.uncancel()  # type: ignore[union-attr]  # the cancellation was :meth:`halt`'s and ends here
            self.fail(Halted())
        except Exception as error:  # noqa: BLE001  (the door: nothing that a library raises goes beyond it)
            self.fail(error)
        finally:
            opening.cancel()
            try:
                await asyncio.gather(opening, return_exceptions=True)
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
        start_ns = self._journal.start_ns
        reads = tuple(Read(stamp.at_ns - start_ns, size, stamp.source, stamp.lag_ns) for stamp, size in self._reads)
        return Exchange(self._request, response, self._fault, self._journal.timings(), reads)

    def _tell(self, phase: Phase, at_ns: int) -> None:
        self._phases.put_nowait(PhaseDone(phase, at_ns))

    def _open(self, response: httpcore.Response) -> Opened:
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
        self._opening = Opened(response.status, headers, self._journal.opened())
        self._room = limits.body_cap(response.status)
        return self._opening

    def _take(self, data: bytes) -> Iterator[Chunk]:
        """The chunks in these bytes. Raises BadEncoding, and BodyTooLarge where a success exceeds its cap."""
        stamp = self._journal.latest
        for piece in self._decoder.feed(data):
            taken = piece[: self._room]
            self._room -= len(taken)
            self._keep(taken, stamp)
            yield Chunk(taken, stamp.at_ns - self._journal.start_ns, stamp.source, stamp.lag_ns)
            if len(taken) < len(piece):
                self._truncated = True
                break
        self._truncated |= self._journal.received > limits.ON_THE_WIRE
        if self._truncated and self._opening is not None and 200 <= self._opening.status < 300:
            raise BodyTooLarge  # of an error, what has been read is enough

    def _keep(self, piece: bytes, stamp: Stamp) -> None:
        """Keep a piece; several pieces that one read of the socket brought count as that one read."""
        self._body += piece
        size = len(piece)
        if self._reads and (self._reads[-1][0] is stamp or len(self._reads) >= limits.READS_KEPT):
            stamp, before = self._reads.pop()
            size += before
        self._reads.append((stamp, size))


def _encodings(response: httpcore.Response) -> str:
    """The ``Content-Encoding``, several ones joined."""
    found = (value for name, value in response.headers if name.lower() == b"content-encoding")
    return b", ".join(found).decode("latin-1")

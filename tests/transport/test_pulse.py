"""What came while nobody looked may have lain there since the last look, whatever its last bytes are stamped."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

from gatewaytui.diagnosis.stamping import LATE_NS
from gatewaytui.domain.exchange import Exchange
from gatewaytui.transport.client import Chunk, Client, Connection, Opened, TransportEvent
from gatewaytui.transport.pulse import BEAT_NS, Pulse
from gatewaytui.transport.timing import Stamp

from .support import post

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
PIECES = [b"data: %d\n\n" % number for number in range(5)]
MS = 1_000_000


class Sender:
    """A server that sends its pieces one after the other, but not before ``held`` is set; ``sent`` when all are."""

    def __init__(self) -> None:
        self.held, self.sent = threading.Event(), threading.Event()
        self.first_ns = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Sender:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(HEAD)
            self.held.wait(5)
            self.first_ns = time.monotonic_ns()
            for piece in PIECES:
                connection.sendall(piece)
                time.sleep(0.03)
            connection.sendall(b"data: last\n\n")
            self.sent.set()
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass


def test_a_stall_of_ours_is_no_heap_of_the_gateways() -> None:
    chunks: list[Chunk] = []
    exchanges: list[Exchange] = []

    async def scenario(server: Sender) -> int:
        opened, begun_ns = asyncio.Event(), time.monotonic_ns()

        def hear(event: TransportEvent) -> None:
            if isinstance(event, Opened):
                opened.set()
            elif isinstance(event, Chunk):
                chunks.append(event)

        async with Client(Connection(), {}) as client:
            call = asyncio.create_task(client.exchange(post(server.url), None, (), hear))
            await opened.wait()
            await asyncio.sleep(3 * BEAT_NS / 1e9)
            server.held.set()
            server.sent.wait(5)  # the loop stands still until the last piece has just been sent
            exchanges.append(await call)
        return begun_ns

    with Sender() as server:
        begun_ns = asyncio.run(scenario(server))
    assert exchanges[0].fault is None
    assert chunks[0].data.count(b"data: ") > 1  # one read of what came over a tenth of a second
    lay_ns = begun_ns + chunks[0].at_ns - server.first_ns  # the first piece, by the stamp of the last
    assert chunks[0].unseen_ns >= lay_ns >= LATE_NS
    assert exchanges[0].reads[0].unseen_ns == chunks[0].unseen_ns


class Clock:
    """A clock that is set by hand, in ns."""

    def __init__(self) -> None:
        self.now_ns = 1_000 * MS

    def __call__(self) -> int:
        return self.now_ns


def test_while_beats_come_the_stamp_tells_all() -> None:
    async def scenario() -> None:
        clock = Clock()
        with Pulse(clock) as pulse:
            clock.now_ns += BEAT_NS
            assert pulse.unseen_ns(Stamp(clock.now_ns - MS, MS)) == 0

    asyncio.run(scenario())


def test_what_came_while_a_beat_was_missed_may_be_as_old_as_the_beat_before() -> None:
    async def scenario() -> None:
        clock = Clock()
        with Pulse(clock) as pulse:
            beat_ns = clock.now_ns
            clock.now_ns += 100 * MS
            within = Stamp(clock.now_ns - 3 * MS, MS)
            assert pulse.unseen_ns(within) == 98 * MS  # until it was read
            assert pulse.unseen_ns(Stamp(beat_ns - MS)) == 0  # from before
            await asyncio.sleep(1.2 * BEAT_NS / 1e9)
            assert pulse.unseen_ns(Stamp(clock.now_ns + MS)) == 0  # the beat has come: from after
            clock.now_ns += 80 * MS
            later = Stamp(clock.now_ns - MS, MS)
            assert pulse.unseen_ns(later) == 80 * MS and pulse.unseen_ns(within) == 98 * MS  # each its own

    asyncio.run(scenario())


def test_a_beat_begins_anew_on_another_loop() -> None:
    clock = Clock()
    pulse = Pulse(clock)

    async def ends_in_the_middle() -> None:
        pulse.__enter__()

    async def another() -> None:
        clock.now_ns += 500 * MS
        with pulse:
            clock.now_ns += 10 * MS
            assert pulse.unseen_ns(Stamp(clock.now_ns)) == 0
            clock.now_ns += 90 * MS
            assert pulse.unseen_ns(Stamp(clock.now_ns)) == 100 * MS

    asyncio.run(ends_in_the_middle())
    asyncio.run(another())


def test_a_read_in_time_is_not_late_because_it_is_told_late() -> None:
    async def scenario() -> None:
        clock = Clock()
        with Pulse(clock) as pulse:
            read = Stamp(clock.now_ns + 10 * MS)
            clock.now_ns += 200 * MS
            assert pulse.unseen_ns(read) == 0

    asyncio.run(scenario())


def test_nobody_counts_beats_when_nobody_needs_them() -> None:
    async def scenario() -> None:
        clock = Clock()
        with Pulse(clock) as pulse:
            with pulse:
                pass  # somebody else who needed it has left
            clock.now_ns += 100 * MS
            assert pulse.unseen_ns(Stamp(clock.now_ns)) == 100 * MS
        clock.now_ns += 100 * MS
        assert pulse.unseen_ns(Stamp(clock.now_ns)) == 0

    asyncio.run(scenario())

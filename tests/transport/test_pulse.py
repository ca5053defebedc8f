"""What came while nobody looked may have lain there since the last look, whatever its last bytes are stamped."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

from gatewaytui.diagnosis.stamping import LATE_NS
from gatewaytui.transport.client import Chunk, Client, Connection, Opened, TransportEvent
from gatewaytui.transport.pulse import BEAT_NS, MISSED_NS, Pulse
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
            assert (await call).fault is None
        return begun_ns

    with Sender() as server:
        begun_ns = asyncio.run(scenario(server))
    assert chunks[0].data.count(b"data: ") > 1  # one read of what came over a tenth of a second
    lay_ns = begun_ns + chunks[0].at_ns - server.first_ns  # the first piece, by the stamp of the last
    assert chunks[0].lag_ns >= lay_ns >= LATE_NS


def test_without_a_missed_beat_the_stamp_tells_the_lag() -> None:
    async def scenario() -> None:
        with Pulse() as pulse, pulse:
            assert pulse.lag_ns(Stamp(time.monotonic_ns(), 3)) == 3
        time.sleep((BEAT_NS + 2 * MISSED_NS) / 1e9)
        assert pulse.lag_ns(Stamp(time.monotonic_ns(), 7)) == 7  # stopped: nobody counts beats

    asyncio.run(scenario())


def test_what_came_before_or_after_the_missed_beat_is_not_counted_by_it() -> None:
    async def scenario() -> None:
        with Pulse() as pulse:
            with pulse:
                pass  # somebody else who needed it has left
            before_ns = time.monotonic_ns() - BEAT_NS
            time.sleep((BEAT_NS + 2 * MISSED_NS) / 1e9)
            within_ns = time.monotonic_ns()
            assert pulse.lag_ns(Stamp(within_ns, 0)) >= BEAT_NS + MISSED_NS
            assert pulse.lag_ns(Stamp(before_ns, 9)) == 9
            await asyncio.sleep(2 * BEAT_NS / 1e9)
            assert pulse.lag_ns(Stamp(within_ns, 0)) >= BEAT_NS + MISSED_NS
            assert pulse.lag_ns(Stamp(time.monotonic_ns() + 3_600_000 * MS, 5)) == 5

    asyncio.run(scenario())


def test_a_read_is_a_sign_of_life_and_all_that_met_one_missed_beat_know_it() -> None:
    async def scenario() -> None:
        with Pulse() as pulse:
            read_ns = time.monotonic_ns()
            assert pulse.lag_ns(Stamp(read_ns, 0)) == 0
            time.sleep((BEAT_NS + 2 * MISSED_NS) / 1e9)
            within_ns = time.monotonic_ns()
            first, second = pulse.lag_ns(Stamp(within_ns, 0)), pulse.lag_ns(Stamp(within_ns, 0))
            assert BEAT_NS + MISSED_NS <= first == second <= within_ns - read_ns

    asyncio.run(scenario())

"""The door as its callers see it: events in order, connections kept or not, nothing followed, nothing left behind."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import pytest

from gatewaytui.domain.exchange import Exchange, FaultKind, Phase, WireRequest
from gatewaytui.domain.profile import Timeouts
from gatewaytui.transport.client import Chunk, Client, Connection, Opened, PhaseDone, TransportEvent
from tests.servers.fault_scripts import SCRIPTS, TINY, chunk, sized
from tests.servers.fault_server import Peer, blackhole, serving

from .support import CANARY, KEY, PATIENT, SHORT, abandoned, ask, get, post, told

OPEN_FILES = Path("/proc/self/fd")


def _client() -> Client:
    return Client(Connection(timeouts=PATIENT), {})


def test_events_come_in_the_order_of_the_wire() -> None:
    async def scenario() -> tuple[list[TransportEvent], Exchange]:
        async with serving(SCRIPTS["stream"]) as server, _client() as client:
            return await told(client, post(server.url))

    heard, exchange = asyncio.run(scenario())
    phases = [event.phase for event in heard if isinstance(event, PhaseDone)]
    assert phases == [Phase.TCP, Phase.SEND, Phase.WAIT]
    assert [type(event) for event in heard[3:]] == [Opened, Chunk, Chunk, Chunk]
    times = [event.at_ns for event in heard]
    assert times == sorted(times)
    assert exchange.response is not None
    assert exchange.response.body == b"".join(event.data for event in heard if isinstance(event, Chunk))
    assert exchange.response.header("Content-Type") == "text/event-stream"


def test_what_one_read_brought_is_told_as_one_chunk() -> None:
    async def scenario() -> tuple[list[TransportEvent], Exchange]:
        async def many(peer: Peer, _: int) -> None:
            await peer.request()
            pieces = b"".join(chunk(b"data: %d\n\n" % number) for number in range(300))
            await peer.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + pieces + chunk(b""))

        async with serving(many) as server, _client() as client:
            return await told(client, post(server.url))

    heard, exchange = asyncio.run(scenario())
    chunks = [event for event in heard if isinstance(event, Chunk)]
    assert exchange.response is not None and exchange.response.body.endswith(b"data: 299\n\n")
    assert b"".join(event.data for event in chunks) == exchange.response.body
    assert [len(event.data) for event in chunks] == [read.size for read in exchange.reads]


def test_what_came_before_a_failure_is_told_and_nothing_after_it() -> None:
    async def scenario() -> tuple[list[TransportEvent], Exchange]:
        async with serving(SCRIPTS["stream-cut"]) as server, _client() as client:
            return await told(client, post(server.url))

    heard, exchange = asyncio.run(scenario())
    assert [type(event) for event in heard[-2:]] == [Opened, Chunk]
    assert exchange.fault is not None and exchange.response is not None and exchange.response.body


def test_phases_are_told_while_the_answer_is_still_awaited() -> None:
    async def scenario() -> TransportEvent:
        async with serving(SCRIPTS["never-answers"]) as server, _client() as client:
            sent = lambda event: isinstance(event, PhaseDone) and event.phase is Phase.SEND  # noqa: E731
            return await abandoned(client, get(server.url), sent)

    assert isinstance(asyncio.run(scenario()), PhaseDone)


@pytest.mark.parametrize("script", ["stream", "healthy"])
@pytest.mark.parametrize("kind", [PhaseDone, Opened, Chunk])
def test_a_mishap_of_the_listener_is_no_fault_of_the_network(kind: type[TransportEvent], script: str) -> None:
    class Mishap(Exception):
        pass

    def hear(event: TransportEvent) -> None:
        if isinstance(event, kind):
            raise Mishap

    async def scenario() -> None:
        async with serving(SCRIPTS[script]) as server, _client() as client:
            for ask_for in (get, post):
                with pytest.raises(Mishap):
                    await client.exchange(ask_for(server.url), KEY, hear=hear)
                await asyncio.wait_for(server.left.acquire(), 5)

    asyncio.run(scenario())


def test_gets_share_a_connection_and_posts_have_their_own() -> None:
    async def scenario() -> tuple[list[bool], int]:
        async with serving(SCRIPTS["healthy"]) as server, _client() as client:
            requests = get(server.url), get(server.url), post(server.url), get(server.url), post(server.url)
            exchanges = [await client.exchange(request, KEY) for request in requests]
            return [exchange.timings.warm for exchange in exchanges], server.connections

    assert asyncio.run(scenario()) == ([False, True, False, True, False], 3)


def test_requests_at_the_same_time_have_connections_of_their_own() -> None:
    async def scenario() -> int:
        async with serving(SCRIPTS["stream"]) as server, _client() as client:
            exchanges = await asyncio.gather(*(client.exchange(get(server.url), KEY) for _ in range(110)))
            assert all(exchange.fault is None for exchange in exchanges)
            return server.connections

    assert asyncio.run(scenario()) == 110


def test_an_idle_connection_that_the_server_closed_is_not_used_again() -> None:
    async def scenario() -> tuple[list[bool], int]:
        async with serving(SCRIPTS["closed-after"]) as server, _client() as client:
            exchanges = []
            for _ in range(2):
                exchanges.append(await client.exchange(get(server.url), KEY))
                await asyncio.sleep(0.02)
            assert all(exchange.fault is None for exchange in exchanges)
            return [exchange.timings.warm for exchange in exchanges], server.connections

    assert asyncio.run(scenario()) == ([False, False], 2)


@pytest.mark.parametrize("reset", [False, True])
def test_a_get_that_lost_the_keep_alive_race_is_sent_again(reset: bool) -> None:
    async def closes_on_second_request(peer: Peer, number: int) -> None:
        while await peer.request():
            await peer.send(sized(TINY))
            if number == 1:
                await peer.request()
                if reset:
                    peer.reset()
                return

    async def scenario() -> tuple[Exchange, int]:
        async with serving(closes_on_second_request) as server, _client() as client:
            await client.exchange(get(server.url), KEY)
            return await client.exchange(get(server.url), KEY), server.connections

    exchange, connections = asyncio.run(scenario())
    assert exchange.fault is None and not exchange.timings.warm
    assert connections == 2


def test_a_get_that_got_one_byte_is_not_sent_again() -> None:
    async def begins_an_answer(peer: Peer, number: int) -> None:
        await peer.request()
        await peer.send(sized(TINY))
        await peer.request()
        await peer.send(b"H")

    async def scenario() -> tuple[Exchange, int]:
        async with serving(begins_an_answer) as server, _client() as client:
            await client.exchange(get(server.url), KEY)
            return await client.exchange(get(server.url), KEY), server.connections

    exchange, connections = asyncio.run(scenario())
    assert exchange.fault is not None and exchange.fault.kind is FaultKind.CUT
    assert connections == 1


@pytest.mark.parametrize("request_of", [get, post])
def test_a_request_on_a_fresh_connection_is_sent_once(request_of: object) -> None:
    make = get if request_of is get else post

    async def scenario() -> int:
        async with serving(SCRIPTS["empty-reply"]) as server:
            assert (await ask(make(server.url))).fault is not None
            return len(server.requests)

    assert asyncio.run(scenario()) == 1


@pytest.mark.parametrize("script", ["redirect", "redirect-malformed", "redirect-port"])
def test_no_redirect_is_followed(script: str) -> None:
    async def scenario() -> tuple[Exchange, int]:
        async with serving(SCRIPTS[script]) as server:
            return await ask(get(server.url)), len(server.requests)

    exchange, requests = asyncio.run(scenario())
    assert requests == 1
    assert exchange.fault is None and exchange.response is not None
    assert exchange.response.status in (301, 302, 307) and exchange.response.header("location")


@pytest.mark.parametrize("early", [True, False], ids=["headers-early", "headers-late"])
def test_the_wait_for_the_body_is_no_shorter_where_the_headers_came_early(early: bool) -> None:
    patience = Timeouts(connect=2, first_byte=3, stall=0.1, total=5)

    async def thinking(peer: Peer, _: int) -> None:
        await peer.request()
        head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        if early:
            await peer.send(head)
        await asyncio.sleep(0.4)
        await peer.send((b"" if early else head) + chunk(b"data: 1\n\n") + chunk(b""))

    async def scenario() -> Exchange:
        async with serving(thinking) as server:
            return await ask(post(server.url), patience)

    exchange = asyncio.run(scenario())
    assert exchange.fault is None and exchange.response is not None and exchange.response.body == b"data: 1\n\n"


def test_no_cookie_is_kept() -> None:
    async def scenario() -> list[bytes]:
        async with serving(SCRIPTS["cookie"]) as server, _client() as client:
            for _ in range(2):
                await client.exchange(get(server.url), KEY)
            return server.requests

    assert not any(b"cookie" in request.lower() for request in asyncio.run(scenario()))


def test_cancelling_in_the_middle_of_a_stream_closes_the_socket_at_once() -> None:
    async def scenario() -> None:
        async with serving(SCRIPTS["stream-stall"]) as server, _client() as client:
            await abandoned(client, post(server.url), lambda event: isinstance(event, Chunk))
            await asyncio.wait_for(server.left.acquire(), 5)

    asyncio.run(scenario())


@pytest.mark.parametrize("script", ["never-answers", "header-stall", "stream-stall"])
def test_cancelling_the_reader_closes_the_socket_at_once(script: str) -> None:
    async def scenario() -> None:
        async with serving(SCRIPTS[script]) as server, _client() as client:
            reading = asyncio.create_task(client.exchange(post(server.url), KEY))
            while not server.requests:
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.02)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            await asyncio.wait_for(server.left.acquire(), 5)

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")
def test_a_connection_attempt_can_be_cancelled() -> None:
    async def scenario() -> None:
        async with blackhole() as port, _client() as client:
            attempt = asyncio.create_task(client.exchange(get(f"http://127.0.0.1:{port}"), KEY))
            await asyncio.sleep(0.02)
            attempt.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(attempt, 5)

    asyncio.run(scenario())


def _open_files() -> int:
    return len(list(OPEN_FILES.iterdir()))


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="open files are counted through /proc")
def test_two_hundred_exchanges_leave_nothing_behind() -> None:
    scripts = ("healthy", "stream", "reset", "empty-reply", "chunk-cut", "gzip-lie", "chunk-size-bad", "banner-ssh")

    async def abandon(client: Client, request: WireRequest) -> object:
        return await abandoned(client, request, lambda event: True)

    async def scenario() -> None:
        await ask(get("http://127.0.0.1:1"))
        tasks, files, threads = len(asyncio.all_tasks()), _open_files(), threading.active_count()
        for script in scripts:
            async with serving(SCRIPTS[script]) as server, Client(Connection(timeouts=SHORT), {}) as client:
                for number in range(25):
                    request = (get, post)[number % 2](server.url)
                    await (abandon(client, request) if number % 5 == 4 else client.exchange(request, KEY))
        await asyncio.sleep(0.05)
        assert (len(asyncio.all_tasks()), _open_files(), threading.active_count()) == (tasks, files, threads)

    asyncio.run(scenario())


def test_a_key_that_the_server_sends_back_is_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)

    async def echo(peer: Peer, _: int) -> None:
        await peer.request()
        await peer.send(sized(CANARY.encode(), f"x-echo: {CANARY}", f"location: /{CANARY}", status=f"302 {CANARY}"))

    async def scenario() -> tuple[list[TransportEvent], Exchange]:
        async with serving(echo) as server, _client() as client:
            return await told(client, get(server.url))

    heard, exchange = asyncio.run(scenario())
    assert exchange.response is not None and exchange.response.body == CANARY.encode()
    assert CANARY not in repr(heard) and CANARY not in repr(exchange)
    assert CANARY not in caplog.text


def test_a_connections_proxy_password_is_not_shown() -> None:
    assert "hidden-word" not in repr(Connection(proxy="http://me:hidden-word@127.0.0.1:3128"))


@pytest.mark.parametrize(
    ("script", "phase", "received"),
    [("never-answers", Phase.WAIT, False), ("header-stall", Phase.WAIT, False), ("stream-stall", Phase.BODY, True)],
)
def test_a_halted_call_ends_as_cancelled_with_what_came_of_it(script: str, phase: Phase, received: bool) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS[script]) as server, _client() as client:
            asking = asyncio.create_task(client.exchange(post(server.url), KEY))
            while not server.requests:
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.05)
            client.halt()
            exchange = await asyncio.wait_for(asking, 5)
            await asyncio.wait_for(server.left.acquire(), 5)
            return exchange

    exchange = asyncio.run(scenario())
    assert exchange.fault is not None and (exchange.fault.kind, exchange.fault.phase) == (FaultKind.CANCELLED, phase)
    assert (exchange.response is not None and bool(exchange.response.body)) is received


def test_a_halted_client_sends_nothing_more() -> None:
    async def scenario() -> tuple[Exchange, int]:
        async with serving(SCRIPTS["healthy"]) as server, _client() as client:
            client.halt()
            return await client.exchange(get(server.url), KEY), server.connections

    exchange, connections = asyncio.run(scenario())
    assert exchange.fault is not None and exchange.fault.kind is FaultKind.CANCELLED and connections == 0


@pytest.mark.skipif(sys.platform != "linux", reason="a full queue refuses elsewhere")
def test_a_connection_attempt_can_be_halted() -> None:
    async def scenario() -> Exchange:
        async with blackhole() as port, _client() as client:
            attempt = asyncio.create_task(client.exchange(get(f"http://127.0.0.1:{port}"), KEY))
            await asyncio.sleep(0.02)
            client.halt()
            return await asyncio.wait_for(attempt, 5)

    exchange = asyncio.run(scenario())
    assert exchange.fault is not None and (exchange.fault.kind, exchange.fault.phase) == (
        FaultKind.CANCELLED,
        Phase.TCP,
    )

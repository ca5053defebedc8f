"""Clocks brought together, and which deadline is the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from gatewaytui.domain.exchange import FaultKind, Phase, StampSource
from gatewaytui.domain.profile import Timeouts
from gatewaytui.transport.timing import DeadlineExpired, Journal, KernelClock, Limit, Stamp, within

YEAR_NS = 365 * 86400 * 1_000_000_000


class Wall:
    """A wall clock that can be set, as an administrator or NTP does."""

    def __init__(self) -> None:
        self.offset_ns = YEAR_NS

    def now(self) -> int:
        return time.monotonic_ns() + self.offset_ns


def test_a_kernel_stamp_becomes_a_monotonic_one() -> None:
    wall = Wall()
    clock = KernelClock(wall.now)
    arrived_ns = time.monotonic_ns()
    time.sleep(0.01)
    stamp = clock.stamp(arrived_ns + wall.offset_ns)
    assert stamp.source is StampSource.KERNEL
    assert abs(stamp.at_ns - arrived_ns) < 5_000_000
    assert stamp.lag_ns >= 5_000_000


def test_a_missing_stamp_leaves_the_reads_own_time() -> None:
    before = time.monotonic_ns()
    stamp = KernelClock().stamp(None)
    assert stamp.source is StampSource.READ and stamp.lag_ns == 0
    assert before <= stamp.at_ns <= time.monotonic_ns()


@pytest.mark.parametrize("step_ns", [3_600_000_000_000, -3_600_000_000_000, 50_000_000, -50_000_000])
def test_a_wall_clock_that_was_set_is_not_believed_for_that_read(step_ns: int) -> None:
    wall = Wall()
    clock = KernelClock(wall.now)
    arrived_by_wall = wall.now()
    wall.offset_ns += step_ns
    assert clock.stamp(arrived_by_wall).source is StampSource.READ
    assert clock.stamp(wall.now()).source is StampSource.KERNEL


def test_the_clocks_are_read_again_where_something_came_between() -> None:
    pauses: list[float] = []

    def wall() -> int:
        if pauses:
            time.sleep(pauses.pop())
        return time.time_ns()

    clock = KernelClock(wall)
    pauses.append(0.001)
    assert clock.stamp(time.time_ns()).source is StampSource.KERNEL
    assert not pauses


def test_stamps_never_go_back() -> None:
    wall = Wall()
    clock = KernelClock(wall.now)
    first = clock.stamp(wall.now())
    second = clock.stamp(first.at_ns + wall.offset_ns - 500_000)
    assert second.at_ns >= first.at_ns


def test_a_wait_ends_by_its_limit_and_says_which_one() -> None:
    async def scenario() -> FaultKind:
        with pytest.raises(DeadlineExpired) as expired:
            await within(Limit(time.monotonic() + 0.01, FaultKind.STALL_TIMEOUT), asyncio.sleep(5))
        return expired.value.kind

    assert asyncio.run(scenario()) is FaultKind.STALL_TIMEOUT


def test_a_timeout_of_the_system_is_not_taken_for_a_deadline() -> None:
    async def times_out() -> None:
        raise TimeoutError("ETIMEDOUT")

    async def scenario() -> None:
        await within(Limit(time.monotonic() + 5, FaultKind.STALL_TIMEOUT), times_out())

    with pytest.raises(TimeoutError):
        asyncio.run(scenario())


def _journal(connect: float = 10, first_byte: float = 20, stall: float = 30, total: float = 300) -> Journal:
    return Journal(Timeouts(connect, first_byte, stall, total), time.monotonic_ns(), lambda phase, at_ns: None)


def _connecting(journal: Journal) -> None:
    journal.begin(Phase.TCP)


def _waiting(journal: Journal) -> None:
    journal.begin(Phase.TCP)
    journal.finish()
    journal.writing()
    journal.waiting()


def _reading(journal: Journal) -> None:
    _waiting(journal)
    journal.arrived(5, Stamp(time.monotonic_ns()))


@pytest.mark.parametrize(
    ("get_there", "total", "kind", "seconds"),
    [
        (_connecting, 300, FaultKind.CONNECT_TIMEOUT, 10),
        (_connecting, 3, FaultKind.CONNECT_TIMEOUT, 3),
        (_waiting, 300, FaultKind.FIRST_BYTE_TIMEOUT, 20),
        (_waiting, 3, FaultKind.FIRST_BYTE_TIMEOUT, 3),
        (_reading, 300, FaultKind.STALL_TIMEOUT, 30),
        (_reading, 3, FaultKind.TOTAL_TIMEOUT, 3),
    ],
)
def test_the_next_deadline_is_named_after_what_is_still_missing(
    get_there: Callable[[Journal], None], total: float, kind: FaultKind, seconds: float
) -> None:
    journal = _journal(total=total)
    get_there(journal)
    limit = journal.limit()
    assert limit.kind is kind
    assert limit.at - time.monotonic() == pytest.approx(seconds, abs=1)


def test_bytes_that_never_stop_end_by_the_total() -> None:
    journal = _journal(total=0)
    _waiting(journal)
    with pytest.raises(DeadlineExpired) as expired:
        journal.arrived(1, Stamp(time.monotonic_ns()))
    assert expired.value.kind is FaultKind.TOTAL_TIMEOUT


def test_phases_are_told_once_each_and_measured() -> None:
    told: list[Phase] = []
    journal = Journal(Timeouts(), time.monotonic_ns(), lambda phase, at_ns: told.append(phase))
    for phase in (Phase.DNS, Phase.TCP, Phase.TLS):
        journal.begin(phase)
        journal.finish()
    journal.writing()
    journal.writing()
    journal.waiting()
    journal.arrived(10, Stamp(time.monotonic_ns()))
    journal.arrived(10, Stamp(time.monotonic_ns()))
    journal.opened()
    timings = journal.timings()
    assert told == [Phase.DNS, Phase.TCP, Phase.TLS, Phase.SEND, Phase.WAIT]
    assert None not in (timings.dns_ns, timings.tcp_ns, timings.tls_ns, timings.send_ns, timings.headers_ns)
    assert not timings.warm


def test_a_request_without_a_connecting_phase_is_warm() -> None:
    journal = _journal()
    journal.writing()
    journal.waiting()
    assert journal.warm
    assert journal.timings().tcp_ns is None


def test_two_clocks_that_cannot_be_read_together_leave_the_reads_own_stamp() -> None:
    def interrupted() -> int:
        time.sleep(0.001)
        return time.time_ns()

    stamp = KernelClock(interrupted).stamp(time.time_ns())
    assert (stamp.source, stamp.lag_ns) == (StampSource.READ, 0)

"""Which family a request would take, by how both fared side by side."""

from __future__ import annotations

import socket

import pytest

from gatewaytui.domain.exchange import AddressFamily
from gatewaytui.transport.families import Attempt, Landed, Missed, chosen
from gatewaytui.transport.sockets import SocketWire

IPV4, IPV6 = AddressFamily.IPV4, AddressFamily.IPV6
REFUSED = ConnectionRefusedError()


def _six_and_four(six_ms: float | None, four_ms: float | None) -> tuple[Attempt, ...]:
    """The resolver prefers IPv6; None for a family that was refused."""

    def attempt(family: AddressFamily, ms: float | None) -> Attempt:
        if ms is None:
            return Missed(family, 1.0, REFUSED)
        with socket.socket() as sock:
            return Landed(family, ms, SocketWire(sock))

    return attempt(IPV6, six_ms), attempt(IPV4, four_ms)


@pytest.mark.parametrize(
    ("six_ms", "four_ms", "family"),
    [(10, 10, IPV6), (200, 10, IPV6), (259, 10, IPV6), (290, 10, IPV4), (None, 10, IPV4), (290, None, IPV6)],
)
def test_the_preferred_family_is_used_unless_the_other_is_far_ahead(
    six_ms: float | None, four_ms: float | None, family: AddressFamily
) -> None:
    assert chosen(_six_and_four(six_ms, four_ms)).family is family


def test_where_no_family_connects_the_failure_is_raised() -> None:
    with pytest.raises(ConnectionRefusedError):
        chosen(_six_and_four(None, None))

"""The network rungs of the ladder, judged from one connection that was opened and closed without a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import CheckResult, Rung

from . import dns, proxy, tcp, tls
from .tls import with_skew

__all__ = ["NETWORK_RUNGS", "Judge", "with_skew"]

Judge = Callable[[ConnectionFacts, Finding | None], CheckResult]
"""The facts and the diagnosis of their fault to a verdict; only the rung that the fault belongs to uses that."""

NETWORK_RUNGS: Mapping[Rung, Judge] = MappingProxyType(
    {Rung.PROXY: proxy.judge, Rung.DNS: dns.judge, Rung.TCP: tcp.judge, Rung.TLS: tls.judge}
)
"""In ladder order. ``address`` needs no connection: see `address.judge`."""

"""What the network rungs share: which step of a connection a rung is, and whether the connection came so far."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.exchange import AddressFamily, FaultDetail, FaultKind, Phase, TransportFault
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import CheckResult, Outcome, Rung

NOT_REACHED = "Not reached: an earlier step failed."
FAMILY_NAMES: Mapping[AddressFamily, str] = MappingProxyType({AddressFamily.IPV4: "IPv4", AddressFamily.IPV6: "IPv6"})

_BY_PHASE: Mapping[Phase, Rung] = MappingProxyType(
    {Phase.DNS: Rung.DNS, Phase.TCP: Rung.TCP, Phase.PROXY: Rung.PROXY, Phase.TLS: Rung.TLS}
)
_BY_SETTING: Mapping[str, Rung] = MappingProxyType(
    {FaultDetail.SOCKS_PROXY: Rung.PROXY, FaultDetail.PROXY_URL: Rung.PROXY, FaultDetail.CA_FILE: Rung.TLS}
)
_ON_THE_WIRE = (Rung.DNS, Rung.TCP, Rung.PROXY, Rung.TLS)
"""The order in which a connection takes the steps: a proxy must be connected to before it opens a tunnel."""


def owner(fault: TransportFault) -> Rung:
    """The rung this fault belongs to. A setting with no rung of its own stops the first step, name resolution."""
    if fault.phase is Phase.CONFIG:
        return _BY_SETTING.get(fault.detail, Rung.DNS)
    if fault.kind is FaultKind.PROXY and fault.phase is Phase.TLS:
        return Rung.PROXY  # the TLS of an https proxy itself
    return _BY_PHASE.get(fault.phase, Rung.TLS)


def passed(rung: Rung, facts: ConnectionFacts) -> bool:
    """Whether the connection got beyond this rung."""
    fault = facts.fault
    if fault is None:
        return True
    return fault.phase is not Phase.CONFIG and _ON_THE_WIRE.index(rung) < _ON_THE_WIRE.index(owner(fault))


def told(
    rung: Rung,
    outcome: Outcome,
    facts: ConnectionFacts,
    note: str,
    elapsed_ms: float | None = None,
    finding: Finding | None = None,
) -> CheckResult:
    """The CheckResult of a rung; ``elapsed_ms`` is what its step took, the note is made a sentence."""
    note = f"{note[0].upper()}{note[1:].removesuffix('.')}." if note else ""
    return CheckResult(rung, outcome, elapsed_ms=elapsed_ms, finding=finding, note=note, connection=facts)


def stopped(
    rung: Rung, facts: ConnectionFacts, finding: Finding | None, elapsed_ms: float | None, note: str = ""
) -> CheckResult:
    """A rung that the connection did not get beyond: failed where the fault is its own, else never reached."""
    if facts.fault is not None and owner(facts.fault) is rung:
        return told(rung, Outcome.FAILED, facts, note, elapsed_ms, finding)
    return told(rung, Outcome.SKIPPED, facts, NOT_REACHED)

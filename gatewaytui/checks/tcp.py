"""Check ``tcp``: over which family a connection was made and what the other did; through a proxy, to the proxy."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.connection import ConnectionFacts, FamilyFacts
from gatewaytui.domain.exchange import FaultKind
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import CheckResult, Outcome, Rung

from .steps import FAMILY_NAMES, passed, stopped, told

_WORDS: Mapping[FaultKind, str] = MappingProxyType(
    {
        FaultKind.REFUSED: "refused",
        FaultKind.UNREACHABLE: "no route",
        FaultKind.RESET: "reset",
        FaultKind.CONNECT_TIMEOUT: "no answer",
    }
)


def judge(facts: ConnectionFacts, finding: Finding | None) -> CheckResult:
    """The family that is used, then how the other fared."""
    if not passed(Rung.TCP, facts):
        return stopped(Rung.TCP, facts, finding, facts.tcp_ms, "; ".join(map(_fared, facts.families)))
    used = f"connected over {FAMILY_NAMES[facts.used]}" if facts.used else "connected"
    whom = f"{used} to the proxy" if facts.proxied else used
    others = (_fared(family) for family in facts.families if family.family is not facts.used)
    return told(Rung.TCP, Outcome.PASSED, facts, "; ".join((whom, *others)), facts.tcp_ms)


def _fared(facts: FamilyFacts) -> str:
    name = FAMILY_NAMES[facts.family]
    if not facts.addresses:
        return f"{name}: no address"
    if facts.connected is None:
        return f"{name}: not tried"
    how = "connected too" if facts.connected else _WORDS.get(facts.fault or FaultKind.RESET, "failed")
    worth_its_time = facts.connected or facts.fault is FaultKind.CONNECT_TIMEOUT
    took = f" after {facts.elapsed_ms:.0f} ms" if worth_its_time and facts.elapsed_ms is not None else ""
    return f"{name}: {how}{took}"

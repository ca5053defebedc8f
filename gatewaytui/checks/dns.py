"""Check ``dns``: how many addresses the name has in each family; through a proxy, the proxy's name."""

from __future__ import annotations

from gatewaytui.domain.connection import ConnectionFacts, FamilyFacts
from gatewaytui.domain.exchange import AddressFamily
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import CheckResult, Outcome, Rung

from .steps import FAMILY_NAMES, passed, stopped, told


def judge(facts: ConnectionFacts, finding: Finding | None) -> CheckResult:
    """How many addresses there are, never which."""
    if facts.literal:
        whose = "The proxy's address" if facts.proxied else "The address"
        return told(Rung.DNS, Outcome.SKIPPED, facts, f"{whose} is written as numbers: no name to resolve.")
    if not passed(Rung.DNS, facts):
        return stopped(Rung.DNS, facts, finding, facts.dns_ms)
    whose = " for the proxy" if facts.proxied else ""
    return told(Rung.DNS, Outcome.PASSED, facts, _counted(facts.families) + whose, facts.dns_ms)


def _counted(families: tuple[FamilyFacts, ...]) -> str:
    """``2 IPv4 and 1 IPv6 addresses``; ``no`` where a family has none."""
    counts = {facts.family: facts.addresses for facts in families}
    words = " and ".join(f"{counts.get(family, 0) or 'no'} {FAMILY_NAMES[family]}" for family in AddressFamily)
    return f"{words} {'address' if sum(counts.values()) == 1 else 'addresses'}"

"""Check ``proxy``: whether a proxy is set, and whether it opens a tunnel. Its address is never shown: it may hold a
password."""

from __future__ import annotations

from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.run import CheckResult, Outcome, Rung

from .steps import passed, stopped, told

_PROFILE = "profile"


def judge(facts: ConnectionFacts, finding: Finding | None) -> CheckResult:
    """Where the proxy is set and how it took the connection; skipped where none is."""
    if not facts.proxied:
        return told(Rung.PROXY, Outcome.SKIPPED, facts, "No proxy is set.")
    source = "the profile" if facts.proxy_source == _PROFILE else facts.proxy_source
    if not passed(Rung.PROXY, facts):
        return stopped(Rung.PROXY, facts, finding, facts.proxy_ms, f"set by {source}")
    way = "tunnel opened" if facts.encrypted else "http needs no tunnel"
    return told(Rung.PROXY, Outcome.PASSED, facts, f"set by {source}, {way}", facts.proxy_ms)

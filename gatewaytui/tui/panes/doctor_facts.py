"""The connection and the software of an examination as lines. A server's own texts stay on the screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from gatewaytui.domain.connection import Certificate, ConnectionFacts, FamilyFacts
from gatewaytui.domain.exchange import AddressFamily, FaultKind
from gatewaytui.domain.run import GatewayFacts, Rung
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.finding_card import seen_words
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines

from .doctor_lines import requests_lines
from .doctor_state import Examination

_LABEL = 9
_FAMILIES: Mapping[AddressFamily, str] = MappingProxyType({AddressFamily.IPV4: "IPv4", AddressFamily.IPV6: "IPv6"})
_FAULTS: Mapping[FaultKind, str] = MappingProxyType(
    {
        FaultKind.REFUSED: "refused",
        FaultKind.UNREACHABLE: "unreachable",
        FaultKind.CONNECT_TIMEOUT: "no answer in time",
        FaultKind.RESET: "reset",
        FaultKind.DNS: "not resolved",
    }
)
_OF_THE_NETWORK = frozenset((Rung.ADDRESS, Rung.PROXY, Rung.DNS, Rung.TCP, Rung.TLS))
_SOON_DAYS = 14
_NAMES_SHOWN = 4
_MINUTE, _CLOSE_S = 60, 2

Fact = tuple[str, str, Ink]


def fact_lines(state: Examination, rung: Rung, now: datetime, width: int) -> tuple[Line, ...]:
    """The rung's requests and what its finding rests on, then the connection and the software that was recognised."""
    connection = _section("Connection", _connection(state.connection, now), width)
    gateway = _section("Gateway", _gateway(state.gateway), width)
    last = (connection, gateway) if rung in _OF_THE_NETWORK else (gateway, connection)
    sections = (requests_lines(state, rung, width), _seen(state, rung, width), *last)
    lines: list[Line] = []
    for section in filter(None, sections):
        lines += [(), *section] if lines else section
    return tuple(lines)


def _seen(state: Examination, rung: Rung, width: int) -> tuple[Line, ...]:
    check = state.check(rung)
    words = seen_words(check.finding) if check is not None and check.finding is not None else ""
    return ((("Seen", Ink.MUTED),), *passage_lines((Passage(words, Ink.PLAIN, "  "),), width)) if words else ()


def _section(title: str, facts: list[Fact], width: int) -> tuple[Line, ...]:
    if not facts:
        return ()
    rows = [Passage(text, ink, f"  {label:<{_LABEL}}") for label, text, ink in facts]
    return (((title, Ink.MUTED),), *passage_lines(rows, width))


def _connection(facts: ConnectionFacts | None, now: datetime) -> list[Fact]:
    return list(_connection_facts(facts, now)) if facts else []


def _connection_facts(facts: ConnectionFacts, now: datetime) -> Iterator[Fact]:
    if facts.proxied:
        tunnel = "" if facts.proxy_ms is None else f", tunnel in {figures.milliseconds(facts.proxy_ms)}"
        yield "proxy", f"set by {safe_line(facts.proxy_source, 40)}{tunnel}", Ink.PLAIN
    for family in facts.families:
        used = family.family is facts.used
        yield _FAMILIES[family.family], _family_words(family, facts.literal), Ink.PLAIN if used else Ink.MUTED
    if not facts.encrypted:
        yield "TLS", "none: plain http", Ink.MUTED
    elif facts.tls is not None:
        yield "TLS", facts.tls.version.replace("TLSv", "TLS ") or "no version was agreed on", Ink.PLAIN
        if facts.tls.certificate is not None:
            yield from _certificate(facts.tls.certificate, now)
    if facts.ca_file and facts.encrypted:
        yield "CA file", "an extra one is trusted", Ink.MUTED
    if facts.skew_s is not None:
        yield "clock", _clock_words(facts.skew_s), Ink.PLAIN


def _family_words(family: FamilyFacts, literal: bool) -> str:
    if not family.addresses:
        return "no address"
    plural = "" if family.addresses == 1 else "es"
    count = "numeric" if literal else f"{figures.grouped(family.addresses)} address{plural}"
    if family.connected is None:
        return f"{count}, not tried"
    if not family.connected:
        why = _FAULTS.get(family.fault, str(family.fault).replace("_", " ")) if family.fault else "no connection"
        return f"{count}, {why}"
    return f"{count}, connected, {figures.milliseconds(family.elapsed_ms)}"


def _certificate(certificate: Certificate, now: datetime) -> Iterator[Fact]:
    yield "issuer", safe_line(certificate.issuer, 80) or "not named", Ink.PLAIN
    names = ", ".join(safe_line(name, 60) for name in certificate.names[:_NAMES_SHOWN])
    more = len(certificate.names) - _NAMES_SHOWN
    words = names + (f" and {more} more" if more > 0 else "")
    if certificate.matches:
        yield "for", words, Ink.PLAIN
    else:
        yield "for", f"{words}: not this host", Ink.WARNED
    days = (certificate.not_after - now).days
    until = f"{certificate.not_after:%d %b %Y}"
    if days < 0:
        yield "valid", f"expired on {until}", Ink.FAILED
    elif certificate.not_before > now:
        yield "valid", f"only from {certificate.not_before:%d %b %Y}", Ink.FAILED
    else:
        left = figures.plural(days, "day")
        yield "valid", f"{left} left, until {until}", Ink.WARNED if days < _SOON_DAYS else Ink.PLAIN
    if certificate.self_signed:
        yield "signed", "by itself", Ink.WARNED


def _clock_words(skew_s: float) -> str:
    if abs(skew_s) < _CLOSE_S:
        return "agrees with the server's"
    way = "ahead of" if skew_s > 0 else "behind"
    seconds = abs(skew_s)
    span = f"{seconds:.0f} s" if seconds < _MINUTE else f"{figures.grouped(seconds / _MINUTE)} min"
    return f"{span} {way} the server's"


def _gateway(gateway: GatewayFacts | None) -> list[Fact]:
    if gateway is None:
        return []
    facts: list[Fact] = []
    if gateway.software:
        facts.append(("software", f"{gateway.software}, {gateway.confidence}", Ink.PLAIN))
        if gateway.signs:
            facts.append(("by", ", ".join(gateway.signs), Ink.MUTED))
    if gateway.edge:
        facts.append(("in front", gateway.edge, Ink.PLAIN))
    return facts

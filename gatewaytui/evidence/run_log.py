"""What a ladder or a matrix adds to a record: connections, cells, the log of its requests, what it spent."""

from __future__ import annotations

from datetime import datetime

from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.run import CellFacts, GatewayFacts, Sent, Spending

from . import allow
from .document import CellPart, ConnectionPart, FamilyPart, GatewayPart, RequestPart, SpendingPart


def request_part(sent: Sent, mask_host: bool) -> RequestPart:
    """One line of the log."""
    return RequestPart(
        target=sent.target,
        check=allow.word(sent.check),
        variant=allow.sentence(sent.variant) or None,
        method=allow.method(sent.method) or "OTHER",
        path=allow.path(sent.path),
        base_url=allow.base_url(sent.base_url, mask_host=mask_host) if sent.base_url else None,
        auth_header=sent.auth_header,
        key=sent.key,
        group=allow.name(sent.group),
        protocol=sent.protocol,
        model=allow.model(sent.model),
        streamed=sent.streamed,
        outcome=sent.outcome,
        status=allow.status(sent.status),
        elapsed_ms=allow.figure(sent.elapsed_ms),
        failure_class=sent.failure_class,
    )


def spending_part(spending: Spending | None) -> SpendingPart | None:
    """What was spent; None for a run without a budget."""
    if spending is None:
        return None
    return SpendingPart(
        requests=spending.requests,
        request_limit=spending.limit.requests,
        tokens=spending.tokens,
        token_limit=spending.limit.tokens,
        skipped=spending.skipped,
    )


def gateway_part(facts: GatewayFacts | None) -> GatewayPart | None:
    """Which software answered; None where nothing was recognised."""
    if facts is None or not (facts.software or facts.edge):
        return None
    return GatewayPart(
        software=allow.rule(facts.software) if facts.software else None,
        confidence=facts.confidence,
        signs=tuple(map(allow.sentence, facts.signs)),
        edge=allow.rule(facts.edge) if facts.edge else None,
    )


def connection_part(facts: ConnectionFacts | None, now: datetime) -> ConnectionPart | None:
    """The connection without any text of the server's; days left are counted from ``now``."""
    if facts is None:
        return None
    tls = facts.tls
    certificate = tls.certificate if tls else None
    return ConnectionPart(
        encrypted=facts.encrypted,
        proxied=facts.proxied,
        families=tuple(
            FamilyPart(
                family=one.family,
                addresses=one.addresses,
                connected=one.connected,
                elapsed_ms=allow.figure(one.elapsed_ms),
                fault=one.fault,
            )
            for one in facts.families
        ),
        used=facts.used,
        tls_version=(tls.version or None) if tls else None,
        certificate_days_left=(certificate.not_after - now).days if certificate else None,
        certificate_matches=certificate.matches if certificate else None,
        certificate_self_signed=certificate.self_signed if certificate else None,
        clock_skew_s=facts.skew_s,
    )


def cell_part(cell: CellFacts | None) -> CellPart | None:
    """A cell of the matrix."""
    if cell is None:
        return None
    return CellPart(
        endpoint=allow.word(cell.endpoint),
        auth_header=cell.auth_header,
        key=cell.key,
        group=allow.name(cell.group),
        protocol=cell.protocol,
        model=allow.model(cell.model),
        declared=cell.declared,
        cost_usd=None if cell.cost_usd is None else round(cell.cost_usd, 9),
        required=cell.required,
    )

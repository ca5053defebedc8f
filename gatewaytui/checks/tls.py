"""Check ``tls``: the version, how long the certificate holds, who issued it; and whether the clocks agree.

A certificate's names are never told: they may hold a host that is to be masked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from msgspec.structs import replace

from gatewaytui.domain.connection import Certificate, ConnectionFacts
from gatewaytui.domain.exchange import FaultDetail
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.run import CheckResult, Outcome, Rung

from .steps import FAMILY_NAMES, passed, stopped, told

EXPIRES_SOON = timedelta(days=14)
TOLERATED_SKEW_S = 300.0

_ISSUERS = (
    "Let's Encrypt",
    "DigiCert",
    "Google Trust Services",
    "Amazon",
    "Sectigo",
    "GlobalSign",
    "Cloudflare",
    "Microsoft",
    "ZeroSSL",
    "GoDaddy",
    "Starfield",
    "Entrust",
    "TrustAsia",
    "SSL Corp",
    "IdenTrust",
    "Buypass",
    "Actalis",
    "Certum",
    "Apple",
)
"""Issuers that may be named in a note. Notes are evidence, and the certificate's own words are not: an issuer that is
not known here may be a company's own, whose name is nobody's business."""

_UNITS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (0.0, "second"))


def judge(facts: ConnectionFacts, finding: Finding | None, now: datetime | None = None) -> CheckResult:
    """How the handshake went. ``now`` (UTC) is what the certificate's dates are held against; None for the clock."""
    now = now or datetime.now(UTC)
    certificate = facts.tls.certificate if facts.tls else None
    if not facts.encrypted:
        return told(Rung.TLS, Outcome.SKIPPED, facts, "HTTP: no TLS.")
    if not passed(Rung.TLS, facts) or facts.tls is None:
        sharper = finding and replace(finding, next_step=_next_step(facts, certificate, now) or finding.next_step)
        return stopped(Rung.TLS, facts, sharper, facts.tls_ms, _refused(certificate, now))
    version = facts.tls.version.replace("TLSv", "TLS ") or "encrypted"
    over = f" over {FAMILY_NAMES[facts.used]}" if facts.used and not facts.proxied else ""
    note = ", ".join((f"{version}{over}", *_points(certificate, now)))
    soon = certificate is not None and certificate.not_after - now < EXPIRES_SOON
    outcome = Outcome.WARNED if soon else Outcome.PASSED
    return told(Rung.TLS, outcome, facts, note, facts.tls_ms, _expires_soon() if soon else None)


def with_skew(check: CheckResult, facts: ConnectionFacts, skew_s: float | None) -> CheckResult:
    """The tls rung with what a server's ``Date`` says of this machine's clock; a passed rung warns of a large skew.

    ``skew_s`` is how many seconds this machine is ahead, negative behind, None where no date was seen.
    """
    known = replace(check, connection=replace(facts, skew_s=skew_s))
    if skew_s is None or abs(skew_s) <= TOLERATED_SKEW_S:
        return known
    way = "ahead of" if skew_s > 0 else "behind"
    note = f"This machine's clock is {_duration(abs(skew_s))} {way} the server's."
    said = replace(known, note=" ".join(filter(None, (check.note, note))))
    if check.outcome is not Outcome.PASSED:
        return said
    return replace(said, outcome=Outcome.WARNED, finding=_clock_is_off())


def _points(certificate: Certificate | None, now: datetime) -> tuple[str, ...]:
    if certificate is None:
        return ()
    issuer = next((name for name in _ISSUERS if name.lower() in certificate.issuer.lower()), "")
    left = f"{_duration((certificate.not_after - now).total_seconds())} left"
    return left, f"issued by {issuer}" if issuer else "issued by a private or little-known authority"


def _refused(certificate: Certificate | None, now: datetime) -> str:
    """What a refused certificate shows besides the reason for which it was refused."""
    if certificate is None:
        return ""
    seen = (
        ("self-signed", certificate.self_signed),
        ("for another host", not certificate.matches),
        (f"expired {_duration((now - certificate.not_after).total_seconds())} ago", certificate.not_after < now),
        (f"valid in {_duration((certificate.not_before - now).total_seconds())}", certificate.not_before > now),
    )
    points = [words for words, holds in seen if holds]
    return f"certificate: {', '.join(points)}" if points else "certificate: in its dates and for this host"


def _next_step(facts: ConnectionFacts, certificate: Certificate | None, now: datetime) -> str:
    """Sharper than the fault's own where the certificate was seen, else ""."""
    advise = _ADVICE.get(facts.fault.detail) if facts.fault else None
    return advise(facts, certificate, now) if advise and certificate else ""


def _outdated(_: ConnectionFacts, certificate: Certificate, now: datetime) -> str:
    if certificate.not_before > now:
        wait = _duration((certificate.not_before - now).total_seconds())
        return (
            f"The certificate is not valid for another {wait}: this machine's clock is likely behind, set it right."
        )
    if certificate.not_after > now:
        return ""  # another certificate of the chain
    since = _duration((now - certificate.not_after).total_seconds())
    return f"The certificate expired {since} ago: tell the operator, or set this machine's clock if it is ahead."


def _unsigned(facts: ConnectionFacts, certificate: Certificate, now: datetime) -> str:
    kind = "The certificate is self-signed" if certificate.self_signed else "Nobody known signed the certificate"
    expired = _duration((now - certificate.not_after).total_seconds()) if certificate.not_after < now else ""
    faults = (
        f"it expired {expired} ago" if expired else "",
        "" if certificate.matches else "it is for another host name",
    )
    if any(faults):
        said = " and ".join(filter(None, faults))
        return f"{kind}, and {said}: to trust its issuer does not help. Check the host, then tell the operator."
    if not facts.ca_file:
        return ""
    return f"{kind} and the CA file in use does not hold its issuer: put the issuer's certificate into that file."


_ADVICE: Mapping[str, Callable[[ConnectionFacts, Certificate, datetime], str]] = MappingProxyType(
    {
        FaultDetail.EXPIRED: _outdated,
        FaultDetail.SELF_SIGNED: _unsigned,
        FaultDetail.UNKNOWN_ISSUER: _unsigned,
    }
)


def _expires_soon() -> Finding:
    return Finding(
        failure_class=FailureClass.TLS,
        rule="tls.expires_soon",
        origin=Origin.GATEWAY,
        confidence=Confidence.CERTAIN,
        whose="The gateway's: its certificate ends within 14 days and has not been renewed.",
        next_step="Tell the gateway's operator to renew the certificate; the key and the address are fine.",
    )


def _clock_is_off() -> Finding:
    return Finding(
        failure_class=FailureClass.TLS,
        rule="tls.clock",
        origin=Origin.LOCAL,
        confidence=Confidence.LIKELY,
        whose="Yours most likely: this machine's clock and the server's differ by more than 5 minutes.",
        next_step="Set this machine's clock, or let the system set it over the network.",
    )


def _duration(seconds: float) -> str:
    """A time in its largest whole unit: ``61 days``, ``1 hour``, ``12 minutes``."""
    seconds = max(seconds, 0.0)
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size)
    count = int(seconds // (size or 1))
    return f"{count} {unit}{'' if count == 1 else 's'}"

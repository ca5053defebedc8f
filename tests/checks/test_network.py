"""The rungs between address and key: a verdict for each from one connection that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from gatewaytui.checks import tls
from gatewaytui.checks.network import NETWORK_RUNGS, with_skew
from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.connection import Certificate, ConnectionFacts, FamilyFacts, TlsFacts
from gatewaytui.domain.exchange import (
    AddressFamily,
    Ask,
    AskKind,
    Exchange,
    FaultDetail,
    FaultKind,
    Phase,
    TransportFault,
    WireRequest,
)
from gatewaytui.domain.failure import FailureClass, Finding
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.run import CheckResult, Outcome, Rung

IPV4, IPV6 = AddressFamily.IPV4, AddressFamily.IPV6
K, P, D, R = FaultKind, Phase, FaultDetail, Rung
NOW = datetime(2026, 6, 1, tzinfo=UTC)
CERTIFICATE = Certificate(
    issuer="Let's Encrypt",
    names=("gateway.example",),
    not_before=NOW - timedelta(days=29),
    not_after=NOW + timedelta(days=61, hours=3),
    matches=True,
)
GOOD = ConnectionFacts(
    encrypted=True,
    families=(FamilyFacts(IPV4, 2, True, 11.0), FamilyFacts(IPV6, 1, False, 1.0, K.REFUSED)),
    used=IPV4,
    dns_ms=4.0,
    tcp_ms=11.0,
    tls_ms=30.0,
    tls=TlsFacts("TLSv1.3", CERTIFICATE),
)
PROXIED = replace(GOOD, proxied=True, proxy_source="HTTPS_PROXY", proxy_ms=9.0)


def _finding(fault: TransportFault | None) -> Finding | None:
    request = WireRequest("GET", "", "/v1/models", Ask(AskKind.MODELS), AuthHeader.BEARER)
    return classify(Exchange(request, None, fault), None) if fault else None


def _climb(facts: ConnectionFacts) -> Mapping[Rung, CheckResult]:
    finding = _finding(facts.fault)
    return {rung: judge(facts, finding) for rung, judge in NETWORK_RUNGS.items()}


def _outcomes(facts: ConnectionFacts) -> str:
    """The outcomes of proxy, dns, tcp and tls by their first letters."""
    return "".join(check.outcome[0] for check in _climb(facts).values())


def _tls(certificate: Certificate | None = CERTIFICATE, detail: FaultDetail | None = None) -> CheckResult:
    fault = TransportFault(K.TLS, P.TLS, detail) if detail else None
    facts = replace(GOOD, tls=TlsFacts("" if detail else "TLSv1.3", certificate), fault=fault)
    return tls.judge(facts, _finding(fault), NOW)


def test_the_rungs_come_in_ladder_order_and_under_their_own_names() -> None:
    assert list(NETWORK_RUNGS) == [R.PROXY, R.DNS, R.TCP, R.TLS]
    assert [check.name for check in _climb(GOOD).values()] == ["proxy", "dns", "tcp", "tls"]


def test_a_good_connection_is_told_in_figures() -> None:
    proxy, dns, tcp, _ = _climb(GOOD).values()
    assert (proxy.outcome, proxy.note) == (Outcome.SKIPPED, "No proxy is set.")
    assert (dns.outcome, dns.note, dns.elapsed_ms) == (Outcome.PASSED, "2 IPv4 and 1 IPv6 addresses.", 4.0)
    assert (tcp.outcome, tcp.note, tcp.elapsed_ms) == (Outcome.PASSED, "Connected over IPv4; IPv6: refused.", 11.0)
    found = _tls()
    assert (found.outcome, found.elapsed_ms) == (Outcome.PASSED, 30.0)
    assert found.note == "TLS 1.3 over IPv4, 61 days left, issued by Let's Encrypt."


def test_a_proxy_is_told_by_its_source_and_dns_and_tcp_are_its_own() -> None:
    proxy, dns, tcp, _ = _climb(PROXIED).values()
    assert (proxy.note, proxy.elapsed_ms) == ("Set by HTTPS_PROXY, tunnel opened.", 9.0)
    assert dns.note == "2 IPv4 and 1 IPv6 addresses for the proxy."
    assert tcp.note == "Connected over IPv4 to the proxy; IPv6: refused."
    by_profile = NETWORK_RUNGS[R.PROXY](replace(PROXIED, proxy_source="profile", encrypted=False), None)
    assert by_profile.note == "Set by the profile, http needs no tunnel."


def test_steps_that_do_not_apply_are_skipped_with_a_reason() -> None:
    plain = replace(GOOD, encrypted=False, literal=True, tls=None, tls_ms=None, families=GOOD.families[:1])
    checks = _climb(plain)
    assert _outcomes(plain) == "ssps"
    assert checks[R.DNS].note == "The address is written as numbers: no name to resolve."
    assert checks[R.TLS].note == "HTTP: no TLS."
    assert checks[R.TCP].note == "Connected over IPv4."
    proxied = NETWORK_RUNGS[R.DNS](replace(PROXIED, literal=True), None)
    assert proxied.note == "The proxy's address is written as numbers: no name to resolve."


@pytest.mark.parametrize(
    ("facts", "fault", "outcomes", "failure_class"),
    [
        (GOOD, TransportFault(K.DNS, P.DNS), "sfss", FailureClass.DNS),
        (GOOD, TransportFault(K.CONNECT_TIMEOUT, P.DNS), "sfss", FailureClass.CONNECT_TIMEOUT),
        (GOOD, TransportFault(K.REFUSED, P.TCP), "spfs", FailureClass.CONNECTION_REFUSED),
        (GOOD, TransportFault(K.UNREACHABLE, P.TCP), "spfs", FailureClass.CONNECTION_REFUSED),
        (GOOD, TransportFault(K.CONFIG, P.TCP), "spfs", FailureClass.CONFIG),
        (GOOD, TransportFault(K.TLS, P.TLS, D.WRONG_HOST), "sppf", FailureClass.TLS),
        (GOOD, TransportFault(K.RESET, P.TLS), "sppf", FailureClass.CONNECTION_RESET),
        (GOOD, TransportFault(K.CONFIG, P.CONFIG, D.CA_FILE), "sssf", FailureClass.CONFIG),
        (GOOD, TransportFault(K.CONFIG, P.CONFIG, D.URL), "sfss", FailureClass.CONFIG),
        (PROXIED, TransportFault(K.CONFIG, P.CONFIG, D.SOCKS_PROXY), "fsss", FailureClass.CONFIG),
        (PROXIED, TransportFault(K.CONFIG, P.CONFIG, D.PROXY_URL), "fsss", FailureClass.CONFIG),
        (PROXIED, TransportFault(K.PROXY, P.DNS, "dns"), "sfss", FailureClass.PROXY),
        (PROXIED, TransportFault(K.PROXY, P.TCP, "refused"), "spfs", FailureClass.PROXY),
        (PROXIED, TransportFault(K.PROXY, P.PROXY, D.PROXY_AUTH), "fpps", FailureClass.PROXY),
        (PROXIED, TransportFault(K.PROXY, P.TLS, "tls"), "fpps", FailureClass.PROXY),
        (PROXIED, TransportFault(K.TLS, P.TLS, D.EXPIRED), "pppf", FailureClass.TLS),
    ],
)
def test_a_fault_fails_its_own_rung_and_no_other(
    facts: ConnectionFacts, fault: TransportFault, outcomes: str, failure_class: FailureClass
) -> None:
    facts = replace(facts, fault=fault)
    assert _outcomes(facts) == outcomes
    found = [check.finding for check in _climb(facts).values() if check.finding]
    assert [finding.failure_class for finding in found] == [failure_class]


@pytest.mark.parametrize(
    ("families", "note"),
    [
        ((FamilyFacts(IPV4, 1), FamilyFacts(IPV6, 0)), "1 IPv4 and no IPv6 address."),
        ((FamilyFacts(IPV6, 3), FamilyFacts(IPV4, 0)), "no IPv4 and 3 IPv6 addresses."),
    ],
)
def test_a_family_without_addresses_is_said(families: tuple[FamilyFacts, ...], note: str) -> None:
    found = NETWORK_RUNGS[R.DNS](replace(GOOD, families=families), None).note
    assert found == f"{note[0].upper()}{note[1:]}"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (FamilyFacts(IPV6, 0), "IPv6: no address"),
        (FamilyFacts(IPV6, 1), "IPv6: not tried"),
        (FamilyFacts(IPV6, 1, True, 12.4), "IPv6: connected too after 12 ms"),
        (FamilyFacts(IPV6, 1, False, 0.1, K.UNREACHABLE), "IPv6: no route"),
        (FamilyFacts(IPV6, 1, False, 310.0, K.CONNECT_TIMEOUT), "IPv6: no answer after 310 ms"),
        (FamilyFacts(IPV6, 1, False, 1.0, K.PROTOCOL), "IPv6: failed"),
    ],
)
def test_what_the_other_family_did_is_said(other: FamilyFacts, words: str) -> None:
    found = NETWORK_RUNGS[R.TCP](replace(GOOD, families=(GOOD.families[0], other)), None)
    assert found.note == f"Connected over IPv4; {words}."


def test_where_nothing_connects_each_family_tells_how_it_failed() -> None:
    families = FamilyFacts(IPV4, 1, False, 3.0, K.REFUSED), FamilyFacts(IPV6, 1, False, 0.1, K.UNREACHABLE)
    facts = replace(GOOD, families=families, used=None, fault=TransportFault(K.REFUSED, P.TCP), tls=None)
    assert _climb(facts)[R.TCP].note == "IPv4: refused; IPv6: no route."


@pytest.mark.parametrize(("days", "outcome"), [(13, Outcome.WARNED), (15, Outcome.PASSED)])
def test_a_certificate_that_ends_soon_warns(days: int, outcome: Outcome) -> None:
    found = _tls(replace(CERTIFICATE, not_after=NOW + timedelta(days=days, hours=1)))
    assert found.outcome is outcome
    assert f"{days} days left" in found.note
    assert (found.finding is not None and found.finding.rule == "tls.expires_soon") is (outcome is Outcome.WARNED)


def _refused(detail: FaultDetail, **changes: object) -> tuple[str, str]:
    found = _tls(replace(CERTIFICATE, **changes), detail)  # type: ignore[arg-type]
    assert found.outcome is Outcome.FAILED
    assert found.finding is not None and found.finding.failure_class is FailureClass.TLS
    return found.note, found.finding.next_step


def test_an_expired_certificate_names_its_age_and_the_clock() -> None:
    note, step = _refused(D.EXPIRED, not_after=NOW - timedelta(days=3, hours=1))
    assert note == "Certificate: expired 3 days ago."
    assert "3 days ago" in step and "clock" in step


def test_a_certificate_that_is_not_yet_valid_points_at_the_clock() -> None:
    note, step = _refused(D.EXPIRED, not_before=NOW + timedelta(hours=2, minutes=1))
    assert note == "Certificate: valid in 2 hours."
    assert "clock is likely behind" in step


def test_an_expired_link_of_the_chain_keeps_the_faults_own_advice() -> None:
    note, step = _refused(D.EXPIRED)
    assert note == "Certificate: in its dates and for this host."
    assert "expired" in step


def test_a_certificate_for_another_host_says_so_and_names_none() -> None:
    note, step = _refused(D.WRONG_HOST, matches=False)
    assert note == "Certificate: for another host."
    assert "host" in step and "gateway.example" not in note + step


def test_a_self_signed_certificate_asks_for_its_ca_file() -> None:
    note, step = _refused(D.SELF_SIGNED, self_signed=True)
    assert note == "Certificate: self-signed."
    assert "CA file" in step


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"not_after": NOW - timedelta(days=70)}, "expired 70 days ago"),
        ({"matches": False}, "for another host name"),
        ({"not_after": NOW - timedelta(days=70), "matches": False}, "70 days ago and it is for another host"),
    ],
)
def test_an_unknown_issuer_is_not_to_be_trusted_where_that_would_not_help(
    changed: dict[str, object], words: str
) -> None:
    _, step = _refused(D.UNKNOWN_ISSUER, **changed)
    assert words in step and "CA file" not in step


def test_a_ca_file_that_does_not_fit_is_what_is_spoken_of() -> None:
    fault = TransportFault(K.TLS, P.TLS, D.UNKNOWN_ISSUER)
    found = tls.judge(replace(GOOD, ca_file=True, fault=fault), _finding(fault), NOW)
    assert found.finding is not None and "CA file in use does not hold its issuer" in found.finding.next_step


def test_a_certificates_own_words_stay_out_of_what_may_be_exported() -> None:
    hostile = replace(CERTIFICATE, issuer="Secret Corp Inspection CA", names=("internal.secret.example",))
    for found in (_tls(hostile), _tls(hostile, D.WRONG_HOST), _tls(hostile, D.UNKNOWN_ISSUER)):
        said = f"{found.note} {found.finding}"
        assert "Secret" not in said and "internal" not in said


@pytest.mark.parametrize(
    ("skew_s", "words"),
    [(720.0, "12 minutes ahead of the server's"), (-7300.0, "2 hours behind the server's")],
)
def test_a_clock_far_off_warns_on_the_tls_rung(skew_s: float, words: str) -> None:
    found = with_skew(_tls(), GOOD, skew_s)
    assert (found.outcome, found.connection) == (Outcome.WARNED, replace(GOOD, skew_s=skew_s))
    assert found.finding is not None and found.finding.rule == "tls.clock"
    assert found.note.endswith(f"This machine's clock is {words}.")
    assert found.note.startswith("TLS 1.3")


@pytest.mark.parametrize("skew_s", [None, 0.0, 300.0, -299.0])
def test_a_clock_near_enough_changes_nothing(skew_s: float | None) -> None:
    found = with_skew(_tls(), GOOD, skew_s)
    assert (found.outcome, found.note, found.finding) == (Outcome.PASSED, _tls().note, None)


def test_a_rung_that_did_not_pass_keeps_its_verdict_and_still_tells_the_skew() -> None:
    soon = _tls(replace(CERTIFICATE, not_after=NOW + timedelta(days=2)))
    skipped = NETWORK_RUNGS[R.TLS](replace(GOOD, encrypted=False, tls=None), None)
    for before in (soon, skipped):
        after = with_skew(before, GOOD, 1000.0)
        assert (after.outcome, after.finding) == (before.outcome, before.finding)
        assert "16 minutes ahead" in after.note

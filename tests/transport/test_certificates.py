"""What is read from a certificate's bytes, the odd and hostile ones included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from gatewaytui.transport.certificates import read_certificate

START, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)


def _certificate(organisation: str | None, *names: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, "common")]
    if organisation is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway.test")]))
        .issuer_name(x509.Name(attributes))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(START)
        .not_valid_after(END)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("name", "host", "matches"),
    [
        ("gateway.test", "gateway.test", True),
        ("GATEWAY.test", "gateway.TEST.", True),
        ("*.gateway.test", "api.gateway.test", True),
        ("*.gateway.test", "gateway.test", False),
        ("*.gateway.test", "a.b.gateway.test", False),
        ("*.test", "gateway.test", False),
        ("*", "gateway", False),
        ("*.0.0.1", "127.0.0.1", False),
        ("other.test", "gateway.test", False),
    ],
)
def test_whether_a_name_is_the_hosts(name: str, host: str, matches: bool) -> None:
    found = read_certificate(_certificate("Someone", name), host)
    assert found is not None and found.matches is matches


@pytest.mark.parametrize(
    ("name", "host", "matches"), [("127.0.0.1", "127.0.0.1", True), ("::1", "0:0::1", True), ("::1", "::2", False)]
)
def test_an_address_matches_only_itself(name: str, host: str, matches: bool) -> None:
    pem = trustme.CA(key_type=trustme.KeyType.ECDSA).issue_cert(name).cert_chain_pems[0].bytes()
    found = read_certificate(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER), host)
    assert found is not None and found.matches is matches


def test_a_common_name_alone_does_not_count() -> None:
    found = read_certificate(_certificate("Someone"), "gateway.test")
    assert found is not None
    assert (found.names, found.matches) == ((), False)


def test_dates_are_utc_and_the_issuers_organisation_comes_before_its_common_name() -> None:
    found, nameless = (read_certificate(_certificate(who, "a.test"), "a.test") for who in ("Someone", None))
    assert found is not None and nameless is not None
    assert (found.not_before, found.not_after) == (START, END)
    assert (found.issuer, nameless.issuer) == ("Someone", "common")


def test_the_servers_texts_are_made_safe_and_short() -> None:
    found = read_certificate(_certificate("ev\x1b]52;il" + "x" * 50, *(f"h{n}.test" for n in range(50))), "h1.test")
    assert found is not None
    assert "\x1b" not in found.issuer and "\u241b" in found.issuer
    assert len(found.names) == 20 and found.matches


@pytest.mark.parametrize("der", [b"", b"not a certificate", b"\x30\x82\xff\xff" + bytes(64)])
def test_bytes_that_are_no_certificate(der: bytes) -> None:
    assert read_certificate(der, "gateway.test") is None


def test_a_damaged_certificate_never_raises() -> None:
    whole = _certificate("Someone", "gateway.test")
    for position in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        read_certificate(bytes(damaged), "gateway.test")
    assert read_certificate(whole, "gateway.test") is not None

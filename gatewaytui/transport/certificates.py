"""A server's certificate read from its bytes, whoever signed it. What it says is shown, never trusted."""

from __future__ import annotations

import ipaddress
import warnings
from typing import TYPE_CHECKING

from gatewaytui.domain.connection import Certificate
from gatewaytui.domain.text import safe_line

if TYPE_CHECKING:
    from cryptography import x509

_NAMES_KEPT = 20
_LONGEST_ISSUER, _LONGEST_NAME = 64, 120


def read_certificate(der: bytes, host: str) -> Certificate | None:
    """What the certificate says, and whether it is for this host; None where it cannot be read."""
    try:
        from cryptography import x509  # late: it takes tens of ms to load, and only TLS wants it

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd certificate must not write to the terminal
            return _read(x509.load_der_x509_certificate(der), host)
    except Exception:  # noqa: BLE001  (a door: these bytes are a stranger's, and the parser may raise anything)
        return None


def _read(found: x509.Certificate, host: str) -> Certificate:
    names = _names(found)
    return Certificate(
        issuer=_issuer(found),
        names=tuple(safe_line(name, _LONGEST_NAME) for name in names[:_NAMES_KEPT]),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        matches=any(_covers(name, host) for name in names),
        self_signed=found.issuer == found.subject,
    )


def _issuer(found: x509.Certificate) -> str:
    """The issuer's organisation, else its common name, else ""."""
    from cryptography.x509.oid import NameOID

    for kind in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME):
        for attribute in found.issuer.get_attributes_for_oid(kind):
            value = attribute.value
            return safe_line(value if isinstance(value, str) else value.decode("latin-1"), _LONGEST_ISSUER)
    return ""


def _names(found: x509.Certificate) -> list[str]:
    """The DNS names and addresses it is for. A common name alone has not counted for years."""
    from cryptography import x509

    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [
        *alternatives.get_values_for_type(x509.DNSName),
        *map(str, alternatives.get_values_for_type(x509.IPAddress)),
    ]


def _covers(name: str, host: str) -> bool:
    """RFC 6125: equal in any case, or ``*`` for the whole first label of a name; addresses only equal."""
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    try:
        return ipaddress.ip_address(host) == ipaddress.ip_address(name)
    except ValueError:
        pass
    label, _, rest = name.partition(".")
    if label != "*":
        return name == host
    return "." in rest and not _is_address(host) and host.partition(".")[2] == rest


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

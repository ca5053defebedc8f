"""Whatever can be raised on the way, as a TransportFault by table. Exception text goes no further than here."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Mapping
from types import MappingProxyType

import httpcore

from gatewaytui.domain.exchange import FaultDetail, FaultKind, TransportFault

from .decoding import BadEncoding
from .timing import DeadlineExpired, Journal

Sign = tuple[FaultKind, str]

_TLS_ALERT = b"\x15\x03"
_PROXY_AUTH = "407"


class ConfigTrouble(Exception):
    """A setting keeps the request from being sent. ``detail`` says which."""

    def __init__(self, detail: FaultDetail) -> None:
        self.detail = detail
        super().__init__()


class NotHttp(Exception):
    """The answer does not begin like HTTP/1. ``tls`` tells that it begins like TLS."""

    def __init__(self, head: bytes) -> None:
        self.tls = head.startswith(_TLS_ALERT)
        super().__init__()


class HeadersTooLarge(Exception):
    """Status line and headers exceed their cap."""


class BodyTooLarge(Exception):
    """The body exceeds its cap."""


class Halted(Exception):
    """A person ended the call."""


_BY_TYPE: Mapping[type[BaseException], Sign] = MappingProxyType(
    {
        Halted: (FaultKind.CANCELLED, ""),
        BodyTooLarge: (FaultKind.TOO_LARGE, ""),
        HeadersTooLarge: (FaultKind.TOO_LARGE, FaultDetail.HEADER),
        BadEncoding: (FaultKind.ENCODING, ""),
        ConnectionRefusedError: (FaultKind.REFUSED, ""),
        ConnectionResetError: (FaultKind.RESET, ""),
        ConnectionAbortedError: (FaultKind.RESET, ""),
        BrokenPipeError: (FaultKind.RESET, ""),
        OSError: (FaultKind.RESET, ""),
        httpcore.ProxyError: (FaultKind.PROXY, ""),
        httpcore.RemoteProtocolError: (FaultKind.PROTOCOL, FaultDetail.FRAMING),
        httpcore.LocalProtocolError: (FaultKind.CONFIG, FaultDetail.HEADER),
        httpcore.UnsupportedProtocol: (FaultKind.CONFIG, FaultDetail.URL),
        httpcore.NetworkError: (FaultKind.RESET, ""),
        httpcore.ConnectTimeout: (FaultKind.CONNECT_TIMEOUT, ""),
        httpcore.TimeoutException: (FaultKind.STALL_TIMEOUT, ""),
        UnicodeEncodeError: (FaultKind.CONFIG, FaultDetail.URL),
        OverflowError: (FaultKind.CONFIG, FaultDetail.URL),
        ImportError: (FaultKind.CONFIG, FaultDetail.SOCKS_PROXY),
        Exception: (FaultKind.PROTOCOL, ""),
    }
)
"""By the nearest type in the exception's ancestry. The last row takes what libraries let slip on odd input:
AssertionError, TypeError, ValueError, RecursionError."""

_BY_ERRNO: Mapping[int, Sign] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM,
                errno.EAFNOSUPPORT, errno.EINVAL,
            ),
            (FaultKind.UNREACHABLE, ""),
        ),
        **dict.fromkeys((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM), (FaultKind.CONFIG, "")),
        errno.ETIMEDOUT: (FaultKind.CONNECT_TIMEOUT, ""),
    }
)  # fmt: skip
"""System errors of a connection attempt that have no exception type of their own."""

_BY_VERIFY_CODE: Mapping[int, FaultDetail] = MappingProxyType(
    {
        9: FaultDetail.EXPIRED,  # not yet valid: one of the two clocks is wrong
        10: FaultDetail.EXPIRED,
        18: FaultDetail.SELF_SIGNED,
        19: FaultDetail.UNKNOWN_ISSUER,  # the root that was sent along is not trusted here
        20: FaultDetail.UNKNOWN_ISSUER,
        21: FaultDetail.UNKNOWN_ISSUER,
        62: FaultDetail.WRONG_HOST,
        64: FaultDetail.WRONG_HOST,
        -67818: FaultDetail.EXPIRED,
        -67843: FaultDetail.UNKNOWN_ISSUER,
        -67602: FaultDetail.WRONG_HOST,
        0x800B0101: FaultDetail.EXPIRED,
        0x800B0109: FaultDetail.UNKNOWN_ISSUER,
        0x800B010A: FaultDetail.UNKNOWN_ISSUER,
        0x800B010F: FaultDetail.WRONG_HOST,
    }
)
"""X509_V_ERR_* of OpenSSL (x509_vfy.h); where the system verifies, errSec* of macOS and CERT_E_* of Windows."""

_BY_TLS_REASON: Mapping[str, FaultDetail] = MappingProxyType(
    {
        **dict.fromkeys(
            ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "BAD_RECORD_TYPE"),
            FaultDetail.NOT_TLS,
        ),
        **dict.fromkeys(
            (
                "UNSUPPORTED_PROTOCOL",
                "TLSV1_ALERT_PROTOCOL_VERSION",
                "NO_PROTOCOLS_AVAILABLE",
                "VERSION_TOO_LOW",
                "LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED",
            ),
            FaultDetail.VERSION,
        ),
    }
)
"""``ssl.SSLError.reason``: OpenSSL's own names."""


def fault_of(error: BaseException, journal: Journal) -> TransportFault:
    """The fault that this exception means, at the phase the journal has reached."""
    kind, detail = _sign(error, journal)
    if journal.at_proxy and kind not in (FaultKind.PROXY, FaultKind.CANCELLED):
        return TransportFault(FaultKind.PROXY, journal.phase, kind.value)
    return TransportFault(kind, journal.phase, detail)


def _sign(error: BaseException, journal: Journal) -> Sign:
    match error:
        case ConfigTrouble():
            return FaultKind.CONFIG, error.detail
        case DeadlineExpired():
            return error.kind, ""
        case NotHttp():
            return FaultKind.PROTOCOL, FaultDetail.TLS_PORT if error.tls else ""
        case ssl.SSLError():
            return FaultKind.TLS, _tls_detail(error)
        case httpcore.ProxyError() if str(error).startswith(_PROXY_AUTH):
            return FaultKind.PROXY, FaultDetail.PROXY_AUTH
        case httpcore.RemoteProtocolError() if journal.ended:
            return FaultKind.CUT if journal.received else FaultKind.CLOSED, ""
        case socket.gaierror():
            return FaultKind.DNS, ""
        case OSError(errno=int(number)) if journal.connecting and number in _BY_ERRNO:
            return _BY_ERRNO[number]
        case _:
            return next(_BY_TYPE[ancestor] for ancestor in type(error).__mro__ if ancestor in _BY_TYPE)


def _tls_detail(error: ssl.SSLError) -> FaultDetail:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _BY_VERIFY_CODE.get(getattr(error, "verify_code", 0), FaultDetail.HANDSHAKE)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return FaultDetail.CLOSED
    return _BY_TLS_REASON.get(getattr(error, "reason", None) or "", FaultDetail.HANDSHAKE)

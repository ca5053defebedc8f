"""A connection taken apart: what name resolution, TCP and TLS each showed before any request was sent.

No address is in here: only how many there were and how each address family fared (design/rules.md, ladder).
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from .exchange import AddressFamily, FaultKind, TransportFault

__all__ = ["AddressFamily", "Certificate", "ConnectionFacts", "FamilyFacts", "TlsFacts"]


class FamilyFacts(msgspec.Struct, frozen=True):
    """One address family: how many addresses the name has in it, and whether one took a connection.

    ``connected`` is None where none was tried; ``fault`` says why it failed, None otherwise.
    """

    family: AddressFamily
    addresses: int
    connected: bool | None = None
    elapsed_ms: float | None = None
    fault: FaultKind | None = None


class Certificate(msgspec.Struct, frozen=True):
    """A server's certificate. All texts are the server's own: made safe, for the screen only, never for evidence.

    ``matches`` tells whether one of its names is the host's; times are UTC.
    """

    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    matches: bool
    self_signed: bool = False


class TlsFacts(msgspec.Struct, frozen=True):
    """A handshake. ``version`` is ``TLSv1.3`` and the like, "" where none was agreed on.

    ``certificate`` is there also where it was refused, read without sending anything; None where none could be read.
    """

    version: str = ""
    certificate: Certificate | None = None


class ConnectionFacts(msgspec.Struct, frozen=True):
    """How far a connection got and what each step took, in milliseconds; None for a step that was not taken.

    ``proxied`` tells that ``families``, ``dns_ms`` and ``tcp_ms`` concern a proxy, found in ``proxy_source`` (the
    profile, or a variable's name); ``proxy_ms`` is what its tunnel took. ``literal`` is an address written as
    numbers, ``encrypted`` https. ``fault`` ended it, or None. ``ca_file`` is True where an extra CA file is trusted.
    ``skew_s`` is how far this machine's clock is ahead of the server's ``Date``, None where none was seen.
    """

    encrypted: bool
    literal: bool = False
    proxied: bool = False
    proxy_source: str = ""
    ca_file: bool = False
    families: tuple[FamilyFacts, ...] = ()
    used: AddressFamily | None = None
    dns_ms: float | None = None
    tcp_ms: float | None = None
    proxy_ms: float | None = None
    tls_ms: float | None = None
    tls: TlsFacts | None = None
    fault: TransportFault | None = None
    skew_s: float | None = None

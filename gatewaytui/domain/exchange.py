"""One request and what came back: bytes, times, or the fault that kept them away."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from .profile import AuthHeader, Protocol
from .secret import repr_without


class AskKind(StrEnum):
    """What was asked of the server."""

    MODELS = "models"
    CHAT = "chat"
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    IMAGES = "images"
    SPEECH = "speech"
    TRANSCRIPT = "transcript"
    TOKENS = "tokens"
    OTHER = "other"
    UNKNOWN = "unknown"


class Ask(msgspec.Struct, frozen=True):
    """What a request promised to get, so that the answer can be judged against it.

    ``streaming`` is None where it is not known (an exchange read from a file).
    """

    kind: AskKind
    protocol: Protocol | None = None
    model: str = ""
    streaming: bool | None = False


class WireRequest(msgspec.Struct, frozen=True):
    """A request ready for the wire but for its key, which the transport adds last as ``auth_header``.

    ``path`` is what evidence may show (no query, no host). Headers and body are hidden from ``repr``.
    """

    method: str
    url: str
    path: str
    ask: Ask
    auth_header: AuthHeader
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def __repr__(self) -> str:
        return repr_without(self, "headers", "body")


class Phase(StrEnum):
    """How far a request got. The order is the order of the wire."""

    CONFIG = "config"
    PROXY = "proxy"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    SEND = "send"
    WAIT = "wait"
    BODY = "body"


class FaultKind(StrEnum):
    """Every way a transport can fail; `diagnosis` maps each to a failure class.

    ``CUT`` is a body that ended before its own framing said so; ``RESET`` a connection the peer tore down;
    ``CLOSED`` one it closed without a single byte of answer.
    """

    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CLOSED = "closed"
    TLS = "tls"
    PROXY = "proxy"
    PROTOCOL = "protocol"
    CONNECT_TIMEOUT = "connect_timeout"
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    STALL_TIMEOUT = "stall_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    CUT = "cut"
    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    CONFIG = "config"
    CANCELLED = "cancelled"


class FaultDetail(StrEnum):
    """What a transport saw besides the kind of its fault: the whole vocabulary of ``TransportFault.detail``.

    ``NOT_TLS`` is https spoken to a plain port, ``TLS_PORT`` the reverse; ``CLOSED`` a handshake the server ended.
    """

    SELF_SIGNED = "self_signed"
    UNKNOWN_ISSUER = "unknown_issuer"
    EXPIRED = "expired"
    WRONG_HOST = "wrong_host"
    NOT_TLS = "not_tls"
    TLS_PORT = "tls_port"
    VERSION = "version"
    HANDSHAKE = "handshake"
    CLOSED = "closed"
    FRAMING = "framing"
    SOCKS_PROXY = "socks_proxy"
    PROXY_AUTH = "proxy_auth"
    PROXY_URL = "proxy_url"
    CA_FILE = "ca_file"
    KEY_CHARACTERS = "key_characters"
    HEADER = "header"
    URL = "url"
    USER_INFO = "user_info"


class TransportFault(msgspec.Struct, frozen=True):
    """Why no (whole) response came: a kind, the phase it struck in, and a detail from our own vocabulary.

    ``detail`` is never exception text: a :class:`FaultDetail` or ""; for a fault on the way to a proxy (kind
    ``PROXY``) it may be the :class:`FaultKind` that struck there.
    """

    kind: FaultKind
    phase: Phase
    detail: str = ""


class AddressFamily(StrEnum):
    """The two internet protocols; the values are public (evidence)."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"


class StampSource(StrEnum):
    """Who stamped a read: the kernel at reception, or we when we read."""

    KERNEL = "kernel"
    READ = "read"


class Read(msgspec.Struct, frozen=True, gc=False):
    """One read from the socket: when (ns after the start), how many body bytes, stamped by whom.

    ``lag_ns`` is how long the bytes lay in the kernel before we read them; 0 where only the read was stamped.
    ``unseen_ns`` is for how long before the read this process may not have looked; 0 where it did.
    """

    at_ns: int
    size: int
    source: StampSource = StampSource.READ
    lag_ns: int = 0
    unseen_ns: int = 0


class Timings(msgspec.Struct, frozen=True):
    """Phases in nanoseconds of CLOCK_MONOTONIC; None where a phase did not happen (warm connection, plain http).

    ``dns_ns``, ``tcp_ns``, ``tls_ns``, ``send_ns`` are durations; ``first_byte_ns``, ``headers_ns`` and
    ``done_ns`` are offsets from the start. ``warm`` is True on a reused connection. ``family`` is what a connection
    opened for this request was made over (to the proxy where there is one), None where none was.
    """

    dns_ns: int | None = None
    tcp_ns: int | None = None
    tls_ns: int | None = None
    send_ns: int | None = None
    first_byte_ns: int | None = None
    headers_ns: int | None = None
    done_ns: int | None = None
    warm: bool = False
    family: AddressFamily | None = None


class WireResponse(msgspec.Struct, frozen=True):
    """What the server sent. ``headers`` keep order and repetition; ``body`` is decoded of any content encoding.

    ``truncated`` is True where a cap ended the body, not the server.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: bool = False

    def header(self, name: str) -> str:
        """The first header of that name (any case), or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def __repr__(self) -> str:
        return repr_without(self, "headers", "body")


class Exchange(msgspec.Struct, frozen=True):
    """One request with its response, its fault, or both (a body cut in the middle has both)."""

    request: WireRequest
    response: WireResponse | None
    fault: TransportFault | None
    timings: Timings = msgspec.field(default_factory=Timings)
    reads: tuple[Read, ...] = ()

    @property
    def elapsed_ms(self) -> float | None:
        """Milliseconds from start to end, or None where it was not measured."""
        return None if self.timings.done_ns is None else self.timings.done_ns / 1e6

    def __repr__(self) -> str:
        return repr_without(self, "reads")

"""The request as it leaves: address checked, headers checked, the key added last, in exactly one header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from gatewaytui.domain.exchange import FaultDetail, WireRequest
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.secret import Secret, repr_without

from .address import Url, checked_url
from .faults import ConfigTrouble

ExtraHeaders = tuple[tuple[str, Secret | str], ...]

_CREDENTIALS: Mapping[AuthHeader, tuple[str, str]] = MappingProxyType(
    {
        AuthHeader.BEARER: ("authorization", "Bearer "),
        AuthHeader.X_API_KEY: ("x-api-key", ""),
        AuthHeader.X_GOOG_API_KEY: ("x-goog-api-key", ""),
        AuthHeader.API_KEY: ("api-key", ""),
    }
)
_OURS = frozenset(("content-length", "transfer-encoding", "connection", "accept-encoding"))
_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?|")
_KEY = re.compile(r"[\x21-\x7e]+")


class ReadyRequest(msgspec.Struct, frozen=True):
    """A request that can be sent as it is; its headers hold the key."""

    method: str
    url: Url
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def __repr__(self) -> str:
        return repr_without(self, "headers", "body")


def ready_request(request: WireRequest, secret: Secret | None, extra: ExtraHeaders) -> ReadyRequest:
    """The request as it goes out. Raises ConfigTrouble for an address, a header or a key that cannot be sent."""
    url = checked_url(request.url)
    headers = headers_of(request, secret, extra)
    if not any(name.lower() == b"host" for name, _ in headers):
        headers.insert(0, (b"Host", url.netloc))
    body = request.body or b""
    if body or request.method in _WITH_BODY:
        headers.append((b"Content-Length", b"%d" % len(body)))
    return ReadyRequest(request.method, url, tuple(headers), body)


def headers_of(request: WireRequest, secret: Secret | None, extra: ExtraHeaders) -> list[tuple[bytes, bytes]]:
    """All headers but those of the framing. A later header replaces an earlier one of the same name.

    Every value is checked here, because the libraries below put a bad one into the text of their exceptions.
    Raises ConfigTrouble: ``key_characters`` for a key, ``header`` for anything else.
    """
    credential = _credential(request.auth_header, secret)
    named = {name.lower(): (name, value) for name, value in _checked((*request.headers, *extra))}
    for name in _OURS:
        named.pop(name, None)
    named |= {name: (name, value) for name, value in (*credential, ("accept-encoding", "identity"))}
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in named.values()]


def _credential(header: AuthHeader, secret: Secret | None) -> tuple[tuple[str, str], ...]:
    if header is AuthHeader.NONE or not secret:
        return ()
    if header not in _CREDENTIALS:
        raise ConfigTrouble(FaultDetail.HEADER)
    name, prefix = _CREDENTIALS[header]
    return ((name, prefix + _key_text(secret)),)


def _key_text(secret: Secret) -> str:
    text = secret.reveal()
    if not _KEY.fullmatch(text):
        raise ConfigTrouble(FaultDetail.KEY_CHARACTERS)
    return text


def _checked(headers: Iterable[tuple[str, Secret | str]]) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        text = _key_text(value) if isinstance(value, Secret) else value
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(text):
            raise ConfigTrouble(FaultDetail.HEADER)
        yield name, text

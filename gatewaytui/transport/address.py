"""The address of a request: plain ones read here, any other by httpx, which costs 40 ms to load."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from gatewaytui.domain.exchange import FaultDetail

from .faults import ConfigTrouble

_LAST_PORT = 65_535
_DEFAULT_PORTS: Mapping[str, int] = MappingProxyType({"http": 80, "https": 443})
_PLAIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>127\.0\.0\.1|(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){0,9}[a-z][a-z0-9]{0,61})"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?P<path>(?:/(?!\.)[A-Za-z0-9._~:@-]*)*)(?P<query>\?[A-Za-z0-9._~=&-]*)?"
)
"""Nothing in it is ever written in another way: no escapes, no dot segments, no other alphabet."""


class Url(msgspec.Struct, frozen=True):
    """An http or https address without user info.

    ``port`` is None for the scheme's own; ``target`` is path and query.
    ``host`` is as a person reads it, ``raw_host`` as it is asked for (IDNA); an IPv6 address has no brackets.
    """

    scheme: str
    host: str
    raw_host: bytes
    port: int | None
    target: bytes

    @property
    def netloc(self) -> bytes:
        """The value of the ``Host`` header."""
        host = b"[%s]" % self.raw_host if b":" in self.raw_host else self.raw_host
        return host if self.port is None else b"%s:%d" % (host, self.port)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc.decode('ascii')}{self.target.decode('ascii')}"


def checked_url(text: str) -> Url:
    """An address that can be asked. Raises ConfigTrouble: ``url``, or ``user_info``, which would replace the key."""
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return _odd_url(text)
    scheme, host = plain["scheme"], plain["host"]
    port = int(plain["port"]) if plain["port"] else None
    if port is not None and port > _LAST_PORT:
        raise ConfigTrouble(FaultDetail.URL)
    target = (plain["path"] or "/") + (plain["query"] or "")
    port = None if port == _DEFAULT_PORTS[scheme] else port
    return Url(scheme, host, host.encode("ascii"), port, target.encode("ascii"))


def _odd_url(text: str) -> Url:
    import httpx

    try:
        url = httpx.URL(text)
        userinfo, read = url.userinfo, Url(url.scheme, url.host, url.raw_host, url.port, url.raw_path)
    except (httpx.InvalidURL, ValueError):  # a host in punycode is only looked at when it is asked for
        raise ConfigTrouble(FaultDetail.URL) from None
    if userinfo:
        raise ConfigTrouble(FaultDetail.USER_INFO)
    if read.scheme not in _DEFAULT_PORTS or not read.host or (read.port or 0) > _LAST_PORT:
        raise ConfigTrouble(FaultDetail.URL)
    return read

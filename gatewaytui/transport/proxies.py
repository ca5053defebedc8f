"""Which proxy a request takes: the profile's, else the usual variables. Nothing of it is left to httpx."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from gatewaytui.domain.exchange import FaultDetail
from gatewaytui.domain.secret import repr_without

from .faults import ConfigTrouble

FROM_PROFILE = "profile"

_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_DEFAULT_PORTS = (("http", 80), ("https", 443))


class ProxyServer(msgspec.Struct, frozen=True):
    """An HTTP proxy. ``credentials`` are user name and password, never shown."""

    scheme: str
    host: str
    port: int
    credentials: tuple[bytes, bytes] | None = None

    def __repr__(self) -> str:
        return repr_without(self, "credentials")


def proxy_for(url: str, setting: str, environ: Mapping[str, str]) -> ProxyServer | None:
    """The proxy for this URL, or None for none.

    ``setting`` is the profile's and holds for every host. The variables ``HTTPS_PROXY``, ``HTTP_PROXY`` and
    ``ALL_PROXY`` (lower case first, as curl does) yield to ``NO_PROXY`` and are never used for loopback, which
    no proxy can reach. Raises ConfigTrouble: ``socks_proxy`` for SOCKS, ``proxy_url`` for what is no proxy address.
    """
    source = proxy_source(url, setting, environ)
    return _parsed(setting or environ[source]) if source else None


def proxy_source(url: str, setting: str, environ: Mapping[str, str]) -> str:
    """Where the proxy for this URL is set: ``profile`` or a variable's name as written; "" where none is used."""
    if setting:
        return FROM_PROFILE
    parts = urlsplit(url)
    source = _variable(environ, f"{parts.scheme}_proxy") or _variable(environ, "all_proxy")
    exempt = environ.get(_variable(environ, "no_proxy"), "")
    return "" if _is_loopback(parts.hostname or "") or _is_exempt(parts, exempt) else source


def _variable(environ: Mapping[str, str], name: str) -> str:
    """The spelling in which this variable is set, lower case before upper; "" where it is not."""
    return next((spelling for spelling in (name, name.upper()) if environ.get(spelling, "")), "")


def _parsed(address: str) -> ProxyServer:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        port = parts.port
    except ValueError:
        raise ConfigTrouble(FaultDetail.PROXY_URL) from None
    if parts.scheme.startswith("socks"):
        raise ConfigTrouble(FaultDetail.SOCKS_PROXY)
    default_port = dict(_DEFAULT_PORTS).get(parts.scheme)
    if default_port is None or not _HOST.fullmatch(parts.hostname or ""):
        raise ConfigTrouble(FaultDetail.PROXY_URL)
    return ProxyServer(parts.scheme, parts.hostname or "", port or default_port, _credentials(parts))


def _credentials(parts: SplitResult) -> tuple[bytes, bytes] | None:
    if parts.username is None:
        return None
    return unquote(parts.username).encode(), unquote(parts.password or "").encode()


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def _is_exempt(parts: SplitResult, rules: str) -> bool:
    host, port = parts.hostname or "", parts.port or dict(_DEFAULT_PORTS).get(parts.scheme)
    return any(_matches(host, port, rule.strip().lower()) for rule in rules.split(",") if rule.strip())


def _matches(host: str, port: int | None, rule: str) -> bool:
    """One entry of NO_PROXY: ``*``, a domain with all below it, an address, a network, each but ``*`` with a port."""
    if rule == "*":
        return True
    name, colon, wanted_port = rule.rpartition(":")
    if colon and wanted_port.isdigit() and ":" not in name:
        return int(wanted_port) == port and _matches(host, port, name)
    address = _address(host)
    if address is None:
        domain = rule.removeprefix("*").removeprefix(".")
        return host == domain or host.endswith(f".{domain}")
    try:
        return address in ipaddress.ip_network(rule.strip("[]"), strict=False)
    except ValueError:
        return False


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

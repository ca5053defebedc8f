"""The origin of an address: what a key belongs to besides its profile (design/safety.md, keys at rest)."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem

_DEFAULT_PORTS = frozenset({("http", 80), ("https", 443)})


def origin(base_url: str) -> str:
    """``https://host[:port]`` in lower case, without a default port. Raises Problem (config) for no http address."""
    parts, port = _split(base_url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not host:
        raise _unusable()
    shown = f"[{host}]" if ":" in host else host
    usual = port is None or (parts.scheme, port) in _DEFAULT_PORTS
    return f"{parts.scheme}://{shown}" + ("" if usual else f":{port}")


def in_clear(base_url: str) -> bool:
    """True where a key would travel unencrypted to another machine: ``http://`` and not loopback."""
    parts, _ = _split(base_url)
    return parts.scheme == "http" and not _loopback(parts.hostname or "")


def _split(base_url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(base_url.strip())
        return parts, parts.port
    except ValueError:  # a port that is no number, brackets that hold no address
        raise _unusable() from None


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _unusable() -> Problem:
    return Problem(
        FailureClass.CONFIG,
        "The base URL is not an http or https address.",
        "Write it in full, for example https://api.example.com/v1",
    )

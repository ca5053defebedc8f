"""What is likely wrong with a base URL as typed. It proposes a fix and never rewrites (design/rules.md, addresses).

No sentence repeats a part of the URL that may be secret (user info, query).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

import msgspec

from gatewaytui.domain.pattern import Pattern

from .urls import DEPLOYMENT, VERSIONS

_ENDPOINT = Pattern(
    r"/(chat/completions|completions|responses|messages|embeddings|rerank|models(/[^/]*:\w+)?|images/\w+|audio/\w+)/?$"
)
_KNOWN_PATHS = MappingProxyType(
    {
        "api.deepseek.com": ("", "/beta"),
        "api.perplexity.ai": ("",),
        "api.githubcopilot.com": ("",),
        "models.github.ai": ("/inference",),
        "generativelanguage.googleapis.com": ("", "/v1beta/openai"),
        "open.bigmodel.cn": ("/api/paas/v4", "/api/coding/paas/v4"),
        "api.z.ai": ("/api/paas/v4", "/api/coding/paas/v4"),
        "ark.cn-beijing.volces.com": ("/api/v3",),
        "api.anthropic.com": ("",),
        "api.cohere.ai": ("/compatibility/v1",),
    }
)  # where a vendor's OpenAI form stands elsewhere than under /v1


class Advice(msgspec.Struct, frozen=True):
    """One thing to mend in a base URL: an ``error`` cannot work, a ``warning`` may. ``proposal`` is a URL or "".

    ``point`` is a short name of ours for what was found; it becomes part of a rule's id.
    """

    level: Literal["error", "warning"]
    sentence: str
    proposal: str = ""
    point: str = "unreadable"


def lint_base_url(url: str) -> tuple[Advice, ...]:
    """What to mend, the gravest first; () where nothing is. Each proposal mends its own point only."""
    text = url.strip()
    if not text:
        return (Advice("error", "The base URL is empty.", point="empty"),)
    if any(char.isspace() or not char.isprintable() for char in text):
        return (Advice("error", "The base URL contains a blank or an invisible character.", point="invisible"),)
    try:
        parts = urlsplit(text)
        has_host, _port = bool(parts.hostname), parts.port
    except ValueError:
        return (Advice("error", "The base URL cannot be read: look at its host and port."),)
    if parts.scheme not in ("http", "https") or not has_host:
        return (_not_absolute(text, parts),)
    found = (rule(parts) for rule in _RULES)
    return tuple(advice for advice in found if advice is not None)


def is_loopback(host: str) -> bool:
    """True for this machine: ``localhost``, 127.0.0.0/8 and ``::1``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost")


def _not_absolute(text: str, parts: SplitResult) -> Advice:
    sentence = "The base URL must begin with https:// and name a host."
    bare = text.removeprefix("//")
    looks_like_host = re.fullmatch(r"(localhost|[\w-]+(\.[\w-]+)+|\[[0-9a-fA-F:]+\])(:\d+)?(/[^?#@]*)?", bare)
    if looks_like_host is None:
        return Advice("error", sentence, point="not_absolute")
    host = looks_like_host[1].strip("[]")
    return Advice("error", sentence, f"{'http' if is_loopback(host) else 'https'}://{bare}", "not_absolute")


def _user_info(parts: SplitResult) -> Advice | None:
    if "@" not in parts.netloc:
        return None
    proposal = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))
    sentence = "The base URL holds a user name or password, which would replace the API key."
    return Advice("error", sentence, proposal, "user_info")


def _query(parts: SplitResult) -> Advice | None:
    if not parts.query and not parts.fragment:
        return None
    sentence = "The base URL has a query or fragment; a key there is logged on the way and refused by gateways."
    return Advice("error", sentence, _clean(parts), "query")


def _endpoint(parts: SplitResult) -> Advice | None:
    path = parts.path.rstrip("/")
    if path.rpartition("/")[2] in VERSIONS or not _ENDPOINT.search(path):  # a version is no image
        return None
    sentence = "The base URL ends in an endpoint's path, which is added to it."
    return Advice("error", sentence, _clean(parts, path=_ENDPOINT.sub("", path)), "endpoint")


def _cleartext(parts: SplitResult) -> Advice | None:
    if parts.scheme == "https" or is_loopback(parts.hostname or ""):
        return None
    sentence = "With http:// the key travels in clear text."
    return Advice("warning", sentence, _clean(parts._replace(scheme="https")), "cleartext")


def _doubled(parts: SplitResult) -> Advice | None:
    segments = parts.path.strip("/").split("/")
    if len(segments) < 2 or segments[-1] not in VERSIONS or segments[-2] not in VERSIONS:
        return None
    path = "/" + "/".join(segments[:-1])
    sentence = "The version stands twice at the end of the base URL."
    return Advice("warning", sentence, _clean(parts, path=path), "doubled")


def _version(parts: SplitResult) -> Advice | None:
    path = parts.path.rstrip("/")
    host = (parts.hostname or "").lower()
    if path.rpartition("/")[2] in VERSIONS or path in _KNOWN_PATHS.get(host, ()) or _ENDPOINT.search(path):
        return None
    sentence = "The base URL does not end in /v1, where most gateways have their OpenAI form."
    return Advice("warning", sentence, _clean(parts, path=f"{DEPLOYMENT.sub('', path)}/v1"), "version")


def _clean(parts: SplitResult, path: str | None = None) -> str:
    """The URL without user info, query and fragment, with this path."""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path if path is None else path, "", ""))


_RULES: tuple[Callable[[SplitResult], Advice | None], ...] = (
    _user_info,
    _query,
    _endpoint,
    _cleartext,
    _doubled,
    _version,
)

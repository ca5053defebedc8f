"""What all requests have in common: headers and the WireRequest around a URL and a body."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from gatewaytui import __version__
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader

from .lenient import Object
from .urls import path_of

Headers = tuple[tuple[str, str], ...]

ANTHROPIC_VERSION: Headers = (("anthropic-version", "2023-06-01"),)
_COMMON: Headers = (
    ("accept-encoding", "identity"),  # a compressed stream is a buffered stream
    ("user-agent", f"gatewaytui/{__version__}"),
)
_ACCEPTED: Mapping[AskKind, str] = MappingProxyType({AskKind.SPEECH: "*/*"})


def get(url: str, ask: Ask, auth: AuthHeader, extra: Headers = ()) -> WireRequest:
    """A GET for JSON."""
    headers = (("accept", "application/json"), *_COMMON, *extra)
    return WireRequest("GET", url, path_of(url), ask, auth, headers)


def post(url: str, ask: Ask, auth: AuthHeader, body: Object, extra: Headers = ()) -> WireRequest:
    """A POST of JSON, for a stream or a whole answer as ``ask`` says."""
    return posted(url, ask, auth, "application/json", msgspec.json.encode(body), extra)


def posted(url: str, ask: Ask, auth: AuthHeader, content_type: str, body: bytes, extra: Headers = ()) -> WireRequest:
    """A POST of a body of any type; audio is taken in any form where speech was asked."""
    accept = "text/event-stream" if ask.streaming else _ACCEPTED.get(ask.kind, "application/json")
    headers = (("content-type", content_type), ("accept", accept), *_COMMON, *extra)
    return WireRequest("POST", url, path_of(url), ask, auth, headers, body)

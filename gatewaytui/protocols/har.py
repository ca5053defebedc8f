"""HAR files (HTTP Archive 1.2), of browsers and proxies: entry by entry, so that one odd entry spoils no other."""

from __future__ import annotations

import base64
import binascii
import re
import zlib

import msgspec

from gatewaytui.domain.exchange import (
    Exchange,
    FaultKind,
    Phase,
    Timings,
    TransportFault,
    WireRequest,
    WireResponse,
)
from gatewaytui.domain.profile import AuthHeader

from .detect import ask_of
from .jsonstream import JsonSplitter
from .lenient import Malformed, Object, as_count, as_number, as_object, as_text, decode, objects
from .urls import path_of

LARGEST_BODY = 16 * 1024 * 1024
_ENTRIES = re.compile(rb'"entries"\s*:\s*\[')
_LOG = re.compile(rb'\s*\{\s*"log"\s*:')
_GZIP = b"\x1f\x8b"
_AUTH = (
    ("authorization", AuthHeader.BEARER),
    ("x-api-key", AuthHeader.X_API_KEY),
    ("x-goog-api-key", AuthHeader.X_GOOG_API_KEY),
    ("api-key", AuthHeader.API_KEY),
)
_FAULTS = (
    ("NAME_NOT_RESOLVED", FaultKind.DNS, Phase.DNS),
    ("CONNECTION_REFUSED", FaultKind.REFUSED, Phase.TCP),
    ("CONNECTION_RESET", FaultKind.RESET, Phase.BODY),
    ("ADDRESS_UNREACHABLE", FaultKind.UNREACHABLE, Phase.TCP),
    ("INTERNET_DISCONNECTED", FaultKind.UNREACHABLE, Phase.TCP),
    ("CERT_", FaultKind.TLS, Phase.TLS),
    ("SSL_", FaultKind.TLS, Phase.TLS),
    ("PROXY", FaultKind.PROXY, Phase.PROXY),
    ("TUNNEL", FaultKind.PROXY, Phase.PROXY),
    ("TIMED_OUT", FaultKind.CONNECT_TIMEOUT, Phase.TCP),
    ("EMPTY_RESPONSE", FaultKind.CLOSED, Phase.WAIT),
    ("CONTENT_LENGTH_MISMATCH", FaultKind.CUT, Phase.BODY),
    ("INCOMPLETE_CHUNKED", FaultKind.CUT, Phase.BODY),
    ("CONTENT_DECODING", FaultKind.ENCODING, Phase.BODY),
    ("ABORTED", FaultKind.CANCELLED, Phase.BODY),
)  # words in Chrome's net::ERR_ names


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Har(msgspec.Struct):
    log: _Log


_har = msgspec.json.Decoder(_Har)


def read_har(data: bytes) -> tuple[Exchange, ...] | None:
    """The exchanges of a HAR, or None where this is none. Of a cut HAR, the entries that are whole."""
    if not _LOG.match(data) and b'"log"' not in data:
        return None
    try:
        entries = [bytes(raw) for raw in _har.decode(data).log.entries]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        found = _ENTRIES.search(data) if _LOG.match(data) else None
        if found is None:
            return None
        entries = JsonSplitter().feed(data[found.end() - 1 :])
    exchanges = (_exchange(entry) for entry in entries)
    return tuple(exchange for exchange in exchanges if exchange is not None)


def _exchange(entry: bytes) -> Exchange | None:
    try:
        value = as_object(decode(entry))
    except Malformed:
        return None
    request, response = as_object(value.get("request")), as_object(value.get("response"))
    url = as_text(request.get("url"))
    if not url:
        return None
    status = as_count(response.get("status")) or 0
    failed = as_text(response.get("_error")) or as_text(value.get("_error"))
    fault = _fault(failed, status)
    answer = _response(response, status) if status else None
    return Exchange(_request(request, url), answer, fault, _timings(value))


def _request(request: Object, url: str) -> WireRequest:
    """The request without its secrets: which header carried the key, not the key; of the body model and stream."""
    headers = {name.lower(): value for name, value in _pairs(request.get("headers"))}
    try:
        body = as_object(decode(as_text(as_object(request.get("postData")).get("text"))))
    except Malformed:
        body = {}
    method, path = as_text(request.get("method")).upper(), path_of(url)
    auth = next((auth for name, auth in _AUTH if name in headers), AuthHeader.NONE)
    return WireRequest(method, url.partition("?")[0], path, ask_of(method, path, headers, body), auth)


def _response(response: Object, status: int) -> WireResponse:
    headers = _pairs(response.get("headers"))
    content = as_object(response.get("content"))
    body = _body(content)
    declared = as_text(content.get("mimeType"))
    if declared and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("content-type", declared))
    return WireResponse(status, headers, body[:LARGEST_BODY], truncated=len(body) > LARGEST_BODY)


def _body(content: Object) -> bytes:
    text = as_text(content.get("text"))
    body = text.encode("utf-8", "replace")
    if as_text(content.get("encoding")).lower() == "base64":
        try:
            body = base64.b64decode(body, validate=False)
        except (binascii.Error, ValueError):
            return body
    return _inflated(body) if body[:2] == _GZIP else body


def _inflated(body: bytes) -> bytes:
    """A body some recorders keep compressed; a bomb gives no more than the cap."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, LARGEST_BODY + 1)
    except zlib.error:
        return body


def _pairs(headers: object) -> tuple[tuple[str, str], ...]:
    return tuple((as_text(item.get("name")), as_text(item.get("value"))) for item in objects(headers))


def _fault(said: str, status: int) -> TransportFault | None:
    known = next(((kind, phase) for word, kind, phase in _FAULTS if word in said), None)
    if known is not None:
        return TransportFault(*known)
    return None if status else TransportFault(FaultKind.CLOSED, Phase.WAIT)


def _timings(entry: Object) -> Timings:
    parts = as_object(entry.get("timings"))

    def ns(value: object) -> int | None:
        ms = as_number(value)
        return None if ms is None or ms < 0 else int(ms * 1e6)

    return Timings(
        dns_ns=ns(parts.get("dns")),
        tcp_ns=ns(parts.get("connect")),
        tls_ns=ns(parts.get("ssl")),
        send_ns=ns(parts.get("send")),
        done_ns=ns(entry.get("time")),
    )

"""What a body is, by its declaration and its first bytes: JSON (whole, cut or bad), a stream, HTML, text, nothing."""

from __future__ import annotations

import re

import msgspec

from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.reading import BodyShape

from .jsonstream import JsonSplitter
from .lenient import BOM, Malformed, decode, decoded

_SNIFFED = 1024
_SLICE = 64 * 1024
_MOST_VALUES = 64  # enough to tell what they are; a hostile body can hold millions
_HTML = Pattern(rb"<!doctype html|<html|<head[\s>]|<body|<title|<center>|<h1|<div|<script|<meta", re.IGNORECASE)
_SSE = re.compile(rb"(?:data|event|id|retry):|:(?: |\r|\n|$)")
_SSE_INSIDE = Pattern(rb"[\r\n]data:")
_STREAM_TYPE = "text/event-stream"
_BINARY_TYPES = (
    "image/",
    "audio/",
    "video/",
    "application/zip",
    "application/pdf",
    "application/vnd.amazon.eventstream",
)


class Body(msgspec.Struct, frozen=True):
    """A body with its shape. ``value`` is its JSON; ``values`` the first whole objects in what is not one."""

    shape: BodyShape
    value: object = None
    values: tuple[object, ...] = ()


def look_at(body: bytes, content_type: str) -> Body:
    """The shape of a body. Sniffed first: gateways declare JSON as ``octet-stream`` and HTML as JSON."""
    declared = content_type.lower()
    text = body.lstrip(b" \t\r\n" + BOM)
    if not text:
        return Body(BodyShape.EMPTY)
    if text[:1] in (b"{", b"["):
        return _json(text)
    if _SSE.match(text) or (_STREAM_TYPE in declared and _is_stream(text)):
        return Body(BodyShape.SSE)
    head = text[:_SNIFFED]
    if _is_html(head, declared):
        return Body(BodyShape.HTML)
    if b"\0" in head or declared.startswith(_BINARY_TYPES):
        return Body(BodyShape.BINARY)
    return _scalar(text, declared)


def _is_stream(text: bytes) -> bool:
    """A declared stream that begins with a bare comment, with GPUStack's ``error:`` or with a stray line."""
    return text.startswith((b":", b"error:")) or _SSE_INSIDE.search(text) is not None


def _is_html(head: bytes, declared: str) -> bool:
    tagged = _HTML.search(head) is not None
    is_markup = head[:1] == b"<"
    return (tagged or is_markup) if "html" in declared else (tagged and is_markup)


def _json(text: bytes) -> Body:
    try:
        return Body(BodyShape.JSON, decode(text))
    except Malformed:
        pass
    splitter = JsonSplitter()
    pieces: list[bytes] = []
    for at in range(0, len(text), _SLICE):
        found = splitter.feed(text[at : at + _SLICE])
        pieces += found[: _MOST_VALUES - len(pieces)]
    values = tuple(value for piece in pieces if (value := decoded(piece)) is not None)
    if splitter.array and values:
        return Body(BodyShape.JSON_ARRAY_STREAM, values=values)
    if len(values) > 1 or (values and splitter.open):
        return Body(BodyShape.NDJSON, values=values)
    return Body(BodyShape.CUT_JSON if splitter.open else BodyShape.BAD_JSON, values=values)


def _scalar(text: bytes, declared: str) -> Body:
    """A bare JSON string or number is JSON where it is declared so, any other word under that name is bad JSON."""
    if "json" not in declared:
        return Body(BodyShape.TEXT)
    try:
        return Body(BodyShape.JSON, decode(text))
    except Malformed:
        return Body(BodyShape.BAD_JSON)

"""Which texts and figures may enter the record: each function returns what may be stored, or a marker instead."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from gatewaytui.domain.failure import Signal
from gatewaytui.domain.keyshape import looks_like_key
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.text import valid_model_id

from .markers import Withheld
from .redact import redact

LONGEST_NAME, LONGEST_SENTENCE, LONGEST_PATH, LONGEST_URL = 64, 600, 256, 512
LARGEST_COUNT = 10**15
FINISH_REASONS = frozenset(
    [
        "stop",
        "length",
        "tool_calls",
        "function_call",
        "content_filter",
        "eos",
        "error",
        "end_turn",
        "max_tokens",
        "stop_sequence",
        "tool_use",
        "pause_turn",
        "refusal",
        "compaction",
        "model_context_window_exceeded",
        "completed",
        "failed",
        "incomplete",
        "in_progress",
        "cancelled",
        "queued",
        "STOP",
        "MAX_TOKENS",
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "OTHER",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "MALFORMED_FUNCTION_CALL",
        "IMAGE_SAFETY",
        "UNEXPECTED_TOOL_CALL",
        "TOO_MANY_TOOL_CALLS",
        "FINISH_REASON_UNSPECIFIED",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_OTHER",
        "NO_IMAGE",
        "IMAGE_RECITATION",
        "MISSING_THOUGHT_SIGNATURE",
        "MALFORMED_RESPONSE",
    ]
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT"})
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RULE = re.compile(r"[a-z][a-z0-9_.\-]{0,63}")
_PATH = Pattern(r"/[A-Za-z0-9._~:@+%/{}\-]*")
_REQUEST_ID = Pattern(r"[A-Za-z0-9][A-Za-z0-9._:\-]{5,127}")
_ORIGIN = Pattern(r"https?://(?:\[[^\]\s]*\]|[^\s/:?#\[]+)(?::\d+)?")
_INVISIBLE = Pattern(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]")
_HOST = Pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._\-]{0,251}[A-Za-z0-9])?")


def name(text: str) -> str | None:
    """A profile's or group's name: printable, at most 64 characters, nothing secret in it; None for ""."""
    if not text:
        return None
    shown = text.isprintable() or _INVISIBLE.search(text) is None
    fit = shown and len(text) <= LONGEST_NAME and redact(text) == text
    return text if fit and text.strip() == text else Withheld.NAME.marker


def model(text: str) -> str | None:
    """A model id, validated; None for ""."""
    if not text:
        return None
    return text if valid_model_id(text) else Withheld.MODEL.marker


def sentence(text: str, *, mask_host: bool = False) -> str:
    """A sentence of our own tables, on one line of ASCII. It may name a proposed URL or id, so it is redacted too."""
    if mask_host:
        text = _ORIGIN.sub(lambda origin: base_url(origin[0], mask_host=True), text)
    line = " ".join(text.split()).encode("ascii", "replace").decode("ascii")
    return redact((line if line.isprintable() else _INVISIBLE.sub("?", line))[:LONGEST_SENTENCE])


def word(text: str) -> str:
    """A word of our own vocabulary (a check's name, a kind), else ``other``."""
    return text if _WORD.fullmatch(text) else "other"


def rule(text: str) -> str:
    """The id of a diagnosis rule, else ``other``."""
    return text if _RULE.fullmatch(text) else "other"


def method(text: str) -> str | None:
    """An HTTP method we know, else None."""
    return text if text in _METHODS else None


def finish_reason(text: str) -> str | None:
    """The wire's own word if it is one of the four protocols', else ``other``; None for ""."""
    if not text:
        return None
    return text if text in FINISH_REASONS else "other"


def path(text: str) -> str | None:
    """A request path of ours, without query; a segment shaped like a key withholds it. None for ""."""
    if not text:
        return None
    fit = len(text) <= LONGEST_PATH and _PATH.fullmatch(text) and not _secret_segment(text)
    return text if fit else "/" + Withheld.PATH.marker


def request_id(text: str) -> str | None:
    """A server's request id where the person asked for it (support needs it); None for "" or an unlikely one."""
    fit = _REQUEST_ID.fullmatch(text) and not text.startswith(("sk-", "sk_", "eyJ", "AIza", "gsk_"))
    return text if fit else None


def request_id_hash(text: str) -> str | None:
    """Twelve hex digits by which two documents about one request can be matched; None for ""."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12] if text else None


def base_url(text: str, *, mask_host: bool) -> str:
    """The address as typed, without user info, query and fragment; loopback hosts are never masked."""
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Withheld.ADDRESS.marker
    if parts.scheme not in ("http", "https") or not host or len(text) > LONGEST_URL:
        return Withheld.ADDRESS.marker
    shown = _shown_host(host, mask_host)
    tail = parts.path if _PATH.fullmatch(parts.path) and not _secret_segment(parts.path) else ""
    if parts.path and not tail:
        tail = "/" + Withheld.PATH.marker
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}{tail}"


def _shown_host(host: str, mask: bool) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        masked = mask and host != "localhost"
        return Withheld.HOST.marker if masked else _named_host(host)
    if mask and not address.is_loopback:
        return Withheld.HOST.marker
    return f"[{address.compressed}]" if address.version == 6 else address.compressed


def _named_host(host: str) -> str:
    try:
        plain = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return Withheld.HOST.marker
    return (
        plain if _HOST.fullmatch(plain) and not any(map(looks_like_key, plain.split("."))) else Withheld.HOST.marker
    )


def _secret_segment(text: str) -> bool:
    return any(map(looks_like_key, re.split(r"[/:@]", text)))


def signals(seen: Iterable[Signal]) -> dict[str, str | int | float | bool]:
    """What a finding rests on: names of ours; text values only where they could be a word or a model id."""
    kept: dict[str, str | int | float | bool] = {}
    for signal in seen:
        if not _RULE.fullmatch(signal.name):
            continue
        value = signal.value
        if isinstance(value, str):
            kept[signal.name] = (model(value) or "") if value else ""
        elif isinstance(value, bool):
            kept[signal.name] = value
        elif (number := figure(value)) is not None:
            kept[signal.name] = int(number) if isinstance(value, int) else number
    return kept


def figure(value: float | None) -> float | None:
    """A measured figure to three decimals; None for what was not measured, negative or not finite."""
    if value is None or not math.isfinite(value) or not 0 <= value <= LARGEST_COUNT:
        return None
    return round(value, 3)


def milliseconds(nanoseconds: int | None) -> float | None:
    """Nanoseconds as milliseconds."""
    return None if nanoseconds is None else figure(nanoseconds / 1e6)


def count(value: int | None) -> int | None:
    """A count the server or we made; None where it is no count."""
    return value if value is not None and 0 <= value <= LARGEST_COUNT else None


def status(value: int | None) -> int | None:
    """An HTTP status of three digits."""
    return value if value is not None and 100 <= value <= 999 else None

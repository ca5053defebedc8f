"""Server text is hostile: :func:`safe_text` makes it showable, :func:`valid_model_id` makes an id storable.

Every string that came from a server passes through here before it meets a screen, a file or a log.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from .keyshape import looks_like_key
from .pattern import Pattern

_INVISIBLES = (
    *(0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)),
    *(0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)),
)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
MODEL_ID = Pattern(r"[A-Za-z0-9@][A-Za-z0-9._:/@+\-]{0,127}")
_SEGMENT = Pattern(r"[/:@+]")
_PERSONAL = Pattern(
    r"arn:|:\d{12}:|:org-|^ft:[^:]+:[^:]+|://|@[A-Za-z0-9\-]+\.[a-z]{2,}|(?i:/(?:home|users)/)|\d{1,3}(?:\.\d{1,3}){3}"
)


def safe_text(text: str, limit: int | None = None) -> str:
    """Prose of a server (an answer), safe for a terminal; works on any slice, so chunk cuts do not matter.

    C0 except LF and TAB, DEL and C1 become visible glyphs, bidi controls and lone surrogates too; ZWJ stays
    (emoji need it). ``limit`` caps the length in characters and ends the text with an ellipsis.
    """
    return _cap(text if text.isprintable() else text.translate(_substitutes(line=False)), limit)


def safe_line(text: str, limit: int = 400) -> str:
    """One line of a server (an id, a header, an error message): zero-width characters, LF and TAB are shown too."""
    return _cap(text if text.isprintable() else text.translate(_substitutes(line=True)), limit)


@cache
def _substitutes(*, line: bool) -> Mapping[int, str]:
    """What stands for what cannot be shown; nothing printable has a substitute, so most runs never make it."""
    either = {
        **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
        0x7F: "\u2421",
        **dict.fromkeys(range(0x80, 0xA0), "\u241b"),
        **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
        0x2028: "\u2424",
        0x2029: "\u2424",
    }
    named = {code: f"<U+{code:04X}>" for code in (_INVISIBLES if line else _BIDI)}
    return MappingProxyType(either | named | ({0x0A: "\u240a", 0x09: "\u2409"} if line else {}))


def _cap(text: str, limit: int | None) -> str:
    return text if limit is None or len(text) <= limit else text[: max(limit - 1, 0)] + "\u2026"


def valid_model_id(text: str) -> bool:
    """True if the text may be stored as a model id: plain characters, and no segment of it shaped like a key.

    A hostile ``/models`` can return the caller's own key as an id (design/safety.md). Names that carry
    an account, a person or an address are not storable either: ARNs, a fine-tune's organisation, URLs, home paths.
    """
    if MODEL_ID.fullmatch(text) is None or _PERSONAL.search(text) is not None:
        return False
    return not looks_like_key(text) and not any(map(looks_like_key, _SEGMENT.split(text)))

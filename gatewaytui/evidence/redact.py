"""Free text without its secrets: known values, then everything that looks like one, then again until nothing does.

Free text cannot be made safe by patterns alone (design/safety.md), which is why evidence is an allow-list and this is
only for text a person asks to see: an error body, a log, a saved exchange.
"""

from __future__ import annotations

from collections.abc import Iterable

from .known import Known
from .markers import MARKER, Withheld
from .patterns import hidden, secrets
from .spans import Span

_NOTHING_KNOWN = Known()
_MOST_PASSES = 8


def redact(text: str, known: Known = _NOTHING_KNOWN) -> str:
    """The text with a marker such as ``[key withheld]`` in the place of each secret.

    Redacting twice gives the same as once. Text that still yields secrets after eight passes is withheld whole.
    """
    for _ in range(_MOST_PASSES):
        clean = _pass(text, known)
        if clean == text:
            return text
        text = clean
    return Withheld.TEXT.marker


def withhold(text: str, known: Known) -> str:
    """The text with a marker in the place of each known value, in whatever spelling; nothing else is touched."""
    return _marked(text, known.find(text))


def _pass(text: str, known: Known) -> str:
    """One scan of everything between the markers already there."""
    pieces: list[str] = []
    at = 0
    for marker in MARKER.finditer(text):
        pieces += (_replaced(text[at : marker.start()], known), marker[0])
        at = marker.end()
    pieces.append(_replaced(text[at:], known))
    return "".join(pieces)


def _replaced(text: str, known: Known) -> str:
    return _marked(text, known.find(text) or [*secrets(text), *hidden(text)])


def _marked(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    at = 0
    for span in _merged(spans):
        pieces += (text[at : span.start], span.kind.marker)
        at = span.end
    return "".join((*pieces, text[at:]))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """In order, overlapping ones joined under the first one's kind."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            merged.append(span)
    return merged

"""A text with its escapes undone, and the way back to where each character stood.

Percent, backslash (JSON, Python) and HTML escapes are decoded, also where they are escaped twice; zero-width
characters are dropped. *Squeezing* drops blanks, line breaks and ``+`` too and lowers ASCII letters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from urllib.parse import unquote

import msgspec

from gatewaytui.domain.pattern import Pattern

_ZERO_WIDTH = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_ESCAPES = (
    r"(?<=%)(?P<percent>(?:25)*[0-9A-Fa-f]{2}(?:%(?:25)*[0-9A-Fa-f]{2})*)"
    r"|(?<=\\)\\*(?:[uU](?P<wide>[0-9A-Fa-f]{4})|u\{(?P<braced>[0-9A-Fa-f]{1,6})\}|x(?P<narrow>[0-9A-Fa-f]{2})"
    r"|(?P<blank>[nrtfv]))?"
    r"|(?<=&)(?:amp;)*(?P<entity>#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos|nbsp);"
)
"""What follows an escape's first character, which stands alone in front so that a search can skip to it."""
_ESCAPE = Pattern(rf"[%\\&](?:{_ESCAPES})")
_HIDDEN = Pattern(f"[{_ZERO_WIDTH}]+")
_OPEN = Pattern(rf"[%\\&{_ZERO_WIDTH}](?:{_ESCAPES}|(?<=[{_ZERO_WIDTH}])[{_ZERO_WIDTH}]*)")
_SQUEEZED = Pattern(rf"[%\\&\s+{_ZERO_WIDTH}](?:{_ESCAPES}|(?<=[\s+{_ZERO_WIDTH}])[\s+{_ZERO_WIDTH}]*)")
_TELLING = Pattern(
    rf"[%\\&{_ZERO_WIDTH}](?:(?<=%)[2-7]|(?<=\\)\\*(?:[uU][0{{]|x)|(?<=&)(?:amp;)*#|(?<=[{_ZERO_WIDTH}]))"
)
_SPELT = Pattern(r"\\(?:[uU]00[2-7]|u\{|x)")
"""Escapes in which letters, digits and signs may be written."""
_FOREIGN = Pattern(r"\\[uU][0-9A-Fa-f]{4}")
_SIMPLE_BLANKS = ("\\n", "\\r", "\\t", "\\f", "\\v")
_DOUBLED = Pattern(r"%(?:25)+(?=[0-9A-Fa-f]{2})")
_ASCII_BLANKS = b"+" + bytes(code for code in range(128) if chr(code).isspace())
_RARE = b"bgjkqxyz4589"
"""Rare in prose, numbers and time stamps; none is the letter of an escaped blank (``\\n``, ``\\t``, ...)."""
_AT_ONCE = 1 << 16
_TRACED = bytes(range(256)).lower()
_UNTRACED = bytes(code for code in range(256) if code not in _RARE + _RARE.upper() + b"%&\\")
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = str.maketrans(_CAPITALS, _CAPITALS.lower())


class Folded(msgspec.Struct, frozen=True):
    """A folded text; ``_starts`` and ``_places`` say which stretch of the original each stretch of it came from."""

    text: str
    _starts: tuple[int, ...]
    _places: tuple[tuple[int, int, bool], ...]

    @classmethod
    def opened(cls, text: str) -> Folded:
        """Escapes undone and zero-width characters dropped; blanks and case as they were."""
        return cls._of(text, _OPEN, squeezed=False)

    @classmethod
    def squeezed(cls, text: str) -> Folded:
        """The same text as :func:`squeeze`, with the way back."""
        return cls._of(text, _SQUEEZED, squeezed=True)

    @classmethod
    def _of(cls, text: str, tokens: Pattern[str], *, squeezed: bool) -> Folded:
        pieces: list[str] = []
        starts: list[int] = []
        places: list[tuple[int, int, bool]] = []
        length = at = 0

        def add(piece: str, start: int, end: int, literal: bool) -> None:
            nonlocal length
            if piece:
                pieces.append(piece)
                starts.append(length)
                places.append((start, end, literal))
                length += len(piece)

        for token in tokens.finditer(text):
            add(text[at : token.start()], at, token.start(), True)
            decoded = _decoded(token) if token.lastgroup or token[0][0] == "\\" else ""
            add(_squeeze_plain(decoded) if squeezed else _HIDDEN.sub("", decoded), *token.span(), False)
            at = token.end()
        add(text[at:], at, len(text), True)
        whole = "".join(pieces)
        return cls(lowered(whole) if squeezed else whole, tuple(starts), tuple(places))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the non-empty stretch ``start:end`` of the folded text stood in the original."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _place(self, at: int) -> tuple[int, int]:
        index = bisect_right(self._starts, at) - 1
        start, end, literal = self._places[index]
        offset = start + at - self._starts[index]
        return (offset, offset + 1) if literal else (start, end)


def has_escapes(text: str) -> bool:
    """True if something worth reading may stand in the text in escapes: letters, digits, signs; not just quotes."""
    if text.isascii() and not ("%" in text or "&" in text or ("\\" in text and _has_codes(text))):
        return False
    return _TELLING.search(text) is not None


def _has_codes(text: str) -> bool:
    return "\\u" in text or "\\U" in text or "\\x" in text


def squeeze(text: str, *, decode: bool = True) -> str:
    """The text with escapes undone, in ASCII lower case, without blanks, ``+`` and zero-width characters."""
    if not decode:
        return lowered(_squeeze_plain(text))
    slashed = "\\" in text
    if "%" in text or "&" in text or (slashed and _has_codes(text)):
        text = _ESCAPE.sub(_decoded, text)
    elif slashed:
        for blank in _SIMPLE_BLANKS:
            text = text.replace(blank, " ")
        text = text.replace("\\", "")
    return lowered(_squeeze_plain(text))


def trace(text: str) -> bytes | None:
    """The rare letters and digits of :func:`squeeze`'s text, in order: a tenth of it, and much cheaper to make.

    What stands in the squeezed text has its trace stand here. None where escapes must be undone first; those of
    characters that leave no trace are left out.
    """
    left = trace_of_plain(text)
    if b"%" in left or b"&" in left:
        return None
    if b"\\" not in left:
        return left
    if _has_codes(text):
        if _SPELT.search(text):
            return None
        left = trace_of_plain(_FOREIGN.sub("", text))
    return left.replace(b"\\", b"")


def trace_of_plain(text: str) -> bytes:
    """The same of a text in which ``%``, ``&`` and backslashes are only themselves; they are kept."""
    if len(text) <= _AT_ONCE:
        return text.encode("utf-8", "surrogatepass").translate(_TRACED, _UNTRACED)
    parts = (text[at : at + _AT_ONCE] for at in range(0, len(text), _AT_ONCE))  # little memory, used again
    return b"".join([part.encode("utf-8", "surrogatepass").translate(_TRACED, _UNTRACED) for part in parts])


def _squeeze_plain(text: str) -> str:
    if text.isascii():
        return text.encode().translate(None, _ASCII_BLANKS).decode()
    return "".join(_HIDDEN.sub("", text).replace("+", " ").split())


def lowered(text: str) -> str:
    """ASCII letters in lower case; a text outside ASCII keeps its other letters, and always its length."""
    return text.lower() if text.isascii() else text.translate(_LOWER)


def _decoded(token: re.Match[str]) -> str:
    kind = token.lastgroup
    if kind is None or kind == "blank":
        return "\n" if kind else ""
    if kind == "percent":
        return unquote(_DOUBLED.sub("%", token[0]), errors="replace")
    if kind == "entity":
        import html  # late: its two thousand entities are rarely met

        return html.unescape(f"&{token[kind]};")
    code = int(token[kind], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"

"""Words that are random, wherever they stand: keys without a name beside them, ids, tokens, encoded blobs."""

from __future__ import annotations

from collections.abc import Iterator

from gatewaytui.domain.keyshape import KEY_PREFIX, has_vendor_prefix, is_opaque, is_random, looks_like_key
from gatewaytui.domain.pattern import Pattern

from .judges import id_tail
from .markers import Withheld
from .spans import Span
from .views import Views, stretches

_KEY = r"[A-Za-z0-9_\-]"
_PREFIX = r"(?:sk|pk|gsk|xai|csk|pplx|nvapi|r8|hf|fw|AIza|ghp|rk|ak|LTAI|AKIA|eyJ|key|or|ant)"
MASKED = (
    rf"(?<![A-Za-z0-9_\-]){_KEY}{{0,64}}+(?:\*{{3,}}|[\u2022\u25cf#]{{3,}}){_KEY}{{0,64}}\**"
    rf"|(?<![A-Za-z0-9_\-]){_PREFIX}[_\-]?{_KEY}{{0,64}}?(?:\.{{3,}}|\u2026+|[xX]{{4,}}|\*{{2,}}){_KEY}{{1,64}}"
    rf"|(?<![A-Za-z0-9_\-]){_PREFIX}[_\-]{_KEY}{{2,64}}?[xX]{{4,}}"
)
"""A key echoed in part: ``sk-ab***yz``, ``sk-ab...yz``, ``****yz``, ``sk-abXXXX``."""
ID_PREFIX = (
    r"(?:org|proj|project|req|user|usr|acct|account|cus|sub|team|ws|tenant|client|session|sess|uid|pid|inst|thread|run|file"
    r"|batch|resp|msg|gen|call|asst|cred|evt|trace)[_\-]"
)
"""Names in front of an id; the id itself is random or a number."""
_ID_PREFIX = Pattern(ID_PREFIX)
_JOINED = Pattern(r"(?:\.[A-Za-z0-9_\-]{8,}+)+=*|=+|(?:[+/][A-Za-z0-9_\-+/]*+)++=*")
_BREAK = r"(?:[ \t]{0,8}(?:\r?\n|\\r\\n|\\n|\r)|[\"'] ?\+ ?[\"']|<[a-z/]{1,6}>)[ \t>|]{0,16}"
_CONTINUED = Pattern(rf"{_BREAK}([A-Za-z0-9_\-]{{8,}}+)")
_LINE_ENDS = ("\r\n", "\n", "\\r\\n", "\\n")
_SHORTEST_PIECE, _SHORTEST_BLOB = "a" * 12, "a" * 40


def find(views: Views) -> Iterator[Span]:
    """The random words of a text, with what belongs to them: a dotted secret, padding, a part on the next line."""
    text = views.text
    for start, end in stretches(views, "pieces", _SHORTEST_PIECE, "words"):
        start += text[start - 1 : start] == "\\" and text[start] in "nrt"  # the letter of an escape, not of the word
        word = text[start:end]
        if looks_like_key(word):
            kind = Withheld.KEY if has_vendor_prefix(word) else Withheld.OPAQUE
            yield Span(start, whole_end(text, end), kind)
        elif (prefix := _ID_PREFIX.match(word)) and id_tail(word[prefix.end() :]):
            yield Span(start, end, Withheld.ID)
    for start, end in stretches(views, "blobs", _SHORTEST_BLOB, "blobs"):
        if is_opaque(text[start:end].replace("/", "").replace("+", "")):
            yield Span(start, end, Withheld.OPAQUE)
    yield from _split(views)


def whole_end(text: str, end: int) -> int:
    """Where a key that ended here really ends: with its dotted part, its padding, its rest on the next line."""
    if joined := _JOINED.match(text, end):
        end = joined.end()
    while (more := _CONTINUED.match(text, end)) and _goes_on(more[1]):
        end = more.end()
    return end


def _split(views: Views) -> Iterator[Span]:
    """Keys broken by a line end before their first half was long enough to tell."""
    text = views.text
    for line_end in _LINE_ENDS:
        at = text.find(line_end) if views.may_hold(line_end) else -1
        while at > 0:
            start, end = views.word_at(at - 1)
            word = text[start:end]
            if end == at and len(word) >= 4 and (KEY_PREFIX.match(word) or is_random(word)):
                whole = whole_end(text, end)
                if whole > end:
                    yield Span(start, whole, Withheld.KEY)
            at = text.find(line_end, at + len(line_end))


def _goes_on(word: str) -> bool:
    """True if a word on the next line can only be the rest of a key: random, or long, unbroken and with digits."""
    return is_random(word, 8, 0.25) or (
        len(word) >= 12 and word.isalnum() and not word.isalpha() and not word.isdigit()
    )

"""What a key looks like: the one judgement shared by model ids, redaction and the leak gate.

A key is random, a name is made of words. Randomness is counted as changes between lower case, upper case and digits:
a random base62 text changes class at six of ten places, a model id or an error code at one or two of ten.
"""

from __future__ import annotations

from .pattern import Pattern

_SURE_PREFIX = (
    r"sk-(?:ant|proj|or|svcacct|admin|lf)-|gsk_|xai-|csk-|pplx-|nvapi-|r8_|hf_|fw_|tgp_v1_|jina_|tvly-|lsv2_|AIza|AQ\.|ya29\.|1//|LTAI"
    r"|AKID|AKLT|ALTAK|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|dapi|esecret_|npm_|pypi-|SG\.|whsec_|dop_v1_|ATATT|vck_|cpk_|flp_"
)
"""Prefixes that only keys have."""
_OPEN_PREFIX = r"(?:sk|pk|rk|ak|key|api|app|sess|cs|pa|up|pb|tk|token)[-_]"
"""Prefixes that a model or a host may have too, so that the tail decides."""
KEY_PREFIX = Pattern(f"(?P<sure>{_SURE_PREFIX})|{_OPEN_PREFIX}")
_AWS_ID = Pattern(r"A(?:KIA|SIA|BIA|CCA|ROA|IDA|GPA|NPA)[A-Z2-7]{16}")
_UUID = Pattern(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_JWT = Pattern(r"eyJ[A-Za-z0-9_\-]{8,}")
_HEX = Pattern(r"(?:[0-9a-f]{24,}|[0-9A-F]{24,})")
_PIECE = Pattern(r"[A-Za-z0-9]+")
_CHANGE = Pattern(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[a-z0-9])|(?<=[0-9])(?=[A-Za-z])")
_DIGIT_EDGE = Pattern(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")

SHORTEST_OPAQUE = 20
SHORTEST_TAIL = 12
_SHORTEST_PREFIX = 3


def looks_like_key(word: str) -> bool:
    """True if the word (no blanks) has the shape of a credential or an opaque id of 20 characters or more."""
    if ("eyJ" in word and _JWT.search(word) is not None) or has_vendor_prefix(word):
        return True
    return len(word) >= SHORTEST_OPAQUE and (
        _AWS_ID.search(word) is not None or _UUID.search(word) is not None or is_opaque(word)
    )


def has_vendor_prefix(word: str) -> bool:
    """True for a known vendor's prefix with a random tail: ``sk-coder-7b-instruct-v1`` is a model, not a key."""
    prefix = KEY_PREFIX.match(word) if len(word) >= _SHORTEST_PREFIX + SHORTEST_TAIL else None
    if prefix is None:
        return False
    tail = word[prefix.end() :]
    pieces = _PIECE.findall(tail)
    length, longest = sum(map(len, pieces)), max(pieces, key=len, default="")
    if length < SHORTEST_TAIL:
        return False
    return (
        len(longest) >= SHORTEST_OPAQUE
        or (len(longest) >= SHORTEST_TAIL and not longest.isalpha())
        or (length >= 16 and prefix["sure"] is not None and _changes(pieces) >= 0.2)
        or (_mixed(tail) and length >= 16 and _changes(pieces) >= 0.4)
    )


def is_random(word: str, shortest: int = 10, least: float = 0.3) -> bool:
    """True if a piece of the word (letters and digits only, that long) changes class that often."""
    return any(
        len(piece) >= shortest and _mixed(piece) and _changes([piece]) >= least for piece in _PIECE.findall(word)
    )


def is_opaque(word: str) -> bool:
    """True if the word is random as a whole, or holds one piece (letters and digits only) that is."""
    if len(word) < SHORTEST_OPAQUE:
        return False
    pieces = _PIECE.findall(word)
    return any(map(_opaque_piece, pieces)) or (len(word) >= 30 and _mixed(word) and _changes(pieces) >= 0.36)


def _opaque_piece(piece: str) -> bool:
    if len(piece) < SHORTEST_OPAQUE or piece.isdigit():
        return len(piece) >= 32
    if _HEX.fullmatch(piece):
        return True
    if piece.isalpha():
        return _changes([piece]) >= 0.45
    return _changes([piece]) >= 0.3 or len(_DIGIT_EDGE.findall(piece)) >= 4


def _mixed(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _changes(pieces: list[str]) -> float:
    """Changes of character class for each pair of neighbours inside the pieces."""
    pairs = sum(len(piece) - 1 for piece in pieces)
    return sum(len(_CHANGE.findall(piece)) for piece in pieces) / pairs if pairs else 0.0

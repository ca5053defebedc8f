"""The last look at the bytes of an artifact before they leave: any secret in them, and nothing is written.

Two questions: does a value of this session stand there in any spelling (:mod:`.known`), and does anything look like
a secret (:mod:`.patterns`, as in redaction)? A JSON document is asked field by field, so that the field is named.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from operator import itemgetter

import msgspec

from gatewaytui.domain.failure import MEANINGS
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.text import valid_model_id

from . import schema
from .folding import squeeze
from .known import Known
from .markers import MARKER, Withheld
from .patterns import hidden, secrets
from .spans import Span

_ADDRESSES = frozenset({Withheld.ADDRESS, Withheld.HOST})
_IDS = frozenset({Withheld.ID, Withheld.OPAQUE})
_AROUND_IDS = frozenset(" \n`|\"'<>,")
_EXEMPT = (
    (Pattern(r"/target(?:s/\d+)?/base_url"), _ADDRESSES),
    (Pattern(r"/checks/\d+/request_id"), _IDS),
    (Pattern(r"\| Base URL \| `[^`]*` \|"), _ADDRESSES),
    (Pattern(r"\| `[a-z0-9_]+` \| request id \| `[^`]*` \|"), _IDS),
    (Pattern(r' *<property name="base_url" value="[^"]*"/>'), _ADDRESSES),
    (Pattern(r"request_id: [^ ]*"), _IDS),
)
"""Where an address stands because it was typed as the target, and a request id because it was asked for."""


class Leak(msgspec.Struct, frozen=True):
    """Where something secret stands (a JSON pointer, or ``line N``) and what kind it is; never the text itself."""

    field: str
    kind: str


class GateRefused(Exception):
    """The artifact was not written. ``leaks`` say where; the message names fields only."""

    def __init__(self, leaks: tuple[Leak, ...]) -> None:
        self.leaks = leaks
        places = ", ".join(dict.fromkeys(leak.field for leak in leaks))
        super().__init__(f"Refused to write: something secret stands in {places}.")


def guard(content: bytes, known: Known) -> bytes:
    """The content itself, unchanged; raises :class:`GateRefused` where it would leak."""
    if found := leaks(content, known):
        raise GateRefused(found)
    return content


def leaks(content: bytes, known: Known) -> tuple[Leak, ...]:
    """What must not leave and where it stands, in the order of the document; () when the content is clean."""
    text = content.decode("utf-8", "replace")
    try:
        fields, gap = list(_fields(json.loads(text, object_pairs_hook=tuple), "")), "\n\n"
    except (ValueError, RecursionError):
        fields, gap = list(_lines(text)), "\n"
    starts = list(accumulate((len(value) + len(gap) for _, value in fields), initial=0))
    whole = MARKER.sub(lambda marker: " " * len(marker[0]), gap.join(value for _, value in fields))
    found: list[tuple[int, Leak]] = []
    for span in (*known.find(whole), *secrets(whole), *hidden(whole)):
        first, last = (bisect_right(starts, at) - 1 for at in (span.start, span.end - 1))
        echo = span.kind in (Withheld.PROMPT, Withheld.RESPONSE)
        # Words of a prompt that stand in neighbouring fields of a JSON document are no echo of it.
        if echo and (_is_ours(whole[span.start : span.end]) or (first != last and gap != "\n")):
            continue
        if span.kind is Withheld.RESPONSE and _is_model_id(whole, span):
            continue
        found += (
            (at, Leak(fields[at][0], span.kind.value)) for at in range(first, last + 1) if not _may(span, *fields[at])
        )
    return tuple(dict.fromkeys(leak for _, leak in sorted(found, key=itemgetter(0))))


def _may(span: Span, place: str, value: str) -> bool:
    """True where this kind of thing is allowed to stand."""
    return any(span.kind in kinds and (where.fullmatch(place) or where.fullmatch(value)) for where, kinds in _EXEMPT)


def _fields(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    """Every string of a JSON value with its pointer, the names of members included; an object is a tuple of pairs.

    A dict would lose all but the last member of a name, and with them what they hold.
    """
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, tuple):
        for name, member in value:
            step = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            yield f"{pointer}/(member name)", name
            yield from _fields(member, step)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _fields(member, f"{pointer}/{index}")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    return ((f"line {number}", line) for number, line in enumerate(text.splitlines(), 1))


def _is_model_id(text: str, span: Span) -> bool:
    """True for a piece of a response that is all inside one model id: "I am claude-sonnet-4" names no secret."""
    start = next((at for at in range(span.start, 0, -1) if text[at - 1] in _AROUND_IDS), 0)
    end = next((at for at in range(span.end, len(text)) if text[at] in _AROUND_IDS), len(text))
    return valid_model_id(text[start:end])


def _is_ours(text: str) -> bool:
    """True for a prompt or response that merely says what our own sentences say."""
    return _bare(text) in _vocabulary()


@cache
def _vocabulary() -> str:
    """Our own sentences and the schema's words, without underscores: "first byte" is ``first_byte`` here."""
    sentences = (part for row in MEANINGS.values() for part in (row.title, row.warning, row.whose, row.next_step))
    return _bare("\n".join((*sentences, schema.text())))


def _bare(text: str) -> str:
    return squeeze(text).replace("_", "")

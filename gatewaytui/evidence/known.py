"""The values of this session that must never leave: keys, prompts, responses, and every spelling they may be in.

A value is looked for in a *folded* text: escapes decoded (percent, JSON, HTML), blanks, line breaks and zero-width
characters dropped, ASCII in lower case; so one search finds a value however it was escaped, wrapped or split.
Base64 and hex change the characters themselves, so their forms are searched too, base64 in all three alignments.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from gatewaytui.domain.secret import Secret, repr_without

from .folding import Folded, squeeze, trace, trace_of_plain
from .markers import Withheld
from .spans import Span

SHORTEST_KEY = 6
SHORTEST_TEXT = 8
SHORTEST_ENCODED = 10
KEY_FRAGMENT, TEXT_FRAGMENT = 16, 24
_MOST_SEEDS = 512
_NO_KEYS = frozenset(
    [
        "ollama",
        "lm-studio",
        "dummy",
        "placeholder",
        "not-needed",
        "no-key",
        "no-key-required",
        "unused",
        "anything",
        "your-api-key",
        "your_api_key",
    ]
)


class Known(msgspec.Struct, frozen=True, dict=True):
    """What this session knows to be secret. ``repr`` shows none of it.

    Not looked for, because they may stand in any document ("OK", "pong", "ollama"): keys shorter than 6 characters,
    texts shorter than 8 (blanks not counted) and the words that local servers take for a key. Of a longer key a run
    of 16 characters counts too, of a longer text a run of 24 (of its first 6,000).
    """

    keys: tuple[Secret, ...] = ()
    prompts: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()

    def find(self, text: str) -> list[Span]:
        """Where any of the values stands in the text, in whatever spelling."""
        if not self._needles:
            return []
        likely = self._likely(text)
        if not likely:
            return []
        squeezed = squeeze(text)
        hits = [needle for needle in likely if needle.stands_in(squeezed)]
        if not hits:
            return []
        folded = Folded.squeezed(text)
        return [
            Span(*folded.original(start, end), needle.kind)
            for needle in hits
            for start, end in needle.find(folded.text)
        ]

    def _likely(self, text: str) -> Sequence[_Needle]:
        """Those whose traces stand in the text's: what the others hold does not stand in it."""
        if (left := trace(text)) is None:
            return self._needles
        if not any(map(left.__contains__, self._traces)):
            return ()
        found = {piece for piece in self._traces if piece in left}
        return [needle for needle in self._needles if not found.isdisjoint(needle.traces)]

    @cached_property
    def _traces(self) -> frozenset[bytes]:
        return frozenset(piece for needle in self._needles for piece in needle.traces)

    @cached_property
    def _needles(self) -> tuple[_Needle, ...]:
        keys = (key.reveal() for key in self.keys)
        return (
            *_needles((key for key in keys if key not in _NO_KEYS), Withheld.KEY, SHORTEST_KEY, KEY_FRAGMENT),
            *_needles(self.prompts, Withheld.PROMPT, SHORTEST_TEXT, TEXT_FRAGMENT),
            *_needles(self.responses, Withheld.RESPONSE, SHORTEST_TEXT, TEXT_FRAGMENT),
        )

    def __repr__(self) -> str:
        return repr_without(self, "prompts", "responses")


class _Seed(msgspec.Struct, frozen=True):
    text: str
    offset: int
    whole: str


class _Needle(msgspec.Struct, frozen=True):
    kind: Withheld
    forms: tuple[str, ...]
    seeds: tuple[_Seed, ...]
    scouts: tuple[str, ...]
    traces: tuple[bytes, ...]
    fragment: int

    def stands_in(self, squeezed: str) -> bool:
        return any(scout in squeezed for scout in self.scouts)

    def find(self, folded: str) -> Iterator[tuple[int, int]]:
        for form in self.forms:
            at = folded.find(form)
            while at >= 0:
                yield at, at + len(form)
                at = folded.find(form, at + len(form))
        for seed in self.seeds:
            end, at = 0, folded.find(seed.text)
            while at >= 0:
                start, end = _extended(folded, at, end, seed)
                if end - start >= self.fragment:
                    yield start, end
                at = folded.find(seed.text, end)


def _needles(values: Iterable[str], kind: Withheld, shortest: int, fragment: int) -> Iterator[_Needle]:
    for value in values:
        if len(squeeze(value)) >= shortest:
            forms, seeds = _forms(value), _seeds(value, fragment)
            # Prose leaves too little to tell it by.
            traces = _traces(value, forms, fragment) if kind is Withheld.KEY else (b"",)
            yield _Needle(kind, forms, seeds, _scouts(forms, seeds), traces, fragment)


def _forms(value: str) -> tuple[str, ...]:
    """The value itself, as it folds and as its escapes fold, and its base64 and hex forms."""
    raw = value.strip().encode("utf-8", "surrogatepass")
    plain = (squeeze(value), squeeze(value, decode=False))
    forms = [raw.hex()]
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + raw)
        # The characters that mix with the bytes around the value are cut off at both ends.
        stable = encoded[(lead * 8 + 5) // 6 : (lead + len(raw)) * 8 // 6].decode()
        forms += [stable, stable.translate(str.maketrans("+/", "-_"))]
    squeezed = (squeeze(form, decode=False) for form in forms if len(form) >= SHORTEST_ENCODED)
    return tuple(dict.fromkeys((*plain, *squeezed)))


def _seeds(value: str, fragment: int) -> tuple[_Seed, ...]:
    """Short pieces at a stride, so that any run of ``fragment`` characters of a longer value holds a whole one."""
    whole, stride = squeeze(value), fragment // 2
    if len(whole) <= fragment:
        return ()
    starts = range(0, len(whole) - stride + 1, stride)[:_MOST_SEEDS]
    seeds = {whole[start : start + stride]: start for start in starts}
    return tuple(_Seed(text, start, whole) for text, start in seeds.items())


def _scouts(forms: Iterable[str], seeds: Iterable[_Seed]) -> tuple[str, ...]:
    """The seeds, and the forms in which none of them stands: where none of these is found, nothing is."""
    pieces = tuple(seed.text for seed in seeds)
    return (*pieces, *(form for form in forms if not any(piece in form for piece in pieces)))


def _traces(value: str, forms: Iterable[str], fragment: int) -> tuple[bytes, ...]:
    """What :func:`trace` leaves of the forms, and of pieces so many that any run of the value holds a whole one."""
    whole, stride = squeeze(value), fragment // 8
    length = fragment - stride + 1
    pieces = [whole[start : start + length] for start in range(0, len(whole) - length + 1, stride)]
    left = {trace_of_plain(piece) for piece in (*forms, *pieces)}
    return tuple(one for one in left if not any(other in one for other in left - {one}))


def _extended(text: str, at: int, floor: int, seed: _Seed) -> tuple[int, int]:
    """The longest run around a seed, not before ``floor``, in which the text and the whole value agree."""
    whole, left, right = seed.whole, seed.offset, seed.offset + len(seed.text)
    start, end = at, at + len(seed.text)
    while start > floor and left and text[start - 1] == whole[left - 1]:
        start, left = start - 1, left - 1
    while end < len(text) and right < len(whole) and text[end] == whole[right]:
        end, right = end + 1, right + 1
    return start, end

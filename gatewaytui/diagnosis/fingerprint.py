"""Which software answered, by the signs it shows. A hint for the reader, never a reason for a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireResponse
from gatewaytui.domain.failure import Confidence
from gatewaytui.domain.run import GatewayFacts

from . import signs
from .signs import GATEWAYS, RELATIVES, VENDORS, Sign, Software

__all__ = ["Fingerprint", "Seen", "Software", "fingerprint", "recognise"]

_HEAD = 16_384  # of a body; signs of shape stand at its beginning
_SAID = 4000  # of a message
_ENTRIES = 200
_WEIGHT: Mapping[Confidence, int] = MappingProxyType(
    {Confidence.CERTAIN: 6, Confidence.LIKELY: 3, Confidence.POSSIBLE: 1}
)
_LOWER: Mapping[Confidence, Confidence] = MappingProxyType(
    {Confidence.CERTAIN: Confidence.LIKELY, Confidence.LIKELY: Confidence.POSSIBLE}
)


class Fingerprint(msgspec.Struct, frozen=True):
    """What answered and what stood before it; None where neither shows."""

    software: Software | None = None
    edge: Software | None = None


class Seen(msgspec.Struct, frozen=True):
    """One answer of a run, with what its protocol read in it."""

    response: WireResponse
    error: ErrorObject | None = None
    models: ModelList | None = None


def fingerprint(response: WireResponse, error: ErrorObject | None = None) -> Fingerprint:
    """What one answer shows, the most telling sign first: the error's type or code, then headers, then ``Server``."""
    headers = (sign.software[0] for sign in _by_headers(response))
    return Fingerprint(_by_error(error) or next(headers, None), _edge(response))


def recognise(seen: Iterable[Seen]) -> GatewayFacts:
    """What all answers of a run show together.

    Signs that agree add up; a sign of unrelated software takes one step of confidence away, except where a gateway
    passes on what stands behind it. The words of ``GatewayFacts.signs`` are ours, never a server's.
    """
    answers = tuple(seen)
    found = tuple(dict.fromkeys(sign for one in answers for sign in _signs(one)))
    edge = next((shown for one in answers if (shown := _edge(one.response))), None)
    best = _best(found)
    if best is None:
        return GatewayFacts(edge=edge.value if edge else "")
    told = dict.fromkeys(sign.told for sign in _of(best, found))
    return GatewayFacts(best.value, _confidence(best, found), tuple(told), edge.value if edge else "")


def _best(found: tuple[Sign, ...]) -> Software | None:
    """The software with the most weight; a gateway that likely shows itself goes before what is behind it.

    Where relatives share every sign, the one that has a sign of its own is meant, else the elder.
    """
    named = dict.fromkeys(software for sign in found for software in sign.software)
    scores = {software: _score(software, found) for software in named}
    gateways = {one: score for one, score in scores.items() if one in GATEWAYS and score >= _WEIGHT[signs.LIKELY]}
    ranked = gateways or scores
    return max(ranked, key=lambda one: (ranked[one], one is Software.ONE_API), default=None)


def _of(software: Software, found: tuple[Sign, ...]) -> tuple[Sign, ...]:
    """The signs of this software. What only new-api sends makes one-api's signs new-api's: it came from there."""
    heir = software is Software.NEW_API and any(sign.software == (Software.NEW_API,) for sign in found)
    return tuple(sign for sign in found if software in sign.software or (heir and Software.ONE_API in sign.software))


def _score(software: Software, found: tuple[Sign, ...]) -> int:
    return sum(_WEIGHT[sign.certainty] for sign in _of(software, found))


def _confidence(best: Software, found: tuple[Sign, ...]) -> Confidence:
    score = _score(best, found)
    reached = next((level for level in Confidence if score >= _WEIGHT[level]), Confidence.POSSIBLE)
    if reached is Confidence.CERTAIN and not any(sign.software == (best,) for sign in found):
        reached = Confidence.LIKELY  # certain of the family, not of the member
    if _contradicted(best, found):
        reached = _LOWER.get(reached, reached)
    if reached is Confidence.CERTAIN and best in VENDORS:
        return Confidence.LIKELY  # a gateway that shows nothing of itself passes a vendor's headers on
    return reached


def _contradicted(best: Software, found: tuple[Sign, ...]) -> bool:
    related = RELATIVES.get(best, frozenset()) | {best}
    strangers = (
        sign
        for sign in found
        if sign.certainty is not Confidence.POSSIBLE and not related.intersection(sign.software)
    )
    return any(best not in GATEWAYS or GATEWAYS.intersection(sign.software) for sign in strangers)


def _signs(one: Seen) -> Iterator[Sign]:
    yield from _by_headers(one.response)
    head = one.response.body[:_HEAD]
    yield from (sign for pattern, sign in signs.BODIES if pattern.search(head))
    if one.error is not None:
        yield from _in_error(one.error)
    if one.models is not None:
        yield from (sign for pattern, sign in signs.LIST_BODIES if pattern.search(head))
        yield from _in_list(one)


def _by_headers(response: WireResponse) -> Iterator[Sign]:
    names = [name.lower() for name, _ in response.headers]
    yield from (sign for sign in signs.HEADERS if any(name.startswith(sign.word) for name in names))
    server = response.header("server").lower()
    yield from (sign for sign in signs.SERVERS if sign.word in server)


def _in_error(error: ErrorObject) -> Iterator[Sign]:
    for kind, table, word in (
        ("type", signs.ERROR_TYPES, error.type),
        ("type", signs.ERROR_TYPES, error.code),
        ("code", signs.ERROR_CODES, error.code),
    ):
        if word in table:
            software, certainty = table[word]
            yield Sign("", software, certainty, f"error {kind} {word}")  # a key of our table, not their text
    if error.provider:
        yield Sign("", (Software.OPENROUTER,), Confidence.LIKELY, "provider named beside the error")
    yield from (sign for pattern, sign in signs.MESSAGES if pattern.search(error.message[:_SAID]))


def _in_list(one: Seen) -> Iterator[Sign]:
    models = one.models.models[:_ENTRIES] if one.models else ()
    for owner in sorted({model.provider for model in models} & signs.OWNERS.keys()):
        software, certainty = signs.OWNERS[owner]
        yield Sign("", (software,), certainty, f"list entries owned by {owner}")
    times = Counter(model.created for model in models)
    yield from (sign for created, sign in signs.CREATED.items() if times[created] > 1)
    head = one.response.body[:_HEAD]
    if b'"models"' in head and b'"data"' in head and models:
        yield Sign("", (Software.LLAMA_CPP,), Confidence.LIKELY, "list with both models and data")
    server = one.response.header("server").lower()
    if not models and "uvicorn" in server:
        yield Sign("", (Software.TRANSFORMERS,), Confidence.POSSIBLE, "empty list from uvicorn")
    if models and all(model.provider == model.id and not model.created for model in models):
        yield Sign("", (Software.TGI,), Confidence.POSSIBLE, "list entries that own themselves")


def _by_error(error: ErrorObject | None) -> Software | None:
    """What the error alone says; a code of sub2api's before a type."""
    if error is None:
        return None
    if error.code in _SUB2API_CODES:
        return Software.SUB2API
    if "litellm." in error.message[:400]:
        return Software.LITELLM
    known = signs.ERROR_TYPES.get(error.type)
    return known[0][0] if known else None


def _edge(response: WireResponse) -> Software | None:
    names = [name.lower() for name, _ in response.headers]
    server = response.header("server").lower()
    by_header = (edge for prefix, edge in signs.EDGE_HEADERS if any(name.startswith(prefix) for name in names))
    return next(by_header, None) or next((edge for word, edge in signs.EDGE_SERVERS if word in server), None)


_SUB2API_CODES = frozenset(
    code for code, (software, _) in signs.ERROR_CODES.items() if software == (Software.SUB2API,)
)

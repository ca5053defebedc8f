"""Model lists of the commonest shape, decoded by type: what new-api and its kin write of thousands of models.

Words and numbers are decoded apart, the numbers where they are asked for. Every member that could mean something else
is here as one that must be null, so that both are exactly what the general reader would find; anything odd is no
plain list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Literal

import msgspec

from gatewaytui.domain.catalogue import ListShape, ModelList, ModelNumbers, ModelTable, ModelTexts
from gatewaytui.domain.coded import Coded

from .lenient import LARGEST_COUNT
from .model_entries import dollars, provider_in

_Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_COUNT)]
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Price = str | float | None
_UNPRICED = (None, None)
_NULL = msgspec.Raw(b"null")
_APART = b"\0"  # never a byte of JSON


class _Page(msgspec.Struct, kw_only=True):
    """One page, and nothing that says there is more."""

    models: None = None
    success: bool | None = None
    error: None = None
    has_more: bool | None = None
    last_id: None = None
    next_page_token: None = None
    next_page: None = msgspec.field(name="nextPageToken", default=None)
    links: None = None


class _Words(msgspec.Struct, gc=False, kw_only=True):
    """What an entry says in words; its owner and its endpoint types are told, so nothing else can stand for them."""

    id: _Text
    owned_by: _Text
    supported_endpoint_types: msgspec.Raw
    name: str | None = None
    display_name: None = None
    displayName: None = None
    capabilities: None = None
    supported_parameters: None = None
    supported_features: None = None
    thinking: None = None
    aliases: None = None


class _FewWords(_Words, gc=False, kw_only=True):
    """The same where they may be missing."""

    owned_by: str | None = None  # type: ignore[assignment]
    supported_endpoint_types: msgspec.Raw = _NULL
    type: None = None
    publisher: None = None
    vendor: None = None
    organization: None = None
    supportedGenerationMethods: None = None
    endpoints: None = None


class _WordsPage(_Page, kw_only=True):
    kind: Literal["list"] = msgspec.field(name="object")
    data: list[_Words]


class _FewWordsPage(_Page, kw_only=True):
    data: list[_FewWords]


class _Pricing(msgspec.Struct, gc=False):
    """US dollars a token, as aggregators write them; nothing else may be said."""

    prompt: _Price = None
    completion: _Price = None
    input: None = None
    output: None = None


class _Numbers(msgspec.Struct, gc=False):
    context_length: _Count | None = None
    max_completion_tokens: _Count | None = None
    pricing: _Pricing | None = None
    created: _Count | None = None
    created_at: None = None
    context_window: None = None
    max_context_length: None = None
    max_model_len: None = None
    max_input_tokens: None = None
    inputTokenLimit: None = None
    outputTokenLimit: None = None
    max_output_tokens: None = None
    max_tokens: None = None
    top_provider: None = None
    meta: None = None
    model_spec: None = None
    providers: None = None


class _NumbersPage(msgspec.Struct):
    data: list[_Numbers]


_WORDS: tuple[tuple[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]], ...] = (
    (msgspec.json.Decoder(_WordsPage), msgspec.json.Decoder(Annotated[tuple[str, ...], msgspec.Meta(min_length=1)])),
    (msgspec.json.Decoder(_FewWordsPage), msgspec.json.Decoder(tuple[str, ...] | None)),
)
"""For a page and for the endpoint types of an entry; the first that both can be read with."""

_numbers = msgspec.json.Decoder(_NumbersPage)


class _Prices(dict[tuple[_Price, _Price], tuple[float | None, float | None]]):
    """What is listed for input and output to US dollars a million tokens, each pair worked out once."""

    def __missing__(self, listed: tuple[_Price, _Price]) -> tuple[float | None, float | None]:
        return self.setdefault(listed, dollars(*listed))


def plain_list(body: bytes, most: int, read_otherwise: Callable[[], ModelTable]) -> ModelList | None:
    """The list of so many entries at most; None where the body is no plain list, which says nothing against it.

    ``read_otherwise`` gives the same list where its words are plain and its numbers are not; a number that none can
    read leaves all of them unknown.
    """

    def read_numbers(count: int) -> ModelNumbers:
        numbers = _numbers_in(body, most) or read_otherwise().numbers
        return numbers if len(numbers.context) == count else ModelNumbers.unknown(count)

    for pages, types in _WORDS:
        try:
            page = pages.decode(body)
            texts = _texts(page.data[:most], types)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        if not page.data or page.success is False:
            return None
        return ModelList(
            ListShape.OPENAI, ModelTable(texts, partial(read_numbers, len(texts.id))), truncated=len(page.data) > most
        )
    return None


def _texts(entries: Sequence[_Words], strings: msgspec.json.Decoder[tuple[str, ...] | None]) -> ModelTexts:
    """Raises ValueError where the endpoint types are no such strings; each different list of them is decoded once."""
    types = Coded.of(_APART.join([entry.supported_endpoint_types for entry in entries]).split(_APART))
    nothing: Coded[tuple[str, ...]] = Coded.alike((), len(entries))
    return ModelTexts(
        tuple([entry.id for entry in entries]),
        _names(entries),
        Coded.of([entry.owned_by or provider_in(entry.id) for entry in entries]),
        types.with_values(lambda listed: strings.decode(listed) or ()),
        nothing,
        nothing,
    )


def _names(entries: Sequence[_Words]) -> tuple[str, ...]:
    """The names that say more than the id."""
    names = [entry.name for entry in entries]
    if not any(names):
        return ("",) * len(names)
    return tuple(
        ["" if not name or name.endswith(entry.id) else name for name, entry in zip(names, entries, strict=True)]
    )


def _numbers_in(body: bytes, most: int) -> ModelNumbers | None:
    try:
        entries = _numbers.decode(body).data[:most]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    known = _Prices()
    prices = [
        _UNPRICED if (said := entry.pricing) is None else known[said.prompt, said.completion] for entry in entries
    ]
    return ModelNumbers(
        tuple([entry.context_length or None for entry in entries]),
        tuple([entry.max_completion_tokens or None for entry in entries]),
        tuple([for_input for for_input, _ in prices]),
        tuple([for_output for _, for_output in prices]),
        tuple([entry.created or None for entry in entries]),
    )

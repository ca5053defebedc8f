"""One entry of a model list, whoever wrote it: which member means what."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from gatewaytui.domain.catalogue import ModelInfo

from .lenient import Object, as_count, as_list, as_number, as_object, as_text

_PER_TOKEN_BELOW = 0.001  # dollars; a price this small is for one token, not for a million
_NEVER_A_TOKEN = 0.1  # dollars; no token ever cost so much
_MILLION = 1_000_000


class Entry(msgspec.Struct, gc=False):
    """The members of a list entry that mean something to us. Any of them may be of any type."""

    id: object = None
    name: object = None
    key: object = None
    kind: object = msgspec.field(name="object", default=None)
    type: object = None
    display_name: object = None
    displayName: object = None
    owned_by: object = None
    publisher: object = None
    vendor: object = None
    organization: object = None
    created: object = None
    created_at: object = None
    context_length: object = None
    context_window: object = None
    max_context_length: object = None
    max_model_len: object = None
    max_input_tokens: object = None
    inputTokenLimit: object = None
    outputTokenLimit: object = None
    max_completion_tokens: object = None
    max_output_tokens: object = None
    max_tokens: object = None
    top_provider: object = None
    meta: object = None
    model_spec: object = None
    providers: object = None
    pricing: object = None
    capabilities: object = None
    supported_parameters: object = None
    supported_features: object = None
    thinking: object = None
    supported_endpoint_types: object = None
    supportedGenerationMethods: object = msgspec.UNSET
    endpoints: object = None
    aliases: object = None

    @property
    def has_nested_members(self) -> bool:
        """True where limits or prices may stand deeper; most lists are plain, and asking once keeps them cheap."""
        return bool(self.top_provider or self.meta or self.model_spec or self.providers or self.capabilities)

    @property
    def has_gemini_members(self) -> bool:
        """True where the entry has members only Gemini lists have, even as null (new-api)."""
        return self.supportedGenerationMethods is not msgspec.UNSET or self.inputTokenLimit is not None


def model_info(entry: Entry) -> ModelInfo | None:
    """The entry as a :class:`ModelInfo`, or None where it has no id."""
    name = entry.name if type(entry.name) is str else ""
    model_id = (entry.id if type(entry.id) is str else "") or name.removeprefix("models/") or as_text(entry.key)
    if not model_id:
        return None
    input_price, output_price = _prices(entry)
    return ModelInfo(
        id=model_id,
        name=as_text(entry.display_name) or as_text(entry.displayName) or ("" if name.endswith(model_id) else name),
        provider=_provider(entry, model_id),
        context=_context(entry),
        max_output=_max_output(entry),
        input_price=input_price,
        output_price=output_price,
        endpoint_types=_words(
            entry.supported_endpoint_types or _set(entry.supportedGenerationMethods) or entry.endpoints
        ),
        capabilities=_capabilities(entry),
        aliases=_words(entry.aliases),
        created=_created(entry),
    )


def _provider(entry: Entry, model_id: str) -> str:
    named = entry.owned_by or entry.publisher or entry.vendor or entry.organization
    return named if isinstance(named, str) else provider_in(model_id)


def provider_in(model_id: str) -> str:
    """The provider of an id written ``provider/name``, or ""."""
    return model_id.partition("/")[0] if "/" in model_id else ""


def _context(entry: Entry) -> int | None:
    direct = (
        entry.context_length or entry.context_window or entry.max_context_length or entry.max_model_len
        or entry.inputTokenLimit or entry.max_input_tokens
    )  # fmt: skip
    if direct is not None or not entry.has_nested_members:
        return as_count(direct)
    meta, spec = as_object(entry.meta), as_object(entry.model_spec)
    limits = as_object(as_object(entry.capabilities).get("limits"))
    nested = (
        meta.get("n_ctx") or meta.get("n_ctx_train") or spec.get("availableContextTokens")
        or limits.get("max_context_window_tokens") or as_object(entry.top_provider).get("context_length")
        or _first_provider(entry).get("context_length")
    )  # fmt: skip
    return as_count(nested)


def _max_output(entry: Entry) -> int | None:
    direct = entry.outputTokenLimit or entry.max_completion_tokens or entry.max_output_tokens or entry.max_tokens
    if direct is not None or not entry.has_nested_members:
        return as_count(direct)
    limits = as_object(as_object(entry.capabilities).get("limits"))
    top = as_object(entry.top_provider)
    return as_count(top.get("max_completion_tokens") or limits.get("max_output_tokens"))


def _prices(entry: Entry) -> tuple[float | None, float | None]:
    """US dollars a million tokens, from prices a token (OpenRouter) or a million tokens (Together, Venice)."""
    pricing = as_object(entry.pricing)
    if not pricing:
        if not entry.has_nested_members:
            return None, None
        nested = as_object(entry.model_spec).get("pricing") or _first_provider(entry).get("pricing")
        pricing = as_object(nested)
    return dollars(_price(pricing, "prompt", "input"), _price(pricing, "completion", "output"))


def _price(pricing: Object, *names: str) -> float | None:
    for name in names:
        listed = pricing.get(name)
        amount = _amount(listed.get("usd") if isinstance(listed, dict) else listed)
        if amount is not None:
            return amount
    return None


def _amount(listed: object) -> float | None:
    amount = as_number(listed)
    return None if amount is None or amount < 0 else amount


def dollars(for_input: object, for_output: object) -> tuple[float | None, float | None]:
    """Prices a million tokens. An entry has one unit: where one of its prices is for a token, so is the other."""
    amounts = _amount(for_input), _amount(for_output)
    below = _NEVER_A_TOKEN if any(amount and amount < _PER_TOKEN_BELOW for amount in amounts) else 0
    return _million(amounts[0], below), _million(amounts[1], below)


def _million(amount: float | None, below: float) -> float | None:
    return round(amount * _MILLION, 6) if amount is not None and amount < below else amount


def _capabilities(entry: Entry) -> tuple[str, ...]:
    if entry.capabilities is entry.supported_parameters is entry.supported_features is entry.thinking is None:
        return ()
    named = _words(entry.capabilities) + _words(entry.supported_parameters) + _words(entry.supported_features)
    return (*named, "thinking") if entry.thinking is True else named


def _created(entry: Entry) -> int | None:
    if entry.created is not None or entry.created_at is None:
        return as_count(entry.created) or None
    if not isinstance(entry.created_at, str):
        return as_count(entry.created_at)
    try:
        moment = datetime.fromisoformat(entry.created_at)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _words(value: object) -> tuple[str, ...]:
    """A list of strings, or the members of an object that are true (Mistral, Copilot's ``supports``)."""
    if value is None:
        return ()
    if isinstance(value, dict):
        said = as_object(value.get("supports")) or value
        return tuple(key for key, on in said.items() if on is True or as_object(on).get("supported") is True)
    return tuple(item for item in as_list(value) if isinstance(item, str))


def _set(value: object) -> object:
    return None if value is msgspec.UNSET else value


def _first_provider(entry: Entry) -> Object:
    providers = as_list(entry.providers)
    return as_object(providers[0]) if providers else {}

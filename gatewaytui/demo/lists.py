"""Model lists in the three shapes, with the extras of new-api and OpenRouter, and with paging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from .persona import Entries, Model
from .prompt import Object

ANTHROPIC_PAGE = 20
GEMINI_PAGE = 50
LARGEST_PAGE = 1000
_ENDPOINT_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "embedding": ("embeddings",),
        "rerank": ("jina-rerank",),
        "image": ("image-generation",),
        "speech": ("openai",),
        "transcript": ("openai",),
    }
)
_CHAT_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"openai": ("openai", "openai-response"), "anthropic": ("anthropic", "openai"), "google": ("gemini", "openai")}
)
_METHODS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"chat": ("generateContent", "countTokens"), "embedding": ("embedContent",), "image": ("predict",)}
)
_PARAMETERS = ("max_tokens", "temperature", "top_p", "stop", "tools", "tool_choice", "response_format")


def openai_list(models: Sequence[Model], entries: Entries) -> Object:
    """``{object: list, data: [...]}``; new-api adds ``success``, OpenRouter leaves ``object`` out."""
    data = [openai_entry(model, entries) for model in models]
    if entries is Entries.OPENROUTER:
        return {"data": data}
    listed: Object = {"object": "list", "data": data}
    return {"success": True, **listed} if entries is Entries.NEW_API else listed


def openai_entry(model: Model, entries: Entries) -> Object:
    """One entry of an OpenAI list."""
    if entries is Entries.OPENROUTER:
        return _openrouter_entry(model)
    entry: Object = {"id": model.id, "object": "model", "created": _created(model), "owned_by": model.owner}
    if entries is Entries.NEW_API:
        chats = _CHAT_TYPES.get(model.owner, ("openai",))
        entry["supported_endpoint_types"] = _ENDPOINT_TYPES.get(model.makes, chats)
    return entry


def anthropic_list(models: Sequence[Model], query: Mapping[str, str]) -> Object:
    """A page in Anthropic's shape: ``limit`` entries after ``after_id``."""
    start = next((at + 1 for at, model in enumerate(models) if model.id == query.get("after_id")), 0)
    size = _size(query.get("limit"), ANTHROPIC_PAGE)
    page = models[start : start + size]
    return {
        "data": [_anthropic_entry(model) for model in page],
        "has_more": start + size < len(models),
        "first_id": page[0].id if page else None,
        "last_id": page[-1].id if page else None,
    }


def gemini_list(models: Sequence[Model], query: Mapping[str, str], entries: Entries) -> Object:
    """A page in Gemini's shape; new-api's has no pages, null methods and names without ``models/``."""
    if entries is Entries.NEW_API:
        bare = [
            {"name": model.id, "displayName": _title(model), "supportedGenerationMethods": None} for model in models
        ]
        return {"models": bare, "nextPageToken": None}
    token = query.get("pageToken", "")
    start = int(token) if token.isdecimal() and len(token) < 6 else 0
    size = _size(query.get("pageSize"), GEMINI_PAGE)
    page: Object = {"models": [_gemini_entry(model) for model in models[start : start + size]]}
    return page | ({"nextPageToken": str(start + size)} if start + size < len(models) else {})


def _openrouter_entry(model: Model) -> Object:
    dollars_in, dollars_out = (f"{price / 1_000_000:.10f}".rstrip("0").rstrip(".") or "0" for price in model.price)
    makes = {"image": "image", "speech": "audio", "embedding": "embeddings"}.get(model.makes, "text")
    takes = "audio" if model.makes == "transcript" else "text"
    return {
        "id": model.id,
        "canonical_slug": model.id,
        "name": f"{model.owner.title()}: {_title(model)}",
        "created": _created(model),
        "context_length": model.context or None,
        "architecture": {"input_modalities": [takes], "output_modalities": [makes], "tokenizer": "Other"},
        "pricing": {"prompt": dollars_in, "completion": dollars_out, "request": "0", "image": "0"},
        "top_provider": {"context_length": model.context or None, "max_completion_tokens": model.output or None},
        "supported_parameters": [*_PARAMETERS, *(["reasoning"] if model.thinking else [])],
    }


def _anthropic_entry(model: Model) -> Object:
    return {
        "type": "model",
        "id": model.id,
        "display_name": _title(model),
        "created_at": f"{model.created.isoformat()}T00:00:00Z",
    }


def _gemini_entry(model: Model) -> Object:
    entry: Object = {
        "name": f"models/{model.id}",
        "version": "001",
        "displayName": _title(model),
        "inputTokenLimit": model.context,
        "outputTokenLimit": model.output,
        "supportedGenerationMethods": _METHODS.get(model.makes, ()),
    }
    return entry | ({"thinking": True} if model.thinking else {})


def _title(model: Model) -> str:
    return model.id.rpartition("/")[2].replace("-", " ").title()


def _created(model: Model) -> int:
    return int(datetime.combine(model.created, datetime.min.time(), UTC).timestamp())


def _size(asked: str | None, default: int) -> int:
    return min(int(asked), LARGEST_PAGE) if asked and asked.isdecimal() and len(asked) < 6 and int(asked) else default

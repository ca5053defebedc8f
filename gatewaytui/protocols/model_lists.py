"""Model lists in every shape gateways answer with, read into one (facts/protocols.md section 4).

OpenAI's ``{data: [...]}`` with the extras of new-api, OpenRouter, Mistral, Groq, Hugging Face, vLLM, llama.cpp and
others; Together's bare array; Anthropic's pages; Gemini's and Cohere's ``models``. The shape is read from the body,
never from what was asked: new-api answers in the shape of the headers sent. Ten thousand entries stay cheap: only
known members are decoded, and the commonest shape is decoded by type.
"""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import msgspec

from gatewaytui.domain.catalogue import ListShape, ModelList, ModelTable

from .lenient import BOM, Malformed, Object, as_object, as_text, decode, first_text
from .model_entries import Entry, model_info
from .plain_models import plain_list

LARGEST_LIST = 20_000
_ENTRY_OBJECTS = frozenset({"", "model", "engine"})
_OTHER_ENTRIES = frozenset({"file", "message", "message_batch"})


class _Document(msgspec.Struct):
    data: list[Entry] | None = None
    models: list[Entry] | None = None
    kind: object = msgspec.field(name="object", default=None)
    success: object = None
    error: object = None
    has_more: object = None
    last_id: object = None
    next_page_token: object = None
    next_page: object = msgspec.field(name="nextPageToken", default=None)
    links: object = None


_document = msgspec.json.Decoder(_Document)
_array = msgspec.json.Decoder(list[Entry])


def read_model_list(body: bytes) -> ModelList | None:
    """The catalogue in this body, or None where it holds none. Entries without an id are left out.

    At most :data:`LARGEST_LIST` entries are kept (design/safety.md); more are said by ``truncated``.
    """
    body = body.strip().removeprefix(BOM)
    return plain_list(body, LARGEST_LIST, lambda: _table(body)) or _read_any(body)


def _table(body: bytes) -> ModelTable:
    found = _read_any(body)
    return ModelTable.of(found.models if found else ())


def _read_any(body: bytes) -> ModelList | None:
    document = _decoded(body)
    if document is None or document.error or document.success is False:
        return None
    entries = document.data if document.data is not None else document.models
    if entries is None:
        return _empty(document)
    shape = _shape(document, entries)
    models = tuple(info for entry in entries[:LARGEST_LIST] if (info := model_info(entry)) is not None)
    if entries and not models:
        return None
    return ModelList(shape, models, _next_page(document, shape), truncated=len(entries) > LARGEST_LIST)


def looks_like_models(value: object) -> bool:
    """True where a decoded body is a list of models, and not one of files, images, embeddings or scores."""
    holder = as_object(value)
    items = value if isinstance(value, list) else holder.get("data", holder.get("models"))
    if not isinstance(items, list):
        return holder.get("object") == "list" and "data" in holder and items is None
    if not items:
        return "models" in holder or "has_more" in holder or holder.get("object") == "list"
    first = items[0]
    if not isinstance(first, dict) or any(
        key in first for key in ("embedding", "url", "b64_json", "relevance_score")
    ):
        return False
    named = first_text(first, "id", "name", "key", "slug")
    if as_text(first.get("type")) in _OTHER_ENTRIES or "candidates" in first:
        return False
    return bool(named) and as_text(first.get("object")) in _ENTRY_OBJECTS


def _decoded(body: bytes) -> _Document | None:
    try:
        return _Document(data=_array.decode(body)) if body[:1] == b"[" else _document.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _decoded_leniently(body)


def _decoded_leniently(body: bytes) -> _Document | None:
    """Where an entry is no object, or a member has a type nobody expects."""
    try:
        value = decode(body)
    except Malformed:
        return None
    if isinstance(value, list):
        return _Document(data=_entries(value))
    if not isinstance(value, dict) or not isinstance(value.get("data"), list | None):
        return None
    rest = {**value, "data": None, "models": None}
    document = msgspec.convert(rest, _Document)
    document.data, document.models = _entries(value.get("data")), _entries(value.get("models"))
    return document


def _entries(value: object) -> list[Entry] | None:
    if not isinstance(value, list):
        return None
    named: list[Object] = [{"id": item} if isinstance(item, str) else item for item in value]
    return [msgspec.convert(item, Entry) for item in named if isinstance(item, dict)]


def _empty(document: _Document) -> ModelList | None:
    """Go servers write an empty list as null; without a word that this is a list it is none."""
    is_list = document.kind == "list" or document.success is True
    return ModelList(ListShape.OPENAI, ()) if is_list else None


def _shape(document: _Document, entries: list[Entry]) -> ListShape:
    first = entries[0] if entries else Entry()
    if document.data is None:
        marked = as_text(first.name).startswith("models/") or first.has_gemini_members
        return ListShape.GEMINI if marked or not entries else ListShape.OPENAI
    if document.kind == "list" or first.kind is not None:
        return ListShape.OPENAI
    empty_page = document.has_more is not None and not entries
    return ListShape.ANTHROPIC if first.type == "model" or empty_page else ListShape.OPENAI


def _next_page(document: _Document, shape: ListShape) -> str:
    """The query that asks for the next page; the server's token is quoted, never trusted."""
    if token := as_text(document.next_page):
        return urlencode({"pageToken": token})
    if token := as_text(document.next_page_token):
        return urlencode({"page_token": token})
    if document.has_more is True and (last := as_text(document.last_id)):
        return urlencode({"after_id" if shape is ListShape.ANTHROPIC else "after": last})
    try:
        return urlsplit(as_text(as_object(document.links).get("next"))).query
    except ValueError:
        return ""

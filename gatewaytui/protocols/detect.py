"""Which protocol an exchange speaks, where nobody says so: by the path of the request, else by the body."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from urllib.parse import unquote

from gatewaytui.domain.exchange import Ask, AskKind
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import WireKind

from .lenient import Object, as_object, as_text, first_text, objects
from .model_lists import looks_like_models
from .table import PROTOCOLS

_Known = tuple[AskKind, Protocol | None]

_PATHS: tuple[tuple[Pattern[str], _Known], ...] = tuple(
    (Pattern(pattern), known)
    for pattern, known in (
        (r"/chat/completions/?$", (AskKind.CHAT, Protocol.OPENAI_CHAT)),
        (r"/responses(/compact)?/?$", (AskKind.CHAT, Protocol.OPENAI_RESPONSES)),
        (r"^(?!.*/threads/).*/messages/?$", (AskKind.CHAT, Protocol.ANTHROPIC)),
        (r":(r|streamR)awPredict$", (AskKind.CHAT, Protocol.ANTHROPIC)),
        (r":(g|streamG)enerateContent$", (AskKind.CHAT, Protocol.GEMINI)),
        (r":(batchE|asyncBatchE|e)mbedContents?$", (AskKind.EMBEDDINGS, None)),
        (r"/(embeddings|embed)/?$", (AskKind.EMBEDDINGS, None)),
        (r"/rerank(ing)?/?$", (AskKind.RERANK, None)),
        (r"/(complet(?:e|ions)|images/\w+|audio/\w+|moderations|files|batches|tokenize|count_tokens|chat|generate|tags)/?$",
         (AskKind.OTHER, None)),
        (r":(countTokens|predict\w*|batch\w+)$", (AskKind.OTHER, None)),
    )
)  # fmt: skip
_FIRST_ITEMS = 3
_MODELS = Pattern(r"/models/?$")
_ONE_RESPONSE = Pattern(r"/responses/[^/]+/?$")
_MODEL_IN_PATH = Pattern(r"/models/([^/].*):\w+$")


def ask_of(method: str, path: str, headers: dict[str, str], body: Object) -> Ask:
    """What a recorded request asked for. ``headers`` by lower-case name; ``body`` as decoded, {} where there is none.

    The kind is UNKNOWN where the path says nothing; ``streaming`` is None where nothing tells.
    """
    model, streaming = as_text(body.get("model")), body.get("stream") is True if body else None
    if method == "GET" and _MODELS.search(path):
        return Ask(AskKind.MODELS, _list_protocol(path, headers), streaming=False)
    if method == "GET" and _ONE_RESPONSE.search(path):
        return Ask(AskKind.CHAT, Protocol.OPENAI_RESPONSES, streaming=None)
    if method != "POST":
        return Ask(AskKind.OTHER, None, model, streaming)
    unknown: _Known = (AskKind.UNKNOWN, None)
    kind, protocol = next((known for pattern, known in _PATHS if pattern.search(path)), unknown)
    if found := _MODEL_IN_PATH.search(path):
        model, streaming = unquote(found[1]), ":stream" in path
    return Ask(kind, protocol, model, streaming)


def _list_protocol(path: str, headers: dict[str, str]) -> Protocol:
    if "anthropic-version" in headers or "x-api-key" in headers:
        return Protocol.ANTHROPIC
    at_home = path.rstrip("/").endswith("/v1beta/models") and "authorization" not in headers
    is_gemini = "x-goog-api-key" in headers or at_home
    return Protocol.GEMINI if is_gemini else Protocol.OPENAI_CHAT


def kind_of(values: Iterable[object]) -> WireKind | None:
    """What these decoded JSON values are: a whole body, or the first events of a stream. None if nothing known.

    Any list of models is MODELS_OPENAI here; its shape names it when it is read.
    """
    return next((kind for value in values if (kind := _kind(value)) is not None), None)


def _kind(value: object) -> WireKind | None:
    if looks_like_models(value):
        return WireKind.MODELS_OPENAI
    if isinstance(value, list):
        return _kind_of_list(value)
    if not isinstance(value, dict):
        return None
    for key, kind in _MEMBERS:  # first: vectors of Gemini come with its usage, those of Ollama with its model
        if isinstance(value.get(key), list | dict):
            return kind
    if _is_other(value):
        return WireKind.OTHER
    for protocol in _BY_BODY:
        if PROTOCOLS[protocol].recognises(value):
            return WireKind(protocol.value)
    return _kind_of_items(value) or _kind_of_error(value)


def _kind_of_items(value: Object) -> WireKind | None:
    first = next(objects(value.get("data", value.get("results"))), {})
    if "embedding" in first:
        return WireKind.EMBEDDINGS
    if "relevance_score" in first or "score" in first:
        return WireKind.RERANK
    return WireKind.OTHER if first_text(first, "url", "b64_json", "object") or "flagged" in first else None


def _kind_of_list(items: list[object]) -> WireKind | None:
    """A bare list: scores or vectors of text-embeddings-inference, or an answer of Gemini in pieces."""
    if items and isinstance(items[0], list):
        return WireKind.EMBEDDINGS
    if items and "score" in as_object(items[0]):
        return WireKind.RERANK
    return kind_of(islice(objects(items), _FIRST_ITEMS))


def _is_other(value: Object) -> bool:
    """Legacy completions, the native forms of Ollama, Cohere and Bedrock, and what Gemini keeps for later."""
    choices = next(objects(value.get("choices")), {})
    legacy = value.get("object") == "text_completion" or ("text" in choices and "delta" not in choices)
    ollama = "done" in value and "model" in value
    cohere = isinstance(value.get("finish_reason"), str) and ("message" in value or "text" in value)
    bedrock = "stopReason" in value and isinstance(as_object(value.get("output")).get("message"), dict)
    cached = "/cachedContents/" in f"/{as_text(value.get('name'))}"
    return legacy or ollama or cohere or bedrock or cached


def _kind_of_error(value: Object) -> WireKind | None:
    """The vendors' own shapes of errors; any other error object is taken for OpenAI's, which most gateways copy."""
    error = value.get("error")
    if value.get("type") == "error":
        is_responses = "sequence_number" in value or not isinstance(error, dict)
        return WireKind.OPENAI_RESPONSES if is_responses else WireKind.ANTHROPIC
    if not isinstance(error, dict) or not any(error.values()):
        return WireKind.OPENAI_CHAT if value.get("object") == "error" else None
    return WireKind.GEMINI if as_text(error.get("status")).isupper() and "code" in error else WireKind.OPENAI_CHAT


_BY_BODY = (Protocol.OPENAI_RESPONSES, Protocol.ANTHROPIC, Protocol.GEMINI, Protocol.OPENAI_CHAT)
_MEMBERS = (("embeddings", WireKind.EMBEDDINGS), ("embedding", WireKind.EMBEDDINGS), ("images", WireKind.OTHER))

"""What a protocol found in an Exchange: an answer, a list, an error object, how a stream ended."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from .catalogue import ModelList
from .chat import Answer, ErrorObject
from .secret import repr_without


class BodyShape(StrEnum):
    """What the body is, declared or sniffed; ``CUT_JSON`` began as JSON and ended too early."""

    JSON = "json"
    CUT_JSON = "cut_json"
    BAD_JSON = "bad_json"
    SSE = "sse"
    JSON_ARRAY_STREAM = "json_array_stream"
    NDJSON = "ndjson"
    HTML = "html"
    TEXT = "text"
    BINARY = "binary"
    EMPTY = "empty"


class StreamEnd(StrEnum):
    """How a stream ended; the values are public (JSON ``stream_end``)."""

    COMPLETE = "complete"
    COMPLETE_NO_TERMINATOR = "complete_no_terminator"
    CUT = "cut"
    ERROR_EVENT = "error_event"
    CANCELLED = "cancelled"
    STALLED = "stalled"


class WireKind(StrEnum):
    """The ``protocol`` names of ``explain``: what the exchange turned out to be."""

    OPENAI_CHAT = "openai-chat"
    OPENAI_RESPONSES = "openai-responses"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    MODELS_OPENAI = "models-openai"
    MODELS_ANTHROPIC = "models-anthropic"
    MODELS_GEMINI = "models-gemini"
    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    OTHER = "other"


class Reading(msgspec.Struct, frozen=True):
    """A response as its protocol reads it. ``answer`` and ``models`` are None where the body is neither.

    ``streaming`` tells what the response was (not what was asked). ``error`` is the error object found in the
    body or the stream. ``stream_end`` is None for anything but a stream. ``items`` counts the vectors or scores
    of an embeddings or rerank answer, None where the body is no such answer.
    """

    kind: WireKind
    shape: BodyShape
    streaming: bool = False
    answer: Answer | None = None
    models: ModelList | None = None
    error: ErrorObject | None = None
    stream_end: StreamEnd | None = None
    items: int | None = None

    def __repr__(self) -> str:
        return repr_without(self, "answer", "error")

"""An exchange read through its protocol: what came, what it says, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType

from msgspec.structs import replace

from gatewaytui.domain.chat import Answer, ErrorObject, Frame
from gatewaytui.domain.exchange import Ask, AskKind, Exchange, FaultKind
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import BodyShape, Reading, StreamEnd, WireKind

from .accumulate import Accumulator
from .detect import kind_of
from .dialect import WireDialect
from .errors import find_error
from .lenient import as_list, as_object, as_text, decoded
from .model_lists import read_model_list
from .shapes import Body, look_at
from .sse import COMMENT, SseDecoder
from .table import PROTOCOLS

_STREAMS = frozenset({BodyShape.SSE, BodyShape.JSON_ARRAY_STREAM, BodyShape.NDJSON})
_KINDS = MappingProxyType(
    {
        AskKind.EMBEDDINGS: WireKind.EMBEDDINGS,
        AskKind.RERANK: WireKind.RERANK,
        AskKind.IMAGES: WireKind.OTHER,
        AskKind.SPEECH: WireKind.OTHER,
        AskKind.TRANSCRIPT: WireKind.OTHER,
        AskKind.TOKENS: WireKind.OTHER,
        AskKind.OTHER: WireKind.OTHER,
    }
)
_LISTS = MappingProxyType(
    {
        Protocol.ANTHROPIC: WireKind.MODELS_ANTHROPIC,
        Protocol.GEMINI: WireKind.MODELS_GEMINI,
    }
)
_LIST_KINDS = frozenset({WireKind.MODELS_OPENAI, WireKind.MODELS_ANTHROPIC, WireKind.MODELS_GEMINI})
_CHATS = MappingProxyType({WireKind(protocol.value): protocol for protocol in Protocol})
_ENDS = MappingProxyType({FaultKind.CANCELLED: StreamEnd.CANCELLED, FaultKind.STALL_TIMEOUT: StreamEnd.STALLED})
_NOT_A_STREAM = MappingProxyType(
    {BodyShape.JSON_ARRAY_STREAM: BodyShape.CUT_JSON, BodyShape.NDJSON: BodyShape.BAD_JSON}
)
_FIRST_EVENTS = 8
_FIRST_BYTES = 1024 * 1024
_ERROR_STATUS = 400
_SLICE = 64 * 1024


def read_exchange(exchange: Exchange, streamed: Answer | None = None) -> Reading:
    """What the exchange's protocol finds in its response.

    The protocol is the one of ``exchange.request.ask``; where that is UNKNOWN it is detected from the body.
    ``streamed`` is the answer that its decoder put together as this very body came: it is not decoded again.
    Never raises for what a server sent.
    """
    ask = exchange.request.ask
    response = exchange.response
    if response is None:
        return Reading(_asked(ask) or WireKind.OTHER, BodyShape.EMPTY)
    body = look_at(response.body, response.header("content-type"))
    kind = _asked(ask) or kind_of(_first_values(body, response.body)) or WireKind.OTHER
    if kind in _LIST_KINDS:
        return _read_list(kind, body, response.body, response.status)
    dialect = _dialect(kind, body, response.body)
    body = _framed(body, dialect, response.status)
    streaming = body.shape is BodyShape.SSE or (body.shape in _STREAMS and response.status < _ERROR_STATUS)
    promised = dialect is not None and (streaming or _is_answer(dialect, body))
    answer = (streamed or _answer(dialect, response.body)) if dialect is not None and promised else None
    error = (answer.error if answer is not None else None) or _error(body, response.status)
    if error is not None and streaming:
        error = replace(error, place="stream")
    end = _end(exchange, answer, error, dialect) if streaming else None
    return Reading(kind, body.shape, streaming, answer, None, error, end, _items(kind, body))


def _asked(ask: Ask) -> WireKind | None:
    """What the request promises, or None where it is not known."""
    if ask.kind is AskKind.MODELS:
        return _LISTS.get(ask.protocol or Protocol.OPENAI_CHAT, WireKind.MODELS_OPENAI)
    if ask.kind is AskKind.CHAT and ask.protocol is not None:
        return WireKind(ask.protocol.value)
    return _KINDS.get(ask.kind)


def _first_values(body: Body, data: bytes) -> Iterable[object]:
    """The JSON values a protocol shows itself in: the whole body, or the first events of a stream."""
    if body.shape is not BodyShape.SSE:
        return (body.value,) if body.value is not None else body.values[:_FIRST_EVENTS]
    decoder = SseDecoder()
    events = [event for event in decoder.feed(data[:_FIRST_BYTES]) + decoder.close() if event.name != COMMENT]
    return [value for event in events[:_FIRST_EVENTS] if (value := decoded(event.data)) is not None]


def _read_list(kind: WireKind, body: Body, data: bytes, status: int) -> Reading:
    body = _framed(body, None, 0)
    models = read_model_list(data) if body.shape is BodyShape.JSON else None
    if models is None and kind is WireKind.MODELS_GEMINI and body.value == {}:
        models = read_model_list(b'{"models":[]}')  # Google leaves an empty list out
    error = _error(body, status) if models is None else None
    return Reading(WireKind(models.shape.value) if models else kind, body.shape, models=models, error=error)


def _dialect(kind: WireKind, body: Body, data: bytes) -> WireDialect | None:
    """The dialect that reads this kind. Legacy completions are no kind of their own, but chat's reader knows them."""
    if kind in _CHATS:
        return PROTOCOLS[_CHATS[kind]]
    chat = PROTOCOLS[Protocol.OPENAI_CHAT]
    if kind is not WireKind.OTHER or body.shape not in (BodyShape.SSE, BodyShape.JSON):
        return None
    return chat if any(chat.recognises(as_object(value)) for value in _first_values(body, data)) else None


def _framed(body: Body, dialect: WireDialect | None, status: int) -> Body:
    """Several objects, in an array or in a row, are a stream where they are chunks of the dialect.

    An array around an error is no stream under an error status.
    """
    items = as_list(body.value) or body.values
    is_stream = dialect is not None and any(
        dialect.recognises(as_object(item)) or "error" in as_object(item) for item in items
    )
    if body.shape is BodyShape.JSON and isinstance(body.value, list) and is_stream and status < _ERROR_STATUS:
        return replace(body, shape=BodyShape.JSON_ARRAY_STREAM)
    if is_stream or (dialect is None and body.shape is BodyShape.NDJSON):
        return body
    return replace(body, shape=_NOT_A_STREAM.get(body.shape, body.shape))


def _answer(dialect: WireDialect, data: bytes) -> Answer:
    decoder = dialect.decoder()
    accumulator = Accumulator()

    def take(frames: list[Frame]) -> None:
        for frame in frames:
            for event in frame.events:
                accumulator.add(event)

    for at in range(0, len(data), _SLICE):  # a hostile body holds millions of events, never all at once
        take(decoder.feed(data[at : at + _SLICE]))
    take(decoder.close())
    return accumulator.answer()


def _is_answer(dialect: WireDialect, body: Body) -> bool:
    """True where a whole body has the shape its protocol promises."""
    return isinstance(body.value, dict) and dialect.recognises(body.value)


def _error(body: Body, status: int) -> ErrorObject | None:
    """The error a body reports; a bare JSON string is one where the status says so."""
    said = as_text(body.value).strip()
    if said and status >= _ERROR_STATUS:
        return ErrorObject(message=said, place="error-string")
    return next((error for value in (body.value, *body.values[:1]) if (error := find_error(value)) is not None), None)


def _end(
    exchange: Exchange, answer: Answer | None, error: ErrorObject | None, dialect: WireDialect | None
) -> StreamEnd | None:
    """How a stream ended (design/rules.md, ``stream_end``); a fault matters only before the stream's own end."""
    if error is not None:
        return StreamEnd.ERROR_EVENT
    fault = exchange.fault
    finished = answer is not None and bool(answer.finish_reason or answer.finish_detail)
    if answer is not None and dialect is not None and (answer.terminated or (finished and dialect.ends_with_finish)):
        return StreamEnd.COMPLETE
    if fault is not None:
        return _ENDS.get(fault.kind, StreamEnd.CUT)
    if answer is None:
        return None
    return StreamEnd.COMPLETE_NO_TERMINATOR if finished and not _truncated(exchange) else StreamEnd.CUT


def _truncated(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.truncated


def _items(kind: WireKind, body: Body) -> int | None:
    """How many vectors or scores an embeddings or rerank answer holds; None where it is no such answer."""
    if kind not in (WireKind.EMBEDDINGS, WireKind.RERANK) or body.shape is not BodyShape.JSON:
        return None
    holder = as_object(body.value)
    for key in ("data", "results", "embeddings"):
        if isinstance(held := holder.get(key), list | dict):
            return len(held)
    if isinstance(body.value, list):
        return len(body.value)
    return 1 if isinstance(holder.get("embedding"), list | dict) else None

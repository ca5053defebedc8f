"""Rule 3: a 2xx without an error object. Nothing passes unseen under a success status."""

from __future__ import annotations

from gatewaytui.domain.chat import Answer
from gatewaytui.domain.exchange import AskKind
from gatewaytui.domain.failure import Confidence, FailureClass, Origin
from gatewaytui.domain.reading import BodyShape, StreamEnd, WireKind

from . import advice
from .models import same_model
from .rule import Rule, Test
from .sight import Sight
from .vocabulary import listed

_LISTS = frozenset((WireKind.MODELS_OPENAI, WireKind.MODELS_ANTHROPIC, WireKind.MODELS_GEMINI))
_CHATS = frozenset((WireKind.OPENAI_CHAT, WireKind.OPENAI_RESPONSES, WireKind.ANTHROPIC, WireKind.GEMINI))
_STREAMS = frozenset((BodyShape.SSE, BodyShape.JSON_ARRAY_STREAM, BodyShape.NDJSON))
_READABLE = frozenset((BodyShape.JSON, *_STREAMS))

FILTERED = listed(
    "content_filter safety prohibited_content blocklist spii recitation image_safety sensitive guardrail_intervened "
    "error_toxic content_filtered model_armor"
)
FAILED = listed("error failed network_error malformed_function_call malformed_response")
UNCALLED = listed("unexpected_tool_call")
"""Gemini's word for a tool call that nobody declared: a failure only where nothing else came."""
EXPLAINED = listed(
    "length max_tokens max_output_tokens incomplete model_length tool_calls tool_use function_call refusal"
    " pause_turn "
    "model_context_window_exceeded stop_sequence compaction"
    " queued in_progress"  # a background response of OpenAI's has yet to be made
)

_BURST_CHUNKS = 8
_BURST_NS = 5_000_000
_LATE_NS = 500_000_000
_UNSEEN_NS = 100_000_000


def _clean(test: Test) -> Test:
    """Only under a 2xx without an error object."""
    return lambda sight: sight.success and sight.error is None and sight.reading is not None and test(sight)


def _wants_list(sight: Sight) -> bool:
    kind = sight.reading.kind if sight.reading else WireKind.OTHER
    return sight.ask.kind is AskKind.MODELS or (sight.ask.kind is AskKind.UNKNOWN and kind in _LISTS)


def _wants_chat(sight: Sight) -> bool:
    kind = sight.reading.kind if sight.reading else WireKind.OTHER
    return sight.ask.kind is AskKind.CHAT or (sight.ask.kind is AskKind.UNKNOWN and kind in _CHATS)


def _not_listed(sight: Sight) -> bool:
    return _wants_list(sight) and (sight.reading is None or sight.reading.models is None)


def _no_entries(sight: Sight) -> bool:
    models = sight.reading.models if sight.reading else None
    return _wants_list(sight) and models is not None and not models.models


def _promised_json(sight: Sight) -> bool:
    return sight.ask.kind not in (AskKind.OTHER, AskKind.SPEECH)


def _unasked_stream(sight: Sight) -> bool:
    return _wants_chat(sight) and sight.ask.streaming is False and sight.shape in _STREAMS


def _missing_stream(sight: Sight) -> bool:
    return (
        _wants_chat(sight) and sight.ask.streaming is True and sight.shape is BodyShape.JSON and not sight.streaming
    )


def _hollow(sight: Sight) -> bool:
    """A stream of JSON objects without a single member: members have quoted names."""
    body = sight.response.body if sight.response else b""
    return sight.shape is BodyShape.SSE and b"{" in body and b'"' not in body


def _ended(*ends: StreamEnd) -> Test:
    return lambda sight: sight.reading is not None and sight.reading.stream_end in ends


def _finish(answer: Answer) -> frozenset[str]:
    return frozenset((answer.finish_reason.lower(), answer.finish_detail.lower()))


def _finished(words: frozenset[str]) -> Test:
    return lambda sight: sight.answer is not None and bool(_finish(sight.answer) & words)


def _filtered(sight: Sight) -> bool:
    """A finish of the filter's, or Gemini's blocked prompt: a reason for an answer that never began."""
    answer = sight.answer
    blocked = answer is not None and not answer.finish_reason and bool(answer.finish_detail)
    return blocked or _finished(FILTERED)(sight)


def _blank(answer: Answer) -> bool:
    spoken = answer.text.strip() or answer.reasoning.strip() or answer.refusal
    said = spoken or answer.tool_calls or answer.other_content
    return not said and not _finish(answer) & EXPLAINED


def _failed(sight: Sight) -> bool:
    answer = sight.answer
    uncalled = answer is not None and _blank(answer) and _finished(UNCALLED)(sight)
    return uncalled or _finished(FAILED)(sight)


def _no_answer(sight: Sight) -> bool:
    """Neither a choice nor a word of one. Gemini's blocked prompt has neither too, and is seen before."""
    answer = sight.answer
    return _wants_chat(sight) and (answer is None or (answer.choice_count == 0 and _blank(answer)))


def _silent_stream(sight: Sight) -> bool:
    """Not one object among the events: a stream that opened and ended."""
    body = sight.response.body if sight.response else b""
    return _wants_chat(sight) and sight.shape is BodyShape.SSE and b"{" not in body


def _no_items(sight: Sight) -> bool:
    """Vectors or scores were asked and the body holds no list of them."""
    asked = sight.ask.kind in (AskKind.EMBEDDINGS, AskKind.RERANK)
    return asked and (sight.reading is None or sight.reading.items is None)


def _another_model(sight: Sight) -> bool:
    answer = sight.answer
    return answer is not None and bool(sight.ask.model) and not same_model(sight.ask.model, answer.served_model)


def _in_one_burst(sight: Sight) -> bool:
    """Many pieces of text within one read or 5 ms, after half a second or more: something held them back, not we."""
    answer, reads = sight.answer, sight.reads
    if answer is None or not reads or not sight.streaming or answer.content_chunks < _BURST_CHUNKS:
        return False
    looked = all(max(read.lag_ns, read.unseen_ns) < _UNSEEN_NS for read in reads)
    return looked and reads[-1].at_ns - reads[0].at_ns < _BURST_NS and reads[0].at_ns >= _LATE_NS


_CERTAIN = Confidence.CERTAIN

ANSWER_RULES = (
    Rule(
        "answer.nothing",
        _clean(lambda sight: sight.shape is BodyShape.EMPTY and _promised_json(sight)),
        FailureClass.EMPTY_RESPONSE,
        "A success status over no body at all.",
        _CERTAIN,
    ),
    Rule(
        "answer.bad_json",
        _clean(lambda sight: sight.shape in (BodyShape.CUT_JSON, BodyShape.BAD_JSON)),
        FailureClass.INVALID_JSON,
        "It began as JSON and is none; whether it was cut shows in the body signal.",
        _CERTAIN,
    ),
    Rule(
        "models.empty",
        _clean(_no_entries),
        FailureClass.MODELS_EMPTY,
        "The list is well formed and holds nothing.",
        _CERTAIN,
    ),
    Rule(
        "models.shape",
        _clean(_not_listed),
        FailureClass.RESPONSE_SHAPE,
        "A list was asked and something else came.",
        _CERTAIN,
        advise=advice.address,
    ),
    Rule(
        "answer.not_json",
        _clean(lambda sight: sight.shape not in _READABLE and _promised_json(sight)),
        FailureClass.RESPONSE_SHAPE,
        "Text or bytes where a protocol was promised.",
        _CERTAIN,
        advise=advice.address,
    ),
    Rule(
        "stream.unasked",
        _clean(_unasked_stream),
        FailureClass.RESPONSE_SHAPE,
        "A client that asked for one body cannot read a stream.",
        _CERTAIN,
        advise=advice.unasked_stream,
    ),
    Rule(
        "answer.filtered",
        _clean(_filtered),
        FailureClass.CONTENT_FILTER,
        "The finish says that a filter ended it; a model's own refusal is no filter and passes.",
        _CERTAIN,
    ),
    Rule(
        "answer.failed",
        _clean(_failed),
        FailureClass.UPSTREAM_ERROR,
        "The choice itself reports failure, though the status is a success.",
        _CERTAIN,
    ),
    Rule(
        "stream.hollow",
        _clean(_hollow),
        FailureClass.RESPONSE_SHAPE,
        "Events came and each is an empty object: no protocol speaks so, and no detection can name one.",
    ),
    Rule(
        "stream.cut",
        _clean(_ended(StreamEnd.CUT)),
        FailureClass.STREAM_INTERRUPTED,
        "Neither a finish nor an end mark: official SDKs take this for a whole answer.",
        _CERTAIN,
    ),
    Rule(
        "stream.silent",
        _clean(_silent_stream),
        FailureClass.EMPTY_RESPONSE,
        "A stream of its end mark alone: the shape is right and there is no answer.",
        _CERTAIN,
    ),
    Rule(
        "answer.shape",
        _clean(lambda sight: _no_answer(sight) or _no_items(sight)),
        FailureClass.RESPONSE_SHAPE,
        "Well-formed JSON or events without anything this protocol calls an answer.",
        advise=advice.address,
    ),
    Rule(
        "answer.blank",
        _clean(lambda sight: _wants_chat(sight) and sight.answer is not None and _blank(sight.answer)),
        FailureClass.EMPTY_RESPONSE,
        "Blank, with no tool call, reasoning or refusal, and a finish that does not explain it.",
        _CERTAIN,
    ),
    Rule(
        "stream.missing",
        _clean(_missing_stream),
        FailureClass.RESPONSE_SHAPE,
        "A streaming client waits for events that never come, however good the whole answer is.",
        _CERTAIN,
        advise=advice.no_stream,
    ),
    Rule(
        "answer.other_model",
        _clean(_another_model),
        FailureClass.MODEL_MISMATCH,
        "Another family or version answered; dates, tags, prefixes and paths are no other model.",
        advise=advice.mismatch,
    ),
    Rule(
        "stream.buffered",
        _clean(_in_one_burst),
        FailureClass.STREAM_BUFFERED,
        "All the text in one read after a long wait: a proxy gathered the stream.",
        origin=Origin.EDGE,
    ),
    Rule(
        "stream.no_terminator",
        _clean(_ended(StreamEnd.COMPLETE_NO_TERMINATOR)),
        FailureClass.STREAM_NO_TERMINATOR,
        "A finish came and the end mark did not: a dialect's habit, worth saying, not a failure.",
        _CERTAIN,
    ),
)

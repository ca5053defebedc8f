"""What of a sight may be published: signals.

A signal's value is a number, a boolean, a word of a closed vocabulary or a validated model id; a server's own words
never become one (an unknown code is ``other``).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from types import MappingProxyType

from gatewaytui.domain.exchange import FaultDetail, FaultKind
from gatewaytui.domain.failure import Signal
from gatewaytui.domain.text import valid_model_id

from .sight import Sight
from .vocabulary import listed, shown

_Values = dict[str, str | int | float | bool | None]

SIGNAL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "fault": "how the transport failed",
        "fault_detail": "what the transport saw besides, a word of its own vocabulary or other",
        "phase": "how far the request got",
        "status": "the HTTP status",
        "stated_status": "the HTTP status that the error object itself states, where it differs",
        "body": "what kind of body came",
        "error_place": "where in the body the error object was found",
        "error_code": "the error's code: a known one in our spelling, a status number, or other",
        "error_type": "the error's type: a known one in our spelling, or other",
        "words": "the topics the error's words speak of, joined by +",
        "upstream": "the error names the provider behind the gateway as its origin",
        "other_model_named": "the error names another model id than the one that was asked",
        "retry_after_s": "seconds the server asks to wait",
        "redirect_to": "where a redirect points, by kind",
        "software": "the gateway software that shows itself",
        "edge": "the proxy or CDN in front that shows itself",
        "stream_end": "how the stream ended",
        "finish": "why the model stopped, a known reason or other",
        "content_chunks": "non-empty pieces of text in the answer",
        "first_byte_ms": "milliseconds to the first byte of the body",
        "asked_model": "the model id that was asked for",
        "served_model": "the model id that answered",
    }
)

_FAULT_DETAILS = frozenset((*FaultDetail, *FaultKind))
_ERROR_PLACES = listed("error error-string success-false flat detail html-message description stream text")
_FINISHES = listed(
    "stop length tool_calls function_call content_filter error eos end_turn max_tokens stop_sequence tool_use"
    " refusal "
    "pause_turn STOP MAX_TOKENS SAFETY RECITATION PROHIBITED_CONTENT BLOCKLIST SPII OTHER MALFORMED_FUNCTION_CALL "
    "completed incomplete failed max_output_tokens sensitive network_error"
)
_MOST_TOPICS = 6


def signals(sight: Sight) -> tuple[Signal, ...]:
    """What may be published of a sight: of the wire, the error and the answer, each name once."""
    seen: _Values = {
        **_wire_signals(sight),
        **_error_signals(sight),
        **_answer_signals(sight),
    }
    return tuple(Signal(name, value) for name, value in seen.items() if value not in (None, ""))


def _wire_signals(sight: Sight) -> _Values:
    fault, first = sight.fault, sight.reads[0] if sight.reads else None
    return {
        "fault": fault.kind.value if fault else None,
        "fault_detail": _known(fault.detail, _FAULT_DETAILS) if fault else None,
        "phase": fault.phase.value if fault else None,
        "status": sight.status or None,
        "body": sight.shape.value if sight.response else None,
        "retry_after_s": sight.retry_after,
        "redirect_to": sight.redirect_to,
        "software": sight.prints.software and sight.prints.software.value,
        "edge": sight.prints.edge and sight.prints.edge.value,
        "first_byte_ms": round(first.at_ns / 1e6, 3) if first and sight.streaming else None,
    }


def _error_signals(sight: Sight) -> _Values:
    error = sight.error
    topics = "+".join(sorted(sight.words)[:_MOST_TOPICS])
    if error is None:
        return {"words": topics}
    return {
        "words": topics,
        "stated_status": sight.stated if sight.stated != sight.status else None,
        "error_place": _known(error.place, _ERROR_PLACES),
        "error_code": shown(error.code[:200]) if error.code else None,
        "error_type": shown(error.type[:200]) if error.type else None,
        "upstream": sight.upstream or None,
        "other_model_named": sight.other_model or None,
    }


def _answer_signals(sight: Sight) -> _Values:
    answer, reading = sight.answer, sight.reading
    end = reading.stream_end if reading else None
    asked, served = sight.ask.model, answer.served_model if answer else ""
    return {
        "stream_end": end.value if end else None,
        "finish": _known(answer.finish_detail or answer.finish_reason, _FINISHES) if answer else None,
        "content_chunks": answer.content_chunks if answer else None,
        "asked_model": asked if valid_model_id(asked) else None,
        "served_model": served if valid_model_id(served) else None,
    }


def _known(word: str, vocabulary: Set[str]) -> str | None:
    return (str(word) if word in vocabulary else "other") if word else None

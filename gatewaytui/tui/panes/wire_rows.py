"""Events of the wire as rows of the wire view: safe for a terminal, capped in length."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from gatewaytui.domain.chat import (
    Finished,
    Frame,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamError,
    StreamEvent,
    Terminator,
    TextDelta,
    ToolDelta,
    Unrecognised,
    Usage,
    UsageReported,
)
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets.wire_view import WireRow

LONGEST_NAME = 60
LONGEST_PAYLOAD = 2_000
COMMENT = ":"


def wire_row(at_ns: int, gap_ns: int, frame: Frame) -> WireRow:
    """The row of one event; an event that carries several things is named by the most telling of them."""
    events = frame.events
    telling = events[0] if len(events) == 1 else min(events, key=_rank, default=None)
    kind, words = _READ[type(telling)] if telling is not None else ("", _silent)
    return WireRow(
        at_ns=at_ns,
        gap_ns=gap_ns,
        name="comment" if frame.name == COMMENT else safe_line(frame.name, LONGEST_NAME),
        kind=kind,
        text=safe_line(words(telling), LONGEST_PAYLOAD),
        raw=safe_line(frame.data, LONGEST_PAYLOAD),
        size=frame.size,
    )


def _rank(event: StreamEvent) -> int:
    """Empty pieces (the role-only first chunk) tell less than anything else."""
    empty = isinstance(event, TextDelta | ReasoningDelta | RefusalDelta) and not event.text
    return len(_READ) if empty else list(_READ).index(type(event))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if text else ""


def _silent(event: object) -> str:
    del event
    return ""


def _usage_words(event: UsageReported) -> str:
    usage: Usage = event.usage
    figures = ((usage.input_tokens, "in"), (usage.output_tokens, "out"), (usage.reasoning_tokens or None, "thinking"))
    return " · ".join(f"{number} {word}" for number, word in figures if number is not None)


_Words = Callable[[Any], str]
_READ: Mapping[type, tuple[str, _Words]] = MappingProxyType(
    {
        StreamError: ("error", _silent),
        TextDelta: ("text", lambda event: _quoted(event.text)),
        ReasoningDelta: ("thinking", lambda event: _quoted(event.text)),
        RefusalDelta: ("refusal", lambda event: _quoted(event.text)),
        ToolDelta: ("tool", lambda event: f"{event.name} {event.arguments}".strip()),
        Finished: ("finish", lambda event: event.reason),
        UsageReported: ("usage", _usage_words),
        Terminator: ("end", _silent),
        Unrecognised: ("unknown", _silent),
        Started: ("start", lambda event: event.served_model),
    }
)
"""In the order of what an event is named by where it carries several things."""

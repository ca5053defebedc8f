"""Events of the wire as rows."""

from __future__ import annotations

import pytest

from gatewaytui.domain.chat import (
    ErrorObject,
    Finished,
    Frame,
    ReasoningDelta,
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
from gatewaytui.tui.panes.wire_rows import LONGEST_PAYLOAD, wire_row


@pytest.mark.parametrize(
    ("events", "kind", "text"),
    [
        ((TextDelta("a\n"),), "text", '"a␤"'),
        ((ReasoningDelta("hm"),), "thinking", '"hm"'),
        ((ToolDelta(0, "c", "weather", '{"a":1}'),), "tool", 'weather {"a":1}'),
        ((Started("gpt-5.5"), TextDelta("")), "start", "gpt-5.5"),
        ((TextDelta("x"), Finished("stop")), "text", '"x"'),
        ((Finished("stop"), UsageReported(Usage(3, 4))), "finish", "stop"),
        ((UsageReported(Usage(3, 4, None, None, 2)),), "usage", "3 in · 4 out · 2 thinking"),
        ((StreamError(ErrorObject("no")), TextDelta("x")), "error", ""),
        ((Terminator("[DONE]"),), "end", ""),
        ((Unrecognised("odd"),), "unknown", ""),
        ((), "", ""),
    ],
)
def test_an_event_is_named_by_the_most_telling_thing_in_it(
    events: tuple[StreamEvent, ...], kind: str, text: str
) -> None:
    row = wire_row(5, 2, Frame("message", "{}", 9, events))
    assert (row.kind, row.text.replace("\\n", "␤"), row.at_ns, row.gap_ns, row.size) == (kind, text, 5, 2, 9)


def test_a_comment_is_called_one_and_payloads_are_capped() -> None:
    row = wire_row(0, 0, Frame(":", "x" * 10_000, 10_000))
    assert row.name == "comment"
    assert len(row.raw) == LONGEST_PAYLOAD

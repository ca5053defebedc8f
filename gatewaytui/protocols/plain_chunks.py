"""Chunks of the commonest shape, decoded by type: what an OpenAI-style gateway streams thousands of.

Every member that could mean something else is here as one that must be null or must not be there at all, so that
these events are exactly what the general reader would find; anything odd is no plain chunk.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from gatewaytui.domain.chat import ReasoningDelta, StreamEvent, TextDelta


class _Delta(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    content: str | None = None
    reasoning_content: str | None = None
    role: str | None = None
    refusal: None = None
    tool_calls: None = None
    function_call: None = None


class _Choice(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    delta: _Delta
    index: int = 0
    finish_reason: None = None
    logprobs: None = None


class _Chunk(msgspec.Struct, gc=False):
    choices: Annotated[list[_Choice], msgspec.Meta(min_length=1, max_length=1)]
    usage: None = None
    error: None = None
    x_groq: None = None
    type: None = None


_decode = msgspec.json.Decoder(_Chunk).decode


def plain_events(data: str) -> tuple[StreamEvent, ...] | None:
    """The events of a plain chunk, or None where it is none."""
    try:
        choice = _decode(data).choices[0]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    delta, at = choice.delta, choice.index
    if delta.reasoning_content:
        thought = ReasoningDelta(delta.reasoning_content, at)
        return (thought, TextDelta(delta.content, at)) if delta.content else (thought,)
    return (TextDelta(delta.content, at),) if delta.content else ()

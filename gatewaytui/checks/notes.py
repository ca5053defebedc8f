"""The sentence of a rung that was answered: what was found, in figures with units. Ours, with validated ids only."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.catalogue import ListShape, ModelList
from gatewaytui.domain.run import CheckResult
from gatewaytui.domain.text import valid_model_id

_SHAPES: Mapping[ListShape, str] = MappingProxyType(
    {ListShape.OPENAI: "OpenAI", ListShape.ANTHROPIC: "Anthropic", ListShape.GEMINI: "Gemini"}
)


def of_list(check: CheckResult, listed: ModelList | None) -> str:
    """``41 models in the OpenAI shape``; the check's own note goes with it."""
    if listed is None or check.catalogue is None:
        return check.note
    count = check.catalogue.model_count
    more = " or more" if check.catalogue.truncated else ""
    found = f"{count:,} model{'' if count == 1 else 's'}{more} in the {_SHAPES[listed.shape]} shape."
    return " ".join(filter(None, (found, check.note)))


def of_chat(check: CheckResult) -> str:
    """Who answered, how it ended and how fast a stream was: only what was measured."""
    answer, stream = check.answer, check.stream
    if answer is None:
        return check.note
    parts = [f"served by {answer.served_model}" if valid_model_id(answer.served_model) else "answered"]
    if answer.usage and answer.usage.output_tokens is not None:
        count = answer.usage.output_tokens
        parts.append(f"{count:,} token{'' if count == 1 else 's'} out")
    if stream and stream.ttft_ms is not None:
        parts.append(f"TTFT {stream.ttft_ms:.0f} ms")
    if stream and stream.tokens_per_second is not None:
        parts.append(f"{stream.tokens_per_second:.0f} tokens/s")
    if answer.refused:
        parts.append("the model refused")
    said = ", ".join(parts)
    return " ".join(filter(None, (f"{said[0].upper()}{said[1:]}.", check.note)))

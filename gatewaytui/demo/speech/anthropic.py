"""Anthropic messages: blocks of thinking, text and tool use, cumulative usage, a ping, ``message_stop`` last."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from gatewaytui.demo.prompt import Object

from .base import Beat, Speech, batches, event, to_json


class AnthropicSpeech(Speech):
    """One message."""

    def whole(self) -> bytes:
        """An object ``message`` with its blocks."""
        blocks: list[Object] = [{**begun, **full} for begun, full, _, _ in self._blocks()]
        return to_json(self._message(blocks, self._stop, self.script.length))

    def opening(self) -> list[bytes]:
        """The message without content."""
        return [_event({"type": "message_start", "message": self._message([], None, 1)})]

    def words(self) -> Iterator[Beat]:
        """Each block: start, deltas, stop; one ping after the first start."""
        for index, (begun, full, kind, pieces) in enumerate(self._blocks()):
            yield Beat(_event({"type": "content_block_start", "index": index, "content_block": begun}))
            if index == 0:
                yield Beat(_event({"type": "ping"}))
            for text, count in batches(pieces, self.said.per_event):
                yield Beat(_delta(index, kind, text), count)
            if kind == "thinking":
                yield Beat(_delta(index, "signature", full["signature"]))
            yield Beat(_event({"type": "content_block_stop", "index": index}))

    def closing(self) -> list[bytes]:
        """Why it stopped, the usage, the end."""
        delta = {"stop_reason": self._stop, "stop_sequence": None}
        return [
            _event({"type": "message_delta", "delta": delta, "usage": {"output_tokens": self.script.length}}),
            _event({"type": "message_stop"}),
        ]

    def failure(self, error: Object) -> list[bytes]:
        """An error event, and no end mark."""
        if error.get("type") != "error":
            said = error.get("error", error)
            error = {"type": "error", "error": {"type": "api_error", "message": said.get("message", "")}}
        return [event(error, "error")]

    @property
    def _stop(self) -> str:
        if self.script.cut:
            return "max_tokens"
        return "tool_use" if self.script.call is not None else "end_turn"

    def _blocks(self) -> list[tuple[Object, Object, str, tuple[str, ...]]]:
        """Each block as it starts, what a whole answer has in it, the kind of its deltas, and its tokens."""
        script, id = self.script, self.said.id
        blocks: list[tuple[Object, Object, str, tuple[str, ...]]] = []
        if script.thoughts:
            full = {"thinking": script.thought, "signature": f"Demo{id}"}
            blocks.append(({"type": "thinking", "thinking": "", "signature": ""}, full, "thinking", script.thoughts))
        if script.words:
            blocks.append(({"type": "text", "text": ""}, {"text": script.text}, "text", script.words))
        if (call := script.call) is not None:
            begun = {"type": "tool_use", "id": f"toolu_{id[:24]}", "name": call.name, "input": {}}
            blocks.append((begun, {"input": call.arguments}, "input_json", call.pieces))
        return blocks

    def _message(self, blocks: list[Object], stop: str | None, output_tokens: int) -> Object:
        usage = {
            "input_tokens": self.said.asked.input_tokens,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": output_tokens,
            "service_tier": "standard",
        }
        return {
            "id": f"msg_{self.said.id}",
            "type": "message",
            "role": "assistant",
            "model": self.said.model,
            "content": blocks,
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": usage,
        }


_MEMBERS = MappingProxyType(
    {"thinking": "thinking", "signature": "signature", "text": "text", "input_json": "partial_json"}
)


def _event(value: Object) -> bytes:
    return event(value, value["type"])


def _delta(index: int, kind: str, text: str) -> bytes:
    delta = {"type": f"{kind}_delta", _MEMBERS[kind]: text}
    return _event({"type": "content_block_delta", "index": index, "delta": delta})

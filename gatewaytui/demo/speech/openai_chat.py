"""OpenAI chat completions: ``choices`` with ``reasoning_content``, a usage chunk where asked for, ``[DONE]``."""

from __future__ import annotations

from collections.abc import Iterator

from gatewaytui.demo.prompt import Object

from .base import Beat, Speech, batches, event, to_json


class ChatSpeech(Speech):
    """One chat completion."""

    def whole(self) -> bytes:
        """An object ``chat.completion`` with one choice."""
        message: Object = {"role": "assistant", "content": self.script.text or None, "refusal": None}
        if self.script.thoughts:
            message["reasoning_content"] = self.script.thought
        if self.script.call is not None:
            message["tool_calls"] = [{"id": self._call_id, "type": "function", "function": self._function()}]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        return to_json({**self._head("chat.completion"), "choices": [choice], "usage": self._usage()})

    def opening(self) -> list[bytes]:
        """The role, with empty content."""
        return [self._chunk({"role": "assistant", "content": "", "refusal": None})]

    def words(self) -> Iterator[Beat]:
        """Reasoning, then content, then the pieces of a call."""
        for text, count in batches(self.script.thoughts, self.said.per_event):
            yield Beat(self._chunk({"reasoning_content": text}), count)
        for text, count in batches(self.script.words, self.said.per_event):
            yield Beat(self._chunk({"content": text}), count)
        if (call := self.script.call) is not None:
            head = {
                "index": 0,
                "id": self._call_id,
                "type": "function",
                "function": {"name": call.name, "arguments": ""},
            }
            yield Beat(self._chunk({"tool_calls": [head]}))
            for text, count in batches(call.pieces, self.said.per_event):
                yield Beat(self._chunk({"tool_calls": [{"index": 0, "function": {"arguments": text}}]}), count)

    def closing(self) -> list[bytes]:
        """The finish reason, the usage where it was asked for, the end mark."""
        events = [self._chunk({}, self._finish)]
        if self.said.asked.wants_usage:
            events.append(event({**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()}))
        return [*events, b"data: [DONE]\n\n"]

    def failure(self, error: Object) -> list[bytes]:
        """The error object as an event, and no end mark."""
        return [event(error)]

    @property
    def _call_id(self) -> str:
        return f"call_{self.said.id[:24]}"

    @property
    def _finish(self) -> str:
        if self.script.cut:
            return "length"
        return "tool_calls" if self.script.call is not None else "stop"

    def _head(self, kind: str) -> Object:
        said = self.said
        return {"id": f"chatcmpl-{said.id}", "object": kind, "created": said.created, "model": said.model}

    def _chunk(self, delta: Object, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        usage = {"usage": None} if self.said.asked.wants_usage else {}
        return event({**self._head("chat.completion.chunk"), "choices": [choice], **usage})

    def _function(self) -> Object:
        call = self.script.call
        return {"name": call.name, "arguments": "".join(call.pieces)} if call is not None else {}

    def _usage(self) -> Object:
        asked, script = self.said.asked, self.script
        return {
            "prompt_tokens": asked.input_tokens,
            "completion_tokens": script.length,
            "total_tokens": asked.input_tokens + script.length,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": len(script.thoughts)},
        }

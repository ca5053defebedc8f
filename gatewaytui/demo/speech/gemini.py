"""Gemini: the same object whole and in every event, with usage so far; events end in CRLF and no end mark follows.

Without ``alt=sse`` the stream is one JSON array, pretty-printed, its elements sent as they come.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from gatewaytui.demo.prompt import Object

from .base import Beat, Said, Speech, batches, to_json


class GeminiSpeech(Speech):
    """One generateContent answer."""

    media_type = "text/event-stream"

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self._thought = 0
        self._spoken = 0

    def whole(self) -> bytes:
        """An object with one candidate, all parts in it."""
        script = self.script
        parts: list[Object] = []
        if script.thoughts:
            parts.append({"text": script.thought, "thought": True})
        if script.words:
            parts.append({"text": script.text})
        if (call := script.call) is not None:
            parts.append(self._function(call.name, call.arguments))
        self._thought, self._spoken = len(script.thoughts), script.length - len(script.thoughts)
        return json.dumps(self._answer(parts, self._finish), ensure_ascii=False, indent=2).encode() + b"\n"

    def opening(self) -> list[bytes]:
        """Nothing: Gemini's first event already brings text."""
        return []

    def words(self) -> Iterator[Beat]:
        """An event for each piece; a call comes whole."""
        for text, count in batches(self.script.thoughts, self.said.per_event):
            self._thought += count
            yield Beat(self._event(self._answer([{"text": text, "thought": True}])), count)
        for text, count in batches(self.script.words, self.said.per_event):
            self._spoken += count
            yield Beat(self._event(self._answer([{"text": text}])), count)
        if (call := self.script.call) is not None:
            self._spoken += len(call.pieces)
            yield Beat(self._event(self._answer([self._function(call.name, call.arguments)])), len(call.pieces))

    def closing(self) -> list[bytes]:
        """An empty text with the finish reason."""
        return [self._event(self._answer([{"text": ""}], self._finish))]

    def failure(self, error: Object) -> list[bytes]:
        """The error object as an event."""
        return [self._event(error)]

    @property
    def _finish(self) -> str:
        return "MAX_TOKENS" if self.script.cut else "STOP"

    def _function(self, name: str, arguments: Object) -> Object:
        return {"functionCall": {"id": self.said.id[:8], "name": name, "args": arguments}}

    def _event(self, value: Object) -> bytes:
        return b"data: " + to_json(value) + b"\r\n\r\n"

    def _answer(self, parts: list[Object], finish: str = "") -> Object:
        candidate: Object = {"content": {"parts": parts, "role": "model"}}
        if finish:
            candidate["finishReason"] = finish
        return {
            "candidates": [candidate | {"index": 0}],
            "usageMetadata": self._usage(),
            "modelVersion": self.said.model,
            "responseId": self.said.id[:22],
        }

    def _usage(self) -> Object:
        asked = self.said.asked.input_tokens
        usage: Object = {"promptTokenCount": asked}
        if self._spoken:
            usage["candidatesTokenCount"] = self._spoken
        usage |= {
            "totalTokenCount": asked + self._thought + self._spoken,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": asked}],
        }
        return usage | ({"thoughtsTokenCount": self._thought} if self._thought else {})


class GeminiArraySpeech(GeminiSpeech):
    """The same as elements of one JSON array."""

    media_type = "application/json; charset=UTF-8"
    _begun = False

    def closing(self) -> list[bytes]:
        """The last element and the end of the array."""
        return [*super().closing(), b"]"]

    def failure(self, error: Object) -> list[bytes]:
        """The error as the last element, and the end of the array."""
        return [*super().failure(error), b"]"]

    def _event(self, value: Object) -> bytes:
        lead = b",\r\n" if self._begun else b"["
        self._begun = True
        return lead + json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"

"""OpenAI Responses: items of output, numbered events with names, and an end in ``response.completed`` or kin."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from gatewaytui.demo.prompt import Object

from .base import Beat, Speech, batches, event, to_json


class ResponsesSpeech(Speech):
    """One response."""

    _sent = 0

    def whole(self) -> bytes:
        """An object ``response`` with its items."""
        return to_json(self._response(self._status, [item for item, _, _ in self._items()]))

    def opening(self) -> list[bytes]:
        """The response as created and as in progress."""
        return [
            self._event(kind, response=self._response("in_progress", []))
            for kind in ("response.created", "response.in_progress")
        ]

    def words(self) -> Iterator[Beat]:
        """Each item: added, its parts and deltas, done."""
        for index, (item, part, pieces) in enumerate(self._items()):
            place = {"item_id": item["id"], "output_index": index}
            yield Beat(self._event("response.output_item.added", output_index=index, item=_begun(item)))
            begun, delta, done, ended = _EVENTS[item["type"]]
            empty = {"text": ""} if part else {}
            if begun:
                yield Beat(self._event(begun, **place, **_index(item), part={**part, **empty}))
            for text, count in batches(pieces, self.said.per_event):
                yield Beat(self._event(delta, **place, **_index(item), delta=text), count)
            last = {"arguments" if item["type"] == "function_call" else "text": "".join(pieces)}
            yield Beat(self._event(done, **place, **_index(item), **last))
            if ended:
                yield Beat(self._event(ended, **place, **_index(item), part=part))
            yield Beat(self._event("response.output_item.done", output_index=index, item=item))

    def closing(self) -> list[bytes]:
        """The whole response once more, completed or incomplete."""
        response = self._response(self._status, [item for item, _, _ in self._items()])
        return [self._event(f"response.{self._status}", response=response)]

    def failure(self, error: Object) -> list[bytes]:
        """An error event and the failed response, as recorded."""
        said = error.get("error", error)
        code = said.get("code") if isinstance(said.get("code"), str) else "server_error"
        failed = self._response("failed", []) | {"error": {"code": code, "message": said.get("message", "")}}
        return [self._event("error", error=said), self._event("response.failed", response=failed)]

    @property
    def _status(self) -> str:
        return "incomplete" if self.script.cut else "completed"

    def _items(self) -> list[tuple[Object, Object, tuple[str, ...]]]:
        """The items of output, each with its one part and its tokens."""
        id, script = self.said.id, self.script
        items: list[tuple[Object, Object, tuple[str, ...]]] = []
        if script.thoughts:
            summary = {"type": "summary_text", "text": script.thought}
            items.append(({"id": f"rs_{id}", "type": "reasoning", "summary": [summary]}, summary, script.thoughts))
        if script.words:
            part = {"type": "output_text", "annotations": [], "logprobs": [], "text": script.text}
            message = {"id": f"msg_{id}", "type": "message", "status": self._status, "role": "assistant"}
            items.append((message | {"content": [part]}, part, script.words))
        if (call := script.call) is not None:
            item = {"id": f"fc_{id}", "type": "function_call", "status": "completed", "call_id": f"call_{id[:24]}"}
            items.append((item | {"name": call.name, "arguments": "".join(call.pieces)}, {}, call.pieces))
        return items

    def _event(self, kind: str, **members: object) -> bytes:
        number = self._sent
        self._sent += 1
        return event({"type": kind, "sequence_number": number, **members}, kind)

    def _response(self, status: str, output: list[Object]) -> Object:
        said = self.said
        ended = status in ("completed", "incomplete")
        return {
            "id": f"resp_{said.id}",
            "object": "response",
            "created_at": said.created,
            "status": status,
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
            "instructions": None,
            "max_output_tokens": said.asked.limit,
            "model": said.model,
            "output": output,
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": None, "summary": None},
            "store": False,
            "temperature": 1.0,
            "text": {"format": {"type": "text"}},
            "tool_choice": "auto",
            "tools": [],
            "top_p": 1.0,
            "truncation": "disabled",
            "usage": self._usage() if ended else None,
            "metadata": {},
        }

    def _usage(self) -> Object:
        asked, script = self.said.asked, self.script
        return {
            "input_tokens": asked.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": script.length,
            "output_tokens_details": {"reasoning_tokens": len(script.thoughts)},
            "total_tokens": asked.input_tokens + script.length,
        }


_EVENTS = MappingProxyType(
    {
        "reasoning": (
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
        ),
        "message": (
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
        ),
        "function_call": ("", "response.function_call_arguments.delta", "response.function_call_arguments.done", ""),
    }
)


def _begun(item: Object) -> Object:
    """The item as it is announced: nothing said yet."""
    blank: dict[str, Object] = {
        "reasoning": {"summary": []},
        "message": {"content": [], "status": "in_progress"},
        "function_call": {"arguments": "", "status": "in_progress"},
    }
    return {**item, **blank[item["type"]]}


def _index(item: Object) -> Object:
    """Where in an item its only part is."""
    return {"reasoning": {"summary_index": 0}, "message": {"content_index": 0}}.get(item["type"], {})

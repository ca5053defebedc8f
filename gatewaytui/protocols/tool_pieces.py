"""Which call a piece of a tool call belongs to, where servers leave out the index, the id, or both.

OpenAI numbers the pieces; Mistral, Ollama and Gemini's OpenAI form send whole calls without an index; Alibaba
continues a call with an empty id; some gateways give index 0 to every call and only the id tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable

from gatewaytui.domain.chat import StreamEvent, ToolDelta

from .lenient import Object, as_code, as_object, as_text, encode


class ToolPieces:
    """The tool calls of one choice so far: gives each piece the number of its call, in order of appearance."""

    __slots__ = ("_by_id", "_by_index", "_ids", "_names")

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._names: list[str] = []
        self._by_id: dict[str, int] = {}
        self._by_index: dict[int, int] = {}

    def read(self, calls: Iterable[Object], choice: int) -> list[StreamEvent]:
        """The pieces of one chunk; one that says nothing is none."""
        pieces = (self._piece(call, choice) for call in calls)
        return [piece for piece in pieces if piece is not None]

    def _piece(self, call: Object, choice: int) -> ToolDelta | None:
        function = as_object(call.get("function") or call.get("custom"))
        name = as_text(function.get("name")) or as_text(call.get("name"))
        said = next((function[key] for key in ("arguments", "input") if function.get(key) is not None), "")
        arguments = said if isinstance(said, str) else encode(said)
        call_id = as_code(call.get("id"))
        if not (call_id or name or arguments):
            return None
        index = call.get("index")
        number = self._number(index if type(index) is int else None, call_id, name)
        return ToolDelta(number, call_id, name, arguments, choice)

    def _number(self, index: int | None, call_id: str, name: str) -> int:
        known = self._known(index, call_id, name)
        if known is None:
            known = len(self._ids)
            self._ids.append("")
            self._names.append("")
        if call_id and not self._ids[known]:
            self._ids[known] = call_id
            self._by_id[call_id] = known
        self._names[known] = self._names[known] or name
        if index is not None:
            self._by_index[index] = known
        return known

    def _known(self, index: int | None, call_id: str, name: str) -> int | None:
        """The call this piece goes on with, or None where it begins one."""
        if index is not None:
            known = self._by_index.get(index)
            if known is None:
                return None if name else self._by_id.get(call_id)
            same = not call_id or not name or not self._names[known] or self._ids[known] in ("", call_id)
            return known if same else None
        if call_id:
            known = self._by_id.get(call_id)
            return known if known is None or name in ("", self._names[known]) else None
        return len(self._ids) - 1 if self._ids and not name else None

"""An answer put together from the events of a stream, or from those of a whole body: the same way."""

from __future__ import annotations

from gatewaytui.domain.chat import (
    Answer,
    ErrorObject,
    Finished,
    OtherContent,
    ReasoningDelta,
    RefusalDelta,
    Started,
    StreamError,
    StreamEvent,
    Terminator,
    TextDelta,
    ToolCall,
    ToolDelta,
    Unrecognised,
    Usage,
    UsageReported,
)

from .lenient import repaired


class _Tool:
    """A tool call in the making."""

    __slots__ = ("arguments", "id", "name")

    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self.arguments: list[str] = []

    def add(self, delta: ToolDelta) -> None:
        self.id = self.id or delta.id
        if delta.name != self.name:  # some servers repeat the name in each piece
            self.name += delta.name
        self.arguments.append(delta.arguments)

    def call(self) -> ToolCall:
        return ToolCall(self.id, repaired(self.name), repaired("".join(self.arguments)))


class _Choice:
    """One choice in the making."""

    __slots__ = ("chunks", "detail", "finish", "other", "reasoning", "refusal", "text", "tools")

    def __init__(self) -> None:
        self.text: list[str] = []
        self.reasoning: list[str] = []
        self.refusal: list[str] = []
        self.tools: dict[int, _Tool] = {}
        self.finish = ""
        self.detail = ""
        self.chunks = 0
        self.other = 0


class Accumulator:
    """Events in, one :class:`Answer` out. The first choice is choice 0, or the lowest where there is no 0."""

    __slots__ = ("_choices", "_error", "_model", "_response_id", "_terminated", "_unrecognised", "_usage")

    def __init__(self) -> None:
        self._choices: dict[int, _Choice] = {}
        self._model = ""
        self._response_id = ""
        self._usage: Usage | None = None
        self._error: ErrorObject | None = None
        self._terminated = False
        self._unrecognised = 0

    def add(self, event: StreamEvent) -> None:
        """Take one event in."""
        match event:
            case TextDelta():
                choice = self._choice(event.choice)
                choice.text.append(event.text)
                choice.chunks += 1 if event.text else 0
            case ReasoningDelta():
                self._choice(event.choice).reasoning.append(event.text)
            case ToolDelta():
                tools = self._choice(event.choice).tools
                if event.index not in tools:
                    tools[event.index] = _Tool()
                tools[event.index].add(event)
            case RefusalDelta():
                self._choice(event.choice).refusal.append(event.text)
            case OtherContent():
                self._choice(event.choice).other += 1
            case Finished():
                choice = self._choice(event.choice)
                choice.finish, choice.detail = event.reason or choice.finish, event.detail or choice.detail
            case UsageReported():
                self._usage = event.usage
            case Started():
                self._model = self._model or event.served_model
                self._response_id = self._response_id or event.response_id
            case StreamError():
                self._error = self._error or event.error
            case Terminator():
                self._terminated = True
            case Unrecognised():
                self._unrecognised += 1

    def answer(self) -> Answer:
        """The answer as far as it came."""
        first = self._choices[min(self._choices)] if self._choices else _Choice()
        return Answer(
            text=repaired("".join(first.text)),
            reasoning=repaired("".join(first.reasoning)),
            refusal=repaired("".join(first.refusal)),
            tool_calls=tuple(tool.call() for tool in first.tools.values()),
            finish_reason=first.finish,
            finish_detail=first.detail,
            served_model=self._model,
            response_id=self._response_id,
            usage=self._usage,
            choice_count=len(self._choices),
            content_chunks=first.chunks,
            error=self._error,
            terminated=self._terminated,
            unrecognised=self._unrecognised,
            other_content=first.other,
        )

    def _choice(self, index: int) -> _Choice:
        choice = self._choices.get(index)
        if choice is None:
            choice = self._choices[index] = _Choice()
        return choice

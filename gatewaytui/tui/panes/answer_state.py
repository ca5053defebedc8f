"""One answer as it arrives: progress events folded into a frozen snapshot, for the Chat and the Compare pane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

import msgspec

from gatewaytui.domain.chat import (
    Finished,
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
from gatewaytui.domain.exchange import Phase
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import (
    AnswerArrived,
    CheckFinished,
    CheckStarted,
    ModelsArrived,
    PhaseReached,
    Progress,
    RunFinished,
    ServerSaid,
    SpendPlanned,
    Streamed,
)
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.domain.text import safe_line, safe_text
from gatewaytui.tui.widgets.wire_view import WireRow

from .pace import Pace
from .wire_rows import wire_row

WIRE_ROWS = 2_000


class AnswerState(msgspec.Struct, frozen=True):
    """What is known of one answer. Times are ns after the request began, None until they happened.

    Texts are the server's own, made safe for the screen. ``wire`` keeps the newest 2,000 events of ``events``.
    ``result`` and ``run`` come at the end; ``stopped`` is True where the person stopped it, ``trouble`` is what
    ended it on this machine.
    """

    check: str = ""
    method: str = ""
    path: str = ""
    phases: tuple[tuple[Phase, int], ...] = ()
    text: str = ""
    thinking: str = ""
    refusal: str = ""
    tools: tuple[tuple[int, ToolCall], ...] = ()
    thinking_from_ns: int | None = None
    answer_from_ns: int | None = None
    last_ns: int | None = None
    seen_ns: int = 0
    events: int = 0
    wire_bytes: int = 0
    wire: tuple[WireRow, ...] = ()
    pace: Pace = msgspec.field(default_factory=Pace)
    pieces: int = 0
    usage: Usage | None = None
    finish: str = ""
    served_model: str = ""
    said: str = ""
    result: CheckResult | None = None
    run: Run | None = None
    stopped: bool = False
    trouble: Problem | None = None

    @property
    def first_ns(self) -> int | None:
        """When the first piece of thinking or answer came."""
        known = [at for at in (self.thinking_from_ns, self.answer_from_ns) if at is not None]
        return min(known, default=None)

    @property
    def thinking_to_ns(self) -> int | None:
        """When the thinking ended: the first answer after it, else the last piece."""
        if self.thinking_from_ns is None:
            return None
        return self.answer_from_ns if self.answer_from_ns is not None else self.last_ns

    @property
    def ended(self) -> bool:
        """True when nothing more will come."""
        return self.run is not None or self.stopped or self.trouble is not None

    @property
    def judged(self) -> bool:
        """True once the verdict on the answer is there: nothing is left to stop, only the run's record is to come.

        A model list that was fetched on the way is no such verdict unless it failed.
        """
        result = self.result
        return result is not None and (result.catalogue is None or result.outcome is Outcome.FAILED)

    @property
    def dropped(self) -> int:
        """Events that are counted but no longer kept in ``wire``."""
        return self.events - len(self.wire)


_FIELDS = AnswerState.__struct_fields__


def fold(state: AnswerState, events: Iterable[Progress], target: int = 0) -> AnswerState:
    """The state after these events; those of other targets are passed over."""
    draft = _Draft(state)
    for event in events:
        if isinstance(event, RunFinished):
            draft.change(run=event.run)
        elif not isinstance(event, SpendPlanned) and event.target == target:
            _TAKES[type(event)](draft, event)
    return draft.done()


class _Draft:
    """A state being changed: a batch copies it once, and each text once, however many events it holds."""

    def __init__(self, state: AnswerState) -> None:
        self.restart(state)

    def restart(self, state: AnswerState) -> None:
        self.state = SimpleNamespace(**{name: getattr(state, name) for name in _FIELDS})
        self.text: list[str] = []
        self.thinking: list[str] = []
        self.rows: list[WireRow] = []

    def change(self, **changes: Any) -> None:
        self.state.__dict__.update(changes)

    def done(self) -> AnswerState:
        state = self.state
        self.change(
            text=state.text + "".join(self.text),
            thinking=state.thinking + "".join(self.thinking),
            wire=(*state.wire, *self.rows)[-WIRE_ROWS:],
        )
        return AnswerState(**vars(state))

    def piece(self, text: str) -> None:
        """Time and amount of something a model produced."""
        state = self.state
        self.change(last_ns=state.seen_ns, pieces=state.pieces + 1, pace=state.pace.saw(state.seen_ns, len(text)))


def _check_started(draft: _Draft, event: CheckStarted) -> None:
    """A request is sent (again): what an earlier one of this job brought gives way."""
    draft.restart(AnswerState(check=event.name, method=event.method, path=event.path))


def _phase_reached(draft: _Draft, event: PhaseReached) -> None:
    draft.change(phases=(*draft.state.phases, (event.phase, event.at_ns)))


def _streamed(draft: _Draft, event: Streamed) -> None:
    state, frame = draft.state, event.frame
    gap = event.at_ns - state.seen_ns if state.events else event.at_ns
    draft.rows.append(wire_row(event.at_ns, gap, frame))
    draft.change(seen_ns=event.at_ns, events=state.events + 1, wire_bytes=state.wire_bytes + frame.size)
    for piece in frame.events:
        if getattr(piece, "choice", 0) == 0:
            _PIECES[type(piece)](draft, piece)


def _text(draft: _Draft, piece: TextDelta) -> None:
    if piece.text:
        draft.text.append(safe_text(piece.text))
        _answered(draft, piece.text)


def _refusal(draft: _Draft, piece: RefusalDelta) -> None:
    if piece.text:
        draft.change(refusal=draft.state.refusal + safe_text(piece.text))
        _answered(draft, piece.text)


def _answered(draft: _Draft, text: str) -> None:
    draft.piece(text)
    if draft.state.answer_from_ns is None:
        draft.change(answer_from_ns=draft.state.seen_ns)


def _reasoning(draft: _Draft, piece: ReasoningDelta) -> None:
    if piece.text:
        draft.thinking.append(safe_text(piece.text))
        draft.piece(piece.text)
        if draft.state.thinking_from_ns is None:
            draft.change(thinking_from_ns=draft.state.seen_ns)


def _tool(draft: _Draft, piece: ToolDelta) -> None:
    tools = dict(draft.state.tools)
    call = tools.get(piece.index, ToolCall("", "", ""))
    tools[piece.index] = ToolCall(
        call.id or safe_line(piece.id),
        call.name or safe_line(piece.name),
        call.arguments + safe_text(piece.arguments),
    )
    draft.change(tools=tuple(tools.items()))
    _answered(draft, piece.arguments)


def _usage(draft: _Draft, piece: UsageReported) -> None:
    draft.change(usage=piece.usage)


def _finished(draft: _Draft, piece: Finished) -> None:
    draft.change(finish=safe_line(" · ".join(filter(None, (piece.reason, piece.detail))), 60))


def _started(draft: _Draft, piece: Started) -> None:
    if piece.served_model:
        draft.change(served_model=safe_line(piece.served_model, 120))


def _nothing(draft: _Draft, piece: StreamEvent) -> None:
    """Shown by the wire view alone; an error object comes with the verdict."""
    del draft, piece


def _check_finished(draft: _Draft, event: CheckFinished) -> None:
    answer, finding = event.check.answer, event.check.finding
    cancelled = finding is not None and finding.failure_class is FailureClass.CANCELLED
    draft.change(result=event.check, stopped=draft.state.stopped and cancelled)  # it may have ended just before
    if answer is not None:
        draft.change(
            usage=answer.usage or draft.state.usage,
            finish=draft.state.finish or safe_line(answer.finish_reason, 60),
            served_model=draft.state.served_model or safe_line(answer.served_model, 120),
        )


def _answer_arrived(draft: _Draft, event: AnswerArrived) -> None:
    """An answer that did not stream comes whole."""
    if not (draft.state.text or draft.text):
        draft.text.append(safe_text(event.text))
    if not (draft.state.thinking or draft.thinking):
        draft.thinking.append(safe_text(event.reasoning))


def _server_said(draft: _Draft, event: ServerSaid) -> None:
    draft.change(said=event.text)


def _passed_over(draft: _Draft, event: Progress) -> None:
    del draft, event


_Take = Callable[[_Draft, Any], None]
_PIECES: Mapping[type, _Take] = MappingProxyType(
    {
        Started: _started,
        TextDelta: _text,
        ReasoningDelta: _reasoning,
        RefusalDelta: _refusal,
        ToolDelta: _tool,
        UsageReported: _usage,
        Finished: _finished,
        Terminator: _nothing,
        StreamError: _nothing,
        Unrecognised: _nothing,
    }
)
_TAKES: Mapping[type, _Take] = MappingProxyType(
    {
        CheckStarted: _check_started,
        PhaseReached: _phase_reached,
        Streamed: _streamed,
        CheckFinished: _check_finished,
        AnswerArrived: _answer_arrived,
        ServerSaid: _server_said,
        ModelsArrived: _passed_over,
    }
)

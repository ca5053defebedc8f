"""One chat with one target: sent, streamed to whoever listens, measured, judged."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.diagnosis.statistics import StreamMeter
from gatewaytui.domain.chat import Answer, Frame
from gatewaytui.domain.progress import (
    AnswerArrived,
    CheckFinished,
    CheckStarted,
    PhaseReached,
    ServerSaid,
    Streamed,
)
from gatewaytui.domain.run import CheckResult
from gatewaytui.domain.text import safe_line
from gatewaytui.protocols.accumulate import Accumulator
from gatewaytui.protocols.base import StreamDecoder
from gatewaytui.transport.client import Chunk, Opened, PhaseDone, TransportEvent

from .desk import Confidences, Tell
from .session import Judged, Session


class Chatted(msgspec.Struct, frozen=True):
    """The chat check and the answer's own words, for the screen only; ``form`` is what the server took in the end."""

    check: CheckResult
    judged: Judged
    form: ChatCheck


class Watch(msgspec.Struct, frozen=True):
    """Who counts what a chat sends: hears of every exchange, and says whether one more may follow it."""

    heard: Callable[[Judged], object]
    may_follow: Callable[[], bool]


UNWATCHED = Watch(lambda _: None, lambda: True)


async def chat(
    session: Session,
    check: ChatCheck,
    plan: Plan,
    target: int,
    tell: Tell,
    secrets: Confidences,
    watch: Watch = UNWATCHED,
) -> Chatted:
    """Send the chat; where the server asks for another form (token limit name, usage), send it once more so.

    ``watch`` counts what is sent.
    """
    for message in check.chat.messages:
        secrets.keep_prompt(message.text)
    secrets.keep_prompt(check.chat.system)
    done = await _send(session, check, plan, target, tell)
    watch.heard(done.judged)
    error = done.judged.reading.error if done.judged.reading else None
    adapted = check.adapted(error) if done.judged.finding is not None else None
    while adapted is not None and watch.may_follow():
        done = await _send(session, adapted, plan, target, tell)
        watch.heard(done.judged)
        error = done.judged.reading.error if done.judged.reading else None
        adapted = adapted.adapted(error) if done.judged.finding is not None else None
    if error is not None and error.message:
        tell(ServerSaid(target, safe_line(error.message)))
    answer = done.judged.reading.answer if done.judged.reading else None
    if answer is not None:
        secrets.keep_response(answer.text)
        secrets.keep_response(answer.reasoning)
        tell(AnswerArrived(target, answer.text, answer.reasoning))
    tell(CheckFinished(target, done.check))
    return done


async def _send(session: Session, check: ChatCheck, plan: Plan, target: int, tell: Tell) -> Chatted:
    request = check.request(plan)
    tell(CheckStarted(target, check.name, request.method, request.path))
    stream = _Stream(session, target, tell) if check.chat.stream else None

    def hear(event: TransportEvent) -> None:
        match event:
            case Chunk() if stream is not None:
                stream.take(event)
            case PhaseDone():
                tell(PhaseReached(target, event.phase, event.at_ns))
            case Opened() if stream is not None and 200 <= event.status < 300:
                stream.begin(plan.dialect.decoder())

    exchange = await session.send(request, hear)
    verdict = session.judged(exchange, stream.end() if stream is not None else None)
    reading = verdict.reading
    facts = (
        stream.meter.facts(reading.answer, reading.stream_end) if stream and reading and reading.streaming else None
    )
    result = check.judge(verdict.exchange, reading, verdict.finding, facts)
    return Chatted(replace(result, target=target), verdict, check)


class _Stream:
    """A streamed answer on its way: decoded once, and so measured, put together and told."""

    def __init__(self, session: Session, target: int, tell: Tell) -> None:
        self.meter = StreamMeter()
        self._answer = Accumulator()
        self._decoder: StreamDecoder | None = None
        self._withholding = session.withholding
        self._target = target
        self._tell = tell
        self._last_ns = 0

    def begin(self, decoder: StreamDecoder) -> None:
        """An answer follows that is no error."""
        self._decoder = decoder

    def take(self, chunk: Chunk) -> None:
        """What a read brought."""
        if self._decoder is not None:
            self._last_ns = chunk.at_ns
            self.meter.read(chunk.at_ns, chunk.lag_ns, chunk.source, chunk.unseen_ns)
            self._took(self._decoder.feed(chunk.data))

    def end(self) -> Answer | None:
        """The answer, None where none was begun."""
        if self._decoder is None:
            return None
        self._took(self._decoder.close())
        return self._answer.answer()

    def _took(self, frames: list[Frame]) -> None:
        for frame in frames:
            self.meter.saw(self._last_ns, frame)
            for event in frame.events:
                self._answer.add(event)
        for frame in self._withholding.of_frames(frames):
            self._tell(Streamed(self._target, self._last_ns, frame))

"""One chat with one target: sent, streamed to whoever listens, measured, judged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.diagnosis.statistics import StreamMeter
from gatewaytui.domain.chat import Frame
from gatewaytui.domain.exchange import Exchange
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
from gatewaytui.protocols.base import StreamDecoder
from gatewaytui.transport.client import Chunk, Done, Opened, PhaseDone

from .desk import Confidences, Tell
from .session import Judged, Session


@dataclass(frozen=True, slots=True)
class Chatted:
    """The chat check and the answer's own words, for the screen only; ``form`` is what the server took in the end."""

    check: CheckResult
    judged: Judged
    form: ChatCheck


@dataclass(frozen=True, slots=True)
class Watch:
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
    meter = StreamMeter() if check.chat.stream else None
    decoder: StreamDecoder | None = None

    def told(frame: Frame, at_ns: int) -> None:
        tell(Streamed(target, at_ns, session.withholding.of_frame(frame)))

    exchange: Exchange | None = None
    last_ns = 0
    async with aclosing(session.send(request)) as events:
        async for event in events:
            match event:
                case PhaseDone():
                    tell(PhaseReached(target, event.phase, event.at_ns))
                case Opened() if meter is not None and 200 <= event.status < 300:
                    decoder = plan.dialect.decoder()
                case Chunk() if decoder is not None:
                    last_ns = event.at_ns
                    if meter is not None:
                        meter.read(event.at_ns, event.lag_ns, event.source)
                    for frame in decoder.feed(event.data):
                        _saw(frame, event.at_ns, meter, told)
                case Done():
                    exchange = event.exchange
    if decoder is not None:
        for frame in decoder.close():
            _saw(frame, last_ns, meter, told)
    if exchange is None:
        raise AssertionError("the transport always ends with Done")
    verdict = session.judged(exchange)
    reading = verdict.reading
    facts = meter.facts(reading.answer, reading.stream_end) if meter and reading and reading.streaming else None
    result = check.judge(verdict.exchange, reading, verdict.finding, facts)
    return Chatted(replace(result, target=target), verdict, check)


def _saw(frame: Frame, at_ns: int, meter: StreamMeter | None, told: Callable[[Frame, int], None]) -> None:
    if meter is not None:
        meter.saw(at_ns, frame)
    told(frame, at_ns)

"""Streams as an engine tells them, for the tests of the Chat, Compare and Failures panes."""

from __future__ import annotations

from collections.abc import Sequence

from gatewaytui.domain.chat import (
    Finished,
    Frame,
    ReasoningDelta,
    Started,
    StreamEvent,
    Terminator,
    TextDelta,
    Usage,
    UsageReported,
)
from gatewaytui.domain.exchange import Phase, Timings
from gatewaytui.domain.failure import FailureClass, Signal
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import (
    CheckFinished,
    CheckStarted,
    PhaseReached,
    Progress,
    RunFinished,
    ServerSaid,
    Streamed,
)
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import AnswerFacts, CheckResult, GapFacts, Outcome, Run, StreamFacts, TokenSource

from .scripted import NOON, facts, finding

MS = 1_000_000
POEM = (
    "A packet leaves at break of day,\nit asks each gate to show the way;\n"
    "one says the key, one says the name,\none says the quota, all the same.\n"
)
THOUGHT = "Packets, gates and keys, and a quota that runs dry."
USAGE = Usage(38, 131, 169, None, 84)


def at(target: int, ms: float, name: str, *events: StreamEvent, data: str = "{}") -> Streamed:
    """One event of the wire."""
    return Streamed(target, int(ms * MS), Frame(name, data, len(data) + 20, events))


def connecting(target: int = 0, wait_ms: int = 254) -> list[Progress]:
    """A request as far as its first byte."""
    done = ((Phase.DNS, 4), (Phase.TCP, 15), (Phase.TLS, 38), (Phase.SEND, 40), (Phase.WAIT, wait_ms))
    return [
        CheckStarted(target, "stream", "POST", "/v1/messages"),
        *(PhaseReached(target, phase, ms * MS) for phase, ms in done),
    ]


def answering(target: int = 0, thinking: bool = True, slow: float = 1.0) -> list[Progress]:
    """A stream up to its last word: thinking, then the poem, a ping between."""
    steps: list[Progress] = [at(target, 260, "message_start", Started("claude-opus-4-6"))]
    ms = 260.0
    for word in THOUGHT.split(" ") if thinking else ():
        ms += 90 * slow
        steps.append(at(target, ms, "content_block_delta", ReasoningDelta(word + " ")))
    for number, word in enumerate(POEM.split(" ")):
        ms += (18 + number * 7 % 23) * slow
        steps.append(at(target, ms, "content_block_delta", TextDelta(word + " "), data=f'{{"text":"{number}"}}'))
        if number == 9:
            steps.append(at(target, ms, "ping"))
    return steps


def passed(target: int = 0, ttft_ms: float = 310.0, rate: float = 52.3) -> CheckResult:
    """The verdict on :func:`answering`."""
    measured = StreamFacts(
        ttft_ms, 1468.0, 18.2, 2329.0, GapFacts(50, 18, 41), rate, TokenSource.USAGE, 40, StreamEnd.COMPLETE
    )
    answer = AnswerFacts(1, "end_turn", USAGE, "claude-opus-4-6")
    return CheckResult(
        "stream", Outcome.PASSED, "POST", "/v1/messages", 200, 2331.0, answer=answer, stream=measured,
        timings=Timings(), request_id="req_011CSHoEeqs5C35K", target=target,
    )  # fmt: skip


def failed(
    failure_class: FailureClass = FailureClass.GROUP_OR_MODEL_ACCESS, status: int = 403, target: int = 0
) -> CheckResult:
    """A request that was refused."""
    return CheckResult(
        "stream", Outcome.FAILED, "POST", "/v1/messages", status, 96.0,
        finding=finding(failure_class, Signal("status", status), Signal("listed_models", 41)), target=target,
    )  # fmt: skip


def ending(target: int = 0, ms: float = 2330) -> list[Progress]:
    """The last events of a stream."""
    return [
        at(target, ms, "message_delta", Finished("end_turn"), UsageReported(USAGE)),
        at(target, ms, "message_stop", Terminator("message_stop")),
    ]


def run_of(checks: Sequence[CheckResult], *profiles: Profile, kind: str = "chat") -> Run:
    """The run of these checks against these profiles."""
    return Run(kind, NOON, tuple(facts(Target(profile), "claude-opus-4-6") for profile in profiles), tuple(checks))


def whole(profile: Profile) -> list[Progress]:
    """A streamed chat from its start to its run."""
    check = passed()
    return [*connecting(), *answering(), *ending(), CheckFinished(0, check), RunFinished(run_of([check], profile))]


def refused(profile: Profile, said: str = "This token has no access to the model.") -> list[Progress]:
    """A chat that the gateway refused."""
    check = failed()
    return [
        *connecting(wait_ms=96),
        ServerSaid(0, said),
        CheckFinished(0, check),
        RunFinished(run_of([check], profile)),
    ]


def side_by_side(*lists: Sequence[Progress]) -> list[Progress]:
    """Several streams at once, turn by turn."""
    longest = max(map(len, lists))
    return [steps[turn] for turn in range(longest) for steps in lists if turn < len(steps)]

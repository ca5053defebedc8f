"""The doctor's run as it goes: progress folded into a frozen snapshot, and what could be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import (
    CheckFinished,
    CheckStarted,
    GatewayRecognised,
    Progress,
    RequestMade,
    RunFinished,
    ServerSaid,
)
from gatewaytui.domain.run import CheckResult, GatewayFacts, KeyUsed, Outcome, Run, Rung, Sent, Spending

from .stopped import cancelled, stopped_run

LADDER: tuple[Rung, ...] = tuple(Rung)
_NOT_REACHED = "Not tried: the run was stopped before."
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


class Said(msgspec.Struct, frozen=True):
    """The server's own words, made safe, and the number of the request they came with; shown only where asked."""

    request: int
    text: str


class Proposal(msgspec.Struct, frozen=True):
    """The profile as it would be with what answered; ``words`` name what is changed. Never applied unasked."""

    profile: Profile
    words: str


class Examination(msgspec.Struct, frozen=True):
    """What is known so far. ``running`` is the rung under way since ``since_ns`` of the pane's clock.

    ``trouble`` is what ended it on this machine; ``stopped`` is True where the person did, in the middle of
    ``halted``. ``started`` is when the run began (UTC).
    """

    target: Target | None = None
    checks: tuple[CheckResult, ...] = ()
    running: Rung | None = None
    since_ns: int = 0
    requests: tuple[Sent, ...] = ()
    said: tuple[Said, ...] = ()
    spending: Spending | None = None
    gateway: GatewayFacts | None = None
    run: Run | None = None
    trouble: Problem | None = None
    stopped: bool = False
    halted: Rung | None = None
    started: datetime | None = None

    @property
    def begun(self) -> bool:
        """True once there is anything to show."""
        return self.running is not None or bool(self.checks) or self.ended

    @property
    def ended(self) -> bool:
        """True when nothing more will come."""
        return self.run is not None or self.trouble is not None or self.stopped

    @property
    def broken(self) -> CheckResult | None:
        """The first rung, in the ladder's order, that failed."""
        return self._first(Outcome.FAILED)

    @property
    def worst(self) -> CheckResult | None:
        """The rung to explain: the first that failed, else the first that warned."""
        return self.broken or self._first(Outcome.WARNED)

    @property
    def in_focus(self) -> Rung | None:
        """The rung a person looks at by itself: the broken one, else the one under way, at the end what is worth it.

        None where what is chosen should stay.
        """
        if self.broken is not None:
            return Rung(self.broken.name)
        if self.run is None:
            return self.running or self.halted
        return Rung(self.worst.name) if self.worst is not None else Rung.CHAT

    def check(self, rung: Rung) -> CheckResult | None:
        """The verdict of that rung, None as long as there is none."""
        return next((check for check in self.checks if check.name == rung), None)

    def waits_for(self, rung: Rung) -> Rung | None:
        """The rung that a rung without a verdict waits for; None where nothing is under way or broken."""
        if self.broken is not None:
            return Rung(self.broken.name)
        return self.running if self.running is not rung else None

    @property
    def connection(self) -> ConnectionFacts | None:
        """The connection as it was last taken apart."""
        known = (check.connection for check in reversed(self.checks))
        return next((facts for facts in known if facts is not None), None)

    def requests_of(self, rung: Rung) -> tuple[tuple[int, Sent], ...]:
        """The requests that served a rung, numbered. The list with the own key serves auth and models alike."""
        numbered = tuple(enumerate(self.requests))
        own = tuple((n, sent) for n, sent in numbered if sent.check == rung)
        if rung is not Rung.AUTH:
            return own
        lists = ((n, sent) for n, sent in numbered if sent.check == Rung.MODELS and not sent.variant)
        first = next(lists, None)
        return own if first is None else (first, *own)

    def said_of(self, rung: Rung) -> str:
        """The server's own words in the request that the rung's verdict rests on; "" where it said none."""
        first = next((n for n, sent in self.requests_of(rung) if not sent.variant), None)
        return next((said.text for said in self.said if said.request == first), "")

    @property
    def group_that_answers(self) -> str:
        """The first other group whose key was answered well; "" where none was."""
        return next((sent.group for sent in self._variants if sent.key is KeyUsed.GROUP), "")

    @property
    def proposal(self) -> Proposal | None:
        """Another base URL or auth header that answered well, as a profile to look at; None where there is none."""
        if self.target is None:
            return None
        profile = self.target.profile
        for sent in self._variants:
            if sent.key is not KeyUsed.OWN:
                continue
            if sent.base_url:
                return Proposal(replace(profile, base_url=sent.base_url), "the base URL that answered")
            own = next((one for _, one in self.requests_of(Rung(sent.check)) if not one.variant), None)
            same = own is not None and (own.protocol, own.model) == (sent.protocol, sent.model)
            spoken = any(one.protocol is not sent.protocol for one in self._variants if one.key is KeyUsed.OWN)
            if own is not None and same and own.auth_header is not sent.auth_header and not spoken:
                return Proposal(replace(profile, auth_header=sent.auth_header), f"the key in {sent.auth_header}")
        return None

    def hearing(self, events: Iterable[Progress], now_ns: int = 0) -> Examination:
        """The state after these events, heard at that time of the pane's clock."""
        state = self
        for event in events:
            state = state._after(event, now_ns)
        return state

    def begun_with(self, target: Target, started: datetime) -> Examination:
        """At the start of a run: nothing is known of this target."""
        return Examination(target=target, started=started)

    def stopped_by_person(self) -> Examination:
        """Ended by the person: what was found stays."""
        return replace(self, stopped=True, running=None, halted=self.running)

    @property
    def record(self) -> Run | None:
        """The run that ended, or was stopped after something was found; None as long as there is none.

        Where nothing was broken yet, the rung that was stopped is what failed: it was cancelled.
        """
        if self.run is not None or not self.stopped or self.target is None or self.started is None or not self.checks:
            return self.run
        rest = [rung for rung in LADDER if self.check(rung) is None]
        cut = (self.halted or next(iter(rest), None)) if self.broken is None else None
        unreached = (CheckResult(rung, Outcome.SKIPPED, note=_NOT_REACHED) for rung in rest if rung is not cut)
        checks = (*self.checks, *((cancelled(cut),) if cut else ()), *unreached)
        run = stopped_run("doctor", self.target, self.started, checks, self.requests, self.spending)
        return replace(run, gateway=self.gateway)

    def troubled(self, problem: Problem) -> Examination:
        """Ended by something on this machine."""
        return replace(self, trouble=problem, running=None)

    def _after(self, event: Progress, now_ns: int) -> Examination:
        match event:
            case CheckStarted(name=name):
                return replace(self, running=Rung(name), since_ns=now_ns)
            case CheckFinished(check=check):
                running = None if self.running == check.name else self.running
                return replace(self, running=running, checks=_with(self.checks, check))
            case RequestMade(sent=sent, spent=spent):
                return replace(self, requests=(*self.requests, sent), spending=spent)
            case ServerSaid(text=text):
                return replace(self, said=(*self.said, Said(len(self.requests) - 1, text)))
            case GatewayRecognised(gateway=gateway):
                return replace(self, gateway=gateway)
            case RunFinished(run=run):
                return replace(
                    self,
                    running=None,
                    run=run,
                    checks=run.checks,
                    requests=run.requests or self.requests,
                    spending=run.spending or self.spending,
                    gateway=run.gateway or self.gateway,
                )
            case _:
                return self

    def _first(self, outcome: Outcome) -> CheckResult | None:
        ordered = (self.check(rung) for rung in LADDER)
        return next((check for check in ordered if check is not None and check.outcome is outcome), None)

    @property
    def _variants(self) -> tuple[Sent, ...]:
        """What was changed on purpose and answered well, in the order of sending."""
        return tuple(sent for sent in self.requests if sent.variant and sent.outcome in _ANSWERED)


def _with(checks: tuple[CheckResult, ...], check: CheckResult) -> tuple[CheckResult, ...]:
    """The verdicts with this one, in the place of an earlier one of the same rung."""
    if any(known.name == check.name for known in checks):
        return tuple(check if known.name == check.name else known for known in checks)
    return (*checks, check)

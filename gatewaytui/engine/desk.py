"""What every job shares while it works: where keys come from, who is told, and what must never leave."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from gatewaytui.checks.base import Plan
from gatewaytui.domain.failure import Confidence, Finding, Origin, Retry
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Profile, Target
from gatewaytui.domain.progress import Progress
from gatewaytui.domain.run import CheckResult, Outcome, TargetFacts
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence.known import Known
from gatewaytui.transport.pulse import Pulse

if TYPE_CHECKING:
    from .session import KeySourceContract

REMEMBERED = 64
REMEMBERED_KEYS = 1_024
"""More than a comparison of 64 targets reads, each with secrets in its headers."""

Tell = Callable[[Progress], None]


class Confidences:
    """Keys, prompts and answers of this process, for the leak gate: the newest of each, in memory only."""

    def __init__(self) -> None:
        self.keys: deque[Secret] = deque(maxlen=REMEMBERED_KEYS)
        self.prompts: deque[str] = deque(maxlen=REMEMBERED)
        self.responses: deque[str] = deque(maxlen=REMEMBERED)

    def known(self) -> Known:
        """What the gate looks for."""
        return Known(tuple(self.keys), tuple(self.prompts), tuple(self.responses))

    def keep_key(self, secret: Secret | None) -> None:
        """Remember a key that was used."""
        if secret and secret not in self.keys:
            self.keys.append(secret)

    def keep_prompt(self, text: str) -> None:
        """Remember a prompt that was sent."""
        if text and text not in self.prompts:
            self.prompts.append(text)

    def keep_response(self, text: str) -> None:
        """Remember an answer that came."""
        if text and text not in self.responses:
            self.responses.append(text)


class AttentiveKeys(msgspec.Struct, frozen=True):
    """A source of keys of which every secret that it gives out is known to the leak gate, those in headers too."""

    source: KeySourceContract
    secrets: Confidences

    def read(self, target: Target) -> Secret | None:
        """The target's key, remembered."""
        secret = self.source.read(target)
        self.secrets.keep_key(secret)
        return secret

    def headers(self, target: Target) -> tuple[tuple[str, Secret | str], ...]:
        """The profile's extra headers, the secret ones remembered."""
        headers = self.source.headers(target)
        for _, value in headers:
            if isinstance(value, Secret):
                self.secrets.keep_key(value)
        return headers

    def remember(self, profile: str, group: str, secret: Secret) -> None:
        """Keep a key for this session only."""
        self.secrets.keep_key(secret)
        self.source.remember(profile, group, secret)

    def must_ask_in_clear(self, profile: Profile) -> bool:
        """True where the key would travel unencrypted and nobody agreed to that."""
        return self.source.must_ask_in_clear(profile)


class Halting:
    """A person's word to end a job early: it comes to its end at once, with what was measured until then.

    Whoever sends something says with :meth:`ending` how that is ended.
    """

    def __init__(self) -> None:
        self.asked = False
        self._ends: list[Callable[[], None]] = []

    def ask(self) -> None:
        """End what is under way, and whatever else would begin."""
        self.asked = True
        for end in self._ends:
            end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """Have ``end`` called when it is asked for in this block, or at once where it was asked for before."""
        self._ends.append(end)
        if self.asked:
            end()
        try:
            yield
        finally:
            self._ends.remove(end)


class Desk(msgspec.Struct, frozen=True):
    """Handed to every job."""

    keys: KeySourceContract
    secrets: Confidences
    tell: Tell
    now: Callable[[], datetime]
    pulse: Pulse
    halting: Halting = msgspec.field(default_factory=Halting)


def target_facts(plan: Plan, requested_model: str) -> TargetFacts:
    """The plan as evidence may show it."""
    profile = plan.target.profile
    return TargetFacts(
        profile=profile.name,
        group=plan.target.group,
        base_url=profile.base_url,
        auth_header=plan.auth,
        protocol=plan.target.protocol,
        requested_model=requested_model,
        selected_model=plan.model,
    )


def local_failure(name: str, problem: Problem, target: int) -> CheckResult:
    """A check that could not be sent because of something on this machine."""
    finding = Finding(
        failure_class=problem.failure_class,
        rule=f"local.{problem.failure_class}",
        origin=Origin.LOCAL,
        confidence=Confidence.CERTAIN,
        whose=problem.failure_class.meaning.whose,
        next_step=problem.next_step,
        retry=Retry(),
    )
    return CheckResult(name=name, outcome=Outcome.FAILED, finding=finding, note=problem.sentence, target=target)

"""The walkthrough as data: its steps, what each is for, and what was proven so far. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import Target
from gatewaytui.domain.run import Outcome, Run
from gatewaytui.handoff.table import curl_for, variable_for
from gatewaytui.tui.panes.check_state import PROBE
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.wrapping import wrap

_TOKENS = 64


class Step(Enum):
    """The five steps of the decision map, then one integration."""

    ADDRESS = "base URL"
    LIST = "model list"
    MODEL = "model"
    CHAT = "one chat"
    EVIDENCE = "evidence"
    HANDOFF = "integration"

    @property
    def number(self) -> int:
        """From 1."""
        return list(Step).index(self) + 1

    def moved(self, by: int) -> Step:
        """The step that far on or back."""
        steps = list(Step)
        return steps[max(0, min(steps.index(self) + by, len(steps) - 1))]


class Words(msgspec.Struct, frozen=True):
    """What a step is called and why it comes now."""

    title: str
    why: str


WORDS: Mapping[Step, Words] = MappingProxyType(
    {
        Step.ADDRESS: Words(
            "Where the gateway is, and whose key is used",
            "Most failures are a base URL that is nearly right, or a key of another account. Start from a preset or "
            "copy the address from the gateway's own page. The key stays on this machine.",
        ),
        Step.LIST: Words(
            "Ask for the model list",
            "It costs nothing and proves address, route and key at once, before any model can be wrong.",
        ),
        Step.MODEL: Words(
            "Choose a model that was returned",
            "Ids are often specific to the account. One copied from a document is the next most common failure, so "
            "take one that this gateway listed for this key.",
        ),
        Step.CHAT: Words(
            "Send one small chat, not streamed",
            "The simplest request that costs anything. Streaming, tools and long context come after it works.",
        ),
        Step.EVIDENCE: Words(
            "Keep the evidence",
            "Status, times, counts and classes, without key, prompt or answer: safe to paste into a ticket. "
            "It shows later what worked when, and it is what a gateway's support asks for.",
        ),
        Step.HANDOFF: Words(
            "One integration",
            "Exactly what was proven, and no more: set up one client with it before you change anything else.",
        ),
    }
)


class WalkState(msgspec.Struct, frozen=True):
    """Where the person is and what was proven. ``listed`` is the model list, None where there was none."""

    step: Step = Step.ADDRESS
    target: Target | None = None
    listed: Sequence[ModelInfo] | None = None
    list_run: Run | None = None
    chat_run: Run | None = None
    evidence_seen: bool = False

    def proven(self, step: Step) -> bool:
        """True where the step's proof is there."""
        return {
            Step.ADDRESS: self.target is not None,
            Step.LIST: self.list_run is not None and self.list_run.ok,
            Step.MODEL: self.target is not None and bool(self.target.model),
            Step.CHAT: self.chat_run is not None and self.chat_run.ok,
            Step.EVIDENCE: self.evidence_seen,
            Step.HANDOFF: False,
        }[step]

    def pointed(self, target: Target) -> WalkState:
        """Another address, key or model: what was proven for the other counts no more."""
        if self.target is not None and replace(self.target, model="") == replace(target, model=""):
            kept = replace(self, target=target, evidence_seen=False)
            return kept if self.target == target else replace(kept, chat_run=None)
        return WalkState(self.step, target)

    @property
    def run(self) -> Run | None:
        """The walk as one run, for its evidence: the list, then the chat."""
        runs = [run for run in (self.list_run, self.chat_run) if run is not None]
        if not runs:
            return None
        checks = tuple(check for run in runs for check in run.checks)
        return replace(runs[-1], kind="smoke", started_at=runs[0].started_at, checks=checks)


def chat_request(target: Target) -> ChatRequest:
    """The one small chat."""
    return ChatRequest(target.model, (Message(Role.USER, PROBE),), stream=False, max_tokens=_TOKENS)


def request_text(state: WalkState) -> str:
    """The request the step will send, as curl with the key as a variable; "" for a step that sends none."""
    target = state.target
    if target is None or state.step not in (Step.LIST, Step.CHAT):
        return ""
    plan = Plan(target, target.model)
    base = target.profile.base_url
    if state.step is Step.LIST:
        wire = plan.dialect.models_request(base, target.profile.models_path, plan.auth)
    else:
        wire = plan.dialect.chat_request(base, chat_request(target), plan.auth)
    return curl_for(wire, variable_for(target))


def path_line(state: WalkState) -> Line:
    """All steps in a row: done, here, to come."""
    line: list[tuple[str, Ink]] = []
    passed = SIGNS[Outcome.PASSED]
    for step in Step:
        here, done = step is state.step, state.proven(step)
        sign, ink = (passed.sign, passed.ink) if done else ("●", Ink.ACCENT) if here else ("·", Ink.MUTED)
        line += [(f"{sign} ", ink), (step.value, Ink.STRONG if here else Ink.MUTED), ("  ", Ink.PLAIN)]
    return tuple(line)


def code_lines(text: str, width: int) -> tuple[Line, ...]:
    """Code wrapped to the width, under a margin."""
    rows = (row for line in text.splitlines() for row in wrap(line, width - 2))
    return tuple((("  " + row, Ink.PLAIN),) for row in rows)

"""An engine that replays written progress, and services around it: what every test of the console runs on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.chat import Frame, TextDelta, Usage
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Signal
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import AuthHeader, KeyReference, KeySource, Profile, Protocol, Target
from gatewaytui.domain.progress import (
    AnswerArrived,
    CheckFinished,
    CheckStarted,
    Job,
    ModelsArrived,
    Progress,
    RunFinished,
    SmokeJob,
    Streamed,
)
from gatewaytui.domain.run import AnswerFacts, CatalogueFacts, CheckResult, Outcome, Run, TargetFacts
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence import gate
from gatewaytui.evidence.formats import FORMATS
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.record import Evidence
from gatewaytui.storage.baselines import Baselines
from gatewaytui.storage.catalogues import Catalogues
from gatewaytui.storage.history import History
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
from gatewaytui.storage.settings import SettingsStore
from gatewaytui.tui.services import Services

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
_A_CENTURY = 36_500  # days: runs at NOON stay in the history whenever the tests run
KEY = "sk-scripted-0123456789abcd3f2a"


class Hold(Enum):
    """A step at which the engine waits until it is stopped."""

    HERE = "here"


HOLD = Hold.HERE
Step = Progress | Problem | Hold
Script = Sequence[Step] | Callable[[Job], Sequence[Step]]


class ScriptedEngine:
    """`EngineContract`: each job replays the next script, the last one again and again.

    ``jobs`` are those that were asked for, ``stopped`` those whose iterator was closed before its end.
    """

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.jobs: list[Job] = []
        self.stopped: list[Job] = []
        self.remembered: dict[tuple[str, str], Secret] = {}
        self.closed = False

    async def run(self, job: Job, halt: asyncio.Event | None = None) -> AsyncGenerator[Progress, None]:
        del halt  # like an engine that takes too long to come to its end
        self.jobs.append(job)
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        ended = False
        try:
            for step in script(job) if callable(script) else script:
                await asyncio.sleep(0)
                if isinstance(step, Hold):
                    await asyncio.Event().wait()
                elif isinstance(step, Problem):
                    ended = True
                    raise step
                else:
                    yield step
            ended = True
        finally:
            if not ended:
                self.stopped.append(job)

    async def export(self, evidence: Evidence, format: str) -> bytes:
        return gate.guard(FORMATS[format](evidence), Known())

    async def remember_key(self, profile: str, group: str, secret: Secret) -> None:
        self.remembered[profile, group] = secret

    async def close(self) -> None:
        self.closed = True


def gateway(name: str = "tken", **fields: object) -> Profile:
    """A profile whose key comes from a variable that :func:`services` sets."""
    plain = Profile(name, f"https://{name}.example/v1", key=KeyReference(KeySource.ENV, name="SCRIPTED_KEY"))
    return replace(plain, **fields)  # type: ignore[arg-type]


def services(
    home: Path,
    *profiles: Profile,
    engine: ScriptedEngine | None = None,
    environ: Mapping[str, str] | None = None,
    demo: bool = False,
) -> Services:
    """Real stores below this folder around a scripted engine; the variable SCRIPTED_KEY holds :data:`KEY`."""
    locations = Locations.below(home)
    store = ProfileStore(locations)
    for profile in profiles:
        store.put(profile)
    settings, idle = SettingsStore(locations), ScriptedEngine((HOLD,))
    settings.change(lambda before: replace(before, history_days=_A_CENTURY))
    keys = KeyStore(locations, environ={"SCRIPTED_KEY": KEY} if environ is None else environ)
    return Services(
        lambda: engine or idle,
        store,
        keys,
        partial(History, locations),
        settings,
        demo,
        open_baselines=partial(Baselines, locations),
        open_catalogues=partial(Catalogues, locations),
    )


def facts(target: Target, model: str = "") -> TargetFacts:
    """What a run says of its target."""
    profile = target.profile
    return TargetFacts(
        profile.name, target.group, profile.base_url, AuthHeader.BEARER, target.protocol, target.model, model
    )


def finding(failure_class: FailureClass, *signals: Signal, confidence: Confidence = Confidence.CERTAIN) -> Finding:
    """A finding with the words of its class."""
    meaning = failure_class.meaning
    return Finding(
        failure_class=failure_class,
        rule=f"{failure_class}.scripted",
        origin=meaning.origin,
        confidence=confidence,
        whose=meaning.whose,
        next_step=meaning.next_step,
        retry=meaning.retry,
        signals=signals,
    )


MODELS_PASSED = CheckResult(
    "models",
    Outcome.PASSED,
    "GET",
    "/v1/models",
    200,
    182.0,
    catalogue=CatalogueFacts(3, ("gpt-5.5", "gpt-5.4-mini")),
)
CHAT_PASSED = CheckResult(
    "chat",
    Outcome.PASSED,
    "POST",
    "/v1/chat/completions",
    200,
    861.0,
    answer=AnswerFacts(1, "stop", Usage(12, 2, 14), "gpt-5.5", text_chars=2),
)
NO_CREDIT = CheckResult(
    "chat",
    Outcome.FAILED,
    "POST",
    "/v1/chat/completions",
    402,
    96.0,
    finding=finding(FailureClass.BILLING_QUOTA, Signal("status", 402), Signal("code", "insufficient_quota")),
)
BAD_KEY = CheckResult(
    "models",
    Outcome.FAILED,
    "GET",
    "/v1/models",
    401,
    88.0,
    finding=finding(FailureClass.AUTH, Signal("status", 401)),
)
NO_LIST = CheckResult(
    "models",
    Outcome.FAILED,
    "GET",
    "/v1/models",
    404,
    41.0,
    finding=finding(FailureClass.ROUTE_NOT_FOUND, Signal("status", 404)),
)


class Checked(msgspec.Struct, frozen=True):
    """A script of checks against one target, with their run at the end."""

    kind: str
    checks: tuple[CheckResult, ...]
    between: tuple[Progress, ...] = ()

    def __call__(self, job: Job) -> tuple[Progress, ...]:
        target = job.target if isinstance(job, SmokeJob) else job.targets[0]
        steps: list[Progress] = []
        for check in self.checks:
            steps.append(CheckStarted(0, check.name, check.method, check.path))
            steps += self.between
            steps.append(CheckFinished(0, check))
        return (*steps, RunFinished(Run(self.kind, NOON, (facts(target),), self.checks)))


def smoke(*checks: CheckResult) -> Checked:
    """A check of a profile that comes out so."""
    return Checked("smoke", checks or (MODELS_PASSED, CHAT_PASSED))


def listing(*models: ModelInfo) -> Checked:
    """A model list that arrives."""
    check = replace(MODELS_PASSED, catalogue=CatalogueFacts(len(models)))
    return Checked("models", (check,), (ModelsArrived(0, ModelList(ListShape.OPENAI, models)),))


def no_listing(check: CheckResult = BAD_KEY) -> Checked:
    """A model list that does not arrive."""
    return Checked("models", (check,))


def answer(text: str = "OK", check: CheckResult = CHAT_PASSED) -> Checked:
    """A chat that is answered so."""
    frame = Frame("", "{}", 2, (TextDelta(text),))
    return Checked("chat", (check,), (Streamed(0, 200_000_000, frame), AnswerArrived(0, text, "")))


CATALOGUE = (
    ModelInfo("gpt-5.5", provider="openai", context=400_000, max_output=128_000, input_price=1.25, output_price=10.0,
              endpoint_types=("openai", "openai-response")),
    ModelInfo("gpt-5.4-mini", provider="openai", context=400_000, max_output=128_000, input_price=0.25,
              output_price=2.0, endpoint_types=("openai", "openai-response")),
    ModelInfo("text-embedding-4", provider="openai", context=8_192, input_price=0.02, endpoint_types=("embeddings",)),
    ModelInfo("claude-opus-4-6", provider="anthropic", context=200_000, max_output=64_000, input_price=15.0,
              output_price=75.0, endpoint_types=("anthropic", "openai")),
    ModelInfo("claude-haiku-4-5-20251001", provider="anthropic", context=200_000, max_output=64_000, input_price=1.0,
              output_price=5.0, endpoint_types=("anthropic", "openai")),
    ModelInfo("gemini-3-pro", provider="google", context=1_048_576, max_output=65_536, input_price=2.0,
              output_price=12.0, endpoint_types=("gemini", "openai")),
    ModelInfo("qwen3-coder-480b-a35b-instruct", provider="qwen", context=262_144, endpoint_types=("openai",)),
)  # fmt: skip

TOKONE = Profile(
    "tokone",
    "https://api.tokone.example/v1",
    protocols=(Protocol.OPENAI_CHAT, Protocol.ANTHROPIC, Protocol.GEMINI),
)

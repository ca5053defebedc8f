"""A gateway put together from what is right and wrong with it, and a doctor's run against it held to its log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.failure import Finding
from gatewaytui.domain.profile import (
    NO_KEY,
    AuthHeader,
    Group,
    KeyReference,
    KeySource,
    Profile,
    Protocol,
    Target,
    Timeouts,
)
from gatewaytui.domain.progress import DOCTOR_BUDGET, CheckFinished, DoctorJob, Progress, RequestMade
from gatewaytui.domain.run import Budget, CheckResult, KeyUsed, Outcome, Run, Sent
from gatewaytui.domain.secret import Secret, wrong_key
from gatewaytui.engine.engine import Engine
from gatewaytui.evidence.record import build
from gatewaytui.evidence.verify import verify
from tests.servers.recording import AUTH_HEADERS, Answer, Asked, Gateway, recording

from .answers import BAD_KEY, NO_ROUTE, Route, chat_answer, messages_answer, model_list, responses_answer
from .support import Keys, finish

KEY = "sk-canaryOWN0123456789abcdefABCDEF0123456789ab"
GROUP_KEY = "sk-canaryGRP9876543210fedcbaFEDCBA9876543210ba"
WRONG_KEY = wrong_key().reveal()
IDS = ("gpt-5.5", "gpt-5.5-mini", "claude-sonnet-4-6", "gemini-3.5-flash", "text-embedding-3-small")
PATIENCE = Timeouts(connect=2, first_byte=0.7, stall=1, total=4)
HEADER_NAMES = dict(
    zip(
        (AuthHeader.BEARER, AuthHeader.X_API_KEY, AuthHeader.X_GOOG_API_KEY, AuthHeader.API_KEY),
        AUTH_HEADERS,
        strict=True,
    )
)


_CHATS: Mapping[str, Route] = {
    "/v1/chat/completions": chat_answer,
    "/v1/responses": responses_answer,
    "/v1/messages": messages_answer,
}


class Usual(msgspec.Struct, frozen=True):
    """A gateway that does everything right, unless told otherwise.

    ``at`` is where its ``/v1`` stands. ``keys`` are the keys it takes (() is any, or none), read only from the
    ``headers`` named. ``free`` are paths (below ``at``) that look at no key. ``routes`` replace what a path does;
    ``serves`` are the chat paths it has.
    """

    at: str = ""
    ids: tuple[str, ...] = IDS
    keys: tuple[str, ...] = (KEY,)
    headers: tuple[str, ...] = ("authorization",)
    free: tuple[str, ...] = ()
    serves: tuple[str, ...] = ("/v1/chat/completions",)
    routes: Mapping[str, Route] = msgspec.field(default_factory=dict)

    def __call__(self, asked: Asked) -> Answer | None:
        path = asked.path.removeprefix(self.at) if asked.path.startswith(self.at + "/") else ""
        route = self.routes.get(path) or self._own(path)
        if route is None:
            return NO_ROUTE
        known = any(asked.keys.get(name) in self.keys for name in self.headers)
        if self.keys and path not in self.free and not known:
            return BAD_KEY
        return route(asked)

    def _own(self, path: str) -> Route | None:
        if path == "/v1/models":
            return lambda _: model_list(self.ids)
        return _CHATS[path] if path in self.serves else None


@dataclass
class Ended:
    """A finished run and everything to hold it against."""

    run: Run
    told: list[Progress]
    gateway: Gateway
    document: dict[str, Any]
    markdown: str

    @property
    def finding(self) -> Finding:
        """Of the first failed check."""
        assert self.run.failed is not None and self.run.failed.finding is not None, shown(self.run)
        return self.run.failed.finding

    @property
    def verdict(self) -> tuple[str, str, str]:
        """Rung, class and origin of the first failed check."""
        assert self.run.failed is not None, shown(self.run)
        return self.run.failed.name, str(self.finding.failure_class), str(self.finding.origin)

    @property
    def step(self) -> str:
        """The next step of the summary."""
        return self.finding.next_step

    @property
    def tried(self) -> list[str]:
        """The variants, in our words."""
        return [sent.variant for sent in self.run.requests if sent.variant]

    def check(self, name: str) -> CheckResult:
        return next(check for check in self.run.checks if check.name == name)


def shown(run: Run) -> str:
    """For a failed assertion: what every rung came to."""
    lines = [
        f"{check.name}: {check.outcome} {check.finding and check.finding.failure_class} {check.note}"
        for check in run.checks
    ]
    return "\n".join([*lines, *(f"{sent.variant} {sent.path} {sent.status}" for sent in run.requests)])


def a_target(
    url: str,
    model: str = "gpt-5.5",
    key: str | None = KEY,
    groups: tuple[Group, ...] = (),
    protocol: Protocol = Protocol.OPENAI_CHAT,
    auth: AuthHeader = AuthHeader.AUTO,
) -> Target:
    """A target with its key in memory."""
    source = NO_KEY if key is None else KeyReference(KeySource.ENV, name="NOWHERE")
    profile = Profile("plain", url, key=source, groups=groups, protocol=protocol, auth_header=auth, timeouts=PATIENCE)
    return Target(profile, group=groups[0].name if groups else "", model=model)


def examine(
    behaviour: Callable[[Asked], Answer | None],
    path: str = "/v1",
    *,
    model: str = "gpt-5.5",
    key: str | None = KEY,
    groups: tuple[Group, ...] = (),
    protocol: Protocol = Protocol.OPENAI_CHAT,
    auth: AuthHeader = AuthHeader.AUTO,
    budget: Budget = DOCTOR_BUDGET,
) -> Ended:
    """A doctor's run against this behaviour, with everything that holds for every run held already."""
    with recording(behaviour) as gateway:
        target = a_target(f"{gateway.url}{path}", model, key, groups, protocol, auth)
        before = replace(target)
        keys = Keys(
            *([("plain", target.group, Secret(key))] if key else []),
            *(("plain", group.name, Secret(GROUP_KEY)) for group in groups[1:]),
        )
        engine = Engine(keys)
        run, told = asyncio.run(finish(engine, DoctorJob(target, budget)))
        assert target == before, "the profile is proposed for, never changed"
        _same_as_the_log(run, gateway)
        _within(run, told, budget)
        _told_as_it_is(run, told)
        document, markdown = _rendered(engine, run)
        return Ended(run, told, gateway, document, markdown)


def _same_as_the_log(run: Run, gateway: Gateway) -> None:
    """The run claims the requests that the server saw: count, order, path, header, key, model and form."""
    claimed = [
        (sent.method, sent.path, _keys(sent), sent.model if sent.method == "POST" else "", sent.streamed)
        for sent in run.requests
    ]
    seen = [
        (asked.method, asked.path, asked.keys, _model(asked), bool(asked.json.get("stream") or _streams(asked)))
        for asked in gateway.asked
    ]
    assert claimed == seen, shown(run)
    for sent in run.requests:
        if sent.base_url:
            assert sent.base_url.startswith(gateway.url) and not sent.base_url.endswith("/")


def _keys(sent: Sent) -> dict[str, str]:
    texts = {KeyUsed.OWN: KEY, KeyUsed.WRONG: WRONG_KEY, KeyUsed.GROUP: GROUP_KEY}
    if sent.key is KeyUsed.NONE or sent.auth_header is AuthHeader.NONE:
        return {}
    return {HEADER_NAMES[sent.auth_header]: texts[sent.key]}


def _model(asked: Asked) -> str:
    if asked.method == "GET":
        return ""
    in_path = asked.path.rpartition("/models/")[2].partition(":")[0] if "/models/" in asked.path else ""
    return str(asked.json.get("model", in_path))


def _streams(asked: Asked) -> bool:
    return asked.path.endswith(":streamGenerateContent")


def _within(run: Run, told: list[Progress], budget: Budget) -> None:
    spent = run.spending
    assert spent is not None and spent.limit == budget
    assert spent.requests == len(run.requests) <= budget.requests
    assert 0 <= spent.tokens <= budget.tokens
    made = [event for event in told if isinstance(event, RequestMade)]
    assert [event.sent for event in made] == list(run.requests)
    assert not made or made[-1].spent.requests == spent.requests


def _told_as_it_is(run: Run, told: list[Progress]) -> None:
    """Whoever listens ends with the run's own verdicts."""
    last = {event.check.name: event.check for event in told if isinstance(event, CheckFinished)}
    assert last == {check.name: check for check in run.checks}
    failed = [check for check in run.checks if check.outcome in (Outcome.FAILED, Outcome.WARNED)]
    assert all(check.finding is not None for check in failed)


def _rendered(engine: Engine, run: Run) -> tuple[dict[str, Any], str]:
    """Evidence in both forms: through the gate, by the schema, without a key."""
    evidence = build(run)
    as_json = asyncio.run(engine.export(evidence, "json"))
    as_markdown = asyncio.run(engine.export(evidence, "markdown"))
    for content in (as_json, as_markdown):
        assert verify(content) == ()
        assert not any(key.encode() in content for key in (KEY, GROUP_KEY, WRONG_KEY))
    document = json.loads(as_json)
    assert len(document["requests"]) == len(run.requests)
    for row, sent in zip(document["requests"], run.requests, strict=True):
        assert (row["path"], row["status"]) == (sent.path, sent.status)
    return document, as_markdown.decode()

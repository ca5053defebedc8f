"""What all parts of an endpoint matrix share: the keys, the models each key lists, and one way to ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial

import msgspec
from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.models import ModelsCheck
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.progress import CheckFinished, CheckStarted, MatrixJob
from gatewaytui.domain.run import CheckResult, KeyUsed
from gatewaytui.domain.secret import Secret, repr_without

from .desk import Desk
from .ledger import Ledger
from .recognising import Recogniser
from .session import Judged, Session, from_source, key_for, open_session

NO_BUDGET = "Not tried: the budget of requests or tokens is spent."


class Holder(msgspec.Struct, frozen=True):
    """A key and the group it belongs to ("" for the target's own without a group). No protocols named means all."""

    group: str
    secret: Secret | None
    key: KeyUsed
    protocols: tuple[Protocol, ...] = ()

    def __repr__(self) -> str:
        return repr_without(self, "secret")


class Keyring(msgspec.Struct, frozen=True):
    """The target's own key (None where only its groups have keys), the groups' keys, and those that cannot be read.

    ``locked`` are (group, the sentence that says why). There is an own key or at least one of a group.
    """

    own: Holder | None
    groups: tuple[Holder, ...] = ()
    locked: tuple[tuple[str, str], ...] = ()

    def holder(self, protocol: Protocol) -> Holder:
        """Whose key asks in this protocol: the target's own, else that of the group that is set up for it."""
        if self.own is not None:
            return self.own
        fitting = (one for one in self.groups if not one.protocols or protocol in one.protocols)
        return next(fitting, self.groups[0])


@dataclass(slots=True)
class Matrix:
    """One matrix as it goes."""

    job: MatrixJob
    desk: Desk
    ledger: Ledger
    plan: Plan
    session: Session
    keyring: Keyring
    checks: list[CheckResult] = field(default_factory=list)
    listed: dict[str, Sequence[ModelInfo]] = field(default_factory=dict)  # by group
    lists: dict[str, Judged] = field(default_factory=dict)  # by URL, of the base key
    recogniser: Recogniser = field(init=False)

    def __post_init__(self) -> None:
        self.recogniser = Recogniser(self.desk.tell)

    def holder(self, protocol: Protocol) -> Holder:
        """Whose key asks in this protocol."""
        return self.keyring.holder(protocol)

    @property
    def base(self) -> Holder:
        """Whose key reads the catalogue."""
        return self.holder(self.plan.target.protocol)

    async def ask(
        self, request: WireRequest, check: str, holder: Holder, variant: str = "", tokens: int = 0
    ) -> Judged | None:
        """One request with the holder's key, logged; None where the budget does not allow it."""
        answer = await self.ledger.ask(
            self.session.keyed(holder.secret),
            request,
            check=check,
            variant=variant,
            key=holder.key,
            group=holder.group,
            tokens=tokens,
        )
        if answer is not None:
            self._heard(answer)
        return answer

    async def models(self, holder: Holder) -> Sequence[ModelInfo]:
        """What this key's list names: asked once, its first page; every listed model where it names none."""
        if holder.group not in self.listed:
            request = ModelsCheck().request(self.plan)
            answer = await self.ask(request, "models", holder, f"key of group {holder.group}")
            models = answer.reading.models if answer is not None and answer.reading else None
            self.listed[holder.group] = models.models if models is not None else ()
        return self.listed[holder.group] or self.all_models()

    def all_models(self) -> tuple[ModelInfo, ...]:
        """Every model that any key has listed, each once."""
        return tuple({model.id: model for models in self.listed.values() for model in models}.values())

    def begin(self, name: str, request: WireRequest) -> None:
        """Tell that a request is about to be sent."""
        self.desk.tell(CheckStarted(0, name, request.method, request.path))

    def settle(self, check: CheckResult) -> CheckResult:
        """Keep and tell a verdict."""
        self.checks.append(check)
        self.desk.tell(CheckFinished(0, check))
        return check

    def resettle(self, checks: Iterable[CheckResult]) -> None:
        """Put all verdicts anew, telling those that changed."""
        after = list(checks)
        for before, now in zip(self.checks, after, strict=True):
            if before != now:
                self.desk.tell(CheckFinished(0, now))
        self.checks = after

    def _heard(self, answer: Judged) -> None:
        """What it shows beside its verdict; its words, for the leak gate."""
        self.recogniser.hear(answer)
        reading = answer.reading
        if reading is not None and reading.answer is not None:
            self.desk.secrets.keep_response(reading.answer.text)
            self.desk.secrets.keep_response(reading.answer.reasoning)


class Metered(msgspec.Struct, frozen=True):
    """A session that keeps the log, for the fetching of a list."""

    matrix: Matrix

    async def exchange(self, request: WireRequest) -> Judged:
        """The request, logged; ask :meth:`may_ask` first."""
        answer = await self.matrix.ask(request, "models", self.matrix.base)
        if answer is None:
            raise AssertionError("the budget was looked at before")
        self.matrix.lists[request.url] = answer
        return answer

    def may_ask(self) -> bool:
        """True where the budget allows one more GET, which may have to travel twice."""
        return self.matrix.ledger.allows(requests=2)


async def open_keyring(stack: AsyncExitStack, target: Target, desk: Desk, groups: bool) -> tuple[Session, Keyring]:
    """A session, the target's own key, and its groups' keys; ``groups`` reads them beside an own key too.

    Where the target has no key of its own, its groups' keys stand in. Raises Problem where no key can be read.
    """
    named = bool(target.profile.groups) and not target.group
    try:
        session, secret = await stack.enter_async_context(open_session(target, desk.keys, pulse=desk.pulse))
    except Problem as problem:
        holders, locked = await _group_holders(target, desk) if named else ((), ())
        if not holders:
            raise
        try:
            opened = replace(target, group=holders[0].group)
            session, _ = await stack.enter_async_context(open_session(opened, desk.keys, pulse=desk.pulse))
        except Problem:
            raise problem from None
        return session, Keyring(None, holders, locked)
    group = target.profile.group(target.group)
    own = Holder(target.group, secret, KeyUsed.OWN if secret else KeyUsed.NONE, group.protocols if group else ())
    return session, Keyring(own, *(await _group_holders(target, desk) if groups and named else ()))


async def _group_holders(target: Target, desk: Desk) -> tuple[tuple[Holder, ...], tuple[tuple[str, str], ...]]:
    """The groups whose key can be read; the names of the others, each with the sentence that says why not."""
    holders: list[Holder] = []
    locked: list[tuple[str, str]] = []
    for group in target.profile.groups:
        one = replace(target, group=group.name)
        try:
            secret = await from_source(partial(key_for, one, desk.keys))
        except Problem as problem:
            locked.append((group.name, problem.sentence))
            continue
        holders.append(Holder(group.name, secret, KeyUsed.GROUP if secret else KeyUsed.NONE, group.protocols))
    return tuple(holders), tuple(locked)

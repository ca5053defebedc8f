"""One doctor's run as it goes: what it has sent, heard and settled, shared by its rungs and its isolation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Unpack

from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.tls import with_skew
from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import KeySource, Target
from gatewaytui.domain.progress import CheckFinished, CheckStarted
from gatewaytui.domain.run import Budget, CheckResult, KeyUsed, Outcome, Rung
from gatewaytui.domain.secret import Secret

from .desk import Desk
from .ledger import Label, Ledger
from .recognising import Recogniser
from .session import Judged, Session

PROMPT = "Reply with OK"
_CHAT_TOKENS, _PROMPT_TOKENS = 64, 16
CHAT_COST = _CHAT_TOKENS + _PROMPT_TOKENS
SMALL_CHAT = ChatRequest("", (Message(Role.USER, PROMPT),), stream=False, max_tokens=_CHAT_TOKENS)


@dataclass(slots=True)
class Climb:
    """The state of one run against one target. ``asked`` is the model a person gave, ``plan`` the one in use."""

    desk: Desk
    plan: Plan
    asked: str
    budget: Budget
    ledger: Ledger = field(init=False)
    recogniser: Recogniser = field(init=False)
    session: Session | None = None
    checks: list[CheckResult] = field(default_factory=list)
    connection: ConnectionFacts | None = None
    first_list: Judged | None = None
    listed: ModelList | None = None
    account: AccountFacts | None = None
    https_base_url: str = ""
    _clocks_compared: bool = False

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.budget, self.desk.tell)
        self.recogniser = Recogniser(self.desk.tell)

    @property
    def target(self) -> Target:
        """What is examined."""
        return self.plan.target

    @property
    def keyed(self) -> bool:
        """True where the target has a key at all."""
        return self.target.key.source is not KeySource.NONE

    def target_of(self, group: str) -> Target:
        """The same target with another group's key."""
        return replace(self.target, group=group)

    @property
    def broken(self) -> CheckResult | None:
        """The first rung that failed so far."""
        return next((check for check in self.checks if check.outcome is Outcome.FAILED), None)

    def begin(self, rung: Rung) -> None:
        """Tell that a rung is about to be tried."""
        self.desk.tell(CheckStarted(0, rung, "", ""))

    def settle(self, check: CheckResult) -> CheckResult:
        """Keep and tell a rung's verdict."""
        self.checks.append(check)
        self.desk.tell(CheckFinished(0, check))
        return check

    def amend(self, check: CheckResult) -> None:
        """Put a verdict in the place of the earlier one of that rung, and tell it where it differs."""
        for place, known in enumerate(self.checks):
            if known.name == check.name and known != check:
                self.checks[place] = check
                self.desk.tell(CheckFinished(0, check))

    async def ask(
        self,
        request: WireRequest,
        check: str,
        *,
        secret: Secret | None = None,
        tokens: int = 0,
        **label: Unpack[Label],
    ) -> Judged | None:
        """One request, logged and looked at; None where the budget is spent. ``secret`` goes with another ``key``."""
        if self.session is None:
            raise AssertionError("requests need a session")
        own = label.get("key", KeyUsed.OWN) is KeyUsed.OWN
        session = self.session if own else self.session.keyed(secret)
        answer = await self.ledger.ask(session, request, check=check, tokens=tokens, **label)
        return None if answer is None else self.look_at(answer)

    def look_at(self, answer: Judged) -> Judged:
        """See what an answer shows beside its verdict: which software, whose clock, the server's own words."""
        self.recogniser.hear(answer)
        if answer.exchange.response is not None:
            self._compare_clocks(answer.exchange.response.header("date"))
        return answer

    def _compare_clocks(self, date: str) -> None:
        """The first answer with a Date tells how far the clocks are apart: said on the tls rung (design/rules.md)."""
        theirs = _moment(date)
        if self._clocks_compared or theirs is None or self.connection is None:
            return
        self._clocks_compared = True
        skew_s = (self.desk.now() - theirs).total_seconds()
        for check in tuple(self.checks):
            if check.name == Rung.TLS:
                self.amend(with_skew(check, self.connection, skew_s))


def _moment(date: str) -> datetime | None:
    """The time of a Date header, None where there is none or it has no zone."""
    try:
        moment = parsedate_to_datetime(date)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else None

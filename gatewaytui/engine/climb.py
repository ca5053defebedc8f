"""One doctor's run as it goes: what it has sent, heard and settled, shared by its rungs and its isolation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from gatewaytui.checks.base import Plan
from gatewaytui.checks.tls import with_skew
from gatewaytui.diagnosis.fingerprint import Seen, recognise
from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.connection import ConnectionFacts
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import KeySource, Target
from gatewaytui.domain.progress import CheckFinished, CheckStarted, GatewayRecognised, ServerSaid
from gatewaytui.domain.run import Budget, CheckResult, GatewayFacts, KeyUsed, Outcome, Rung
from gatewaytui.domain.secret import Secret
from gatewaytui.domain.text import safe_line

from .desk import Desk
from .ledger import Ledger
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
    session: Session | None = None
    checks: list[CheckResult] = field(default_factory=list)
    connection: ConnectionFacts | None = None
    first_list: Judged | None = None
    listed: ModelList | None = None
    gateway: GatewayFacts | None = None
    account: AccountFacts | None = None
    https_base_url: str = ""
    _seen: list[Seen] = field(default_factory=list)
    _clocks_compared: bool = False

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.budget, self.desk.tell)

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
        variant: str = "",
        key: KeyUsed = KeyUsed.OWN,
        secret: Secret | None = None,
        group: str = "",
        model: str = "",
        base_url: str = "",
        tokens: int = 0,
    ) -> Judged | None:
        """One request, logged and looked at; None where the budget is spent. ``secret`` goes with another ``key``."""
        if self.session is None:
            raise AssertionError("requests need a session")
        answer = await self.ledger.ask(
            self.session if key is KeyUsed.OWN else self.session.keyed(secret),
            request,
            check=check,
            variant=variant,
            key=key,
            group=group,
            model=model,
            base_url=base_url,
            tokens=tokens,
        )
        return None if answer is None else self.look_at(answer)

    def look_at(self, answer: Judged) -> Judged:
        """See what an answer shows beside its verdict: which software, whose clock, the server's own words."""
        response, reading = answer.exchange.response, answer.reading
        if response is None:
            return answer
        error = reading.error if reading else None
        self._seen.append(Seen(response, error, reading.models if reading else None))
        gateway = recognise(self._seen)
        if gateway != self.gateway and (gateway.software or gateway.edge):
            self.gateway = gateway
            self.desk.tell(GatewayRecognised(0, gateway))
        self._compare_clocks(response.header("date"))
        if error is not None and error.message:
            self.desk.tell(ServerSaid(0, safe_line(error.message)))
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

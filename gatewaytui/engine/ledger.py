"""The log and the budget of one run against one target: every request is counted, told and kept as a line."""

from __future__ import annotations

from typing import TypedDict, Unpack

from msgspec.structs import replace

from gatewaytui.checks.base import outcome_of
from gatewaytui.domain.exchange import Exchange, Phase, WireRequest
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.progress import RequestMade
from gatewaytui.domain.run import Budget, KeyUsed, Outcome, Sent, Spending
from gatewaytui.transport.client import PhaseDone, TransportEvent

from .desk import Tell
from .session import Judged, Session

REPEATED = "repeated on a new connection"


class Label(TypedDict, total=False):
    """What a line of the log says beside the exchange itself, as `Sent` has it; what is left out is the usual."""

    variant: str
    key: KeyUsed
    group: str
    model: str
    base_url: str


class Ledger:
    """What a run has sent and spent. Nothing is sent that the budget does not allow; what is not sent is counted.

    One ledger serves one run and one target; it may send through any number of sessions.
    """

    def __init__(self, budget: Budget, tell: Tell, target: int = 0) -> None:
        self._tell = tell
        self._target = target
        self._sent: list[Sent] = []
        self._spending = Spending(budget)
        self._idle = False  # a connection may be kept for another GET

    @property
    def requests(self) -> tuple[Sent, ...]:
        """Every request so far, in the order of their ends."""
        return tuple(self._sent)

    @property
    def spending(self) -> Spending:
        """What was spent so far, and of what."""
        return self._spending

    def allows(self, tokens: int = 0, requests: int = 1) -> bool:
        """True where so many more requests, and tokens in and out together, still fit into the budget."""
        spent, limit = self._spending, self._spending.limit
        return spent.requests + requests <= limit.requests and spent.tokens + tokens <= limit.tokens

    def skip(self, count: int = 1) -> None:
        """Something was left untried for want of budget."""
        self._spending = replace(self._spending, skipped=self._spending.skipped + count)

    async def ask(
        self,
        session: Session,
        request: WireRequest,
        *,
        check: str,
        tokens: int = 0,
        **label: Unpack[Label],
    ) -> Judged | None:
        """Send one request to its end and log it; None where the budget does not allow it.

        ``tokens`` is what the request asks for at most, in and out; it is what counts where the answer has no usage.
        """
        room = 2 if self._idle and request.method == "GET" else 1  # such a GET may have to travel twice
        if not self.allows(tokens, room):
            self.skip()
            return None
        if request.method == "GET" and session.reuses:
            self._idle = True
        exchange, repeats = await _sent(session, request)
        answer = session.judged(exchange)
        for _ in range(repeats):
            self._log(_lost(_line(answer, check, label)), 0)
        self.record(answer, check=check, tokens=tokens, **label)
        return answer

    def record(self, answer: Judged, *, check: str, tokens: int = 0, **label: Unpack[Label]) -> None:
        """Log an exchange that was sent elsewhere (a stream); ask :meth:`allows` before it is sent."""
        self._log(_line(answer, check, label), tokens_of(answer, tokens))

    def _log(self, line: Sent, tokens: int) -> None:
        sent = replace(line, target=self._target)
        self._sent.append(sent)
        spent = self._spending
        self._spending = replace(spent, requests=spent.requests + 1, tokens=spent.tokens + tokens)
        self._tell(RequestMade(self._target, sent, self._spending))


async def _sent(session: Session, request: WireRequest) -> tuple[Exchange, int]:
    """The exchange, and how often the transport had to send the request again to get it."""
    sends: list[PhaseDone] = []

    def hear(event: TransportEvent) -> None:
        if isinstance(event, PhaseDone) and event.phase is Phase.SEND:
            sends.append(event)

    exchange = await session.send(request, hear)
    return exchange, max(0, len(sends) - 1)


def _line(answer: Judged, check: str, label: Label) -> Sent:
    """The log line of an exchange."""
    exchange, finding = answer.exchange, answer.finding
    request = exchange.request
    return Sent(
        check=check,
        method=request.method,
        path=request.path,
        outcome=outcome_of(finding),
        variant=label.get("variant", ""),
        base_url=label.get("base_url", ""),
        auth_header=request.auth_header,
        key=label.get("key", KeyUsed.OWN),
        group=label.get("group", ""),
        protocol=request.ask.protocol,
        model=label.get("model") or request.ask.model,
        streamed=bool(request.ask.streaming),
        status=exchange.response.status if exchange.response else None,
        elapsed_ms=exchange.elapsed_ms,
        failure_class=finding.failure_class if finding else None,
    )


def _lost(line: Sent) -> Sent:
    """A sending before this one, which an idle connection swallowed."""
    return replace(
        line,
        outcome=Outcome.FAILED,
        variant=REPEATED,
        status=None,
        elapsed_ms=None,
        failure_class=FailureClass.CONNECTION_RESET,
    )


def tokens_of(answer: Judged, asked: int) -> int:
    """Tokens in and out as the server counted them, else what was asked for; none where nothing was served.

    A count of nothing counts nothing. A chat that was taken and never answered may have been served all the same.
    """
    usage = answer.reading.answer.usage if answer.reading and answer.reading.answer else None
    if usage is not None and (counted := usage.in_all):
        return counted
    response, fault = answer.exchange.response, answer.exchange.fault
    taken = fault is not None and fault.phase in (Phase.WAIT, Phase.BODY)
    served = taken if response is None else response.status < 400
    return asked if served and answer.exchange.request.method != "GET" else 0

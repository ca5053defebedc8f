"""The contract of an endpoint: what it is asked, with which model, and what counts as its answer. Pure."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from gatewaytui.checks.base import Plan, result
from gatewaytui.checks.findings import found
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import NOT_OFFERED, FailureClass, Finding
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.run import CheckResult, Outcome

from .fitting import Fit

PROMPT = "Reply with OK"
PROMPT_TOKENS = 16
ANSWER_TOKENS = 16  # the least that every protocol takes (Responses refuses fewer)
MANY_DOLLARS = 0.01
"""A single request that may cost more than this needs a person's word first, whatever it asks for."""

_MILLION = 1_000_000


def _any_answer(exchange: Exchange, reading: Reading) -> bool:
    del exchange, reading
    return True


def _misshapen(reading: Reading) -> FailureClass:
    del reading
    return FailureClass.RESPONSE_SHAPE


def _as_it_is(plan: Plan, error: ErrorObject | None) -> WireRequest | None:
    del plan, error
    return None


class Endpoint(msgspec.Struct, frozen=True):
    """One endpoint of a gateway: a row of ``ENDPOINTS``.

    ``build`` makes the smallest valid request for the plan's model; ``adapt`` the same in the form an error asked
    for, or None. ``answered`` tells whether a success holds what was promised, beyond the general rules, and
    ``unanswered`` what it means where it does not.
    ``fit`` is None where no model is asked. ``tokens`` are in and out at most; ``bound`` are the (input, output)
    tokens that a price a token is multiplied by. ``billable`` needs a person's word.
    """

    name: str
    title: str
    protocol: Protocol
    build: Callable[[Plan], WireRequest]
    fit: Fit | None = None
    answered: Callable[[Exchange, Reading], bool] = _any_answer
    unanswered: Callable[[Reading], FailureClass] = _misshapen
    adapt: Callable[[Plan, ErrorObject | None], WireRequest | None] = _as_it_is
    billable: bool = False
    tokens: int = PROMPT_TOKENS
    bound: tuple[int, int] = (PROMPT_TOKENS, 0)

    def plan(self, plan: Plan, model: str) -> Plan:
        """The run's plan in this endpoint's protocol, with this model."""
        return Plan(replace(plan.target, protocol_override=self.protocol), model)

    def cost(self, model: ModelInfo | None) -> float | None:
        """US dollars at most by the listed prices, None where they are not listed; a list costs nothing."""
        if self.fit is None:
            return 0.0
        if model is None or model.input_price is None or (self.bound[1] and model.output_price is None):
            return None
        if self.billable and not model.input_price and not model.output_price:
            return None  # a price of nothing a token: it is billed some other way
        return (self.bound[0] * model.input_price + self.bound[1] * (model.output_price or 0.0)) / _MILLION

    def needs_word(self, cost: float | None) -> bool:
        """True where a person confirms first: images, audio, and any request at a high price."""
        return self.billable or (cost is not None and cost > MANY_DOLLARS)

    def judge(
        self, exchange: Exchange, reading: Reading | None, finding: Finding | None, note: str = ""
    ) -> CheckResult:
        """Passed for the right shape of answer; else the class of the failure."""
        if finding is None and reading is not None and not self.answered(exchange, reading):
            finding = found(self.unanswered(reading), "endpoint.shape", exchange, reading)
        if finding is not None and finding.failure_class in NOT_OFFERED:
            step = f"The gateway does not offer {self.title} at {exchange.request.path}: use what it offers."
            whose = FailureClass.ENDPOINT_UNSUPPORTED.meaning.whose
            finding = replace(finding, whose=whose, next_step=step)
        return result(self.name, exchange, reading, finding, note=note)


def billable(
    name: str,
    title: str,
    build: Callable[[str, str, AuthHeader], WireRequest],
    fit: Fit,
    answered: Callable[[Exchange, Reading], bool],
    bound: tuple[int, int],
) -> Endpoint:
    """An endpoint of the OpenAI family that costs more than a tiny text; ``build`` takes base URL, model, header."""

    def request(plan: Plan) -> WireRequest:
        return build(plan.target.profile.base_url, plan.model, plan.auth)

    return Endpoint(
        name, title, Protocol.OPENAI_CHAT, request, fit, answered, billable=True, tokens=PROMPT_TOKENS, bound=bound
    )


def body_of(exchange: Exchange) -> bytes:
    """The body that came, b"" where none did."""
    return exchange.response.body if exchange.response else b""


def refused_unused(check: CheckResult) -> bool:
    """True for an auth header that was tried and refused and that the target does not use: no fault of anything."""
    return check.outcome is Outcome.SKIPPED and check.status is not None


def not_offered(finding: Finding | None) -> bool:
    """True where the gateway has no such endpoint, which is no fault of anything."""
    return finding is not None and finding.failure_class in NOT_OFFERED

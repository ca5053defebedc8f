"""The contract of a check, and the one way an exchange becomes a CheckResult."""

from __future__ import annotations

from typing import Protocol as Contract

import msgspec

from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import Finding
from gatewaytui.domain.profile import AuthHeader, KeySource, Target
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.run import AnswerFacts, CatalogueFacts, CheckResult, Outcome, StreamFacts
from gatewaytui.domain.text import safe_line, valid_model_id
from gatewaytui.protocols.base import Dialect
from gatewaytui.protocols.table import PROTOCOLS

SAMPLE_IDS = 5
REQUEST_ID_HEADERS = (
    "x-request-id",
    "request-id",
    "x-oneapi-request-id",
    "apim-request-id",
    "x-litellm-call-id",
    "x-generation-id",
    "x-ds-trace-id",
    "x-debug-trace-id",
    "x-kong-request-id",
    "x-inference-request-id",
    "x-amzn-requestid",
    "cf-ray",
)  # recorded in real traffic, the gateway's own before the edge's


class Plan(msgspec.Struct, frozen=True):
    """What a run knows when it asks: the target and the model chosen so far ("" when none)."""

    target: Target
    model: str = ""

    @property
    def dialect(self) -> Dialect:
        """The wire dialect of this run."""
        return PROTOCOLS[self.target.protocol]

    @property
    def auth(self) -> AuthHeader:
        """The one header that carries the key: forced by the profile, else the protocol's own; none without a key."""
        if self.target.key.source is KeySource.NONE:
            return AuthHeader.NONE
        forced = self.target.profile.auth_header
        return self.dialect.auth_header if forced is AuthHeader.AUTO else forced


class Check(Contract):
    """One thing to prove with one request. Pure: the engine sends, the check asks and judges."""

    name: str

    def request(self, plan: Plan) -> WireRequest:
        """What to send."""
        ...

    def judge(self, exchange: Exchange, reading: Reading | None, finding: Finding | None) -> CheckResult:
        """What it means."""
        ...


def result(
    name: str,
    exchange: Exchange,
    reading: Reading | None,
    finding: Finding | None,
    stream: StreamFacts | None = None,
    note: str = "",
) -> CheckResult:
    """The CheckResult of one exchange: its outcome follows from the finding alone."""
    return CheckResult(
        name=name,
        outcome=outcome_of(finding),
        method=exchange.request.method,
        path=exchange.request.path,
        status=exchange.response.status if exchange.response else None,
        elapsed_ms=exchange.elapsed_ms,
        finding=finding,
        catalogue=_catalogue(reading),
        answer=_answer(reading),
        stream=stream,
        timings=exchange.timings,
        request_id=request_id(exchange),
        note=note,
    )


def outcome_of(finding: Finding | None) -> Outcome:
    """Passed without a finding; a class that only warns warns; everything else failed."""
    if finding is None:
        return Outcome.PASSED
    return Outcome.WARNED if finding.failure_class.meaning.only_warns else Outcome.FAILED


def request_id(exchange: Exchange) -> str:
    """The server's id of this request, made safe, or ""."""
    if exchange.response is None:
        return ""
    found = next((value for name in REQUEST_ID_HEADERS if (value := exchange.response.header(name))), "")
    return safe_line(found, 128)


def _catalogue(reading: Reading | None) -> CatalogueFacts | None:
    if reading is None or reading.models is None:
        return None
    ids = reading.models.ids
    sample = tuple(id for id in ids if valid_model_id(id))[:SAMPLE_IDS]
    return CatalogueFacts(len(ids), sample, reading.models.truncated)


def _answer(reading: Reading | None) -> AnswerFacts | None:
    if reading is None or reading.answer is None:
        return None
    answer = reading.answer
    return AnswerFacts(
        choice_count=answer.choice_count,
        finish_reason=answer.finish_reason,
        usage=answer.usage,
        served_model=answer.served_model,
        refused=bool(answer.refusal) or answer.finish_reason == "refusal",
        tool_calls=len(answer.tool_calls),
        text_chars=len(answer.text),
    )

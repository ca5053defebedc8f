"""Builders for the crosscheck's tests: checks that failed or passed, and the requests of a run."""

from __future__ import annotations

from typing import Any

from gatewaytui.diagnosis.crosscheck import CrossFacts, crosscheck
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin, Signal
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Sent

BASE = "https://gateway.test"


def failed(
    name: str,
    failure_class: FailureClass,
    status: int | None = 404,
    *signals: Signal,
    confidence: Confidence = Confidence.LIKELY,
    origin: Origin = Origin.GATEWAY,
) -> CheckResult:
    meaning = failure_class.meaning
    finding = Finding(
        failure_class, "some.rule", origin, confidence, meaning.whose, meaning.next_step, meaning.retry, signals
    )
    return CheckResult(name, Outcome.FAILED, status=status, finding=finding)


def passed(name: str) -> CheckResult:
    return CheckResult(name, Outcome.PASSED, status=200)


def tried(check: str, failure_class: FailureClass | None = None, **said: Any) -> Sent:
    """A variant; answered well where no class is given."""
    meant: dict[str, Any] = {
        "variant": "something else",
        "method": "GET" if check in ("auth", "models") else "POST",
        "auth_header": AuthHeader.BEARER,
        "protocol": Protocol.OPENAI_CHAT,
        "model": "" if check in ("auth", "models") else "gpt-5.5",
        "status": 200 if failure_class is None else 401,
        "streamed": check == "stream",
        "key": KeyUsed.OWN,
        **said,
    }
    outcome = Outcome.PASSED if failure_class is None else Outcome.FAILED
    return Sent(check=check, path="/v1/x", outcome=outcome, failure_class=failure_class, **meant)


def facts(*requests: Sent, **said: Any) -> CrossFacts:
    meant: dict[str, Any] = {"requested_model": "gpt-5.5", "listed_ids": None, "base_url": BASE, **said}
    return CrossFacts(requests=requests, **meant)


def reread(check: CheckResult, about: CrossFacts, *others: CheckResult) -> Finding:
    """The finding of this check after the crosscheck of a run of it and the others."""
    after = crosscheck((*others, check), about)[-1]
    assert after.finding is not None
    return after.finding


def untouched(check: CheckResult, about: CrossFacts, *others: CheckResult) -> bool:
    return crosscheck((*others, check), about)[-1] == check

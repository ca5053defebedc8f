"""Check ``auth``: is the key accepted, and are keys looked at at all? Proven only where a wrong one is refused."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin
from gatewaytui.domain.run import CheckResult, Outcome, Rung

_REFUSALS = frozenset((FailureClass.AUTH, FailureClass.PERMISSION))
_REFUSING = frozenset((401, 403))
_PASSING = frozenset((408, 429))  # of this moment, whatever the key
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


def refused(check: CheckResult) -> bool:
    """True where the answer says that the key itself is not good enough."""
    return check.finding is not None and check.finding.failure_class in _REFUSALS


def worth_a_wrong_key(own: CheckResult, keyed: bool) -> bool:
    """True where the answer to a wrong key would tell something: there is a key, and the server answered it."""
    return keyed and own.status is not None and not refused(own)


def judge(own: CheckResult, wrong: CheckResult | None, keyed: bool) -> CheckResult:
    """The rung, from the same request with the own key and with a wrong one (None where that was not sent)."""
    rung = CheckResult(
        name=Rung.AUTH,
        outcome=Outcome.SKIPPED,
        method=own.method,
        path=own.path,
        status=own.status,
        elapsed_ms=own.elapsed_ms,
        timings=own.timings,
        request_id=own.request_id,
        target=own.target,
    )
    if refused(own):
        note = "" if keyed else "No key is set for this target."
        return replace(rung, outcome=Outcome.FAILED, finding=own.finding, note=note)
    if own.status is None:
        return replace(rung, note="Not decided: the request brought no answer.")
    if not keyed:
        return replace(rung, note="No key is set, and this request needed none.")
    if wrong is None:
        return replace(rung, note="Not decided: no wrong key was tried.")
    if _alike(own, wrong):
        return replace(rung, note="Not decided: a wrong key fails in the same way as this one.")
    if _turned_away(own, wrong):
        return replace(rung, outcome=Outcome.PASSED, note=f"Key accepted; a wrong one is refused ({wrong.status}).")
    if own.outcome in _ANSWERED and wrong.outcome in _ANSWERED:
        note = "Not proven: a wrong key is answered just the same."
        return replace(rung, outcome=Outcome.WARNED, finding=_NOT_PROVEN, note=note)
    how = f"with HTTP {wrong.status}" if wrong.status else "without an answer"
    return replace(rung, note=f"Not decided: a wrong key fails too, {how}.")


def _alike(own: CheckResult, wrong: CheckResult) -> bool:
    """True where both keys fail in one way: a page before the gateway refuses everybody with 403."""
    if own.finding is None or wrong.finding is None or own.outcome in _ANSWERED:
        return False
    return (own.status, own.finding.failure_class) == (wrong.status, wrong.finding.failure_class)


def _turned_away(own: CheckResult, wrong: CheckResult) -> bool:
    """True where the wrong key is refused as a key; LiteLLM without a database and Google say 400 to one."""
    said = wrong.status is not None and 400 <= wrong.status < 500 and wrong.status not in _PASSING
    return refused(wrong) or wrong.status in _REFUSING or (own.outcome in _ANSWERED and said)


_NOT_PROVEN = Finding(
    failure_class=FailureClass.AUTH,
    rule="auth.not_proven",
    origin=Origin.GATEWAY,
    confidence=Confidence.POSSIBLE,
    whose="Nobody's yet: this request is answered with any key, so it proves nothing about yours.",
    next_step="Look at the chat: it is what needs the key. To prove the key, chat once with a wrong one.",
)

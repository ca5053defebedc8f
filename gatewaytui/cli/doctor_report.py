"""The doctor's report as text: the ladder, the broken rung explained, what was tried, what it cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.domain.failure import Finding, RetryWhen
from gatewaytui.domain.profile import Target
from gatewaytui.domain.run import CheckResult, KeyUsed, Outcome, Run, Sent
from gatewaytui.domain.text import safe_line
from gatewaytui.evidence import allow

from . import output

_REAL_KEYS = frozenset((KeyUsed.OWN, KeyUsed.GROUP))  # a refusal of any other key is neither good nor bad
_NAME, _NARROWEST, _WIDEST, _TIME = 10, 60, 110, 9


def head(target: Target) -> str:
    """What is examined: target, address, auth header and protocol."""
    profile = target.profile
    parts = (target.label, profile.base_url, Plan(target).auth, target.protocol)
    return "  ".join(safe_line(str(part), 120) for part in parts) + "\n"


def rung(check: CheckResult) -> str:
    """One line: sign, name, what was found, time."""
    width = max(_NARROWEST, min(shutil.get_terminal_size((100, 24)).columns, _WIDEST))
    time = "" if check.elapsed_ms is None else f"{check.elapsed_ms:,.0f} ms"
    lead = f"{output.sign(check.outcome)} {check.name:<{_NAME}}"
    room = width - len(lead) - _TIME - 1
    first, *rest = _wrapped(_found(check), room)
    lines = [f"{lead}{first:<{room}} {time:>{_TIME}}".rstrip()]
    return "\n".join(lines + [" " * len(lead) + line for line in rest])


def _found(check: CheckResult) -> str:
    status = f"HTTP {check.status}" if check.status is not None and check.finding is not None else ""
    verdict = " ".join(filter(None, (status, check.finding.failure_class if check.finding else "")))
    return ". ".join(filter(None, (verdict, check.note))) or str(check.outcome)


def _wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width) or [""]


def end(run: Run, told: Mapping[str, CheckResult] = MappingProxyType({})) -> str:
    """All that follows the rungs. A rung that was ``told`` otherwise before the whole was read is told again."""
    changed = [check for check in run.checks if rung(told.get(check.name, check)) != rung(check)]
    again = ["", "Read together with the rest", *map(rung, changed)] if changed else []
    return "\n".join((*again, *_end(run))) + "\n"


def whole(target: Target, run: Run) -> str:
    """The report in one piece."""
    return "\n".join((head(target), *map(rung, run.checks), end(run)))


def _end(run: Run) -> Iterator[str]:
    told: dict[Finding, list[CheckResult]] = {}
    for check in (run.failed, *run.warned):
        if check is not None and check.finding is not None:
            told.setdefault(replace(check.finding, signals=()), []).append(check)
    for finding, checks in told.items():
        yield from _explained(checks, finding)
    for title, requests in (
        ("Asked for the rungs", [sent for sent in run.requests if not sent.variant]),
        ("Tried to be sure", [sent for sent in run.requests if sent.variant]),
    ):
        if requests:
            yield ""
            yield title
            yield from _table(requests)
    yield ""
    yield from _foot(run)


def _explained(checks: list[CheckResult], finding: Finding) -> Iterator[str]:
    yield ""
    warned = checks[0].outcome is Outcome.WARNED
    yield f"{output.sign(checks[0].outcome)} {finding.failure_class.meaning.titled(warned)}"
    names = " and ".join(check.name for check in checks)
    yield f"  {finding.failure_class} in {names}, made by: {finding.origin}, {finding.confidence}"
    said = [("whose", finding.whose), ("next", finding.next_step)]
    if finding.retry.told(warned):
        said.append(("retry", _retry(finding)))
    for label, text in said:
        first, *rest = _wrapped(text, _WIDEST - 9)
        yield f"  {label:<6} {first}"
        yield from (f"  {'':<6} {line}" for line in rest)


def _retry(finding: Finding) -> str:
    retry = finding.retry
    if retry.when is RetryWhen.AFTER:
        return "later" if retry.seconds is None else f"after {retry.seconds:g} s"
    return "now" if retry.when is RetryWhen.NOW else "no, the same call fails again"


def _table(requests: list[Sent]) -> Iterator[str]:
    """A line a request: what was changed on purpose, else the rung that sent it."""
    rows = [
        (
            output.sign(sent.outcome) if sent.key in _REAL_KEYS else "",
            safe_line(sent.variant or sent.check, 60),
            f"{sent.method} {allow.path(sent.path) or ''}",  # a model in it may be the key, sent back as an id
            "-" if sent.status is None else str(sent.status),
            "-" if sent.elapsed_ms is None else f"{sent.elapsed_ms:,.0f} ms",
            sent.failure_class or "",
        )
        for sent in requests
    ]
    text = output.table(("", "what", "request", "HTTP", "time", "class"), rows, frozenset({3, 4}))
    yield from (f"  {line}" for line in text.splitlines())


def _foot(run: Run) -> Iterator[str]:
    gateway, spent = run.gateway, run.spending
    if gateway and gateway.software:
        yield f"Software: {gateway.software}, {gateway.confidence}, by {', '.join(gateway.signs) or 'its answers'}"
    if gateway and gateway.edge:
        yield f"In front: {gateway.edge}"
    if spent:
        left_out = f", {spent.skipped} left out" if spent.skipped else ""
        limit = spent.limit
        yield (
            f"Spent: {spent.requests} of {limit.requests} requests, "
            f"{spent.tokens:,} of {limit.tokens:,} tokens{left_out}"
        )
    unfinished = " as far as the budget went" if run.ok and spent and spent.skipped else ""
    yield f"Result: {'passed' if run.ok else 'failed'}{unfinished}{_warnings(run)}"


def _warnings(run: Run) -> str:
    number = sum(check.outcome is Outcome.WARNED for check in run.checks)
    return f", {number} warning{'' if number == 1 else 's'}" if number else ""

"""What is different between a run that failed and the last good one: the first thing to ask of a failure.

Pure, on what two documents of evidence show of one target.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Outcome

NOTHING = "none"
NOT_RUN = "not run"
SLOWER_BY = 2.0
"""A time to first token is told where one is more than twice the other ..."""
APART_MS = 100.0
"""... and they are this far apart (ms): less is the network's everyday."""


class CheckShown(msgspec.Struct, frozen=True):
    """What one check showed. Figures that were not measured are None."""

    name: str
    outcome: Outcome
    failure_class: FailureClass | None = None
    request: str = ""
    status: int | None = None
    model_count: int | None = None
    served_model: str = ""
    ttft_ms: float | None = None

    @property
    def verdict(self) -> str:
        """``passed``, ``failed: rate_limit``."""
        return f"{self.outcome}: {self.failure_class}" if self.failure_class else str(self.outcome)


class Shown(msgspec.Struct, frozen=True):
    """What one run showed of one target. An empty text is what was not given."""

    base_url: str
    auth_header: str
    protocol: str
    requested_model: str
    selected_model: str
    tool: str
    checks: tuple[CheckShown, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """One difference: what, what it was in the good run, and what it is in this one."""

    what: str
    was: str
    now: str


_FACTS = (
    ("base_url", "base URL"),
    ("auth_header", "auth header"),
    ("protocol", "protocol"),
    ("requested_model", "requested model"),
    ("selected_model", "selected model"),
    ("tool", "tool version"),
)
_FIGURES = (
    ("request", "request"),
    ("status", "status"),
    ("model_count", "models listed"),
    ("served_model", "served model"),
)


def changes(good: Shown, bad: Shown) -> tuple[Change, ...]:
    """What changed since the good run: first how it was asked, then each check in the order of the bad run.

    A check that only one of the runs had is told once, as ``not run`` in the other. () where the evidence shows no
    difference, which itself says that the cause lies on the other side.
    """
    before = {check.name: check for check in good.checks}
    after = {check.name: check for check in bad.checks}
    found = [
        Change(label, was or NOTHING, now or NOTHING)
        for field, label in _FACTS
        if (was := getattr(good, field)) != (now := getattr(bad, field))
    ]
    for name in (*after, *(name for name in before if name not in after)):
        found += _of_check(name, before.get(name), after.get(name))
    return tuple(found)


def _of_check(name: str, was: CheckShown | None, now: CheckShown | None) -> Iterator[Change]:
    verdicts = was.verdict if was else NOT_RUN, now.verdict if now else NOT_RUN
    if verdicts[0] != verdicts[1]:
        yield Change(name, *verdicts)
    if was is None or now is None:
        return
    for field, label in _FIGURES:
        pair = getattr(was, field), getattr(now, field)
        known = all(value not in (None, "") for value in pair)
        if pair[0] != pair[1] and (known or field == "status"):
            yield Change(f"{name}: {label}", *(NOTHING if value is None else str(value) for value in pair))
    if was.ttft_ms is not None and now.ttft_ms is not None and _far_apart(was.ttft_ms, now.ttft_ms):
        yield Change(f"{name}: TTFT", f"{was.ttft_ms:.0f} ms", f"{now.ttft_ms:.0f} ms")


def _far_apart(was: float, now: float) -> bool:
    low, high = sorted((was, now))
    return high > SLOWER_BY * low and high - low >= APART_MS

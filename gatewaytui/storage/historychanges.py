"""What changed since the last good run: two documents of the history, read for one target each."""

from __future__ import annotations

from collections import Counter

import msgspec

from gatewaytui.diagnosis.changes import Change, CheckShown, Shown, changes
from gatewaytui.evidence.document import CheckPart, Evidence

from .history import History
from .historyrows import FindingRow


class SinceGood(msgspec.Struct, frozen=True):
    """The last good run, when it was (UTC, as kept), and what is different since; () where nothing is."""

    run_id: int
    at: str
    changes: tuple[Change, ...]


def since_good(history: History, finding: FindingRow) -> SinceGood | None:
    """What changed at this finding's target since it was good; None where no good run is kept.

    Blocks. Raises Problem (storage).
    """
    good = history.last_good(finding)
    before = history.evidence(good.run_id) if good else None
    after = history.evidence(finding.run_id)
    if good is None or before is None or after is None:
        return None
    return SinceGood(good.run_id, good.at, changes(shown(before, good.target), shown(after, finding.target)))


def shown(evidence: Evidence, target: int) -> Shown:
    """What the evidence shows of one of its targets."""
    part = evidence.targets[target]
    checks = [check for check in evidence.checks if check.target == target]
    named = Counter(check.name for check in checks)
    return Shown(
        base_url=part.base_url,
        auth_header=str(part.auth_header),
        protocol=str(part.protocol),
        requested_model=part.requested_model or "",
        selected_model=part.selected_model or "",
        tool=evidence.tool.version,
        checks=tuple(_check(check, named[check.name] == 1) for check in checks),
    )


def _check(part: CheckPart, alone: bool) -> CheckShown:
    """A check; where others share its name, its place in the endpoint matrix tells it from them."""
    cell = () if alone or part.cell is None else (part.cell.endpoint, part.cell.auth_header, part.cell.key)
    return CheckShown(
        name=" ".join((part.name, *cell)),
        outcome=part.outcome,
        failure_class=part.failure.class_ if part.failure else None,
        request=" ".join(filter(None, (part.method, part.path))),
        status=part.status,
        model_count=part.model_count,
        served_model=part.served_model or "",
        ttft_ms=part.ttft_ms,
    )

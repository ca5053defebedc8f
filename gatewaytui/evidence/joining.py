"""Several runs as one document, for the export of a selection or of a range."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from gatewaytui.domain.run import Outcome

from .document import CheckPart, Evidence, RequestPart, Summary, TargetPart

REPORT = "findings"
"""The kind of a document that holds several runs."""
MOST_TARGETS = 64
"""What the published schema allows in one document."""


class TooManyTargets(ValueError):
    """The runs were pointed at more different targets than one document holds."""


def together(runs: Sequence[Evidence]) -> Evidence:
    """Several runs as one document: their targets and checks in order, the summary over all of them.

    What was spent and which software answered belong to one run and are left out. A target of each run stays its
    own; where that would be more than the schema allows, runs against the same target share one.
    Raises ValueError without a run, and TooManyTargets where even that is too many.
    """
    if not runs:
        raise ValueError("There is no run to put together.")
    if len(runs) == 1:
        return runs[0]
    shared = sum(len(run.targets) for run in runs) > MOST_TARGETS
    targets: list[TargetPart] = []
    checks: list[CheckPart] = []
    requests: list[RequestPart] = []
    for run in runs:
        places = [_place(target, targets, shared) for target in run.targets]
        checks += [msgspec.structs.replace(check, target=places[check.target]) for check in run.checks]
        requests += [msgspec.structs.replace(sent, target=places[sent.target]) for sent in run.requests or ()]
    if len(targets) > MOST_TARGETS:
        raise TooManyTargets(f"One document holds at most {MOST_TARGETS} targets.")
    return msgspec.structs.replace(
        runs[0],
        kind=REPORT,
        generated_at=max(run.generated_at for run in runs),
        target=targets[0],
        targets=tuple(targets),
        checks=tuple(checks),
        summary=_summary(checks),
        requests=tuple(requests) or None,
        spending=None,
        gateway=None,
    )


def _place(target: TargetPart, targets: list[TargetPart], shared: bool) -> int:
    """The index of a target among those so far; it is added where it is new or not shared."""
    if not shared or target not in targets:
        targets.append(target)
        return len(targets) - 1
    return targets.index(target)


def _summary(checks: Sequence[CheckPart]) -> Summary:
    failed = next((check.failure for check in checks if check.outcome is Outcome.FAILED and check.failure), None)
    warned = [check.failure.class_ for check in checks if check.outcome is Outcome.WARNED and check.failure]
    return Summary(
        ok=not any(check.outcome is Outcome.FAILED for check in checks),
        failure_class=failed.class_ if failed else None,
        failure_family=failed.family if failed else None,
        warnings=tuple(dict.fromkeys(warned)),
    )

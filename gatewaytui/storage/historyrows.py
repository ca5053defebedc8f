"""What the history keeps of a run beside its evidence: plain columns, computed here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec.structs import asdict

from gatewaytui.domain.failure import NOT_OFFERED, FailureClass, FailureFamily
from gatewaytui.domain.run import Outcome
from gatewaytui.evidence.document import CheckPart, Evidence


class Status(StrEnum):
    """How a run ended, in the words of the gateways' own logs."""

    SUCCESS = "Success"
    FAILED = "Failed"
    TIMEOUT = "Timeout"
    STOPPED = "Stopped"


class RunRow(msgspec.Struct, frozen=True):
    """One past run. ``at`` is UTC (ISO 8601); a run of several targets shows the one that decided it.

    Figures that were not measured are None; ``elapsed_ms`` is the sum of its checks.
    """

    id: int
    at: str
    kind: str
    profile: str
    group: str
    targets: int
    base_url: str
    protocol: str
    model: str
    status: str
    failure_class: str | None
    failure_family: str | None
    input_tokens: int | None
    output_tokens: int | None
    ttft_ms: float | None
    elapsed_ms: float | None

    @property
    def label(self) -> str:
        """``profile[/group]`` of the target, and how many others the run had."""
        name = f"{self.profile}/{self.group}" if self.group else self.profile
        return f"{name} +{self.targets - 1}" if self.targets > 1 else name

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, for JSON lines."""
        return asdict(self)


class FindingRow(msgspec.Struct, frozen=True):
    """One check of a past run against one target; class, family and both sentences are empty where it passed."""

    run_id: int
    target: int
    profile: str
    group: str
    check: str
    outcome: Outcome
    failure_class: FailureClass | None
    failure_family: FailureFamily | None
    at: str
    elapsed_ms: float | None
    whose: str
    next_step: str


class FindingFilter(msgspec.Struct, frozen=True):
    """Which findings to list; an empty field asks for nothing. ``since`` is UTC."""

    profile: str = ""
    family: FailureFamily | None = None
    failure_class: FailureClass | None = None
    run_id: int | None = None
    since: datetime | None = None
    with_passed: bool = False


class RunFilter(msgspec.Struct, frozen=True):
    """Which runs to list; an empty field asks for nothing. ``since`` is UTC, ``ids`` the first and the last.

    Profile, group (None: every group), family and class must all be those of one check of the run.
    """

    profile: str = ""
    group: str | None = None
    family: FailureFamily | None = None
    failure_class: FailureClass | None = None
    since: datetime | None = None
    ids: tuple[int, int] | None = None


class HeatCell(msgspec.Struct, frozen=True):
    """Findings of one family at one profile on one UTC day (``2026-01-31``): how many, and when the last was seen."""

    family: FailureFamily
    profile: str
    day: str
    failed: int
    warned: int
    last_at: str


class GoodRun(msgspec.Struct, frozen=True):
    """A past run that was good: its id, which of its targets it was, and when (UTC, as kept)."""

    run_id: int
    target: int
    at: str


def run_columns(evidence: Evidence) -> dict[str, Any]:
    """The columns of a run's row, all but its id."""
    failed = next((check for check in evidence.checks if check.outcome is Outcome.FAILED), None)
    target = evidence.targets[failed.target if failed else 0]
    family = evidence.summary.failure_family
    usages = [check.usage for check in evidence.checks if check.usage]
    return {
        "at": evidence.generated_at,
        "kind": evidence.kind,
        "profile": target.profile or "",
        "grp": target.group or "",
        "targets": len(evidence.targets),
        "base_url": target.base_url,
        "protocol": str(target.protocol),
        "model": target.selected_model or target.requested_model or "",
        "status": _status(evidence),
        "class": evidence.summary.failure_class,
        "family": family,
        "input_tokens": _total(usage.input_tokens for usage in usages),
        "output_tokens": _total(usage.output_tokens for usage in usages),
        "ttft_ms": next((check.ttft_ms for check in evidence.checks if check.ttft_ms is not None), None),
        "elapsed_ms": _total(check.elapsed_ms for check in evidence.checks),
    }


def is_absent(check: CheckPart) -> bool:
    """True for an endpoint of the matrix that the gateway does not have, and that its run did not need."""
    needed = check.cell is None or check.cell.required
    return not needed and check.failure is not None and check.failure.class_ in NOT_OFFERED


def question(check: CheckPart) -> tuple[str, str]:
    """What the check asked: its name, and its place in the matrix."""
    return check.name, _cell(check)


def finding_columns(evidence: Evidence, check: CheckPart, *, nobodys: bool = False) -> dict[str, Any]:
    """The columns of one check's row, all but its run.

    What is nobody's failure counts as skipped, and so does what a person stopped.
    """
    target = evidence.targets[check.target]
    nobodys = nobodys or (check.failure is not None and check.failure.class_ is FailureClass.CANCELLED)
    failure = None if nobodys else check.failure
    return {
        "target": check.target,
        "profile": target.profile or "",
        "grp": target.group or "",
        "check_name": check.name,
        "outcome": str(Outcome.SKIPPED if nobodys else check.outcome),
        "class": failure.class_ if failure else None,
        "family": failure.family if failure else None,
        "at": evidence.generated_at,
        "elapsed_ms": check.elapsed_ms,
        "whose": failure.whose if failure else "",
        "next_step": failure.next_step if failure else "",
        "protocol": str(target.protocol),
        "model": target.selected_model or target.requested_model or "",
        "variant": _cell(check),
    }


def _cell(check: CheckPart) -> str:
    """Where in the endpoint matrix the check stands; "" for one that is not of it."""
    cell = check.cell
    return " ".join(filter(None, (cell.endpoint, cell.auth_header, cell.key, cell.group))) if cell else ""


def _status(evidence: Evidence) -> Status:
    summary, comparison = evidence.summary, evidence.comparison
    if summary.ok:
        cut_short = comparison is not None and comparison.ended < comparison.planned
        return Status.STOPPED if cut_short else Status.SUCCESS
    if summary.failure_class is FailureClass.CANCELLED:
        return Status.STOPPED
    return Status.TIMEOUT if summary.failure_family is FailureFamily.TIMEOUT else Status.FAILED


def _total(figures: Iterable[Any]) -> Any:
    measured = [figure for figure in figures if figure is not None]
    return sum(measured) if measured else None

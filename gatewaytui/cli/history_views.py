"""What ``history`` prints: runs, trends and changes as text, JSON or JSON lines, and documents of evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import click

from gatewaytui.diagnosis.trends import Trend
from gatewaytui.domain.run import Outcome
from gatewaytui.evidence.formats import FORMATS
from gatewaytui.evidence.gate import guard
from gatewaytui.evidence.joining import TooManyTargets, together
from gatewaytui.storage.history import History
from gatewaytui.storage.historychanges import SinceGood, since_good
from gatewaytui.storage.historyrows import FindingFilter, FindingRow, RunFilter, RunRow

from . import output
from .reading import known_from

MOST_EXPORTED = 1_000
MOST_FINDINGS = 10_000
_RUNS = ("run", "at (UTC)", "profile", "kind", "model", "status", "class")
_TRENDS = ("class", "profile", "count", "first seen (UTC)", "last seen (UTC)", "trend", "flapping")
_CHANGES = ("what", "was", "is")

Compared = tuple[FindingRow, SinceGood | None]
"""A finding, and what changed since the last good run; None where none is kept."""


def runs(rows: Sequence[RunRow], form: str) -> str:
    """Past runs."""
    if form != "text":
        return _json("runs", [row.as_dict() for row in rows], form)
    cells = [
        (str(row.id), row.at, row.label, row.kind, row.model, row.status, row.failure_class or "-") for row in rows
    ]
    return output.table(_RUNS, cells, frozenset({0}))


def fits(trend: Trend, wanted: RunFilter) -> bool:
    """Whether a trend is about what was asked for."""
    return (
        wanted.profile in ("", trend.profile)
        and wanted.group in (None, trend.group)
        and wanted.failure_class in (None, trend.failure_class)
        and wanted.family in (None, trend.failure_class.family)
    )


def trends(found: Sequence[Trend], days: int, today: date, form: str) -> str:
    """How each class goes at each profile."""
    if form != "text":
        window = {"since": (today - timedelta(days=days - 1)).isoformat(), "until": today.isoformat()}
        return _json("trends", [_trend(one) for one in found], form, window)
    cells = [
        (
            one.failure_class,
            f"{one.profile}/{one.group}" if one.group else one.profile,
            str(one.count),
            one.first_at,
            one.last_at,
            one.course,
            f"yes: {one.changes} changes" if one.flapping else "no",
        )
        for one in found
    ]
    return output.table(_TRENDS, cells, frozenset({2}))


def _trend(one: Trend) -> dict[str, Any]:
    return {
        "profile": one.profile,
        "group": one.group,
        "failure_class": one.failure_class,
        "failure_family": one.failure_class.family,
        "count": one.count,
        "first_seen": one.first_at,
        "last_seen": one.last_at,
        "trend": one.course,
        "flapping": one.flapping,
        "outcome_changes": one.changes,
        "per_day": one.per_day,
    }


def compared(history: History, run_id: int) -> tuple[Compared, ...]:
    """The finding that decided each target of a run (its first failure, else its first warning), and what changed."""
    found = history.findings(FindingFilter(run_id=run_id), MOST_FINDINGS)
    decisive: dict[int, FindingRow] = {}
    for row in sorted(found, key=lambda row: row.outcome is not Outcome.FAILED):
        decisive.setdefault(row.target, row)
    return tuple((row, since_good(history, row)) for _, row in sorted(decisive.items()))


def changes(run: RunRow, found: Iterable[Compared], form: str) -> str:
    """What is different since the last good run, for each target that is not well."""
    if form != "text":
        return _json("findings", [_compared(*one) for one in found], form, {"run": run.as_dict()})
    return "\n".join(_changed(run, *one) for one in found)


def _changed(run: RunRow, row: FindingRow, since: SinceGood | None) -> str:
    head = f"run {run.id}  {row.at}  {_label(row)}  {row.check} {row.outcome}: {row.failure_class}\n"
    if since is None:
        return f"{head}No good run of {_label(row)} is kept: there is nothing to compare with.\n"
    head += f"since run {since.run_id}, the last good one, {since.at}\n\n"
    if not since.changes:
        return f"{head}The evidence shows no difference.\n"
    return head + output.table(_CHANGES, [(one.what, one.was, one.now) for one in since.changes])


def _compared(row: FindingRow, since: SinceGood | None) -> dict[str, Any]:
    return {
        "target": row.target,
        "profile": row.profile,
        "group": row.group,
        "check": row.check,
        "outcome": row.outcome,
        "failure_class": row.failure_class,
        "last_good": {"run_id": since.run_id, "at": since.at} if since else None,
        "changes": [{"what": one.what, "was": one.was, "is": one.now} for one in since.changes] if since else [],
    }


def document(history: History, wanted: RunFilter, limit: int, form: str, known_env: tuple[str, ...]) -> bytes:
    """The evidence of the runs that fit, oldest first, as one document after the gate.

    Raises GateRefused, Problem (storage), and a usage error where there is nothing or too much to export.
    """
    rows = history.runs(wanted, min(limit, MOST_EXPORTED + 1))
    if not rows:
        raise click.UsageError("There is no run to export that fits that.")
    if len(rows) > MOST_EXPORTED:
        raise click.UsageError(
            f"One document holds at most {MOST_EXPORTED} runs. Name a shorter range, or --limit it."
        )
    kept = [evidence for row in reversed(rows) if (evidence := history.evidence(row.id)) is not None]
    try:
        return guard(FORMATS[form](together(kept)), known_from(known_env))
    except TooManyTargets as trouble:
        raise click.UsageError(f"{trouble} Name a shorter range, or one --profile.") from None


def _label(row: FindingRow) -> str:
    return f"{row.profile}/{row.group}" if row.group else row.profile


def _json(name: str, rows: Sequence[dict[str, Any]], form: str, more: dict[str, Any] | None = None) -> str:
    """One document with the rows under their name, or a line for each row."""
    if form == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows)
    return json.dumps({**(more or {}), name: rows}, indent=2) + "\n"

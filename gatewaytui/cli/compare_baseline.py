"""``compare`` against a baseline: which one, what changed, what the process ends with."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
from msgspec.structs import replace

from gatewaytui.diagnosis.regression import Sampled, changes, unlike_words, unmatched, unsure_words
from gatewaytui.domain.comparison import Metric, Verdict
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.run import Outcome, Run
from gatewaytui.domain.text import safe_line
from gatewaytui.evidence.parts import ComparisonPart
from gatewaytui.evidence.record import build
from gatewaytui.storage.baselines import Baselines, read_baseline, sampled
from gatewaytui.storage.locations import Locations

from . import exit_codes

_ANOTHER_FILE = (
    "Give --baseline a file that `gatewaytui compare TARGET... --format json --out FILE` wrote, or a name of"
    " `gatewaytui baselines list`."
)


class Baseline(msgspec.Struct, frozen=True):
    """An earlier comparison: what a person calls it, how it was made, and what its columns measured."""

    name: str
    settings: ComparisonPart | None
    columns: tuple[Sampled, ...]


def kept() -> Baselines:
    """The baselines of this machine."""
    return Baselines(Locations.find(os.environ))


def find(text: str | None) -> Baseline | None:
    """The baseline of that name, or of that evidence file. Raises Problem where it cannot be used."""
    if text is None:
        return None
    if text.endswith(".json") or os.sep in text:
        path = Path(text)
        name = safe_line(path.name, 80) or safe_line(text, 80)
        if path.is_dir():
            raise Problem(FailureClass.CONFIG, f"{safe_line(text, 80)} is a directory, not a file.", _ANOTHER_FILE)
        evidence = read_baseline(path, f"the file {name}", _ANOTHER_FILE)
        return Baseline(name, evidence.comparison, sampled(evidence))
    evidence = kept().load(text)
    return Baseline(text, evidence.comparison, sampled(evidence))


def held_against(run: Run, baseline: Baseline) -> Run:
    """The run with its changes against the baseline, and with what limits them as notes."""
    if run.comparison is None:
        return run
    evidence = build(run)
    now = sampled(evidence)
    found = changes(baseline.columns, now)
    notes = list(_other_settings(evidence.comparison, baseline.settings))
    for index in unmatched(baseline.columns, now):
        if now[index].has_name:
            notes.append(f"{_named(now[index])} is not in the baseline.")
    for index in unmatched(now, baseline.columns):
        if baseline.columns[index].has_name:
            notes.append(f"{_named(baseline.columns[index])} is in the baseline only.")
    notes += unlike_words(baseline.columns, now)
    notes += unsure_words(baseline.columns, now, found)
    comparison = replace(run.comparison, changes=found, notes=(*run.comparison.notes, *notes))
    return replace(run, comparison=comparison)


def _named(column: Sampled) -> str:
    return f"{column.label} with {column.model} ({column.protocol})"


def _other_settings(now: ComparisonPart | None, before: ComparisonPart | None) -> list[str]:
    """What else is not the same between the two."""
    if now is None or before is None:
        return []
    pairs: list[tuple[str, float | None, float | None]] = [
        ("requests at a time", before.concurrency, now.concurrency),
        ("runs to warm up", before.warm_ups, now.warm_ups),
        ("targets side by side", len(before.columns), len(now.columns)),
    ]
    if before.interval_s is not None:  # both are kept since the same day
        pairs.append(("seconds from run to run", before.interval_s, now.interval_s))
        pairs.append(("tokens at most", before.max_tokens, now.max_tokens))
    said = [
        f"Other {what} than in the baseline, {_said(number)} instead of {_said(was)}: "
        "figures differ for that reason too."
        for what, was, number in pairs
        if was != number
    ]
    was_streamed, streamed = _streamed(before), _streamed(now)
    if was_streamed != streamed:
        one, other = ("streamed", "whole") if streamed else ("whole", "streamed")
        said.append(f"The answers are {one} and those of the baseline {other}: the times are not of the same thing.")
    return said


def _said(number: float | None) -> str:
    return "no limit" if number is None else f"{number:,.10g}"


def _streamed(part: ComparisonPart) -> bool:
    return any((ttft := column.metrics.get(Metric.TTFT.value)) and ttft.n for column in part.columns)


def worse(run: Run) -> bool:
    """True where anything is worse than in the baseline."""
    found = run.comparison.changes if run.comparison else None
    return any(change.verdict is Verdict.WORSE for change in found or ())


def exit_code(run: Run, fail_on: str) -> int:
    """A failure's family, else 23 for a regression, else a warning's family where asked for.

    With ``regression`` single failures are let pass: the success rate is a figure of the baseline too. A target
    without any answer still fails, and so does a baseline that has none of the targets.
    """
    code = _silent_target(run) if fail_on == "regression" else exit_codes.of_run(run)
    if code == exit_codes.OK and worse(run):
        return exit_codes.REGRESSION
    if code == exit_codes.OK and run.comparison and run.comparison.changes == ():
        return FailureClass.CONFIG.family.exit_code
    return code or exit_codes.of_run(run, fail_on == "warning") if fail_on == "warning" else code


def _silent_target(run: Run) -> int:
    for column in run.comparison.columns if run.comparison else ():
        for check in run.checks:
            failed = check.target == column.target and check.outcome is Outcome.FAILED and check.counts
            if not column.answered and failed and check.finding:
                return check.finding.family.exit_code
    return exit_codes.OK

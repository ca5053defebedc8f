"""What is said about a comparison that was not made like its baseline."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from gatewaytui.cli.compare_baseline import Baseline, exit_code, held_against
from gatewaytui.diagnosis.comparison import compared
from gatewaytui.domain.run import Run, TokenSource
from gatewaytui.evidence.record import build
from gatewaytui.storage.baselines import sampled

from .test_compare_table import a_run


def kept(run: Run) -> Baseline:
    evidence = build(run)
    return Baseline("main", evidence.comparison, sampled(evidence))


def against(now: Run, before: Run) -> tuple[str, ...]:
    comparison = held_against(now, kept(before)).comparison
    assert comparison is not None
    return comparison.notes


def remade(run: Run, *, streamed: bool = True, source: TokenSource | None = None, pace: float = 1.0) -> Run:
    checks = []
    for check in run.checks:
        assert check.stream is not None and check.stream.itl_ms is not None
        stream = replace(check.stream, token_source=source, itl_ms=check.stream.itl_ms * pace)
        checks.append(replace(check, stream=stream if streamed else None, elapsed_ms=1300.0))
    return replace(run, checks=tuple(checks), comparison=compared(checks, run.targets, runs=8))


def test_one_made_alike_has_nothing_said_about_it() -> None:
    assert not any("baseline" in note for note in against(a_run("a", runs=8), a_run("a", runs=8)))


def test_another_number_of_targets_is_another_load() -> None:
    notes = against(a_run("a", "b", runs=8), a_run("a", runs=8))
    assert any(note.startswith("Other targets side by side than in the baseline, 2 instead of 1") for note in notes)


def made(run: Run, **how: Any) -> Run:
    assert run.comparison is not None
    return replace(run, comparison=replace(run.comparison, **how))


def test_another_pace_and_another_length_are_said() -> None:
    run = a_run("a", runs=8)
    now = made(run, interval_s=0.5, max_tokens=1_000_000)
    notes = against(now, made(run, interval_s=2.0, max_tokens=256))
    assert any("Other seconds from run to run than in the baseline, 0.5 instead of 2:" in note for note in notes)
    assert any("Other tokens at most than in the baseline, 1,000,000 instead of 256:" in note for note in notes)
    assert not any(note.startswith("Other") for note in against(now, now))


@pytest.mark.parametrize("interval", [1 / 3, 0.0004])
def test_a_pace_that_evidence_rounds_is_the_same_pace(interval: float) -> None:
    run = made(a_run("a", runs=8), interval_s=interval)
    assert not any(note.startswith("Other") for note in against(run, run))


def test_no_limit_against_a_limit_is_said() -> None:
    run = a_run("a", runs=8)
    notes = against(made(run, max_tokens=16), made(run, max_tokens=None))
    assert any("Other tokens at most than in the baseline, 16 instead of no limit:" in note for note in notes)


def test_a_baseline_from_before_these_were_kept_says_nothing_of_them() -> None:
    run = made(a_run("a", runs=8), interval_s=2.0, max_tokens=256)
    before = kept(run)
    assert before.settings is not None
    old = replace(before, settings=replace(before.settings, interval_s=None, max_tokens=None))
    noted = held_against(run, old).comparison
    assert noted is not None and not any(note.startswith("Other") for note in noted.notes)


def test_whole_answers_against_streams_are_said_and_judged_by_no_time() -> None:
    before = a_run("a", runs=8)
    now = remade(before, streamed=False)
    notes = against(now, before)
    assert "The answers are whole and those of the baseline streamed: the times are not of the same thing." in notes
    assert any(note.startswith("Only one side has times to a first token") for note in notes)
    assert not any("too few runs" in note for note in notes)
    assert exit_code(held_against(now, kept(before)), "failure") == 0


def test_an_estimate_against_a_count_is_no_regression() -> None:
    before = remade(a_run("a", runs=8), source=TokenSource.ESTIMATED)
    counted = remade(a_run("a", runs=8), source=TokenSource.USAGE, pace=2.0)
    assert exit_code(held_against(counted, kept(before)), "failure") == 0
    assert any("estimated from the text on the other" in note for note in against(counted, before))
    slower = remade(a_run("a", runs=8), source=TokenSource.ESTIMATED, pace=2.0)
    assert exit_code(held_against(slower, kept(before)), "failure") == 23

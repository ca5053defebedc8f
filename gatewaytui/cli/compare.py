"""``compare``: one prompt to several targets, several times; a table for the person, evidence for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from gatewaytui.diagnosis.comparison_notes import names
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.run import CheckResult, Outcome, Run, TargetFacts
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.storage.baselines import BaselineRow, check_name

from . import compare_baseline, compare_changes, compare_table, exit_codes, output
from .compare_baseline import Baseline
from .compare_load import Heard, Load, guarded, load_options
from .parameters import profile_names
from .targets import TargetOptions, target_options
from .working import Worker

MOST_TARGETS = 64
FORMS = ("text", "markdown", "json", "jsonl", "junit")


@click.command(
    epilog="""\b
Examples:
  gatewaytui compare tken tokenopen --model gpt-5.4-mini --runs 20
  gatewaytui compare tken,model=gpt-5.5 tokmodel,model=openai/gpt-5.5 --format json
  gatewaytui compare tken tokmodel --runs 20 --warm-up 2 --save main --yes
  gatewaytui compare tken tokmodel --runs 20 --warm-up 2 --baseline main --yes
\b
Exit code: 0; the family of the first failure; 23 where nothing failed but
something is worse than in the baseline; 130 where it was interrupted. Single
failures pass with --fail-on regression, as long as each target answered.
"""
)
@click.argument("targets", nargs=-1, required=True, shell_complete=profile_names, metavar="TARGET...")
@target_options("model", "protocol", "timeout", "allow_cmd", "allow_http")
@load_options
@click.option("--yes", is_flag=True, help="Agree to more than 200 requests or 1 US dollar.")
@click.option("--save", metavar="NAME", help="Keep it as a baseline of that name.")
@click.option("--baseline", metavar="NAME|FILE", help="Say what is worse than in a kept one, or in a JSON file.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMS),
    default="text",
    help="A table (text), evidence, or a JSON line for each run.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@click.option("--mask-host", is_flag=True, help="Hide the host in the evidence.")
@click.option(
    "--fail-on",
    type=click.Choice(["failure", "warning", "regression"]),
    default="failure",
    help="What makes an exit code besides a regression (failure).",
)
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    options: TargetOptions,
    load: Load,
    yes: bool,
    save: str | None,
    baseline: str | None,
    format_: str,
    out: Path | None,
    mask_host: bool,
    fail_on: str,
) -> None:
    """Send the same prompt to several gateways side by side: success, time to first token, rate, failure classes.

    A TARGET that names no model or protocol of its own takes that of the options. Each target has its own lanes: a
    slow or failing one holds up no other. Ctrl+C ends it and shows what was measured until then.
    """
    if fail_on == "regression" and baseline is None:
        raise click.UsageError("--fail-on regression needs --baseline NAME.")
    if save is not None:
        check_name(save)
    before = compare_baseline.find(baseline)
    aims = _aims(targets, options, load)
    worker = Worker(targets=aims, consent=options.consent)
    job = load.job(aims)
    if fewer := load.fewer(job):
        output.say(fewer)
    heard = guarded(worker, job, ctx, agreed=yes)
    run, ending = _compared(worker, heard)
    if before is not None:
        plain, run = run, compare_baseline.held_against(run, before)
    _said(run, heard)
    if before is not None and (format_ != "text" or out is not None):
        _changes_said(plain, run, before)
    worker.keep(run)
    stopped = ending is not None
    try:
        document = _rendered(worker, run, before, format_, out, mask_host)
        not_kept = _tried(lambda: output.deliver(document, out))
        if save is not None:
            not_kept = _tried(lambda: _save(worker, run, save, stopped=stopped, replaces=baseline)) or not_kept
    except GateRefused as trouble:
        ctx.exit(output.refused(trouble.leaks))
    if ending is not None:
        raise ending
    ctx.exit(compare_baseline.exit_code(run, fail_on) or not_kept)


def _tried(work: Callable[[], None]) -> int:
    """The exit code of what could not be kept, which is said; what the gateways did weighs more."""
    try:
        work()
    except Problem as problem:
        output.problem(problem)
        return problem.exit_code
    return exit_codes.OK


def _aims(targets: tuple[str, ...], options: TargetOptions, load: Load) -> tuple[Target, ...]:
    if len(targets) > MOST_TARGETS:
        raise click.UsageError(f"At most {MOST_TARGETS} targets.")
    if not load.prompt.strip():
        raise click.UsageError("The prompt is empty.")
    return tuple(_aim(options, text) for text in targets)


def _aim(options: TargetOptions, text: str) -> Target:
    """The target, with the common model and protocol where it names none of its own."""
    own = replace(options, model=None, protocol=None).target(text)
    return replace(
        own,
        model=own.model or options.model or "",
        protocol_override=own.protocol_override or (Protocol(options.protocol) if options.protocol else None),
    )


def _compared(worker: Worker, heard: Heard) -> tuple[Run, BaseException | None]:
    """The run; where a signal ended it, what was measured until then and the signal's exception."""
    started = datetime.now(UTC)
    try:
        return worker.do(heard.job, heard, keep=False), None
    except (KeyboardInterrupt, SystemExit) as ending:
        if not heard.checks:
            heard.wipe()
            output.say(heard.unfinished())
            raise
        return heard.stopped(started), ending
    finally:
        heard.wipe()


def _said(run: Run, heard: Heard) -> None:
    """Each class of failure and warning of each target, explained once, beside the data."""
    seen: dict[tuple[int, FailureClass | None, bool], list[CheckResult]] = {}
    for check in run.checks:
        if check.finding is not None or check.outcome is Outcome.FAILED:
            warm_up = check.slot is not None and check.slot.warm_up
            failure_class = check.finding.failure_class if check.finding else None
            seen.setdefault((check.target, failure_class, warm_up), []).append(check)
    columns = run.comparison.columns if run.comparison else ()
    called = names(run.targets)
    for (target, _, warm_up), checks in seen.items():
        name = called[target]
        of = "a warm-up" if warm_up else f"{len(checks)} of {columns[target].runs} runs"
        output.verdict(checks[0], name if checks[0].slot is None else f"{name}, {of}")
    if run.spending is not None:
        output.say(heard.spent_line(run.spending))


def _changes_said(plain: Run, run: Run, before: Baseline) -> None:
    """What changed against the baseline, for a person who does not see the table."""
    for line in compare_changes.sentences(run, before.name):
        output.say(line)
    known = len(plain.comparison.notes) if plain.comparison else 0
    for note in run.comparison.notes[known:] if run.comparison else ():
        output.say(note)


def _rendered(
    worker: Worker, run: Run, before: Baseline | None, form: str, out: Path | None, mask_host: bool
) -> bytes:
    """The table, or the evidence after the gate. Raises GateRefused."""
    if form == "text":
        width = output.screen_width() if out is None else None
        return compare_table.text(run, before.name if before else "", width).encode()
    if form == "jsonl":
        document = json.loads(worker.evidence(run, "json", mask_host))
        called = names([_as_written(*pair) for pair in zip(run.targets, document["targets"], strict=True)])
        lines = ({**check, "target_label": called[check["target"]]} for check in document["checks"])
        return "".join(json.dumps(line) + "\n" for line in lines).encode()
    return worker.evidence(run, form, mask_host)


def _as_written(facts: TargetFacts, part: Mapping[str, str | None]) -> TargetFacts:
    """The target with the names that passed the gate."""
    fields = ("profile", "group", "selected_model")
    return replace(facts, **{field: part[field] or "" for field in fields})


def _save(worker: Worker, run: Run, name: str, *, stopped: bool, replaces: str | None) -> None:
    """Keep it as a baseline: a whole one, and never a worse one in the place of its own baseline."""
    if stopped:
        output.say(f"! Not saved as {name}: it was stopped.")
    elif name == replaces and compare_baseline.worse(run):
        output.say(f"! Not saved as {name}: it is worse than the {name} it would replace.")
    else:
        kept = compare_baseline.kept()
        was = next((row for row in kept.rows() if row.name == name), None)
        kept.save(name, worker.document(run))
        output.say(f"Replaced the baseline {name}, {_was(was)}." if was else f"Saved as the baseline {name}.")


def _was(row: BaselineRow) -> str:
    """What stood there before: how many runs, of when."""
    if row.evidence is None or row.evidence.comparison is None:
        return "which could not be read"
    runs = output.counted(row.evidence.comparison.runs, "run")
    targets = output.counted(len(row.evidence.targets), "target")
    return f"which had {runs} of {targets} ({row.evidence.generated_at})"

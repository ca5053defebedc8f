"""``compare``: one prompt to several targets, several times; a table for the person, evidence for programs."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from msgspec.structs import replace

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.storage.baselines import check_name

from . import compare_baseline, compare_table, output
from .compare_baseline import Baseline
from .compare_load import Heard, Load, counted, guarded, load_options
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
    run, ending = _compared(worker, guarded(worker, load.job(aims), ctx, agreed=yes))
    if before is not None:
        run = compare_baseline.held_against(run, before)
    _said(run)
    worker.keep(run)
    try:
        output.deliver(_rendered(worker, run, before, format_, out, mask_host), out)
        if save is not None:
            _save(worker, run, save, stopped=ending is not None, replaces=baseline)
    except GateRefused as trouble:
        ctx.exit(output.refused(trouble.leaks))
    if ending is not None:
        raise ending
    ctx.exit(compare_baseline.exit_code(run, fail_on))


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
            raise
        return heard.stopped(started), ending
    finally:
        heard.wipe()


def _said(run: Run) -> None:
    """Each class of failure and warning of each target, explained once, beside the data."""
    seen: dict[tuple[int, FailureClass | None, bool], list[CheckResult]] = {}
    for check in run.checks:
        if check.finding is not None or check.outcome is Outcome.FAILED:
            warm_up = check.slot is not None and check.slot.warm_up
            failure_class = check.finding.failure_class if check.finding else None
            seen.setdefault((check.target, failure_class, warm_up), []).append(check)
    columns = run.comparison.columns if run.comparison else ()
    for (target, _, warm_up), checks in seen.items():
        facts = run.targets[target]
        name = f"{facts.profile}/{facts.group}" if facts.group else facts.profile
        of = "a warm-up" if warm_up else f"{len(checks)} of {columns[target].runs} runs"
        output.verdict(checks[0], name if checks[0].slot is None else f"{name}, {of}")
    if run.spending is not None:
        left = f", {run.spending.skipped} not sent for want of budget" if run.spending.skipped else ""
        output.say(f"{counted(run.spending.requests, 'request')}, {counted(run.spending.tokens, 'token')}{left}.")


def _rendered(
    worker: Worker, run: Run, before: Baseline | None, form: str, out: Path | None, mask_host: bool
) -> bytes:
    """The table, or the evidence after the gate. Raises GateRefused."""
    if form == "text":
        on_screen = out is None and sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if on_screen else None
        return compare_table.text(run, before.name if before else "", width).encode()
    if form == "jsonl":
        document = json.loads(worker.evidence(run, "json", mask_host))
        return "".join(json.dumps(check) + "\n" for check in document["checks"]).encode()
    return worker.evidence(run, form, mask_host)


def _save(worker: Worker, run: Run, name: str, *, stopped: bool, replaces: str | None) -> None:
    """Keep it as a baseline: a whole one, and never a worse one in the place of its own baseline."""
    if stopped:
        output.say(f"! Not saved as {name}: it was stopped.")
    elif name == replaces and compare_baseline.worse(run):
        output.say(f"! Not saved as {name}: it is worse than the {name} it would replace.")
    else:
        compare_baseline.kept().save(name, worker.document(run))
        output.say(f"Saved as the baseline {name}.")

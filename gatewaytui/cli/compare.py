"""``compare``: one prompt to several targets at once; a table for the person, one evidence document for programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.progress import ChatJob
from gatewaytui.domain.run import CheckResult, Run
from gatewaytui.domain.text import safe_line
from gatewaytui.evidence.gate import GateRefused

from . import exit_codes, output
from .parameters import profile_names
from .smoke import DEFAULT_PROMPT
from .targets import TargetOptions, target_options
from .working import Worker

MOST_TARGETS = 64
HEADER = ("", "target", "model", "TTFT ms", "total ms", "tok/s", "verdict")


@click.command(
    epilog="""\b
Examples:
  gatewaytui compare tken tokenopen --model gpt-5.4-mini
  gatewaytui compare tken,model=gpt-5.5 tokmodel,model=openai/gpt-5.5 --format json
"""
)
@click.argument("targets", nargs=-1, required=True, shell_complete=profile_names, metavar="TARGET...")
@target_options("model", "protocol", "timeout", "allow_cmd", "allow_http")
@click.option("--prompt", default=DEFAULT_PROMPT, metavar="TEXT", help="A small, non-sensitive prompt; never stored.")
@click.option("--max-tokens", type=click.IntRange(1), default=256, metavar="N", help="The longest answer (256).")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json", "junit"]),
    default="text",
    help="A table (text), or evidence.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@click.option(
    "--fail-on",
    type=click.Choice(["failure", "warning"]),
    default="failure",
    help="What makes the exit code of a family (failure).",
)
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    options: TargetOptions,
    prompt: str,
    max_tokens: int,
    format_: str,
    out: Path | None,
    fail_on: str,
) -> None:
    """Send the same prompt to several gateways side by side: time to first token, rate, failure class.

    A TARGET that names no model or protocol of its own takes that of the options.
    """
    if len(targets) > MOST_TARGETS:
        raise click.UsageError(f"At most {MOST_TARGETS} targets.")
    if not prompt.strip():
        raise click.UsageError("The prompt is empty.")
    aims = tuple(_aim(options, text) for text in targets)
    worker = Worker(targets=aims, consent=options.consent)
    request = ChatRequest("", (Message(Role.USER, prompt),), max_tokens=max_tokens)
    run = worker.do(ChatJob(aims, request, kind="compare"))
    for check in run.checks:
        if check.finding is not None:
            output.verdict(check, aims[check.target].label)
    try:
        content = _table(run).encode() if format_ == "text" else worker.evidence(run, format_)
    except GateRefused as trouble:
        ctx.exit(output.refused(trouble.leaks))
    output.deliver(content, out)
    ctx.exit(exit_codes.of_run(run, fail_on == "warning"))


def _aim(options: TargetOptions, text: str) -> Target:
    """The target, with the common model and protocol where it names none of its own."""
    own = replace(options, model=None, protocol=None).target(text)
    return replace(
        own,
        model=own.model or options.model or "",
        protocol_override=own.protocol_override or (Protocol(options.protocol) if options.protocol else None),
    )


def _table(run: Run) -> str:
    rows = [_row(run, check) for check in run.checks]
    return output.table(HEADER, rows, frozenset({3, 4, 5}))


def _row(run: Run, check: CheckResult) -> tuple[str, ...]:
    facts, stream = run.targets[check.target], check.stream
    label = f"{facts.profile}/{facts.group}" if facts.group else facts.profile
    figures = (stream.ttft_ms, stream.e2e_ms, stream.tokens_per_second) if stream else (None, None, None)
    return (
        output.sign(check.outcome),
        label,
        safe_line(facts.selected_model, 60),
        *("-" if figure is None else f"{figure:.1f}" for figure in figures),
        f"{check.outcome}: {check.finding.failure_class}" if check.finding else str(check.outcome),
    )

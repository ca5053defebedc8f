"""``endpoints``: what a gateway offers, measured: endpoints, auth headers, capabilities and key groups."""

from __future__ import annotations

import json
import sys

import click
from msgspec.structs import replace

from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import MATRIX_BUDGET, MatrixJob, Progress, ServerSaid
from gatewaytui.domain.run import Budget, CheckResult, Outcome, Run
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.matrix import joined
from gatewaytui.engine.matrixcells import price_note

from . import endpoints_report, output
from .parameters import profile_names
from .results import ResultOptions, result_options
from .targets import ALL_OPTIONS, TargetOptions, target_options
from .working import Worker

FORMS = ("text", "markdown", "json", "jsonl")


@click.command(
    epilog="""\b
Examples:
  gatewaytui endpoints tokmodel
  gatewaytui endpoints tokone --no-capabilities
  gatewaytui endpoints tokmodel --family embeddings --family rerank --format json
  gatewaytui endpoints tokmodel --family images_generations --yes
\b
Exit code: 0 where the target's own chat (or its list) works and so does every
endpoint named by --family, else that of the first such failure. An endpoint
that nobody named and the gateway does not offer fails nothing.
"""
)
@click.argument("target", required=False, shell_complete=profile_names)
@target_options(*ALL_OPTIONS)
@click.option(
    "--family",
    "families",
    multiple=True,
    type=click.Choice(list(ENDPOINTS)),
    metavar="NAME",
    help=f"Only this endpoint; may be repeated. One of: {', '.join(ENDPOINTS)}.",
)
@click.option("--no-headers", is_flag=True, help="Leave out the auth headers.")
@click.option("--no-capabilities", is_flag=True, help="Leave out stream, JSON, tools and vision.")
@click.option("--no-groups", is_flag=True, help="Leave out the profile's key groups.")
@click.option("--yes", is_flag=True, help="Also send what costs more than a tiny text request.")
@click.option(
    "--max-requests",
    type=click.IntRange(1),
    default=MATRIX_BUDGET.requests,
    metavar="N",
    help=f"At most N requests ({MATRIX_BUDGET.requests}).",
)
@result_options(FORMS, "Tables (text), evidence, or a JSON line for each check.")
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    options: TargetOptions,
    families: tuple[str, ...],
    no_headers: bool,
    no_capabilities: bool,
    no_groups: bool,
    yes: bool,
    max_requests: int,
    result: ResultOptions,
) -> None:
    """Measure which endpoints, auth headers, capabilities and key groups a gateway offers.

    Each is asked by its smallest valid request, beside what the model list declares. Images and audio cost more than
    a tiny text request: they are priced and confirmed first, and skipped without a terminal unless --yes is given.
    With --family only the endpoints named are asked, and nothing beside them.
    """
    aim = options.target(target)
    alone = bool(families)
    job = MatrixJob(
        aim,
        tuple(name for name in ENDPOINTS if name in families),
        headers=not (no_headers or alone),
        capabilities=not (no_capabilities or alone),
        groups=not (no_groups or alone),
        confirmed=yes,
        budget=Budget(max_requests, MATRIX_BUDGET.tokens),
    )
    worker = Worker(targets=(aim,), consent=options.consent)
    run = _measured(worker, job, _Hearing(result.show_error))
    worker.keep(run)
    _said(run, aim)
    result.finish(ctx, run, lambda: _rendered(worker, run, result))


def _measured(worker: Worker, job: MatrixJob, hear: _Hearing) -> Run:
    """The run; what needs a person's word is asked for once, where a person sits at the terminal."""
    run = worker.do(job, hear, keep=False)
    waiting = [check for check in run.checks if _waits(check)]
    if job.confirmed or not waiting:
        return run
    if not _at_a_terminal():
        output.say(f"! Skipped without --yes: {_names(waiting)}.")
        return run
    output.say("These cost more than a tiny text request:")
    for check in waiting:
        cell = check.cell
        output.say(f"  {check.name:<22} {safe_line(cell.model, 60) if cell else ''}  {_price(check)}")
    if not click.confirm("Send them?", err=True):
        output.say(f"! Skipped: {_names(waiting)}.")
        return run
    spent = run.spending
    left = Budget(job.budget.requests - spent.requests, job.budget.tokens - spent.tokens) if spent else job.budget
    more = replace(
        job,
        endpoints=tuple(check.name for check in waiting),
        headers=False,
        capabilities=False,
        groups=False,
        confirmed=True,
        budget=left,
    )
    return joined(run, worker.do(more, hear, keep=False))


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _waits(check: CheckResult) -> bool:
    """A cell that was skipped for want of a person's word."""
    priced = check.cell is not None and check.note == price_note(check.cell.cost_usd)
    return check.outcome is Outcome.SKIPPED and priced


def _names(checks: list[CheckResult]) -> str:
    return ", ".join(check.name for check in checks)


def _price(check: CheckResult) -> str:
    cost = check.cell.cost_usd if check.cell else None
    return "price not listed" if cost is None else f"up to ${max(cost, 0.0001):.4f}"


class _Hearing:
    """The server's own words, only where a person asked for them."""

    def __init__(self, show_error: bool) -> None:
        self._show_error = show_error

    def __call__(self, progress: Progress) -> None:
        if isinstance(progress, ServerSaid) and self._show_error:
            output.server_said(progress.text)


def _said(run: Run, aim: Target) -> None:
    """What fails the run, explained, and what it spent: beside the data."""
    for check in run.checks:
        if check.outcome is Outcome.FAILED and check.counts:
            output.verdict(check, aim.label)
    if spent := endpoints_report.spent(run):
        output.say(spent)


def _rendered(worker: Worker, run: Run, result: ResultOptions) -> bytes:
    """The tables, or the evidence after the gate. Raises GateRefused."""
    if result.form == "text":
        return endpoints_report.text(run).encode()
    if result.form == "jsonl":
        document = json.loads(worker.evidence(run, "json", result.mask_host, result.with_request_id))
        return "".join(json.dumps(check) + "\n" for check in document["checks"]).encode()
    return worker.evidence(run, result.form, result.mask_host, result.with_request_id)

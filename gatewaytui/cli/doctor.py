"""``doctor``: the whole ladder against one target, live; at the first broken rung what tells its causes apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from gatewaytui.domain.profile import Target, Timeouts
from gatewaytui.domain.progress import CheckFinished, DoctorJob, Progress, ServerSaid
from gatewaytui.domain.run import Budget, CheckResult
from gatewaytui.evidence.gate import GateRefused

from . import doctor_report, exit_codes, output
from .parameters import profile_names
from .smoke import DEFAULT_TIMEOUT_MS
from .targets import ALL_OPTIONS, TargetOptions, target_options
from .working import Worker

FORMS = ("text", "markdown", "json", "junit")
REQUESTS, TOKENS = 24, 2_000


@click.command(
    epilog="""\b
Examples:
  gatewaytui doctor tken
  gatewaytui doctor tokone/claude,model=claude-opus-4-6
  gatewaytui doctor --base-url https://gateway.example/v1 --api-key-env MY_KEY --format json --out doctor.json
"""
)
@click.argument("target", required=False, shell_complete=profile_names)
@target_options(*ALL_OPTIONS)
@click.option("--no-families", is_flag=True, help="Leave out the last rung, the other protocols.")
@click.option(
    "--max-requests", type=click.IntRange(1), default=REQUESTS, metavar="N", help=f"At most N requests ({REQUESTS})."
)
@click.option(
    "--max-tokens", type=click.IntRange(1), default=TOKENS, metavar="N", help=f"At most N tokens in all ({TOKENS})."
)
@click.option("--format", "format_", type=click.Choice(FORMS), default="text", help="A report (text), or evidence.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@click.option("--mask-host", is_flag=True, help="Hide the host in the evidence.")
@click.option("--with-request-id", is_flag=True, help="Keep the server's request ids in the evidence.")
@click.option("--show-error", is_flag=True, help="Also say the server's own error messages, on stderr.")
@click.option(
    "--fail-on",
    type=click.Choice(["failure", "warning"]),
    default="failure",
    help="What makes the exit code of a family (failure).",
)
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    options: TargetOptions,
    no_families: bool,
    max_requests: int,
    max_tokens: int,
    format_: str,
    out: Path | None,
    mask_host: bool,
    with_request_id: bool,
    show_error: bool,
    fail_on: str,
) -> None:
    """Climb from the address to a streamed chat, stop at the first broken rung and find out whose it is.

    Address, proxy, DNS, TCP, TLS, auth, models, model, chat, stream, other protocols. Nothing is changed: what
    another address, header, group, model or protocol answered is proposed.
    """
    aim = _patient(options.target(target, linted=False), options)
    worker = Worker(targets=(aim,), consent=options.consent)
    job = DoctorJob(aim, Budget(max_requests, max_tokens), families=not no_families)
    streams = format_ == "text" and out is None
    hearing = _Hearing(aim, show_error, streams)
    run = worker.do(job, hearing)
    if format_ == "text":
        text = doctor_report.end(run, hearing.told) if streams else doctor_report.whole(aim, run)
        output.deliver(text.encode(), out)
        ctx.exit(exit_codes.of_run(run, fail_on == "warning"))
    try:
        content = worker.evidence(run, format_, mask_host, with_request_id)
    except GateRefused as trouble:
        ctx.exit(output.refused(trouble.leaks))
    output.deliver(content, out)
    ctx.exit(exit_codes.of_run(run, fail_on == "warning"))


def _patient(target: Target, options: TargetOptions) -> Target:
    """The target with the time limits of `smoke`, unless it was given others or the profile has its own."""
    if options.timeout or target.profile.timeouts != Timeouts():
        return target
    return replace(target, profile=replace(target.profile, timeouts=Timeouts.within(DEFAULT_TIMEOUT_MS / 1000)))


class _Hearing:
    """Tells each rung as it is settled: on stdout where the report goes there as text, else on stderr."""

    def __init__(self, target: Target, show_error: bool, on_stdout: bool) -> None:
        self._tell = _to_stdout if on_stdout else output.say
        self._show_error = show_error
        self.told: dict[str, CheckResult] = {}
        self._tell(doctor_report.head(target))

    def __call__(self, progress: Progress) -> None:
        match progress:
            case CheckFinished(check=check) if check.name not in self.told:
                self.told[check.name] = check
                self._tell(doctor_report.rung(check))
            case ServerSaid() if self._show_error:
                output.server_said(progress.text)


def _to_stdout(line: str) -> None:
    output.data(line + "\n")

"""``doctor``: the whole ladder against one target, live; at the first broken rung what tells its causes apart."""

from __future__ import annotations

import click

from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import CheckFinished, DoctorJob, Progress, ServerSaid
from gatewaytui.domain.run import Budget, CheckResult

from . import doctor_report, output
from .parameters import profile_names
from .results import ResultOptions, result_options
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
@result_options(FORMS, "A report (text), or evidence.")
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    options: TargetOptions,
    no_families: bool,
    max_requests: int,
    max_tokens: int,
    result: ResultOptions,
) -> None:
    """Climb from the address to a streamed chat, stop at the first broken rung and find out whose it is.

    Address, proxy, DNS, TCP, TLS, auth, models, model, chat, stream, other protocols. Nothing is changed: what
    another address, header, group, model or protocol answered is proposed.
    """
    aim = options.patient(options.target(target, linted=False))
    worker = Worker(targets=(aim,), consent=options.consent)
    job = DoctorJob(aim, Budget(max_requests, max_tokens), families=not no_families)
    streams = result.form == "text" and result.out is None
    hearing = _Hearing(aim, result.show_error, streams)
    run = worker.do(job, hearing)

    def rendered() -> bytes:
        if result.form != "text":
            return worker.evidence(run, result.form, result.mask_host, result.with_request_id)
        text = doctor_report.end(run, hearing.told) if streams else doctor_report.whole(aim, run)
        return text.encode()

    result.finish(ctx, run, rendered)


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

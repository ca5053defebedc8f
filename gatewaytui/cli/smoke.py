"""``smoke``: the seeds' runner, drop-in. List the models, send one chat, print redacted evidence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import CheckFinished, Progress, ServerSaid, SmokeJob
from gatewaytui.domain.run import Run
from gatewaytui.evidence.gate import guard

from . import output
from .parameters import profile_names
from .results import ResultOptions, result_options
from .targets import ALL_OPTIONS, TargetOptions, target_options

if TYPE_CHECKING:
    from .working import Worker

DEFAULT_PROMPT = "Reply with OK"


@click.command(
    epilog="""\b
Examples:
  gatewaytui smoke tken --model gpt-5.4-mini
  gatewaytui smoke --base-url https://www.tken.shop/v1 --api-key-env TKEN_API_KEY --out smoke-evidence.md
  gatewaytui smoke tokone/claude --format json
  gatewaytui smoke --sample --json
"""
)
@click.argument("target", required=False, shell_complete=profile_names)
@target_options(*ALL_OPTIONS)
@click.option("--skip-chat", is_flag=True, help="Only the model list.")
@click.option("--timeout-ms", type=click.IntRange(100), metavar="MS", help="As --timeout, in milliseconds (20000).")
@click.option("--prompt", default=DEFAULT_PROMPT, metavar="TEXT", help="A small, non-sensitive prompt; never stored.")
@result_options(("markdown", "json", "junit"), "The form of the evidence (markdown).")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--sample", is_flag=True, help="A sample document, without network or key.")
@click.pass_context
def command(
    ctx: click.Context,
    target: str | None,
    options: TargetOptions,
    skip_chat: bool,
    timeout_ms: int | None,
    prompt: str,
    result: ResultOptions,
    as_json: bool,
    sample: bool,
) -> None:
    """Prove one endpoint and one model with two requests, and print evidence that is safe to paste.

    Without TARGET it reads TKEN_BASE_URL, TKEN_API_KEY and TKEN_MODEL.
    """
    if not prompt.strip():
        raise click.UsageError("The prompt is empty.")
    worker: Worker | None = None
    if sample:
        from .sample import sample_run

        run = sample_run(skip_chat)
    else:
        from .working import Worker

        aim = _aim(options, target, timeout_ms)
        worker = Worker(targets=(aim,), consent=options.consent)
        run = worker.do(SmokeJob(aim, prompt, skip_chat), _Hearing(result.show_error))
    form = "json" if as_json else result.form
    result.finish(ctx, run, lambda: _evidence(worker, run, replace(result, form=form)))


def _aim(options: TargetOptions, target: str | None, timeout_ms: int | None) -> Target:
    """The target; without TARGET from the variables of the seeds' runner, and with its time limit.

    A profile that has time limits of its own keeps them.
    """
    given = options.timeout or (timeout_ms / 1000 if timeout_ms else None)
    if target is None:
        options = replace(
            options,
            base_url=options.base_url or os.environ.get("TKEN_BASE_URL") or None,
            api_key_env=options.api_key_env or ("TKEN_API_KEY" if os.environ.get("TKEN_API_KEY") else None),
            model=options.model or os.environ.get("TKEN_MODEL") or None,
        )
    options = replace(options, timeout=given)
    return options.patient(options.target(target))


class _Hearing:
    """Says each check as it ends; the server's own words only where a person asked for them."""

    def __init__(self, show_error: bool) -> None:
        self._show_error = show_error

    def __call__(self, progress: Progress) -> None:
        match progress:
            case CheckFinished():
                output.verdict(progress.check)
            case ServerSaid() if self._show_error:
                output.server_said(progress.text)


def _evidence(worker: Worker | None, run: Run, result: ResultOptions) -> bytes:
    """The document after the gate: the worker's, which knows the key and the prompt; a sample knows none."""
    if worker is not None:
        return worker.evidence(run, result.form, result.mask_host, result.with_request_id)
    from gatewaytui.evidence.formats import FORMATS
    from gatewaytui.evidence.known import Known
    from gatewaytui.evidence.record import build

    document = build(run, mask_host=result.mask_host, with_request_id=result.with_request_id)
    return guard(FORMATS[result.form](document), Known())

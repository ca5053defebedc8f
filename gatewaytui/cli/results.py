"""How a run's result leaves: in which form, where to, what of it is masked, and what makes the exit code."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from gatewaytui.evidence.gate import GateRefused

from . import exit_codes, output

if TYPE_CHECKING:
    from gatewaytui.domain.run import Run

Command = Callable[..., None]
_NAMES = ("form", "out", "mask_host", "with_request_id", "show_error", "fail_on")


class ResultOptions(msgspec.Struct, frozen=True):
    """The options that every command with evidence shares, as they were given."""

    form: str
    out: Path | None
    mask_host: bool
    with_request_id: bool
    show_error: bool
    fail_on: str

    def finish(self, ctx: click.Context, run: Run, render: Callable[[], bytes]) -> None:
        """Deliver what is rendered and exit with the run's code; with 24 where the gate refuses."""
        try:
            content = render()
        except GateRefused as trouble:
            ctx.exit(output.refused(trouble.leaks))
        output.deliver(content, self.out)
        ctx.exit(exit_codes.of_run(run, self.fail_on == "warning"))


def result_options(forms: Sequence[str], words: str) -> Callable[[Command], Command]:
    """Give a command these shared options; it gets them as one argument, ``result``. The first form is the usual."""

    def decorated(function: Command) -> Command:
        @functools.wraps(function)
        def with_options(*args: Any, **given: Any) -> None:
            function(*args, result=ResultOptions(**{name: given.pop(name) for name in _NAMES}), **given)

        command: Command = with_options
        for option in reversed(_options(forms, words)):
            command = option(command)
        return command

    return decorated


def _options(forms: Sequence[str], words: str) -> tuple[Callable[[Command], Command], ...]:
    return (
        click.option("--format", "form", type=click.Choice(forms), default=forms[0], help=words),
        click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file."),
        click.option("--mask-host", is_flag=True, help="Hide the host in the evidence."),
        click.option("--with-request-id", is_flag=True, help="Keep the server's request ids in the evidence."),
        click.option("--show-error", is_flag=True, help="Also say the server's own error messages, on stderr."),
        click.option(
            "--fail-on",
            type=click.Choice(["failure", "warning"]),
            default="failure",
            help="What makes the exit code of a family (failure).",
        ),
    )

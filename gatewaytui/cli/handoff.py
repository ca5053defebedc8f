"""``handoff``: a proven endpoint as curl or SDK code, with the key as a variable."""

from __future__ import annotations

import click

from gatewaytui.handoff.table import HANDOFFS, snippet, variable_for

from . import output
from .parameters import profile_names
from .targets import TargetOptions, target_options


@click.command(epilog="\b\nExample:\n  gatewaytui handoff tken --client curl --model gpt-5.4-mini")
@click.argument("target", required=False, shell_complete=profile_names)
@target_options("base_url", "api_key_env", "model", "protocol", "auth_header")
@click.option("--client", type=click.Choice(list(HANDOFFS)), default="curl", help="For whom (curl).")
def command(target: str | None, options: TargetOptions, client: str) -> None:
    """Print ready code for one client; the key stays in a variable."""
    aim = options.target(target)
    chosen = aim.model or aim.profile.default_model
    if not chosen:
        raise click.UsageError("Name the model that you proved with --model ID.")
    output.data(snippet(client, aim, chosen, variable_for(aim)).text + "\n")

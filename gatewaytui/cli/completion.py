"""``completion``: the script that a shell loads to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from . import output


@click.command(
    epilog="""\b
Examples:
  eval "$(gatewaytui completion bash)"      # in ~/.bashrc; zsh likewise in ~/.zshrc
  gatewaytui completion fish | source       # in ~/.config/fish/config.fish
"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"No completion for {shell}.")
    output.data(kind(ctx.find_root().command, {}, "gatewaytui", "_GATEWAYTUI_COMPLETE").source() + "\n")

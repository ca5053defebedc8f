"""``verify``: an evidence file against the published schema and the leak gate."""

from __future__ import annotations

from pathlib import Path

import click

from gatewaytui.evidence.verify import verify

from . import exit_codes, output
from .parameters import variables
from .reading import known_from, read_input


@click.command(
    epilog="""\b
Example:
  gatewaytui verify smoke-evidence.json

\b
Exit code: 0; 24 where it holds a secret or is no evidence; 21 where it cannot
be read.
"""
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--known-env",
    multiple=True,
    callback=variables,
    metavar="VAR",
    help="A variable whose value must not be in it.",
)
@click.pass_context
def command(ctx: click.Context, file: Path, known_env: tuple[str, ...]) -> None:
    """Check that an evidence file has its proper shape and holds no secret.

    JSON is checked against the published schema, Markdown and JUnit by their form. - reads standard input.
    """
    problems = verify(read_input(file), known_from(known_env))
    for sentence in problems:
        output.say(f"✗ {sentence}")
    if not problems:
        name = "The input" if str(file) == "-" else file
        output.say(f"✓ {name} passed: its shape is right and no secret was found.")
    ctx.exit(exit_codes.REFUSED if problems else exit_codes.OK)

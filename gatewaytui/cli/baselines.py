"""``baselines``: the comparisons kept by name, to hold later ones against."""

from __future__ import annotations

from pathlib import Path

import click

from gatewaytui.evidence import json as evidence_json
from gatewaytui.evidence import markdown
from gatewaytui.storage.baselines import BaselineRow

from . import output
from .compare_baseline import kept

_HEAD = ("name", "at (UTC)", "targets", "runs each", "answered")


@click.group(
    epilog="""\b
Examples:
  gatewaytui compare tken tokmodel --runs 20 --save main
  gatewaytui baselines list
  gatewaytui compare tken tokmodel --runs 20 --baseline main
"""
)
def command() -> None:
    """List, show and remove the comparisons that `compare --save NAME` kept."""


@command.command("list", epilog="\b\nExample:\n  gatewaytui baselines list")
def list_() -> None:
    """List the baselines of this machine."""
    rows = kept().rows()
    if not rows:
        output.say("No baselines yet. Save one: gatewaytui compare TARGET... --runs 20 --save NAME")
        return
    output.data(output.table(_HEAD, [_row(row) for row in rows], frozenset({2, 3, 4})))


def _row(row: BaselineRow) -> tuple[str, ...]:
    comparison = row.evidence.comparison if row.evidence else None
    if row.evidence is None or comparison is None:
        return (row.name, "cannot be read", "-", "-", "-")
    answered, sent = (sum(getattr(column, name) for column in comparison.columns) for name in ("answered", "runs"))
    return (
        row.name,
        row.evidence.generated_at,
        str(len(row.evidence.targets)),
        str(comparison.runs),
        f"{answered}/{sent}",
    )


@command.command(epilog="\b\nExample:\n  gatewaytui baselines show main --format json --out main.json")
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(["markdown", "json"]), default="markdown", help="The form.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
def show(name: str, format_: str, out: Path | None) -> None:
    """Print the evidence of a baseline.

    `compare --baseline FILE` takes its JSON on another machine.
    """
    render = evidence_json.render if format_ == "json" else markdown.render
    output.deliver(render(kept().load(name)), out)


@command.command(epilog="\b\nExample:\n  gatewaytui baselines remove main")
@click.argument("name")
def remove(name: str) -> None:
    """Forget a baseline."""
    kept().remove(name)
    output.say(f"Removed the baseline {name}.")

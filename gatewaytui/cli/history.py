"""``history``: past runs, newest first, without a secret in them."""

from __future__ import annotations

import json
import os

import click

from gatewaytui.domain.failure import FailureFamily
from gatewaytui.storage.history import History
from gatewaytui.storage.locations import Locations

from . import output

MOST_RUNS = 1_000_000
HEADER = ("at (UTC)", "profile", "kind", "model", "status", "class")


@click.command(epilog="\b\nExample:\n  gatewaytui history --family rate_or_quota")
@click.option(
    "--family",
    type=click.Choice([family.value for family in FailureFamily]),
    metavar="NAME",
    help="Only runs that failed with this family.",
)
@click.option("--limit", type=click.IntRange(1, MOST_RUNS), default=50, metavar="N", help="At most so many (50).")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    help="A table (text), or a JSON line for each run.",
)
def command(family: str | None, limit: int, format_: str) -> None:
    """Show past runs and their failure classes."""
    runs = History(Locations.find(os.environ)).runs(limit=limit, family=family)
    if format_ == "jsonl":
        for run in runs:
            output.data(json.dumps(run.as_dict()) + "\n")
        return
    if not runs:
        output.say(f"No run failed with {family}." if family else "No runs yet. Run one: gatewaytui smoke TARGET")
        return
    rows = [(run.at, run.label, run.kind, run.model, run.status, run.failure_class or "-") for run in runs]
    output.data(output.table(HEADER, rows))

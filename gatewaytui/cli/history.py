"""``history``: past runs, how their failures go, what changed since all was well, and their evidence again."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.storage.history import History
from gatewaytui.storage.historyrows import RunFilter
from gatewaytui.storage.locations import Locations

from . import history_views, output
from .history_range import IdRange, ids, since
from .parameters import profile_names, variables

MOST_RUNS = 1_000_000
MOST_LISTED = 50
TREND_DAYS = 30
_LISTS, _DOCUMENTS = ("text", "json", "jsonl"), ("markdown", "json", "junit")


class Asked(msgspec.Struct, frozen=True):
    """What the command line asked for: which runs, how many, in which form."""

    runs: RunFilter
    limit: int
    form: str


@click.command(
    epilog="""\b
Examples:
  gatewaytui history --family rate_or_quota --since 7d    what hit a limit this week
  gatewaytui history --trends --profile tokone            each class: how often, since when, where it goes
  gatewaytui history --changes 412                        what changed since the last good run before 412
  gatewaytui history --export 405..412 --format junit --out week.xml
"""
)
@click.option(
    "--profile", default="", metavar="PROFILE[/GROUP]", shell_complete=profile_names, help="Only of this one."
)
@click.option(
    "--family",
    type=click.Choice([family.value for family in FailureFamily]),
    metavar="NAME",
    help="Only runs in which something of this family was found.",
)
@click.option(
    "--class",
    "class_",
    type=click.Choice([one.value for one in FailureClass]),
    metavar="NAME",
    help="Only runs in which this class was found.",
)
@click.option("--since", callback=since, metavar="WHEN", help="Only from then on: 7d, 12h, 2w, or a UTC date.")
@click.option("--limit", type=click.IntRange(1, MOST_RUNS), metavar="N", help="At most so many, the newest (50).")
@click.option("--trends", is_flag=True, help="Classes by profile: count, first and last seen, trend, flapping.")
@click.option(
    "--changes", type=click.IntRange(1), metavar="RUN", help="What changed since the last good run before it."
)
@click.option(
    "--export", "export", callback=ids, metavar="RUN[..RUN]", help="The evidence of a run or a range, again."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl", "markdown", "junit"]),
    help="text, json or jsonl; for --export markdown, json or junit. (The first of each.)",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write it to a file.")
@click.option(
    "--known-env", multiple=True, callback=variables, metavar="VAR", help="A variable whose value no export may hold."
)
@click.pass_context
def command(
    ctx: click.Context,
    profile: str,
    family: str | None,
    class_: str | None,
    since: datetime | None,
    limit: int | None,
    trends: bool,
    changes: int | None,
    export: IdRange | None,
    form: str | None,
    out: Path | None,
    known_env: tuple[str, ...],
) -> None:
    """Show past runs, newest first, without a secret in them. Times are UTC.

    With --trends how each failure class goes, with --changes what is different since a run failed, with --export the
    evidence of past runs.
    """
    if sum((trends, changes is not None, export is not None)) > 1:
        raise click.UsageError("Give one of --trends, --changes and --export.")
    name, slash, group = profile.partition("/")
    wanted = RunFilter(
        profile=name,
        group=group if slash else None,
        family=FailureFamily(family) if family else None,
        failure_class=FailureClass(class_) if class_ else None,
        since=since,
        ids=export,
    )
    asked = Asked(wanted, limit or (MOST_RUNS if export else MOST_LISTED), _form(form, export is not None))
    history = History(Locations.find(os.environ))
    if export:
        try:
            content = history_views.document(history, asked.runs, asked.limit, asked.form, known_env)
        except GateRefused as trouble:
            ctx.exit(output.refused(trouble.leaks))
    else:
        text = _changes(history, changes, asked) if changes else _rows(history, trends, asked)
        content = text.encode()
    if content:
        output.deliver(content, out)
    if history.notice:
        output.say(f"! {history.notice}")


def _form(form: str | None, exported: bool) -> str:
    """The form asked for, or the usual one; a usage error where it does not fit what is asked."""
    allowed = _DOCUMENTS if exported else _LISTS
    if form is not None and form not in allowed:
        what = "With --export" if exported else "Without --export"
        raise click.UsageError(f"{what} the format is {', '.join(allowed[:-1])} or {allowed[-1]}.")
    return form or allowed[0]


def _rows(history: History, trends: bool, asked: Asked) -> str:
    if trends:
        today = datetime.now(UTC).date()
        since = asked.runs.since
        days = (today - since.date()).days + 1 if since else TREND_DAYS
        found = [one for one in history.trends(days, today) if history_views.fits(one, asked.runs)][: asked.limit]
        if asked.form == "text" and not found:
            output.say(f"Nothing of that failed or warned in the last {days} days.")
            return ""
        return history_views.trends(found, days, today, asked.form)
    runs = history.runs(asked.runs, asked.limit)
    if asked.form == "text" and not runs:
        empty = asked.runs == RunFilter()
        output.say("No runs yet. Run one: gatewaytui smoke TARGET" if empty else "No past run fits that.")
        return ""
    return history_views.runs(runs, asked.form)


def _changes(history: History, run_id: int, asked: Asked) -> str:
    run = next(iter(history.runs(RunFilter(ids=(run_id, run_id)))), None)
    if run is None:
        raise click.UsageError(f"There is no run {run_id} in the history.")
    found = history_views.compared(history, run_id)
    if asked.form == "text" and not found:
        output.say(f"Run {run_id} found nothing wrong.")
        return ""
    return history_views.changes(run, found, asked.form)

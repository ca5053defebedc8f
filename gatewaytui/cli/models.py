"""``models``: the catalogue of one or several targets, searched or compared."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click

from gatewaytui.domain.catalogue import ModelInfo, ModelList
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import CheckFinished, ModelsArrived, ModelsJob, Progress
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.domain.text import safe_line
from gatewaytui.storage.catalogues import Catalogues, KeptList, storable
from gatewaytui.storage.locations import Locations

from . import exit_codes, models_diff, output
from .parameters import profile_names
from .targets import TargetOptions, target_options
from .working import Worker

HEADER = ("id", "provider", "context", "max out", "in $/M", "out $/M", "endpoints")
RIGHT = frozenset({2, 3, 4, 5})


@dataclass
class _Heard:
    """What arrives; each verdict is said with its target's name where there are several."""

    aims: tuple[Target, ...]
    lists: dict[int, ModelList]

    def hear(self, progress: Progress) -> None:
        if isinstance(progress, ModelsArrived):
            self.lists[progress.target] = progress.models
        elif isinstance(progress, CheckFinished):
            self._say(progress.check)

    def _say(self, check: CheckResult) -> None:
        name = self.aims[check.target].label if len(self.aims) > 1 else ""
        if check.outcome is not Outcome.PASSED:
            output.verdict(check, name)
        elif check.note:
            output.say(f"  note:  {name}: {check.note}" if name else f"  note:  {check.note}")


@click.command(
    epilog="""\b
Examples:
  gatewaytui models tken
  gatewaytui models tken --filter claude
  gatewaytui models tken tokenopen --diff
  gatewaytui models tken --diff
"""
)
@click.argument("targets", nargs=-1, shell_complete=profile_names, metavar="[TARGET]...")
@target_options("base_url", "api_key_env", "protocol", "auth_header", "timeout", "allow_cmd", "allow_http")
@click.option("--filter", "needle", default="", metavar="TEXT", help="Only ids that contain this.")
@click.option(
    "--diff",
    is_flag=True,
    help="What each other list has more (+), less (-), differently (~) or under another name (?) than the first;"
    " with one target: than when its list was last different.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    help="A table (text), one JSON document, or a JSON line for each model or difference.",
)
@click.pass_context
def command(
    ctx: click.Context,
    targets: tuple[str, ...],
    options: TargetOptions,
    needle: str,
    diff: bool,
    format_: str,
) -> None:
    """List, search or compare the models of one or more gateways."""
    aims = tuple(options.target(text) for text in (targets or (None,)))
    heard = _Heard(aims, {})
    run = Worker(targets=aims, consent=options.consent).do(ModelsJob(aims), heard.hear)
    failed = {check.target for check in run.checks if check.outcome is Outcome.FAILED}
    sound = {index: models for index, models in sorted(heard.lists.items()) if index not in failed}
    earlier = _kept(aims, sound)
    if diff:
        held = _held(aims, sound, earlier)
        output.data(models_diff.shown([each.narrowed(needle) for each in held], format_))
    else:
        _list(aims, heard.lists, needle, format_)
    ctx.exit(exit_codes.of_run(run))


def _list(aims: tuple[Target, ...], lists: dict[int, ModelList], needle: str, format_: str) -> None:
    wanted = needle.casefold()
    found = {i: [m for m in models.models if wanted in m.id.casefold()] for i, models in sorted(lists.items())}
    if needle and lists and not any(found.values()):
        output.say(f"No listed id contains {safe_line(needle, 64)}.")
    if format_ == "text":
        output.data(_text(aims, found))
    else:
        output.data(_json(aims, found, lines=format_ == "jsonl"))


def _kept(aims: tuple[Target, ...], lists: dict[int, ModelList]) -> dict[int, tuple[KeptList, ...]]:
    """Keep each list; what was kept of each target before. A disk that refuses is said and changes nothing else."""
    kept, now = Catalogues(Locations.find(os.environ)), datetime.now(UTC)
    earlier: dict[int, tuple[KeptList, ...]] = {}
    for index, models in lists.items():
        try:
            earlier[index] = kept.keep(aims[index], models, now)
        except Problem as problem:
            output.problem(problem)
    return earlier


def _held(
    aims: tuple[Target, ...], lists: dict[int, ModelList], earlier: dict[int, tuple[KeptList, ...]]
) -> list[models_diff.Held]:
    """The comparisons that can be made of what arrived: each list against the first that did."""
    if not lists:
        return []
    if len(aims) > 1:
        first, *others = lists
        if not others:
            output.say(f"Nothing to hold {aims[first].label} against: no other list came.")
        return [models_diff.between(aims[first], lists[first], aims[index], lists[index]) for index in others]
    if not earlier.get(0):
        output.say(f"No other list of {aims[0].label} was seen yet: this one is kept, so ask again later.")
        return []
    return [models_diff.since(aims[0], earlier[0][0], storable(lists[0]))]


def _text(aims: tuple[Target, ...], found: dict[int, list[ModelInfo]]) -> str:
    parts = []
    for index, models in found.items():
        if len(aims) > 1:
            parts.append(f"{aims[index].label}: {output.counted(len(models), 'model')}\n")
        if models:
            parts.append(output.table(HEADER, [_row(model) for model in models], RIGHT, output.screen_width()))
    return "".join(parts)


def _row(model: ModelInfo) -> tuple[str, ...]:
    return (
        safe_line(model.id, 120),
        safe_line(model.provider, 40),
        _number(model.context),
        _number(model.max_output),
        _price(model.input_price),
        _price(model.output_price),
        safe_line(",".join(model.endpoint_types), 60),
    )


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", " ")


def _price(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _json(aims: tuple[Target, ...], found: dict[int, list[ModelInfo]], lines: bool) -> str:
    entries: list[dict[str, Any]] = [
        {
            "target": aims[index].label,
            "id": model.id,
            "provider": model.provider or None,
            "context": model.context,
            "max_output": model.max_output,
            "input_price": model.input_price,
            "output_price": model.output_price,
            "endpoint_types": list(model.endpoint_types),
        }
        for index, models in found.items()
        for model in models
    ]
    if lines:
        return "".join(json.dumps(entry) + "\n" for entry in entries)
    return json.dumps({"models": entries}, indent=2) + "\n"

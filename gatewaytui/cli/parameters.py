"""What click does not check and complete by itself: finite numbers, names of variables, names of profiles."""

from __future__ import annotations

import math
import os
import re
from typing import TYPE_CHECKING

import click

from gatewaytui.domain.keyshape import looks_like_key
from gatewaytui.domain.problem import Problem

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SECONDS = click.FloatRange(0.1, 86_400)


def finite(ctx: click.Context, param: click.Parameter, number: float | None) -> float | None:
    """The number of an option; ``nan``, which click finds in every range, is a usage error."""
    if number is not None and math.isnan(number):
        raise click.BadParameter("nan is not a number that can be used here.", ctx, param)
    return number


def variable(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """The name of an environment variable; a key in its place is a usage error that does not repeat it."""
    if name is not None and (_NAME.fullmatch(name) is None or looks_like_key(name)):
        raise click.BadParameter("it takes the name of a variable, never the key itself.", ctx, param)
    return name


def variables(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """The same for an option that may be given several times."""
    for name in names:
        variable(ctx, param, name)
    return names


def profile_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For the shell: profiles and their groups that begin so; none where the profiles cannot be read."""
    from click.shell_completion import CompletionItem

    from gatewaytui.storage.locations import Locations
    from gatewaytui.storage.profiles import ProfileStore

    try:
        profiles = ProfileStore(Locations.find(os.environ)).load().profiles
    except Problem:
        return []
    labels = (label for p in profiles for label in (p.name, *(f"{p.name}/{group.name}" for group in p.groups)))
    return [CompletionItem(label) for label in labels if label.startswith(incomplete)]

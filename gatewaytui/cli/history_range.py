"""Options of ``history`` that name a time or some runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import click

IdRange = tuple[int, int]
"""The first and the last run of a range."""

_AGO = re.compile(r"(\d{1,4})([hdw])")
_UNITS: Mapping[str, timedelta] = MappingProxyType(
    {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
)
_IDS = re.compile(r"(\d{1,12})(?:\.\.(\d{1,12}))?")


def since(ctx: click.Context, param: click.Parameter, text: str | None) -> datetime | None:
    """``7d``, ``12h``, ``2w``, or a date or time (UTC where it names no zone), as a moment in UTC."""
    if text is None:
        return None
    now = datetime.now(UTC)
    if ago := _AGO.fullmatch(text):
        return now - int(ago[1]) * _UNITS[ago[2]]
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter("write 7d, 12h, 2w, or a date like 2026-01-31.", ctx, param) from None
    if moment > now:
        raise click.BadParameter("that is not in the past.", ctx, param)
    return moment


def ids(ctx: click.Context, param: click.Parameter, text: str | None) -> IdRange | None:
    """``412`` or ``405..412``; a range that runs backwards is turned round."""
    if text is None:
        return None
    found = _IDS.fullmatch(text)
    if found is None:
        raise click.BadParameter("write one run (412) or a range (405..412).", ctx, param)
    first, last = int(found[1]), int(found[2] or found[1])
    return min(first, last), max(first, last)

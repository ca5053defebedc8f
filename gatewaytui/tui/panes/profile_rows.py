"""The rows of the Profiles pane: a line a profile and a group, with address, protocol, key and last verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.outcome import Outcome
from gatewaytui.domain.profile import KeyReference, KeySource, Profile, Target
from gatewaytui.domain.text import safe_line
from gatewaytui.protocols.lint import lint_base_url
from gatewaytui.storage.profiles import ProfileBook
from gatewaytui.tui.widgets.columns import Cell, Column, table
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines

from .base import Tails

if TYPE_CHECKING:
    from gatewaytui.storage.historyrows import RunRow

_COLUMNS = (
    Column(""),
    Column("profile", gives=True, rank=9),
    Column("base URL", gives=True, rank=3),
    Column("protocol", rank=2),
    Column("key", gives=True, rank=3),
    Column("last verdict", rank=8),
    Column("when", rank=1),
)
NARROW = 96
"""In fewer columns a row has no place for protocol, time and a key's last characters; what is below it says them."""
_SPARED = (3, 6)
_LABEL = 15
_SESSION = "this session"
_LIST = "models"
Describe = Callable[[KeyReference], str]


class Verdict(msgspec.Struct, frozen=True):
    """How the last run of a target ended; ``failure_class`` is "" where it passed, ``at`` is local time."""

    outcome: Outcome
    failure_class: str
    at: datetime


def targets(book: ProfileBook) -> tuple[Target, ...]:
    """Every profile, each followed by its groups: what a run can be pointed at."""
    return tuple(
        target
        for profile in book.profiles
        for target in (Target(profile), *(Target(profile, group.name) for group in profile.groups))
    )


def needs_group(target: Target) -> bool:
    """True for a profile of which only the groups have keys: the profile alone cannot be asked."""
    return not target.group and bool(target.profile.groups) and target.key.source is KeySource.KEYRING


def past_verdicts(rows: Iterable[RunRow]) -> Mapping[str, Verdict]:
    """The last verdict of each target, from runs in the order newest first.

    A list that came proves no gateway: it only takes back what an earlier list said.
    """
    verdicts: dict[str, Verdict] = {}
    listed: set[str] = set()
    for row in rows:
        if row.targets != 1 or row.label in verdicts or row.failure_class == FailureClass.CANCELLED:
            continue
        if row.kind == _LIST and (not row.failure_class or row.label in listed):
            listed.add(row.label)
            continue
        outcome = Outcome.FAILED if row.failure_class else Outcome.PASSED
        at = datetime.fromisoformat(row.at).astimezone()
        verdicts[row.label] = Verdict(outcome, row.failure_class or "", at)
    return verdicts


def row_lines(
    rows: Sequence[Target],
    current: Target | None,
    verdicts: Mapping[str, Verdict],
    keys: Callable[[Target], str],
    width: int,
    now: datetime,
) -> tuple[Line, ...]:
    """The head and a line a target; the one the console points at is marked."""
    cells = [_row(target, current, verdicts.get(target.label), keys(target), now) for target in rows]
    kept = [place for place in range(len(_COLUMNS)) if width >= NARROW or place not in _SPARED]
    return table([_COLUMNS[place] for place in kept], [[row[place] for place in kept] for row in cells], width)


def key_words(target: Target, describe: Describe, tails: Tails) -> str:
    """Where the key is, and its last four characters once it was read."""
    if needs_group(target):
        return "one for each group"
    tail = tails.get((target.profile.name, target.group), "")
    words = _SESSION if target.key.source is KeySource.PROMPT else describe(target.key)
    return f"{words} …{tail}" if tail else words


def detail_lines(target: Target, key: str, width: int) -> tuple[Line, ...]:
    """What else the profile says, and what is likely wrong with its address."""
    profile = target.profile
    facts = (
        ("speaks", ", ".join(_spoken(target))),
        ("key", f"{key}, sent as {_header_words(profile)}"),
        ("model list", safe_line(profile.models_path)),
        ("default model", safe_line(profile.default_model)),
        ("extra headers", ", ".join(safe_line(name) for name, _ in profile.extra_headers)),
        ("proxy", safe_line(profile.proxy)),
        ("CA file", safe_line(profile.ca_file)),
    )
    rows = [Passage(words, Ink.PLAIN, f"{label:<{_LABEL}}") for label, words in facts if words]
    for advice in lint_base_url(profile.base_url):
        better = f" Proposed: {advice.proposal} (e edits)" if advice.proposal else ""
        rows.append(Passage(safe_line(advice.sentence + better), Ink.WARNED, f"{'! base URL':<{_LABEL}}", Ink.WARNED))
    return passage_lines(rows, width)


def _row(target: Target, current: Target | None, verdict: Verdict | None, key: str, now: datetime) -> Sequence[Cell]:
    chosen = current is not None and current.label == target.label
    name = f"└ {safe_line(target.group)}" if target.group else safe_line(target.profile.name)
    return (
        ("●" if chosen else " ", Ink.ACCENT),
        (f"  {name}" if target.group else name, Ink.STRONG if chosen else Ink.PLAIN),
        ("" if target.group else safe_line(target.profile.base_url), Ink.MUTED),
        (str(target.protocol), Ink.MUTED),
        (key, Ink.MUTED),
        *_verdict_cells(verdict, now),
    )


def _verdict_cells(verdict: Verdict | None, now: datetime) -> tuple[Cell, Cell]:
    if verdict is None:
        return ("· not checked", Ink.MUTED), ("", Ink.MUTED)
    sign = SIGNS[verdict.outcome]
    form = "%H:%M" if verdict.at.date() == now.date() else "%d %b"
    return (f"{sign.sign} {verdict.failure_class or sign.word}", sign.ink), (verdict.at.strftime(form), Ink.MUTED)


def _spoken(target: Target) -> tuple[str, ...]:
    group = target.profile.group(target.group)
    return tuple(map(str, group.protocols if group and group.protocols else target.profile.protocols))


def _header_words(profile: Profile) -> str:
    forced = profile.auth_header.value
    return "the protocol's own header" if forced == "auto" else forced

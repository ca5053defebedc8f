"""Two catalogues side by side, as ``models --diff`` prints them: a table, one JSON document, or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec.structs import replace

from gatewaytui.diagnosis.catalogues import CatalogueDiff, Difference, Field, Pair, Value, diff
from gatewaytui.domain.catalogue import ModelInfo, ModelList
from gatewaytui.domain.profile import Target
from gatewaytui.domain.text import safe_line
from gatewaytui.storage.catalogues import KeptList

from . import output

_HEADER = ("", "what", "id", "field", "first", "second")
_WORDS: Mapping[Field, str] = MappingProxyType(
    {
        Field.CONTEXT: "context",
        Field.MAX_OUTPUT: "max out",
        Field.INPUT_PRICE: "in $/M",
        Field.OUTPUT_PRICE: "out $/M",
        Field.ENDPOINTS: "endpoints",
    }
)
_Row = tuple[str, str, str, str, str, str]


class Held(msgspec.Struct, frozen=True):
    """A comparison, what its two lists are called, and since when where the first is an earlier one (UTC).

    ``needle`` is what all ids in it contain, "" where it is the whole.
    """

    first: str
    second: str
    found: CatalogueDiff
    since: datetime | None = None
    needle: str = ""

    def narrowed(self, needle: str) -> Held:
        """What concerns ids that contain this."""
        return replace(self, found=self.found.narrowed(needle), needle=needle)

    @property
    def names(self) -> tuple[str, str]:
        """What a model is called that only the first list has, and one that only the second has."""
        return ("gone", "new") if self.since else (f"only {self.first}", f"only {self.second}")


def between(first: Target, here: ModelList, second: Target, there: ModelList) -> Held:
    """The lists of two targets."""
    return Held(first.label, second.label, diff(here, there))


def since(target: Target, kept: KeptList, now: ModelList) -> Held:
    """The list of a target and the last one of it that was different."""
    return Held(target.label, target.label, diff(kept.models, now), kept.last_seen)


def shown(comparisons: Sequence[Held], format_: str) -> str:
    """The comparisons in this format. What they come to is said beside the data."""
    for held in comparisons:
        output.say(_sentence(held))
        if not held.found.complete:
            output.say("  note:  A list is longer than is read: what only one has may stand beyond the cut.")
    if format_ == "json":
        return json.dumps({"diffs": [_document(held) for held in comparisons]}, indent=2) + "\n"
    if format_ == "jsonl":
        return "".join(json.dumps(line) + "\n" for held in comparisons for line in _lines(held))
    width = output.screen_width()
    return "\n".join(_table(rows, width) for held in comparisons if (rows := _rows(held)))


def _table(rows: Sequence[_Row], width: int | None) -> str:
    """The rows under their heads; a column that none of them uses takes no room."""
    used = [at for at, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    picked = [[row[at] for at in used] for row in (_HEADER, *rows)]
    return output.table(picked[0], picked[1:], width=width)


def _sentence(held: Held) -> str:
    found, (first, second) = held.found, held.names
    if held.since:
        moment = held.since.astimezone()
        beginning = f"{held.first} since {moment:%Y-%m-%d %H:%M}"
    else:
        beginning = f"{held.first} against {held.second}"
    if found.equal:
        if held.needle:
            needle = safe_line(held.needle, 64)
            ids = output.counted(len(found.same), "id")
            same = f"the same in the {ids} with {needle}" if found.same else f"no id contains {needle}"
            return f"{beginning}: {same}."
        return f"{beginning}: the same, {output.counted(len(found.same), 'id')}."
    return (
        f"{beginning}: {len(found.same)} the same, {len(found.changed)} differ, {len(found.look_alikes)} look alike,"
        f" {len(found.only_a)} {first}, {len(found.only_b)} {second}."
    )


def _rows(held: Held) -> list[_Row]:
    found, (first, second) = held.found, held.names
    rows = [_row("~", "differs", pair, difference) for pair in found.changed for difference in pair.differences]
    for pair in found.look_alikes:
        rows.append(("?", f"look-alike, {pair.confidence}", _id(pair.a), "id", "", _id(pair.b)))
        rows += [_row("?", "differs too", pair, difference) for difference in pair.differences]
    rows += [("-", first, _id(model), "", "", "") for model in found.only_a]
    rows += [("+", second, _id(model), "", "", "") for model in found.only_b]
    return rows


def _row(sign: str, word: str, pair: Pair, difference: Difference) -> _Row:
    return sign, word, _id(pair.a), _WORDS[difference.field], _value(difference.a), _value(difference.b)


def _id(model: ModelInfo) -> str:
    return safe_line(model.id, 120)


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        return safe_line(",".join(value), 60)
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}".replace(",", " ")


def _document(held: Held) -> dict[str, Any]:
    found = held.found
    return {
        "first": held.first,
        "second": held.second,
        "since": held.since.isoformat() if held.since else None,
        "complete": found.complete,
        "same": len(found.same),
        "in_both": [pair.a.id for pair in (*found.same, *found.changed)],
        "only_first": [model.id for model in found.only_a],
        "only_second": [model.id for model in found.only_b],
        "changed": [{"id": pair.a.id, **change} for pair in found.changed for change in _changes(pair)],
        "look_alikes": [
            {"first": pair.a.id, "second": pair.b.id, "confidence": pair.confidence, "changed": _changes(pair)}
            for pair in found.look_alikes
        ],
    }


def _lines(held: Held) -> list[dict[str, Any]]:
    """An object a difference, each with its kind."""
    document = _document(held)
    targets = {"first_target": held.first, "second_target": held.second, "since": document["since"]}
    kinds = ("only_first", "only_second", "changed", "look_alikes")
    return [
        {**targets, "kind": kind.removesuffix("s"), **(entry if isinstance(entry, dict) else {"id": entry})}
        for kind in kinds
        for entry in document[kind]
    ]


def _changes(pair: Pair) -> list[dict[str, Any]]:
    return [{"field": change.field, "first": change.a, "second": change.b} for change in pair.differences]

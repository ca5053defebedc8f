"""What the Models pane looks through: one list, several side by side, or what differs between two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.diagnosis.catalogues import CatalogueDiff, Difference, Field, Pair, Value, diff
from gatewaytui.domain.catalogue import ModelInfo, ModelList, ModelTable
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.text import safe_line
from gatewaytui.storage.catalogues import KeptList, storable
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column
from gatewaytui.tui.widgets.ink import Ink

from .model_columns import Field as Shown
from .model_columns import decimals_of, fields_of, id_field, words_field
from .model_index import ModelIndex, Rows

Place = tuple[str, str, Protocol, str]
_WORDS: Mapping[Field, str] = MappingProxyType(
    {
        Field.CONTEXT: "context",
        Field.MAX_OUTPUT: "max out",
        Field.INPUT_PRICE: "$/M in",
        Field.OUTPUT_PRICE: "$/M out",
        Field.ENDPOINTS: "endpoints",
    }
)
_LONGEST = 100
_NAME = 24
_APART = " · "
_TO = " → "


class Fetched(msgspec.Struct, frozen=True):
    """The list a target gave."""

    target: Target
    models: ModelList

    @property
    def place(self) -> Place:
        """What the list belongs to."""
        return place_of(self.target)


class Shelf(msgspec.Struct, frozen=True):
    """The lists at hand, the chosen target's first. ``against`` is what the first is held against, None for nothing.

    ``earlier`` are the first one's lists of other days, the newest first.
    """

    lists: tuple[Fetched, ...] = ()
    against: Fetched | KeptList | None = None
    earlier: tuple[KeptList, ...] = ()

    def having(self, fetched: Fetched) -> Shelf:
        """With this list, in place of an older one of the same target."""
        places = [known.place for known in self.lists]
        if fetched.place not in places:
            return replace(self, lists=(*self.lists, fetched))
        lists = tuple(fetched if known.place == fetched.place else known for known in self.lists)
        return replace(self, lists=lists)

    def has(self, place: Place) -> bool:
        """Whether the list of this place is here."""
        return any(known.place == place for known in self.lists)

    def a_day_earlier(self) -> Shelf:
        """Held against the next earlier list; after the earliest against nothing."""
        at = self.earlier.index(self.against) + 1 if self.against in self.earlier else 0
        return replace(self, against=self.earlier[at] if at < len(self.earlier) else None)

    def target_of(self, source: int) -> Target | None:
        """Whose model a row of this source is; None where there is no list."""
        if isinstance(self.against, Fetched):
            return (self.lists[0], self.against)[source].target
        at = source if self.against is None else 0
        return self.lists[at].target if at < len(self.lists) else None

    def index(self) -> tuple[ModelIndex, str]:
        """What is looked through, and the sentence that says what it comes to ("" for a plain list)."""
        if not self.lists:
            return ModelIndex.of(()), ""
        first = self.lists[0]
        if isinstance(self.against, Fetched):
            return _beside(first, self.against)
        if self.against is not None:
            return _since(first, self.against)
        if len(self.lists) > 1:
            return merged_index([(each.target.label, each.models.models) for each in self.lists]), ""
        return ModelIndex.of(first.models.models), ""

    @property
    def truncated(self) -> bool:
        """True where a list was cut."""
        return any(fetched.models.truncated for fetched in self.lists)

    @property
    def backed_out(self) -> Shelf:
        """One step back: against nothing, then the first list alone."""
        return replace(self, against=None) if self.against is not None else replace(self, lists=self.lists[:1])


def place_of(target: Target) -> Place:
    """What a list belongs to: another model of the same place is no reason to ask again."""
    return target.profile.name, target.group, target.protocol, target.profile.base_url


def _beside(first: Fetched, other: Fetched) -> tuple[ModelIndex, str]:
    found = diff(first.models, other.models)
    here, there = first.target.label, other.target.label
    index = diff_index(found, f"only {here}", f"only {there}", f"{here}{_TO}{there}")
    return index, diff_words(found, f"{here} against {there}")


def _since(now: Fetched, kept: KeptList) -> tuple[ModelIndex, str]:
    found = diff(kept.models, storable(now.models))
    heading = f"{now.target.label} since {kept.last_seen.astimezone():%Y-%m-%d %H:%M}"
    return diff_index(found, "gone", "new", f"then{_TO}now"), diff_words(found, heading)


def merged_index(lists: Sequence[tuple[str, Sequence[ModelInfo]]]) -> ModelIndex:
    """Several lists in one, with a column that names whose each model is."""
    models = [model for _, listed in lists for model in listed]
    sources = [number for number, (_, listed) in enumerate(lists) for _ in range(len(listed))]
    names = [lists[source][0] for source in sources]
    profile = words_field(Column("profile", rank=7), _NAME, Ink.ACCENT, names)
    return ModelIndex.over(Rows(models, lambda table: (profile, *fields_of(table)), sources, names))


class _Row(msgspec.Struct, frozen=True):
    model: ModelInfo
    source: int
    verdict: str
    ink: Ink
    words: str


def diff_index(found: CatalogueDiff, only_first: str, only_second: str, sides: str) -> ModelIndex:
    """What differs, the telling rows first; ``sides`` heads the column that says how.

    Sources are 0 for a model of the first list, 1 for one of the second.
    """
    rows = (
        *(_Row(pair.a, 0, "~ differs", Ink.WARNED, _differences(pair)) for pair in found.changed),
        *(_Row(pair.a, 0, "? look-alike", Ink.ACCENT, _alike(pair)) for pair in found.look_alikes),
        *(_Row(model, 0, f"- {only_first}", Ink.FAILED, _facts(model)) for model in found.only_a),
        *(_Row(model, 1, f"+ {only_second}", Ink.PASSED, _facts(model)) for model in found.only_b),
        *(_Row(pair.a, 0, "= the same", Ink.MUTED, "") for pair in found.same),
    )

    def verdict(place: int) -> Cell:
        return safe_line(rows[place].verdict, _NAME), rows[place].ink

    def columns(models: ModelTable) -> tuple[Shown, ...]:
        widest = min(max((len(row.verdict) for row in rows), default=0), _NAME)
        fields = (
            Shown(Column("what", rank=8), verdict, widest),
            id_field(models),
            words_field(Column(sides, gives=True), _LONGEST, Ink.PLAIN, [row.words for row in rows]),
        )
        return tuple(field for field in fields if field.width)

    beside = [f"{row.verdict} {row.words}" for row in rows]
    return ModelIndex.over(Rows([row.model for row in rows], columns, [row.source for row in rows], beside))


def diff_words(found: CatalogueDiff, heading: str) -> str:
    """What a comparison comes to."""
    if found.equal:
        return f"{heading}: the same"
    counts = (
        (len(found.changed), "differ"),
        (len(found.look_alikes), "look alike"),
        (len(found.only_a) + len(found.only_b), "in one only"),
        (len(found.same), "the same"),
    )
    return f"{heading}: " + ", ".join(f"{figures.grouped(number)} {word}" for number, word in counts if number)


def _alike(pair: Pair) -> str:
    return _APART.join(filter(None, (f"{pair.b.id} ({pair.confidence})", _differences(pair))))


def _differences(pair: Pair) -> str:
    return _APART.join(map(_difference, pair.differences))


def _difference(one: Difference) -> str:
    return f"{_WORDS[one.field]} {_value(one.a)}{_TO}{_value(one.b)}"


def _facts(model: ModelInfo) -> str:
    """What the one list says of a model that the other has not."""
    values: tuple[tuple[Field, Value | None], ...] = (
        (Field.CONTEXT, model.context),
        (Field.INPUT_PRICE, model.input_price),
        (Field.OUTPUT_PRICE, model.output_price),
    )
    return _APART.join(f"{_WORDS[field]} {_value(value)}" for field, value in values if value is not None)


def _value(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return figures.grouped(value, decimals_of(value) if isinstance(value, float) else 0)

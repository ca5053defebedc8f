"""Catalogues side by side: which models only one list has, what differs in both, and which look like one renamed.

Every list is gone through once and looked up by normalised names, never pair by pair: ten thousand against ten
thousand stay a fraction of a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import zip_longest
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ModelInfo, ModelList
from gatewaytui.domain.failure import Confidence

from .models import name_keys, same_model

Value = int | float | tuple[str, ...]


class Field(StrEnum):
    """What is compared of a model that both lists have; the values are the names of its members."""

    CONTEXT = "context"
    MAX_OUTPUT = "max_output"
    INPUT_PRICE = "input_price"
    OUTPUT_PRICE = "output_price"
    ENDPOINTS = "endpoint_types"


class Difference(msgspec.Struct, frozen=True):
    """What the first list says of a field and what the second says. Tokens, US dollars a million tokens, or words."""

    field: Field
    a: Value
    b: Value


class Pair(msgspec.Struct, frozen=True):
    """A model as both lists have it. ``confidence`` is how sure it is one model: certain where the ids are equal."""

    a: ModelInfo
    b: ModelInfo
    differences: tuple[Difference, ...] = ()
    confidence: Confidence = Confidence.CERTAIN


class CatalogueDiff(msgspec.Struct, frozen=True):
    """Two lists compared: every id is in exactly one place, in the order of its list.

    ``same`` and ``changed`` have one id in both lists, ``look_alikes`` two ids that may be one model. A field that
    only one list states is no difference. Where not ``complete`` a list was cut, so that ``only_a`` and ``only_b``
    may merely stand beyond the cut.
    """

    only_a: tuple[ModelInfo, ...] = ()
    only_b: tuple[ModelInfo, ...] = ()
    same: tuple[Pair, ...] = ()
    changed: tuple[Pair, ...] = ()
    look_alikes: tuple[Pair, ...] = ()
    complete: bool = True

    @property
    def equal(self) -> bool:
        """True where both lists say the same of the same ids."""
        return not (self.only_a or self.only_b or self.changed or self.look_alikes)

    def narrowed(self, words: str) -> CatalogueDiff:
        """What is left of it where an id must contain these words, in any case."""
        wanted = words.casefold()

        def alone(models: tuple[ModelInfo, ...]) -> tuple[ModelInfo, ...]:
            return tuple(model for model in models if wanted in model.id.casefold())

        def both(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
            return tuple(pair for pair in pairs if wanted in pair.a.id.casefold() or wanted in pair.b.id.casefold())

        return replace(
            self,
            only_a=alone(self.only_a),
            only_b=alone(self.only_b),
            same=both(self.same),
            changed=both(self.changed),
            look_alikes=both(self.look_alikes),
        )


def diff(a: ModelList, b: ModelList) -> CatalogueDiff:
    """What the second list has other than the first. Of an id listed twice the first entry counts."""
    here, there = _by_id(a.models), _by_id(b.models)
    pairs = [_pair(model, there[id]) for id, model in here.items() if id in there]
    rest_a = [model for id, model in here.items() if id not in there]
    rest_b = [model for id, model in there.items() if id not in here]
    alike = _look_alikes(rest_a, rest_b)
    paired_a, paired_b = {pair.a.id for pair in alike}, {pair.b.id for pair in alike}
    return CatalogueDiff(
        only_a=tuple(model for model in rest_a if model.id not in paired_a),
        only_b=tuple(model for model in rest_b if model.id not in paired_b),
        same=tuple(pair for pair in pairs if not pair.differences),
        changed=tuple(pair for pair in pairs if pair.differences),
        look_alikes=tuple(alike),
        complete=not (a.truncated or b.truncated),
    )


def diff_each(first: ModelList, others: Iterable[ModelList]) -> tuple[CatalogueDiff, ...]:
    """Each of the others against the first."""
    return tuple(diff(first, other) for other in others)


def _by_id(models: Iterable[ModelInfo]) -> dict[str, ModelInfo]:
    found: dict[str, ModelInfo] = {}
    for model in models:
        found.setdefault(model.id, model)
    return found


def _pair(a: ModelInfo, b: ModelInfo, confidence: Confidence = Confidence.CERTAIN) -> Pair:
    return Pair(a, b, () if a is b else _differences(a, b), confidence)


def _differences(a: ModelInfo, b: ModelInfo) -> tuple[Difference, ...]:
    found = []
    for field, read in _READ.items():
        here, there = read(a), read(b)
        if here is None or there is None or here == there:
            continue
        if isinstance(here, float) and isinstance(there, float) and math.isclose(here, there, rel_tol=1e-6):
            continue  # a price a token and a price a million tokens round differently
        found.append(Difference(field, here, there))
    return tuple(found)


_READ: Mapping[Field, Callable[[ModelInfo], Value | None]] = MappingProxyType(
    {
        Field.CONTEXT: lambda model: model.context,
        Field.MAX_OUTPUT: lambda model: model.max_output,
        Field.INPUT_PRICE: lambda model: model.input_price,
        Field.OUTPUT_PRICE: lambda model: model.output_price,
        Field.ENDPOINTS: lambda model: tuple(sorted(set(model.endpoint_types))) or None,
    }
)


def _look_alikes(rest_a: Sequence[ModelInfo], rest_b: Sequence[ModelInfo]) -> list[Pair]:
    """Ids that only one list has, matched by what their names have in common, the surest likeness first."""
    alike = _aliased(rest_a, rest_b)
    left_a, left_b = _without(rest_a, rest_b, alike)
    keys = {model.id: name_keys(model.id) for model in (*left_a, *left_b)}
    for level, confidence in enumerate(Confidence):
        met = _met(left_a, left_b, {id: levels[level] for id, levels in keys.items()})
        alike += [_pair(a, b, _sure(a.id, b.id, keys, confidence)) for a, b in met]
        left_a, left_b = _without(left_a, left_b, alike)
    return alike


def _aliased(rest_a: Sequence[ModelInfo], rest_b: Sequence[ModelInfo]) -> list[Pair]:
    """Pairs of which one list says itself that the other's id is another name of its own."""
    ids_a, ids_b = _by_id(rest_a), _by_id(rest_b)
    said = [(a, ids_b[alias]) for a in rest_a for alias in a.aliases if alias in ids_b]
    said += [(ids_a[alias], b) for b in rest_b for alias in b.aliases if alias in ids_a]
    return [_pair(a, b) for a, b in {(a.id, b.id): (a, b) for a, b in said}.values()]


def _without(
    rest_a: Sequence[ModelInfo], rest_b: Sequence[ModelInfo], alike: Sequence[Pair]
) -> tuple[list[ModelInfo], list[ModelInfo]]:
    paired_a, paired_b = {pair.a.id for pair in alike}, {pair.b.id for pair in alike}
    return [m for m in rest_a if m.id not in paired_a], [m for m in rest_b if m.id not in paired_b]


def _met(
    rest_a: Sequence[ModelInfo], rest_b: Sequence[ModelInfo], keys: Mapping[str, str]
) -> list[tuple[ModelInfo, ModelInfo]]:
    """Those of one key, one beside the other; the shorter side's last stands beside what the longer has more."""
    groups: dict[str, tuple[list[ModelInfo], list[ModelInfo]]] = {}
    for side, rest in enumerate((rest_a, rest_b)):
        for model in rest:
            groups.setdefault(keys[model.id], ([], []))[side].append(model)
    beside = (
        (a or of_a[-1], b or of_b[-1])
        for name, (of_a, of_b) in groups.items()
        if name and of_a and of_b
        for a, b in zip_longest(of_a, of_b)
    )
    return [(a, b) for a, b in beside if same_model(a.id, b.id) or same_model(b.id, a.id)]


def _sure(a: str, b: str, keys: Mapping[str, tuple[str, str, str]], confidence: Confidence) -> Confidence:
    """Two providers of one name are less sure to serve one model than a name with and without its provider; nor are
    two dates one version.
    """
    if confidence is Confidence.CERTAIN:
        return Confidence.LIKELY if "/" in a and "/" in b and a.casefold() != b.casefold() else confidence
    dated = all(keys[id][0] != keys[id][1] for id in (a, b))
    return Confidence.POSSIBLE if dated else confidence

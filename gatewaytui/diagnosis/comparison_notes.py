"""What is worth a sentence about a comparison. Each rule looks at all columns and speaks ASCII. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from gatewaytui.domain.comparison import ColumnFacts, Metric
from gatewaytui.domain.run import TargetFacts
from gatewaytui.domain.text import valid_model_id

from .contest import OFTEN, gathers
from .models import same_model
from .stamping import READ_DOUBT_NS

_USAGE_GAP = 1.1
_NOTICEABLE_MS = 50
_MOST_NAMED = 6
_MOST_TOLD = 2
_OUTPUT_GAP = 1.5


def label(facts: TargetFacts) -> str:
    """``profile`` or ``profile/group``."""
    return f"{facts.profile}/{facts.group}" if facts.group else facts.profile


def names(targets: Sequence[TargetFacts]) -> tuple[str, ...]:
    """What each target is called in a sentence."""
    return told_apart([Party(label(facts), facts.selected_model, str(facts.protocol)) for facts in targets])


class Party(msgspec.Struct, frozen=True):
    """One target of several: its label, its model ("" where not known yet) and its protocol."""

    label: str
    model: str
    protocol: str


def told_apart(parties: Sequence[Party], *, numbered: bool = False) -> tuple[str, ...]:
    """The label of each and, where others have it too, what tells it apart: model, protocol, and a number if need be.

    The number is the place among those of one label. ``numbered`` gives it to all of them: where there is little room
    it stays when the rest is cut.
    """
    alike: defaultdict[str, list[Party]] = defaultdict(list)
    numbers: list[int] = []
    for party in parties:
        alike[party.label].append(party)
        numbers.append(len(alike[party.label]))
    apart = [_apart(party, alike[party.label]) for party in parties]
    called = [party.label + ("" if numbered else words) for party, words in zip(parties, apart, strict=True)]
    shared = Counter(called)
    return tuple(
        f"{party.label} #{number}{words}" if shared[name] > 1 else f"{party.label}{words}"
        for party, words, name, number in zip(parties, apart, called, numbers, strict=True)
    )


def _apart(party: Party, alike: Sequence[Party]) -> str:
    """What this one has and not all others of its label have."""
    words = []
    if len({other.model for other in alike}) > 1 and valid_model_id(party.model):
        words.append(party.model)
    if len({other.protocol for other in alike}) > 1:
        words.append(party.protocol)
    return f" ({', '.join(words)})" if words else ""


class _Told(msgspec.Struct, frozen=True):
    """A sentence about one column, and how bad its matter is there: of many alike ones the worst is said."""

    sentence: str
    badness: float


def _worst_of(told: Sequence[_Told]) -> Iterable[str]:
    """A few as they are; of more only the worst, with how many they are."""
    if len(told) <= _MOST_TOLD:
        return [one.sentence for one in told]
    worst = max(told, key=lambda one: one.badness)
    return [f"{worst.sentence.removesuffix('.')} (the worst of {len(told)} targets like that)."]


class _Seen(msgspec.Struct, frozen=True):
    """What the rules look at; ``names`` are the targets', ``runs`` what was planned of each."""

    columns: Sequence[ColumnFacts]
    targets: Sequence[TargetFacts]
    names: Sequence[str]
    runs: int


def notes(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts], runs: int = 1) -> tuple[str, ...]:
    """All that the rules have to say, in their order. ``runs`` were planned of each target."""
    seen = _Seen(columns, targets, names(targets), runs)
    return tuple(note for rule in _NOTES for note in rule(seen))


def _other_models(seen: _Seen) -> Iterable[str]:
    """The columns were not asked for one and the same model."""
    asked = [facts.selected_model for facts in seen.targets if facts.selected_model]
    if any(not same_model(asked[0], one) for one in asked[1:]):
        yield "The columns ask for different models: figures differ for that reason too."


def _same_place(seen: _Seen) -> Iterable[str]:
    """Columns that ask one address and key group for one model in one protocol; each profile has a key of its own."""
    places: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for one in seen.columns:
        facts = seen.targets[one.target]
        if one.runs and facts.selected_model:
            place = (facts.base_url.rstrip("/"), facts.group, facts.selected_model, facts.protocol)
            places[place].append(one.target)
    for found in places.values():
        if len(found) > 1:
            profiles = {seen.targets[target].profile for target in found}
            why = "chance" if len(profiles) == 1 else "their keys, or chance"
            names = _listed([seen.names[target] for target in found])
            yield f"{names} are the same endpoint: what differs between them is {why}."


def _other_counts(seen: _Seen) -> Iterable[str]:
    """Gateways that count the same prompt differently, the lowest first; a sentence for each model."""
    groups: list[list[ColumnFacts]] = []
    for one in seen.columns:
        if one.input_tokens and one.input_tokens[-1]:
            group = next((found for found in groups if _one_model(seen, found[0], one)), None)
            if group is None:
                groups.append([one])
            else:
                group.append(one)
    for group in groups:
        counted = sorted(group, key=lambda one: one.input_tokens[-1])
        low, high = counted[0].input_tokens[-1], counted[-1].input_tokens[-1]
        if high > low * _USAGE_GAP:
            counts = [(seen.names[one.target], one.input_tokens[-1]) for one in counted]
            yield f"{_counts(counts, 'input')}, for the same prompt and model."


def _counts(counts: Sequence[tuple[str, int]], what: str) -> str:
    """``here and 5 more count 10 input tokens, there 40``: each count once, the lowest and the highest always."""
    agreeing: defaultdict[int, list[str]] = defaultdict(list)
    for name, count in counts:
        agreeing[count].append(name)
    ordered = sorted(agreeing)
    (first, *others), last = ordered[: _MOST_NAMED - 1], ordered[_MOST_NAMED - 1 :]
    between = sum(len(agreeing[count]) for count in last[:-1])
    words = [f"{_several(agreeing[count])} {count}" for count in others]
    words += [f"{between} more up to {last[-2]}"] if between else []
    words += [f"{_several(agreeing[count])} {count}" for count in last[-1:]]
    verb = "counts" if len(agreeing[first]) == 1 else "count"
    return f"{_several(agreeing[first])} {verb} {first} {what} tokens, {_listed(words)}"


def _several(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _other_output(seen: _Seen) -> Iterable[str]:
    """Targets that count one and the same text very differently; what cannot be is told apart."""
    alike: defaultdict[tuple[int, ...], list[tuple[str, int]]] = defaultdict(list)
    for one in seen.columns:
        if one.texts and one.text_tokens:
            alike[one.texts].append((seen.names[one.target], one.text_tokens[-1]))
    for counts in alike.values():
        numbers = [count for _, count in counts]
        if max(numbers) >= min(numbers) * _OUTPUT_GAP:
            yield f"{_counts(counts, 'output')}, for the same text: ITL and tok/s differ for that reason too."


def _miscounted(seen: _Seen) -> Iterable[str]:
    """Output counts that the streamed text cannot be."""
    yield from _worst_of(
        [
            _Told(
                f"{seen.names[one.target]} counts {one.miscounted[-1]} output tokens, which its text cannot be: "
                "ITL and tok/s go by an estimate from the text.",
                one.miscounted[-1],
            )
            for one in seen.columns
            if one.miscounted
        ]
    )


def _one_model(seen: _Seen, one: ColumnFacts, other: ColumnFacts) -> bool:
    return same_model(seen.targets[one.target].selected_model, seen.targets[other.target].selected_model)


def _several_served(seen: _Seen) -> Iterable[str]:
    """One column was answered by more than one model."""
    told = []
    for one in seen.columns:
        if len(one.served_models) > 1:
            served = [model for model in one.served_models if valid_model_id(model)]
            words = f"{seen.names[one.target]} was served by {len(one.served_models)} models: {_listed(served)}."
            told.append(_Told(words, len(one.served_models)))
    yield from _worst_of(told)


def _one_run(seen: _Seen) -> Iterable[str]:
    """A single run has no percentiles."""
    if seen.columns and max(one.runs for one in seen.columns) == 1:
        if seen.runs == 1:
            yield "One run each: single figures, no percentiles. Give more runs to compare."
        else:
            yield "No more than one run came to an end: single figures, no percentiles."


def _queued(seen: _Seen) -> Iterable[str]:
    """Requests waited in this client."""
    yield from _worst_of(
        [
            _Told(
                f"{seen.names[one.target]}: a request waited {one.queued_ms:.0f} ms for its turn here; "
                "times count from the planned start.",
                one.queued_ms,
            )
            for one in seen.columns
            if one.queued_ms is not None and one.queued_ms >= _NOTICEABLE_MS
        ]
    )


def _batches(seen: _Seen) -> Iterable[str]:
    """The gateway gathers tokens: several events came in one read although it was read at once."""
    told = []
    for one in seen.columns:
        stamps = one.stamps
        if stamps and gathers(stamps):
            paced = "its ITL is an average and not the pace of single tokens"
            so = paced if one.spread(Metric.ITL).n else "it has no pace to measure"
            words = (
                f"{seen.names[one.target]} batches: {stamps.batched} of {stamps.reads} reads held several chunks "
                f"though read at once, so {so}."
            )
            told.append(_Told(words, stamps.batched / stamps.reads))
    yield from _worst_of(told)


def _read_late(seen: _Seen) -> Iterable[str]:
    """We were late: bytes lay in this machine before they were read."""
    told = []
    for one in seen.columns:
        stamps = one.stamps
        if stamps is None or not stamps.late:
            continue
        if stamps.late >= stamps.reads * OFTEN or stamps.longest_lag_ms >= _NOTICEABLE_MS:
            words = (
                f"{seen.names[one.target]}: {stamps.late} of {stamps.reads} reads were late here, by up to "
                f"{stamps.longest_lag_ms:.0f} ms: this machine is busy, and the uncertainties count it."
            )
            told.append(_Told(words, stamps.longest_lag_ms))
    yield from _worst_of(told)


def _unstamped(seen: _Seen) -> Iterable[str]:
    """Reads without the kernel's stamp."""
    told = []
    for one in seen.columns:
        stamps = one.stamps
        if stamps and stamps.kernel < stamps.reads:
            good_to = max(READ_DOUBT_NS / 1e6, stamps.longest_lag_ms)
            words = (
                f"{seen.names[one.target]}: {stamps.reads - stamps.kernel} of {stamps.reads} reads have no stamp "
                f"of the kernel; their times are good to {good_to:.1f} ms."
            )
            told.append(_Told(words, good_to))
    yield from _worst_of(told)


def _listed(words: Sequence[str]) -> str:
    """``a, b and c``; what is more than a few is counted."""
    shown, more = list(words[:_MOST_NAMED]), len(words) - _MOST_NAMED
    if more > 0:
        shown.append(f"{more} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


_NOTES: tuple[Callable[[_Seen], Iterable[str]], ...] = (
    _other_models,
    _same_place,
    _other_counts,
    _other_output,
    _miscounted,
    _several_served,
    _one_run,
    _queued,
    _batches,
    _read_late,
    _unstamped,
)

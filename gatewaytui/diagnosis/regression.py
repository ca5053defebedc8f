"""A later comparison held against an earlier one: what is worse, by effect size and significance, not by one number.

Pure. The rule for a time or a rate, all of it: Mann-Whitney's p is below 0.05 (the runs differ by more than chance
would have it), Cliff's delta is at least 0.33 (the difference is medium, by the thresholds 0.147 / 0.33 / 0.474 of
Romano, Kromrey, Coraggio and Skowronek, 2006; the statistic is Cliff's, 1993), and the median moved by at least 5 %
(what is smaller nobody feels, however sure it is) and by more than the stamps leave uncertain of the two medians.
Both tests go by ranks: latencies are skewed, and one slow run must not decide. The success rate is judged by Fisher's
exact test. The more columns are held against their earlier selves, the more often one of them differs by chance, so
0.05 is shared among them (Bonferroni's correction): with eight columns every third comparison of a gateway with
itself would be a false alarm otherwise. Below five runs on a side nothing is sure, nor where so few runs could not be
significant however far they lie apart. What counts tokens is sure only where both sides go by the same count: the
server's or the estimate, which are easily a third apart for one and the same stream. What goes by the length of the
answers is sure only where they are about as long.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.comparison import Change, Metric, Verdict
from gatewaytui.domain.run import TokenSource
from gatewaytui.domain.text import valid_model_id

from .spread import cliffs_delta, fisher_p_value, rank_p_value
from .statistics import about_as_long, length_decides, percentile

ANSWERED = "answered"
FEWEST_RUNS = 5
SIGNIFICANT = 0.05
MEDIUM_EFFECT = 0.33
NOTICEABLE = 0.05


class Sampled(msgspec.Struct, frozen=True):
    """What one column measured: its runs without warm-ups, and each metric's values over the answered ones.

    ``uncertainty`` is what the stamps leave uncertain of a metric's median, where that is known. ``token_source`` is
    whose count the metrics that count tokens go by; None where nothing says so. ``input_tokens`` and
    ``output_tokens`` are medians of what the server counted.
    """

    label: str
    model: str
    protocol: str
    runs: int
    answered: int
    values: Mapping[Metric, tuple[float, ...]] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    uncertainty: Mapping[Metric, float] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    token_source: TokenSource | None = None
    base_url: str = ""
    input_tokens: float | None = None
    output_tokens: float | None = None

    @property
    def has_name(self) -> bool:
        """Whether the id of its model is known: evidence withholds those that may tell more than a model."""
        return valid_model_id(self.model)

    @property
    def place(self) -> tuple[str, str, str]:
        """By what two comparisons' columns are told to be the same."""
        return self.label, self.model, self.protocol


def changes(before: Sequence[Sampled], now: Sequence[Sampled]) -> tuple[Change, ...]:
    """The success rate and each metric of every column that both have; ``target`` is the index into ``now``.

    A metric that neither measured is left out, one that only one of them did is unsure.
    """
    pairs = [(index, was, column) for index, was, column in _pairs(before, now) if was]
    return tuple(
        change for index, was, column in pairs for change in _of_column(index, was, column, SIGNIFICANT / len(pairs))
    )


def unmatched(before: Sequence[Sampled], now: Sequence[Sampled]) -> tuple[int, ...]:
    """The columns of ``now``, by index, that the earlier comparison does not have."""
    return tuple(index for index, was, _ in _pairs(before, now) if was is None)


def unsure_words(before: Sequence[Sampled], now: Sequence[Sampled], found: Iterable[Change]) -> tuple[str, ...]:
    """Why some of these changes are unsure, a sentence for each cause, with the next step."""
    sides = {index: (was, column) for index, was, column in _pairs(before, now) if was}
    causes = {_cause(change, *sides[change.target]) for change in found if change.verdict is Verdict.UNSURE}
    known = (_COUNTED_OTHERWISE, _STREAMED_OTHERWISE, _OTHER_LENGTH, _TOO_FEW)
    return tuple(sentence for sentence in known if sentence in causes)


def unlike_words(before: Sequence[Sampled], now: Sequence[Sampled]) -> tuple[str, ...]:
    """What is not the same of a column and its earlier self, beside the figures."""
    pairs = [(was, column) for _, was, column in _pairs(before, now) if was]
    moved = [
        f"{column.label} is asked at another base URL than in the baseline: figures differ for that reason too."
        for was, column in pairs
        if was.base_url and column.base_url and was.base_url.rstrip("/") != column.base_url.rstrip("/")
    ]
    counted = [
        f"{column.label} counts {column.input_tokens:,.0f} input tokens, {was.input_tokens:,.0f} in the baseline: "
        "the prompt is another, or the gateway adds to it."
        for was, column in pairs
        if was.input_tokens and column.input_tokens and _apart(was.input_tokens, column.input_tokens)
    ]
    nameless = [
        f"{column.label}: evidence withholds the id of its model, so nothing can be held against it."
        for column in now
        if column.model and not column.has_name
    ]
    return (*moved, *counted, *nameless)


def _cause(change: Change, was: Sampled, column: Sampled) -> str:
    """Why this one is unsure. That one side did not stream is one cause for all that only the other measured."""
    if change.metric == ANSWERED:
        return _TOO_FEW
    if _counted_otherwise(change.metric, was, column):
        return _COUNTED_OTHERWISE
    if bool(was.values.get(Metric.TTFT)) != bool(column.values.get(Metric.TTFT)):
        return _STREAMED_OTHERWISE
    return _OTHER_LENGTH if _of_other_length(change.metric, was, column) else _TOO_FEW


_COUNTED_OTHERWISE = (
    "The tokens are counted by the server on one side and estimated from the text on the other, so ITL and tok/s say "
    "nothing: save a new baseline."
)
_STREAMED_OTHERWISE = (
    "Only one side has times to a first token, as whole answers and failed ones have none: hold streams against "
    "streams, or save a new baseline."
)
_OTHER_LENGTH = (
    "The answers are not as long as those of the baseline, so total and tok/s say nothing: go by ITL, or ask for the "
    "same text at --temperature 0."
)
_TOO_FEW = "Some figures have too few runs on a side for a verdict: give both at least 20 with --runs."


def _pairs(before: Sequence[Sampled], now: Sequence[Sampled]) -> Iterator[tuple[int, Sampled | None, Sampled]]:
    """Columns of the same place, the first with the first where one place stands several times."""
    earlier = {(column.place, number): column for number, column in _numbered(before)}
    for index, (number, column) in enumerate(_numbered(now)):
        yield index, earlier.get((column.place, number)) if column.has_name else None, column


def _numbered(columns: Iterable[Sampled]) -> Iterator[tuple[int, Sampled]]:
    seen: Counter[tuple[str, str, str]] = Counter()
    for column in columns:
        seen[column.place] += 1
        yield seen[column.place], column


def _of_column(target: int, was: Sampled, column: Sampled, significant: float) -> Iterator[Change]:
    if was.runs or column.runs:
        yield _success(target, was, column, significant)
    for metric in Metric:
        samples = was.values.get(metric, ()), column.values.get(metric, ())
        if any(samples):
            doubt = was.uncertainty.get(metric, 0.0) + column.uncertainty.get(metric, 0.0)
            change = _measure(target, metric, *samples, doubt, significant)
            unlike = any(rule(metric, was, column) for rule in _UNLIKE)
            yield replace(change, verdict=Verdict.UNSURE) if unlike else change


def _counted_otherwise(metric: str, was: Sampled, column: Sampled) -> bool:
    """Whether tokens that the metric goes by were counted by the server on one side, and estimated on the other."""
    sources = {was.token_source, column.token_source} - {None}
    return Metric(metric).counts_tokens and len(sources) > 1


def _streamed_otherwise(metric: str, was: Sampled, column: Sampled) -> bool:
    """Whether the total is to the last token of a stream on one side, to the end of a whole answer on the other.

    Only streams have a time to a first token.
    """
    return metric == Metric.E2E and bool(was.values.get(Metric.TTFT)) != bool(column.values.get(Metric.TTFT))


def _of_other_length(metric: str, was: Sampled, column: Sampled) -> bool:
    """Whether the metric differs for the length of the answers alone."""
    return length_decides(Metric(metric), [count for count in (was.output_tokens, column.output_tokens) if count])


def _apart(was: float | None, now: float | None) -> bool:
    return not about_as_long([count for count in (was, now) if count])


_UNLIKE = (_counted_otherwise, _streamed_otherwise, _of_other_length)


def _success(target: int, was: Sampled, column: Sampled, significant: float) -> Change:
    """The success rate. Cliff's delta of two rates is their difference."""
    rates = _rate(was), _rate(column)
    if _too_few(was.runs, column.runs, significant):
        return Change(target, ANSWERED, Verdict.UNSURE, *rates, was.runs, column.runs)
    before, now = was.answered / was.runs, column.answered / column.runs
    p = fisher_p_value(column.answered, column.runs, was.answered, was.runs)
    return Change(
        target,
        ANSWERED,
        _verdict(p < significant, now - before),
        before,
        now,
        was.runs,
        column.runs,
        ratio=now / before if before else None,
        effect=now - before,
        p=p,
    )


def _too_few(n_before: int, n_now: int, significant: float) -> bool:
    """Whether so many runs could show nothing: two samples wholly apart have the p of one ordering among all."""
    return min(n_before, n_now) < FEWEST_RUNS or 2 / math.comb(n_before + n_now, n_now) >= significant


def _rate(column: Sampled) -> float | None:
    return column.answered / column.runs if column.runs else None


def _measure(
    target: int, metric: Metric, was: Sequence[float], values: Sequence[float], doubt: float, significant: float
) -> Change:
    before, now = percentile(was, 50), percentile(values, 50)
    ratio = now / before if before and now is not None else None
    if before is None or now is None or _too_few(len(was), len(values), significant):
        return Change(target, metric.value, Verdict.UNSURE, before, now, len(was), len(values), ratio)
    sign = 1 if metric.more_is_better else -1
    effect, p = sign * cliffs_delta(values, was), rank_p_value(values, was)
    moved = sign * _moved(before, now)
    felt = abs(moved) >= NOTICEABLE and abs(now - before) > doubt
    sure = felt and p < significant and abs(effect) >= MEDIUM_EFFECT and effect * moved > 0
    return Change(
        target, metric.value, _verdict(sure, effect), before, now, len(was), len(values), ratio, effect + 0.0, p
    )


def _moved(before: float, now: float) -> float:
    """By what share of the earlier median the median moved."""
    return (now - before) / before if before else math.copysign(math.inf, now) * (now != 0)


def _verdict(sure: bool, gain: float) -> Verdict:
    if not sure:
        return Verdict.SAME
    return Verdict.BETTER if gain > 0 else Verdict.WORSE

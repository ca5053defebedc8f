"""Checks of a comparison -> its columns and what is worth a sentence about them (design/measuring.md). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from gatewaytui.domain.comparison import ColumnFacts, Comparison, Metric
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import CheckResult, Outcome, TargetFacts
from gatewaytui.domain.text import valid_model_id

from .models import same_model
from .spread import spread_of

Price = tuple[float | None, float | None]
"""US dollars for a million input and output tokens; None where not listed."""

NO_PRICE: Price = (None, None)
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))
_USAGE_GAP = 1.1
_NOTICEABLE_MS = 50


def _connected(check: CheckResult) -> float | None:
    """TTFT counted from the moment the connection stood."""
    stream, timings = check.stream, check.timings
    if stream is None or stream.ttft_ms is None or timings is None:
        return None
    return stream.ttft_ms - sum(filter(None, (timings.dns_ns, timings.tcp_ns, timings.tls_ns))) / 1e6


def _end_to_end(check: CheckResult) -> float | None:
    """To the last token of a stream; to the last byte of a whole answer."""
    return check.elapsed_ms if check.stream is None else check.stream.e2e_ms


def _of_stream(name: str) -> Callable[[CheckResult], float | None]:
    """A figure of the stream by its field's name."""

    def value(check: CheckResult) -> float | None:
        found: float | None = getattr(check.stream, name, None)
        return found

    return value


_VALUES: Mapping[Metric, Callable[[CheckResult], float | None]] = MappingProxyType(
    {metric: _of_stream(metric.value) for metric in Metric}
    | {Metric.TTFT_CONNECTED: _connected, Metric.E2E: _end_to_end}
)


def measured(checks: Iterable[CheckResult], target: int) -> list[CheckResult]:
    """A target's checks that count: sent, and no warm-ups."""
    return [
        check
        for check in checks
        if check.target == target and check.slot is not None and not check.slot.warm_up and _was_sent(check)
    ]


def _before(checks: Iterable[CheckResult], target: int) -> list[CheckResult]:
    """What failed before the first run of a target could be sent: its key, or the list its model was to come from."""
    return [check for check in checks if check.target == target and check.slot is None]


def _was_sent(check: CheckResult) -> bool:
    return check.outcome is not Outcome.SKIPPED


def values(checks: Iterable[CheckResult], metric: Metric) -> list[float]:
    """A metric's values over the answered checks of a column."""
    found = (_VALUES[metric](check) for check in checks if check.outcome in _ANSWERED)
    return [value for value in found if value is not None]


def column(checks: Sequence[CheckResult], target: int, price: Price = NO_PRICE) -> ColumnFacts:
    """One target over all its runs."""
    own = measured(checks, target)
    good = [check for check in own if check.outcome in _ANSWERED]
    waits = [
        check.slot.started_ms - check.slot.planned_ms
        for check in own
        if check.slot is not None and check.slot.started_ms is not None
    ]
    usages = [check.answer.usage for check in good if check.answer and check.answer.usage]
    return ColumnFacts(
        target=target,
        runs=len(own),
        answered=len(good),
        failures=_classes(check for check in (*own, *_before(checks, target)) if check.outcome is Outcome.FAILED),
        warnings=_classes(check for check in own if check.outcome is Outcome.WARNED),
        spreads=tuple((metric, spread_of(values(own, metric))) for metric in Metric),
        queued_ms=max(waits, default=None),
        served_models=_distinct(check.answer.served_model for check in good if check.answer),
        input_tokens=_numbers(usage.input_tokens for usage in usages),
        output_tokens=_numbers(usage.output_tokens for usage in usages),
        texts=_numbers(check.slot.text for check in good if check.slot and check.slot.text),
        cost_usd=_cost(good, price),
    )


def _classes(checks: Iterable[CheckResult]) -> tuple[tuple[FailureClass, int], ...]:
    counted = Counter(check.finding.failure_class for check in checks if check.finding)
    return tuple(counted.most_common())


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _numbers(numbers: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted({number for number in numbers if number is not None}))


def cost_of(input_tokens: int, output_tokens: int, price: Price) -> float | None:
    """US dollars for so many tokens, None where a price is not listed."""
    per_input, per_output = price
    if per_input is None or per_output is None:
        return None
    return (input_tokens * per_input + output_tokens * per_output) / 1e6


def _cost(checks: Iterable[CheckResult], price: Price) -> float | None:
    """What the answered runs cost; None where a count or a price is missing."""
    total, seen = 0.0, False
    for check in checks:
        usage = check.answer.usage if check.answer else None
        if usage is None or usage.input_tokens is None or usage.output_tokens is None:
            return None
        cost = cost_of(usage.input_tokens, usage.output_tokens, price)
        if cost is None:
            return None
        total, seen = total + cost, True
    return total if seen else None


def compared(
    checks: Sequence[CheckResult],
    targets: Sequence[TargetFacts],
    *,
    runs: int,
    warm_ups: int = 0,
    concurrency: int = 1,
    seed: int = 0,
    at_zero: bool = False,
    prices: Mapping[int, Price] = MappingProxyType({}),
) -> Comparison:
    """The whole comparison. ``at_zero`` tells that the temperature was 0, where equal texts may be expected."""
    columns = tuple(column(checks, index, prices.get(index, NO_PRICE)) for index in range(len(targets)))
    numbers = {number for one in columns for number in one.texts}
    answers = sum(one.answered for one in columns)
    return Comparison(
        columns=columns,
        runs=runs,
        warm_ups=warm_ups,
        concurrency=concurrency,
        seed=seed,
        planned=runs * len(targets),
        same_text=len(numbers) == 1 if at_zero and answers > 1 and numbers else None,
        notes=tuple(note for rule in _NOTES for note in rule(columns, targets)),
    )


Note = Callable[[Sequence[ColumnFacts], Sequence[TargetFacts]], Iterable[str]]


def _other_counts(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts]) -> Iterable[str]:
    """Two gateways that count the same prompt differently."""
    counted = [(one, targets[one.target]) for one in columns if one.input_tokens]
    for index, (one, facts) in enumerate(counted):
        for other, others in counted[index + 1 :]:
            low, high = sorted((one.input_tokens[-1], other.input_tokens[-1]))
            if same_model(facts.selected_model, others.selected_model) and low and high > low * _USAGE_GAP:
                yield (
                    f"{label(facts)} counts {one.input_tokens[-1]} input tokens, "
                    f"{label(others)} {other.input_tokens[-1]}, for the same prompt and model."
                )


def _other_models(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts]) -> Iterable[str]:
    """The columns were not asked for one and the same model."""
    asked = [facts.selected_model for facts in targets if facts.selected_model]
    if any(not same_model(asked[0], one) for one in asked[1:]):
        yield "The columns ask for different models: figures differ for that reason too."


def _several_served(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts]) -> Iterable[str]:
    """One column was answered by more than one model."""
    for one in columns:
        if len(one.served_models) > 1:
            names = ", ".join(name for name in one.served_models if valid_model_id(name))
            yield f"{label(targets[one.target])} was served by {len(one.served_models)} models: {names}."


def _same_place(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts]) -> Iterable[str]:
    """Two columns are one and the same endpoint, key group, model and protocol."""
    seen: dict[tuple[object, ...], str] = {}
    for facts in targets:
        place = (facts.base_url.rstrip("/"), facts.group, facts.selected_model, facts.protocol)
        if place in seen and facts.selected_model:
            yield f"{seen[place]} and {label(facts)} are the same endpoint: what differs between them is chance."
        seen.setdefault(place, label(facts))


def _one_run(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts]) -> Iterable[str]:
    """A single run has no percentiles."""
    if columns and max(one.runs for one in columns) == 1:
        yield "One run each: single figures, no percentiles. Give more runs to compare."


def _queued(columns: Sequence[ColumnFacts], targets: Sequence[TargetFacts]) -> Iterable[str]:
    """Requests waited in this client."""
    for one in columns:
        if one.queued_ms is not None and one.queued_ms >= _NOTICEABLE_MS:
            yield f"{label(targets[one.target])}: a request waited {one.queued_ms:.0f} ms for its turn here."


def label(facts: TargetFacts) -> str:
    """``profile`` or ``profile/group``."""
    return f"{facts.profile}/{facts.group}" if facts.group else facts.profile


_NOTES: tuple[Note, ...] = (_other_models, _same_place, _other_counts, _several_served, _one_run, _queued)

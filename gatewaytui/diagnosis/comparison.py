"""Checks of a comparison -> its columns and what is worth a sentence about them (design/measuring.md). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from gatewaytui.domain.comparison import ColumnFacts, Comparison, Metric, Spread
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import CheckResult, Outcome, TargetFacts, TokenSource
from gatewaytui.domain.stamps import StampFacts

from .comparison_notes import notes
from .metrics import doubt, figure, waited_ms
from .spread import spread_of
from .statistics import common_source

Price = tuple[float | None, float | None]
"""US dollars for a million input and output tokens; None where not listed."""

NO_PRICE: Price = (None, None)
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


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


def _spread(good: Iterable[CheckResult], metric: Metric, source: TokenSource | None) -> Spread:
    """A metric's spread over answered checks; each value with what its stamps leave uncertain.

    What counts tokens is taken from the streams of this source alone.
    """
    found = [
        (value, doubt(check, metric))
        for check in good
        if (value := figure(check, metric)) is not None
        and not (metric.counts_tokens and _source(check) not in (source, None))
    ]
    return spread_of([value for value, _ in found], [off for _, off in found if off is not None])


def _source(check: CheckResult) -> TokenSource | None:
    return check.stream.token_source if check.stream else None


def _miscounted(check: CheckResult) -> int | None:
    """The server's output count where it was not used though no reasoning was hidden in it: it cannot be."""
    usage = check.answer.usage if check.answer else None
    if usage is None or usage.reasoning_tokens or _source(check) is not TokenSource.ESTIMATED:
        return None
    return usage.output_tokens or None


def _text_tokens(check: CheckResult) -> int | None:
    """The server's output count where all of it is the answer's text: no reasoning was counted or streamed."""
    usage = check.answer.usage if check.answer else None
    reasoned = check.stream is not None and check.stream.ttft_ms != check.stream.ttfat_ms
    if usage is None or usage.reasoning_tokens or reasoned or _miscounted(check) is not None:
        return None
    return usage.output_tokens or None


def _stamps(good: Iterable[CheckResult]) -> StampFacts | None:
    """Those of all streams together; None where nothing was stamped."""
    found = [check.stream.stamps for check in good if check.stream and check.stream.stamps]
    if not found:
        return None
    return StampFacts(
        reads=sum(one.reads for one in found),
        kernel=sum(one.kernel for one in found),
        batched=sum(one.batched for one in found),
        late=sum(one.late for one in found),
        events=sum(one.events for one in found),
        longest_lag_ms=max(one.longest_lag_ms for one in found),
    )


def column(checks: Sequence[CheckResult], target: int, price: Price = NO_PRICE) -> ColumnFacts:
    """One target over all its runs."""
    own = measured(checks, target)
    good = [check for check in own if check.outcome in _ANSWERED]
    waits = [waited_ms(check) for check in own if check.slot and check.slot.started_ms is not None]
    usages = [check.answer.usage for check in good if check.answer and check.answer.usage]
    source = common_source(map(_source, good))
    return ColumnFacts(
        target=target,
        runs=len(own),
        answered=len(good),
        failures=_classes(check for check in (*own, *_before(checks, target)) if check.outcome is Outcome.FAILED),
        warnings=_classes(check for check in own if check.outcome is Outcome.WARNED),
        spreads=tuple((metric, _spread(good, metric, source)) for metric in Metric),
        queued_ms=max(waits, default=None),
        served_models=_distinct(check.answer.served_model for check in good if check.answer),
        input_tokens=_numbers(usage.input_tokens for usage in usages),
        output_tokens=_numbers(usage.output_tokens for usage in usages),
        texts=_numbers(check.slot.text for check in good if check.slot and check.slot.text),
        cost_usd=_cost(good, price),
        stamps=_stamps(good),
        estimated=source is TokenSource.ESTIMATED,
        miscounted=_numbers(map(_miscounted, good)),
        text_tokens=_numbers(map(_text_tokens, good)),
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
    """What the answered runs cost; None where a count or a price is missing. No prompt is of no tokens."""
    total, seen = 0.0, False
    for check in checks:
        usage = check.answer.usage if check.answer else None
        if usage is None or not usage.input_tokens or usage.output_tokens is None:
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
    interval_s: float = 0.0,
    max_tokens: int | None = None,
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
        interval_s=interval_s,
        max_tokens=max_tokens,
        planned=runs * len(targets),
        same_text=len(numbers) == 1 if at_zero and answers > 1 and numbers else None,
        notes=notes(columns, targets, runs),
    )

"""Checks of a comparison become columns and notes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.diagnosis.comparison import compared
from gatewaytui.domain.chat import Usage
from gatewaytui.domain.comparison import Comparison, Metric, Slot
from gatewaytui.domain.exchange import Timings
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin, Retry
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import AnswerFacts, CheckResult, Outcome, StreamFacts, TargetFacts, TokenSource
from gatewaytui.domain.stamps import StampFacts, Uncertainty

CHECK = CheckResult(
    "stream",
    Outcome.PASSED,
    elapsed_ms=900.0,
    answer=AnswerFacts(1, usage=Usage(10, 5, 15), served_model="gpt-5.5"),
    stream=StreamFacts(ttft_ms=100.0, ttfat_ms=120.0, itl_ms=10.0, e2e_ms=800.0, tokens_per_second=50.0),
    slot=Slot(1, 0.0, 0.0, text=1),
)


def facts(name: str = "tken", model: str = "gpt-5.5", port: int = 1) -> TargetFacts:
    return TargetFacts(name, "", f"http://127.0.0.1:{port}/v1", AuthHeader.BEARER, Protocol.OPENAI_CHAT, model, model)


def answer(target: int = 0, run: int = 1, ttft: float = 100.0, **more: object) -> CheckResult:
    check = replace(CHECK, target=target, slot=Slot(run, 0.0, 0.0, text=1))
    assert check.stream is not None
    return replace(check, stream=replace(check.stream, ttft_ms=ttft), **more)  # type: ignore[arg-type]


def failure(target: int = 0, kind: FailureClass = FailureClass.RATE_LIMIT, run: int = 1) -> CheckResult:
    finding = Finding(kind, "r", Origin.GATEWAY, Confidence.CERTAIN, "whose", "next", Retry())
    return CheckResult("stream", Outcome.FAILED, finding=finding, target=target, slot=Slot(run, 0.0, 0.0))


def one(*checks: CheckResult, at_zero: bool = False, runs: int = 2) -> Comparison:
    return compared(checks, [facts()], runs=runs, at_zero=at_zero)


def test_a_fast_error_is_no_fast_answer() -> None:
    quick = replace(failure(), stream=StreamFacts(ttft_ms=0.1))
    column = one(answer(ttft=200.0), quick).columns[0]
    assert (column.runs, column.answered) == (2, 1)
    assert column.spread(Metric.TTFT).low == 200.0 == column.spread(Metric.TTFT).high


def test_failures_and_warnings_are_counted_by_class_the_most_frequent_first() -> None:
    kinds = (FailureClass.DNS, FailureClass.RATE_LIMIT, FailureClass.RATE_LIMIT)
    warned = replace(failure(kind=FailureClass.MODEL_MISMATCH), outcome=Outcome.WARNED)
    column = one(*(failure(kind=kind) for kind in kinds), warned).columns[0]
    assert column.failures == ((FailureClass.RATE_LIMIT, 2), (FailureClass.DNS, 1))
    assert (column.warnings, column.answered) == (((FailureClass.MODEL_MISMATCH, 1),), 1)


def test_warm_ups_and_what_was_not_sent_do_not_count() -> None:
    warm = replace(answer(ttft=9999.0), slot=Slot(1, 0.0, 0.0, warm_up=True))
    skipped = CheckResult("stream", Outcome.SKIPPED, slot=Slot(2, 0.0))
    column = one(warm, answer(), skipped).columns[0]
    assert (column.runs, column.spread(Metric.TTFT).high) == (1, 100.0)


def test_what_kept_the_first_run_from_being_sent_is_a_failure_of_its_column() -> None:
    column = one(replace(failure(kind=FailureClass.KEYSTORE), slot=None)).columns[0]
    assert (column.runs, column.failures) == (0, ((FailureClass.KEYSTORE, 1),))


def test_ttft_is_also_told_without_the_connection() -> None:
    timings = Timings(dns_ns=5_000_000, tcp_ns=10_000_000, tls_ns=None)
    column = one(answer(timings=timings)).columns[0]
    assert column.spread(Metric.TTFT).low == 100.0
    assert column.spread(Metric.TTFT_CONNECTED).low == 85.0


def test_a_whole_answer_is_measured_to_its_last_byte() -> None:
    column = one(replace(answer(), stream=None, name="chat")).columns[0]
    assert column.spread(Metric.E2E).low == 900.0
    assert column.spread(Metric.TTFT).n == 0


def test_the_cost_is_by_listed_prices_and_counted_tokens() -> None:
    def cost(*checks: CheckResult, price: tuple[float | None, float | None]) -> float | None:
        return compared(checks, [facts()], runs=2, prices={0: price}).columns[0].cost_usd

    assert cost(answer(), answer(run=2), price=(2.0, 8.0)) == pytest.approx(2 * (10 * 2 + 5 * 8) / 1e6)
    assert cost(answer(), price=(2.0, None)) is None
    assert cost(answer(), answer(answer=AnswerFacts(1)), price=(2.0, 8.0)) is None


@pytest.mark.parametrize(("texts", "same"), [((1, 1), True), ((1, 2), False), ((0, 0), None)])
def test_texts_are_compared_at_temperature_zero(texts: tuple[int, int], same: bool | None) -> None:
    checks = [replace(answer(run=n), slot=Slot(n, 0.0, 0.0, text=text)) for n, text in enumerate(texts, 1)]
    assert one(*checks, at_zero=True).same_text is same
    assert one(*checks).same_text is None


def _noted(*checks: CheckResult, targets: tuple[TargetFacts, ...]) -> str:
    return "\n".join(compared(checks, targets, runs=1).notes)


def test_two_gateways_that_count_the_same_prompt_differently_are_worth_a_line() -> None:
    more = AnswerFacts(1, usage=Usage(310, 5, 315))
    two = (facts(), facts("tokmodel", "openai/gpt-5.5", port=2))
    assert "tken counts 10 input tokens, tokmodel 310" in _noted(answer(), answer(1, answer=more), targets=two)
    assert "counts" not in _noted(answer(), answer(1), targets=two)
    other = (facts(), facts("tokmodel", "claude-sonnet-4-6", port=2))
    assert "counts" not in _noted(answer(), answer(1, answer=more), targets=other)


def test_different_models_are_said() -> None:
    assert "different models" in _noted(targets=(facts(), facts("b", "claude-sonnet-4-6", 2)))
    assert "different models" not in _noted(targets=(facts(), facts("b", "openai/gpt-5.5", 2)))


def test_the_same_endpoint_twice_is_said() -> None:
    two = answer(), answer(1)
    assert "what differs between them is chance." in _noted(*two, targets=(facts(), facts()))
    copy = _noted(*two, targets=(facts(), facts("copy")))
    assert "tken and copy are the same endpoint: what differs between them is their keys, or chance." in copy
    assert "same endpoint" not in _noted(*two, targets=(facts(), facts("copy", port=2)))
    assert "same endpoint" not in _noted(answer(), targets=(facts(), facts("never-sent")))


def test_a_count_of_nothing_is_no_cost() -> None:
    one = answer(answer=AnswerFacts(1, usage=Usage(0, 0, 0)))
    none = compared((one,), (facts(),), runs=1, prices={0: (1.0, 2.0)}).columns[0].cost_usd
    assert none is None
    paid = compared((answer(),), (facts(),), runs=1, prices={0: (1.0, 2.0)}).columns[0].cost_usd
    assert paid is not None and paid > 0


def test_one_run_has_no_percentiles_and_says_so() -> None:
    assert any("no percentiles" in note for note in one(answer()).notes)
    assert not any("no percentiles" in note for note in one(answer(), answer(run=2)).notes)


def test_several_served_models_in_one_column_are_said() -> None:
    other = replace(answer(run=2), answer=AnswerFacts(1, served_model="gpt-5.5-mini"))
    assert any("served by 2 models: gpt-5.5 and gpt-5.5-mini" in note for note in one(answer(), other).notes)


def test_waiting_in_this_client_is_counted_and_said() -> None:
    late = replace(answer(), slot=Slot(1, planned_ms=1000.0, started_ms=1400.0))
    comparison = one(late)
    assert comparison.columns[0].queued_ms == 400.0
    assert any("waited 400 ms" in note for note in comparison.notes)


def test_nothing_measured_is_no_error() -> None:
    comparison = compared((), [facts(), facts("b", port=2)], runs=3)
    assert [column.runs for column in comparison.columns] == [0, 0]
    assert comparison.planned == 6 and comparison.same_text is None


def test_times_count_from_the_planned_start_and_the_connected_one_does_not() -> None:
    late = replace(answer(timings=Timings()), slot=Slot(1, planned_ms=200.0, started_ms=450.0, text=1))
    column = one(late).columns[0]
    shown = {metric: column.spread(metric).low for metric in Metric}
    assert (shown[Metric.TTFT], shown[Metric.TTFAT], shown[Metric.E2E]) == (350.0, 370.0, 1050.0)
    assert (shown[Metric.TTFT_CONNECTED], shown[Metric.ITL], column.queued_ms) == (100.0, 10.0, 250.0)


def test_each_metric_says_what_its_stamps_leave_uncertain() -> None:
    assert CHECK.stream is not None
    stream = replace(
        CHECK.stream, uncertainty=Uncertainty(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), stamps=StampFacts(4, 4, events=4)
    )
    column = one(replace(answer(), stream=stream), replace(answer(run=2), stream=stream)).columns[0]
    off = [column.spread(metric).uncertainty for metric in Metric if metric is not Metric.TTFT_CONNECTED]
    assert off == pytest.approx([0.1, 0.2, 0.3, 0.5, 0.6])
    assert column.stamps == StampFacts(8, 8, events=8)


def test_a_whole_answer_is_as_sure_as_a_read_and_a_mixed_sample_says_nothing() -> None:
    whole = replace(answer(), stream=None)
    spread = one(whole).columns[0].spread(Metric.E2E)
    assert (spread.low, spread.uncertainty) == (900.0, pytest.approx(3.4))
    assert one(answer(run=2), whole).columns[0].spread(Metric.E2E).uncertainty is None


def by(source: TokenSource, itl_ms: float, run: int) -> CheckResult:
    stream = StreamFacts(ttft_ms=itl_ms, itl_ms=itl_ms, tokens_per_second=1000 / itl_ms, token_source=source)
    return replace(answer(run=run), stream=stream)


def test_counts_and_estimates_are_not_mixed_in_a_figure() -> None:
    usage, estimated = TokenSource.USAGE, TokenSource.ESTIMATED
    column = one(by(usage, 10.0, 1), by(usage, 11.0, 2), by(estimated, 5.0, 3)).columns[0]
    assert not column.estimated and column.spread(Metric.ITL).low == 10.0 and column.spread(Metric.ITL).n == 2
    assert column.spread(Metric.TTFT).n == 3
    assert one(by(estimated, 5.0, 1)).columns[0].estimated


def test_a_count_that_was_not_used_is_told_unless_reasoning_was_hidden() -> None:
    check = by(TokenSource.ESTIMATED, 5.0, 1)
    wild = AnswerFacts(1, usage=Usage(10, 5000, 5010))
    assert one(replace(check, answer=wild)).columns[0].miscounted == (5000,)
    hidden = AnswerFacts(1, usage=Usage(10, 5000, 5010, reasoning_tokens=4990))
    assert one(replace(check, answer=hidden)).columns[0].miscounted == ()
    assert one(replace(by(TokenSource.USAGE, 5.0, 1), answer=wild)).columns[0].miscounted == ()


def test_counts_of_one_text_are_compared_where_nothing_but_the_text_was_counted() -> None:
    def written(tokens: int, target: int, **more: int) -> CheckResult:
        check = answer(target, ttft=120.0)
        return replace(check, answer=AnswerFacts(1, usage=Usage(10, tokens, 10 + tokens, **more)))

    def said(second: CheckResult) -> bool:
        found = compared([written(10, 0), second], [facts(), facts("b", port=2)], runs=1)
        return any("10 output tokens" in note for note in found.notes)

    assert said(written(20, 1))
    assert not said(written(20, 1, reasoning_tokens=10))
    thinking = written(20, 1)
    assert thinking.stream is not None
    assert not said(replace(thinking, stream=replace(thinking.stream, ttft_ms=60.0)))

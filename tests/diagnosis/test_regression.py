"""What is worse, better, the same or unsure: by effect size, significance and what a person can feel."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.diagnosis.regression import ANSWERED, Sampled, changes, unlike_words, unmatched, unsure_words
from gatewaytui.domain.comparison import Change, Metric, Verdict
from gatewaytui.domain.run import TokenSource

LOW = tuple(100.0 + value for value in range(20))


def column(values: tuple[float, ...] = LOW, metric: Metric = Metric.TTFT, **more: object) -> Sampled:
    asked: dict[str, object] = {"runs": len(values), "answered": len(values), **more}
    return Sampled("tken", "gpt-5.5", "openai-chat", values={metric: values}, **asked)  # type: ignore[arg-type]


def of(metric: str, before: Sampled, now: Sampled) -> Change:
    return next(change for change in changes([before], [now]) if change.metric == metric)


def scaled(by: float) -> tuple[float, ...]:
    return tuple(value * by for value in LOW)


def test_a_clearly_slower_column_is_worse() -> None:
    change = of(Metric.TTFT, column(), column(scaled(1.5)))
    assert (change.verdict, change.effect, change.n_before, change.n_now) == (Verdict.WORSE, -1.0, 20, 20)
    assert change.before == 109.5 and change.ratio == pytest.approx(1.5)
    assert change.p is not None and change.p < 0.001


def test_a_clearly_faster_column_is_better() -> None:
    change = of(Metric.TTFT, column(), column(scaled(0.5)))
    assert (change.verdict, change.effect) == (Verdict.BETTER, 1.0)


def test_a_rate_is_worse_where_it_is_lower() -> None:
    rate = Metric.TOKENS_PER_SECOND
    assert of(rate, column(LOW, rate), column(scaled(0.5), rate)).verdict is Verdict.WORSE
    assert of(rate, column(LOW, rate), column(scaled(1.5), rate)).verdict is Verdict.BETTER


def test_a_sure_but_unnoticeable_difference_is_the_same() -> None:
    narrow = tuple(100 + value / 100 for value in range(40))
    change = of(Metric.TTFT, column(narrow), column(tuple(value * 1.04 for value in narrow)))
    assert change.p is not None and change.p < 0.001
    assert (change.effect, change.verdict) == (-1.0, Verdict.SAME)


def test_a_significant_but_small_effect_is_the_same() -> None:
    wide = tuple(float(value) for value in range(100, 500))
    change = of(Metric.TTFT, column(wide), column(tuple(value * 1.2 for value in wide)))
    assert change.p is not None and change.p < 0.05 and change.ratio == pytest.approx(1.2)
    assert change.effect is not None and -0.33 < change.effect < 0
    assert change.verdict is Verdict.SAME


def test_one_slow_run_is_no_regression() -> None:
    change = of(Metric.TTFT, column(), column((*LOW[:-1], 60_000.0)))
    assert change.verdict is Verdict.SAME


@pytest.mark.parametrize(("before", "now"), [(4, 20), (20, 4), (1, 1)])
def test_below_five_runs_on_a_side_nothing_is_sure(before: int, now: int) -> None:
    found = changes([column(LOW[:before])], [column(scaled(9)[:now])])
    assert {change.verdict for change in found} == {Verdict.UNSURE}
    assert all(change.p is None and change.effect is None for change in found)
    assert next(change.ratio for change in found if change.metric == Metric.TTFT)


def test_five_runs_are_enough_for_what_is_plain() -> None:
    assert of(Metric.TTFT, column(LOW[:5]), column(scaled(2)[:5])).verdict is Verdict.WORSE


@pytest.mark.parametrize(
    ("was", "now", "verdict"),
    [(20, 20, Verdict.SAME), (20, 19, Verdict.SAME), (20, 10, Verdict.WORSE), (8, 19, Verdict.BETTER)],
)
def test_the_success_rate_is_judged_by_its_counts(was: int, now: int, verdict: Verdict) -> None:
    change = of(ANSWERED, column(LOW[:was], runs=20), column(LOW[:now], runs=20))
    assert (change.verdict, change.before, change.now) == (verdict, was / 20, now / 20)
    assert change.effect == pytest.approx((now - was) / 20)


def test_a_metric_that_one_side_lacks_is_unsure_and_one_that_both_lack_is_left_out() -> None:
    found = changes([column()], [column((), runs=20, answered=0)])
    assert [(change.metric, change.verdict) for change in found] == [
        (ANSWERED, Verdict.WORSE),
        (Metric.TTFT, Verdict.UNSURE),
    ]


def test_columns_are_matched_by_target_model_and_protocol_not_by_place() -> None:
    other = Sampled("tokmodel", "gpt-5.5", "openai-chat", 20, 20, {Metric.TTFT: LOW})
    foreign = Sampled("tken", "gpt-5.4", "openai-chat", 20, 20, {Metric.TTFT: LOW})
    found = changes([column(), other], [other, foreign, column(scaled(2))])
    assert {change.target for change in found} == {0, 2}
    assert {change.target for change in found if change.verdict is Verdict.WORSE} == {2}
    assert unmatched([column(), other], [other, foreign, column()]) == (1,)


def test_the_same_place_twice_is_matched_in_order() -> None:
    found = changes([column(), column(scaled(2))], [column(), column(scaled(2)), column()])
    assert {change.verdict for change in found} == {Verdict.SAME}
    assert unmatched([column()], [column(), column()]) == (1,)


def test_a_median_of_nothing_that_becomes_something_is_a_move() -> None:
    change = of(Metric.TTFT, column((0.0,) * 10), column((5.0,) * 10))
    assert (change.verdict, change.ratio) == (Verdict.WORSE, None)


@given(st.lists(st.floats(0.1, 1e6), min_size=5, max_size=30), st.lists(st.floats(0.1, 1e6), min_size=5, max_size=30))
def test_what_is_worse_one_way_is_better_the_other(before: list[float], now: list[float]) -> None:
    there = of(Metric.TTFT, column(tuple(before)), column(tuple(now)))
    back = of(Metric.TTFT, column(tuple(now)), column(tuple(before)))
    assert (there.verdict is Verdict.WORSE) <= (back.verdict is not Verdict.WORSE)
    assert there.effect is not None and back.effect is not None
    assert -1 <= there.effect <= 1 and there.effect == pytest.approx(-back.effect)
    if there.verdict is Verdict.WORSE and there.ratio is not None and there.ratio > 1.06:
        assert back.verdict is Verdict.BETTER


def test_what_the_stamps_leave_uncertain_is_no_regression() -> None:
    narrow = tuple(10 + value / 100 for value in range(20))
    slower = tuple(value + 2 for value in narrow)
    exact, vague = {Metric.TTFT: 0.05}, {Metric.TTFT: 3.4}
    assert of(Metric.TTFT, column(narrow, uncertainty=exact), column(slower, uncertainty=exact)).verdict == "worse"
    assert of(Metric.TTFT, column(narrow, uncertainty=exact), column(slower, uncertainty=vague)).verdict == "same"


@pytest.mark.parametrize(("columns", "verdict"), [(1, "worse"), (6, "worse"), (7, "unsure"), (64, "unsure")])
def test_the_more_columns_the_more_runs_a_verdict_takes(columns: int, verdict: str) -> None:
    few = LOW[:5]
    before, now = (
        [Sampled(str(at), "m-1", "gemini", 5, 5, values={Metric.TTFT: values}) for at in range(columns)]
        for values in (few, tuple(value * 3 for value in few))
    )
    assert {change.verdict for change in changes(before, now) if change.metric == Metric.TTFT} == {verdict}
    assert {change.verdict for change in changes(before, now) if change.metric == ANSWERED} <= {"same", "unsure"}


def test_many_columns_of_chance_are_seldom_a_false_alarm() -> None:
    dice = random.Random(7)

    def drawn(at: int) -> Sampled:
        times = tuple(dice.lognormvariate(5, 0.25) for _ in range(20))
        return Sampled(str(at), "m-1", "gemini", 20, 20, values={Metric.TTFT: times})

    alarms = sum(
        any(change.verdict is Verdict.WORSE for change in changes(*([drawn(at) for at in range(8)] for _ in "ab")))
        for _ in range(100)
    )
    assert alarms <= 5


@pytest.mark.parametrize("metric", [Metric.ITL, Metric.TOKENS_PER_SECOND])
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_count_against_an_estimate_says_nothing(metric: Metric, factor: float) -> None:
    by_server = column(LOW, metric, token_source=TokenSource.USAGE)
    by_text = column(scaled(factor), metric, token_source=TokenSource.ESTIMATED)
    change = of(metric, by_server, by_text)
    assert change.verdict is Verdict.UNSURE and change.ratio == pytest.approx(factor)
    (why,) = unsure_words([by_server], [by_text], [change])
    assert "estimated from the text on the other" in why
    same = column(scaled(factor), metric, token_source=TokenSource.USAGE)
    assert of(metric, by_server, same).verdict in (Verdict.WORSE, Verdict.BETTER)


def test_times_are_judged_whoever_counted() -> None:
    by_server = column(token_source=TokenSource.USAGE)
    by_text = column(scaled(2), token_source=TokenSource.ESTIMATED)
    assert of(Metric.TTFT, by_server, by_text).verdict is Verdict.WORSE


def test_a_stream_against_whole_answers_is_not_for_want_of_runs() -> None:
    streamed = Sampled("a", "m", "p", 20, 20, values={Metric.TTFT: LOW, Metric.E2E: LOW})
    whole = Sampled("a", "m", "p", 20, 20, values={Metric.E2E: scaled(2)})
    found = changes([streamed], [whole])
    assert {change.metric for change in found if change.verdict is Verdict.UNSURE} == {"ttft_ms", "e2e_ms"}
    (why,) = unsure_words([streamed], [whole], found)
    assert why.startswith("Only one side has times to a first token")


def test_too_few_runs_are_said() -> None:
    few = column(LOW[:3])
    assert unsure_words([few], [few], changes([few], [few]))[0].startswith("Some figures have too few runs")
    assert unsure_words([column()], [column()], changes([column()], [column()])) == ()


@pytest.mark.parametrize("model", ["[model withheld]", "with a space"])
def test_a_model_whose_id_is_withheld_is_held_against_nothing(model: str) -> None:
    before = replace(column(), model=model)
    now = replace(column(scaled(3)), model=model)
    assert changes([before], [now]) == () and unmatched([before], [now]) == (0,)
    assert "withholds the id of its model" in unlike_words([before], [now])[0]


@pytest.mark.parametrize(
    ("metric", "before", "now", "verdict"),
    [
        (Metric.E2E, 8.0, 12.0, Verdict.UNSURE),
        (Metric.TOKENS_PER_SECOND, 8.0, 12.0, Verdict.UNSURE),
        (Metric.ITL, 8.0, 12.0, Verdict.WORSE),
        (Metric.TTFT, 8.0, 12.0, Verdict.WORSE),
        (Metric.E2E, 100.0, 105.0, Verdict.WORSE),
        (Metric.E2E, None, 12.0, Verdict.WORSE),
    ],
)
def test_what_goes_by_the_length_of_an_answer_is_unsure_where_that_is_another(
    metric: Metric, before: float | None, now: float, verdict: Verdict
) -> None:
    worse = scaled(0.5) if metric.more_is_better else scaled(2.0)
    sides = column(metric=metric, output_tokens=before), column(worse, metric, output_tokens=now)
    assert of(metric, *sides).verdict is verdict
    said = unsure_words(sides[:1], sides[1:], changes(sides[:1], sides[1:]))
    assert any("not as long" in sentence for sentence in said) is (verdict is Verdict.UNSURE)


def test_another_address_and_another_count_of_the_prompt_are_said() -> None:
    before = column(base_url="http://a.example/v1", input_tokens=10)
    moved, longer = unlike_words([before], [column(base_url="http://b.example/v1", input_tokens=4000)])
    assert "another base URL" in moved and "counts 4,000 input tokens, 10 in the baseline" in longer
    assert unlike_words([before], [before]) == ()
    assert unlike_words([before], [column(base_url="http://a.example/v1/", input_tokens=10)]) == ()


def test_without_a_model_nothing_was_asked_and_nothing_is_said_to_be_withheld() -> None:
    none = replace(column(), model="")
    assert changes([none], [none]) == () and unlike_words([none], [none]) == ()

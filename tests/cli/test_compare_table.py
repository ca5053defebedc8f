"""The table of a comparison at every width: aligned, within its terminal, figures with unit and uncertainty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len

from gatewaytui.cli import compare_table
from gatewaytui.cli.compare_figures import cost, number, off
from gatewaytui.diagnosis.comparison import compared
from gatewaytui.diagnosis.regression import Sampled, changes
from gatewaytui.domain.chat import Usage
from gatewaytui.domain.comparison import Metric, Slot
from gatewaytui.domain.exchange import Timings
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin, Retry
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import AnswerFacts, CheckResult, Outcome, Run, StreamFacts, TargetFacts, TokenSource
from gatewaytui.domain.stamps import StampFacts, Uncertainty

STREAM = StreamFacts(123.456, 130.0, 9.5, 1234.5, tokens_per_second=81.25)
STAMPED = replace(
    STREAM, uncertainty=Uncertainty(0.05, 0.05, 0.0004, 0.1, 3.4, 0.3), stamps=StampFacts(9, 9, events=9)
)
FACTS = TargetFacts("here", "", "", AuthHeader.BEARER, Protocol.OPENAI_CHAT, "gpt-5.5", "gpt-5.5")
LIMITED = Finding(FailureClass.RATE_LIMIT, "r", Origin.GATEWAY, Confidence.CERTAIN, "whose", "next", Retry())


def check(target: int, run: int, stream: StreamFacts = STAMPED, **more: object) -> CheckResult:
    answer = AnswerFacts(1, usage=Usage(20, 40, 60), served_model="gpt-5.5")
    return CheckResult(
        "stream", Outcome.PASSED, answer=answer, stream=stream, timings=Timings(), target=target,
        slot=Slot(run, 0.0, 0.0, text=1), **more,
    )  # type: ignore[arg-type]  # fmt: skip


def a_run(*names: str, runs: int = 2, failing: bool = False) -> Run:
    targets = tuple(
        replace(FACTS, profile=name, base_url=f"https://{at}.example/v1") for at, name in enumerate(names)
    )
    checks = [
        check(at, run, replace(STAMPED, ttft_ms=100.0 + at, itl_ms=9.5 + at / 10))
        for at in range(len(names))
        for run in range(1, runs + 1)
    ]
    if failing:
        checks[-1] = replace(checks[-1], outcome=Outcome.FAILED, stream=None, answer=None, finding=LIMITED)
    comparison = compared(checks, targets, runs=runs, at_zero=True)
    return Run("compare", datetime.now(UTC), targets, tuple(checks), comparison=comparison)


def table(text: str) -> list[str]:
    return text.split("\n\n")[0].splitlines()


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160, 200])
@pytest.mark.parametrize("runs", [1, 2, 20, 100])
def test_it_stays_within_its_terminal(width: int, runs: int) -> None:
    text = compare_table.text(a_run("tken", "tokenopen/claude", "tokmodel", runs=runs, failing=True), "", width)
    assert max(map(len, text.splitlines())) <= width
    head, *body = table(text)
    assert (
        "target" in head
        and "answered" in head
        and "TTFT" in head
        and ("class" in head or width < 160)
        and (("tok/s" in head and "e2e" in head and "ITL" in head and " n" in head) or width < 80)
    )
    assert len(body) == 3


@given(st.lists(st.text("abcdefghij-", min_size=1, max_size=24), min_size=1, max_size=64), st.integers(40, 220))
@settings(max_examples=40)
def test_every_figure_ends_below_its_name(names: list[str], width: int) -> None:
    head, *body = table(compare_table.text(a_run(*names), "", width))
    spared = ("tok/s p50", "e2e p50", "ITL p50")
    for name in ("answered", "TTFT p50", *(name for name in spared if name in head)):
        end = head.index(name) + len(name)
        assert all(line[end - 1 : end].strip() and not line[end : end + 1].strip() for line in body)


def test_with_room_each_figure_carries_its_uncertainty_and_without_it_stands_below() -> None:
    wide = compare_table.text(a_run("tken", "tokmodel"), "", None)
    assert "▲ 100.0 ±0.05" in wide and "101.0 ±0.05" in wide and "1,234 ±3.40" in wide and "▲ 9.50 ±0.01" in wide
    assert "± is what the time stamps leave uncertain" in wide
    narrow = compare_table.text(a_run("tken", "tokmodel"), "", 80)
    assert "±" not in "".join(table(narrow))
    assert "The time stamps leave uncertain at most: TTFT ±0.05 ms" in narrow


def test_what_was_left_out_is_not_spoken_of_below() -> None:
    narrow = compare_table.text(a_run("tken", "tokmodel", runs=20, failing=True), "", 72)
    below = " ".join(narrow.split("\n\n")[1].splitlines())
    assert "TTFT-conn" not in table(narrow)[0] and "TTFT-conn ±" not in below
    assert "Left out for want of room: model, TTFT p95, TTFT-conn p50, " in below and "--format json" in below
    assert "Left out" not in compare_table.text(a_run("tken", "tokmodel", runs=20), "", None)


def test_times_have_their_unit() -> None:
    assert "Times in ms; ▲ is the best of its column." in compare_table.text(a_run("a", "b"), "", None)
    assert "Times in ms.\n" in compare_table.text(a_run("a"), "", None)


def counted(*sources: TokenSource) -> str:
    """A target each, the later the faster by its tokens and the slower to its first."""
    run = a_run(*(f"t{at}" for at in range(len(sources))))
    checks = []
    for one in run.checks:
        assert one.stream is not None
        source, pace = sources[one.target], 9.5 - one.target
        stream = replace(one.stream, token_source=source, itl_ms=pace, tokens_per_second=1000 / pace)
        checks.append(replace(one, stream=stream))
    return compare_table.text(replace(run, comparison=compared(checks, run.targets, runs=2)), "", None)


def test_an_estimate_is_marked_and_wins_against_no_count() -> None:
    usage, estimated = TokenSource.USAGE, TokenSource.ESTIMATED
    text = counted(usage, usage, estimated)
    assert "▲ 8.50 ±" in text and "▲ 117.6 ±" in text and " ~7.50 ±" in text and "▲ ~" not in text
    assert "~ tokens estimated from the text" in text
    assert "▲ 9.50" not in counted(usage, estimated) and "▲ ~8.50" in counted(estimated, estimated)
    assert "~" not in counted(usage, usage)


def test_the_sign_of_the_best_is_explained_only_where_it_stands() -> None:
    run = a_run("a", "b")
    text = compare_table.text(replace(run, comparison=compared([], run.targets, runs=2)), "", None)
    assert "▲" not in text and "Times in ms.\n" in text


def test_rows_of_one_profile_are_told_apart_at_any_width() -> None:
    run = a_run("var", "var", "var")
    targets = tuple(replace(facts, selected_model=f"model-{at}") for at, facts in enumerate(run.targets))
    for width in (60, 80, None):
        text = compare_table.text(replace(run, targets=targets), "", width)
        assert all(f"var (model-{at})" in line for at, line in enumerate(table(text)[1:]))


def test_wide_letters_shift_no_figure() -> None:
    run = a_run("a", "b")
    targets = (replace(run.targets[0], selected_model="\u6a21\u578b\U0001f389"), run.targets[1])
    head, *body = table(compare_table.text(replace(run, targets=targets), "", None))
    assert {cell_len(line[: line.index("2/2")]) for line in body} == {cell_len(head[: head.index("answered")])}


def test_percentiles_only_where_there_are_runs_enough_and_n_beside_them() -> None:
    shown = {runs: table(compare_table.text(a_run("a", runs=runs), "", None))[0] for runs in (1, 2, 10, 20, 99, 100)}
    assert "p50" not in shown[1] and "p50" in shown[2] and "p90" not in shown[2]
    assert "p90" in shown[10] and "p95" not in shown[10] and "p95" in shown[20]
    assert "p99" not in shown[99] and "p99" in shown[100]
    assert all(" n " in head for head in shown.values())


@pytest.mark.parametrize(
    ("value", "said"), [(0.05, "±0.05"), (0.0004, "±0.01"), (3.4, "±3.40"), (12.34, "±12.4"), (1234.5, "±1,235")]
)
def test_an_uncertainty_is_never_rounded_down(value: float, said: str) -> None:
    assert off(value) == said


@pytest.mark.parametrize(("value", "said"), [(None, "-"), (0.0, "0.00"), (9.994, "9.99"), (123.45, "123.5")])
def test_figures_have_as_many_decimals_as_they_can_bear(value: float | None, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize("width", [66, 80, 200])
def test_what_changed_against_a_baseline_fits_too(width: int) -> None:
    run = a_run("tokenopen/claude-and-more", "b", runs=8)
    assert run.comparison is not None

    def sampled(by: float) -> list[Sampled]:
        times = tuple((100 + at) * by for at in range(8))
        return [
            Sampled(facts.profile, "gpt-5.5", "openai-chat", 8, 8, values={Metric.TTFT: times})
            for facts in run.targets
        ]

    against = replace(run.comparison, changes=changes(sampled(1), sampled(2)))
    text = compare_table.text(replace(run, comparison=against), "main", width)
    assert max(map(len, text.splitlines())) <= width
    assert "✗  worse: tokenopen/claude-and-more  TTFT ms  207.0" in text
    assert ("delta" in text) is (width > 66)
    assert "2 figures are the same as in main." in text


def test_a_model_that_nobody_named_is_said() -> None:
    run = a_run("a", "b")
    one = replace(run, targets=(run.targets[0], replace(run.targets[1], requested_model="")))
    both = replace(run, targets=tuple(replace(facts, requested_model="") for facts in run.targets))
    assert "No model was given: the first chat model listed of b was asked.\n" in compare_table.text(one, "", None)
    assert "No model was given: the first chat model listed was asked.\n" in compare_table.text(both, "", None)
    assert "No model was given" not in compare_table.text(run, "", None)


@pytest.mark.parametrize(
    ("usd", "shown"), [(None, "-"), (0.0000004, "0.000000"), (12.5, "12.500000"), (1e300, "1e+300")]
)
def test_a_cost_takes_few_cells_whatever_a_list_names(usd: float | None, shown: str) -> None:
    assert cost(usd) == shown

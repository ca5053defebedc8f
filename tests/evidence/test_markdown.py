from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.comparison import ColumnFacts
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.run import Outcome, Run
from gatewaytui.evidence import cells, markdown

from .builders import COMPARISON, FAILED, NOW, PASSED, RUN, TARGET, evidence, finding

CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)")


def outside_code(line: str) -> str:
    return CODE_SPAN.sub("", line)


def report(run: Run = RUN) -> str:
    return markdown.render(evidence(run)).decode("utf-8")


def test_it_reads_from_verdict_to_next_step() -> None:
    text = report()
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings == [
        "# Gateway evidence",
        "## Target",
        "## Checks",
        "## What was seen",
        "## Failure: `rate_limit` in `chat`",
        "## Comparison",
        "### Against the baseline",
        "## Requests",
        "## Safety",
        "## Summary",
    ]
    assert "| Base URL | `https://gateway.example/v1` |" in text
    assert "| `chat` | `POST /v1/chat/completions` | `failed` | `429` | `8` | `rate_limit` |" in text
    assert "| Retry | `after 30 s` |" in text
    assert f"| Next step | `{FailureClass.RATE_LIMIT.meaning.next_step}` |" in text
    assert "- api key stored: `no`" in text
    assert text.endswith("Failed with `rate_limit`.\n")


def test_a_warning_is_headed_as_one() -> None:
    warned = replace(PASSED, outcome=Outcome.WARNED, finding=finding(FailureClass.MODEL_MISMATCH))
    text = report(Run("smoke", NOW, (TARGET,), (warned,)))
    assert "## Warning: `model_mismatch` in `models`" in text
    assert text.endswith("Every check passed; warnings: `model_mismatch`.\n")


def test_several_targets_are_numbered_and_checks_say_which() -> None:
    text = report(Run("compare", NOW, (TARGET, TARGET), (PASSED, replace(FAILED, target=1))))
    assert "## Target 0\n" in text and "## Target 1\n" in text
    assert "| `1` | `chat` |" in text


def test_each_target_of_a_comparison_has_a_row_also_one_that_never_answered() -> None:
    silent = ColumnFacts(target=1, runs=2, answered=0, failures=((FailureClass.RATE_LIMIT, 2),))
    both = replace(COMPARISON, columns=(*COMPARISON.columns, silent), planned=4)
    text = report(Run("compare", NOW, (TARGET, replace(TARGET, profile="other", group="")), (), comparison=both))
    rows = [line for line in text.splitlines() if " of 2` | `rate_limit" in line]
    assert "2 runs each, 1 warm-ups" in text
    assert rows == [
        "| `0` | `work/default` | `vendor/model-7b` | `1 of 2` | `rate_limit x1` | `vendor/model-7b` "
        "| `3` | `4` | `0.000125` | `1` |",
        "| `1` | `other` | `vendor/model-7b` | `0 of 2` | `rate_limit x2` | - | - | - | - | - |",
    ]


def test_what_goes_by_estimated_tokens_is_marked() -> None:
    column = replace(COMPARISON.columns[0], estimated=True)
    text = report(Run("compare", NOW, (TARGET,), (), comparison=replace(COMPARISON, columns=(column,))))
    assert "| `itl_ms` ~ |" in text and "| `tokens_per_second` ~ |" in text and "| `ttft_ms` |" in text
    assert "~ tokens estimated from the text" in text
    assert "~" not in report(Run("compare", NOW, (TARGET,), (), comparison=COMPARISON))


def test_the_pace_of_a_comparison_is_said_where_one_was_set() -> None:
    paced = report(Run("compare", NOW, (TARGET,), (), comparison=replace(COMPARISON, interval_s=2.5)))
    assert "concurrency 1, a run every 2.5 s, seed 0." in paced


def test_a_comparison_that_was_stopped_says_how_many_runs_came_to_an_end() -> None:
    stopped = report(Run("compare", NOW, (TARGET,), (), comparison=replace(COMPARISON, planned=20)))
    assert "2 of 20 runs came to an end, 1 warm-ups" in stopped


@given(st.text(min_size=1, max_size=60))
def test_no_text_leaves_its_code_span(value: str) -> None:
    span = cells.code(value)
    assert "|" not in span and len(span.splitlines()) <= 1
    if span != cells.NONE:
        fence = re.match(r"`+", span)
        assert fence is not None and span.endswith(fence[0])
        inside = span[len(fence[0]) : -len(fence[0])]
        assert fence[0] not in re.findall(r"`+", inside)


@pytest.mark.parametrize("text", ["x` ![beacon](https://tracker.example/a.png) @team", "a``b | c\n## Forged\n"])
def test_hostile_names_make_no_pictures_mentions_or_sections(text: str) -> None:
    part = msgspec.structs.replace(evidence().targets[0], profile=text)
    hostile = msgspec.structs.replace(evidence(), target=part, targets=(part,))
    lines = markdown.render(hostile).decode().splitlines()
    assert not [line for line in lines if re.search(r"!\[|@|Forged", outside_code(line))]
    assert len(lines) == len(report().splitlines())


def test_tables_keep_their_columns() -> None:
    rows = [line for line in report().splitlines() if line.startswith("|")]
    assert all(outside_code(row).count("|") in (3, 4, 7, 11, 12) for row in rows)

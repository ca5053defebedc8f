"""The history as counts, trends and lines."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from gatewaytui.diagnosis.trends import Course, Trend
from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.domain.run import Outcome
from gatewaytui.storage.historyrows import FindingRow, HeatCell
from gatewaytui.tui.panes.failures_state import (
    History,
    buckets,
    detail_passages,
    finding_lines,
    gathered,
    heat_lines,
    matching,
    start_of,
    summary_words,
)
from gatewaytui.tui.panes.failures_trend import local_time, trend_of

TODAY = date(2026, 11, 20)
RATE, AUTH = FailureFamily.RATE_OR_QUOTA, FailureFamily.AUTH_OR_PERMISSION
CELLS = (
    HeatCell(RATE, "tken", "2026-11-20", 8, 1, "2026-11-20T10:44:02Z"),
    HeatCell(RATE, "tokone", "2026-11-15", 2, 0, "2026-11-15T09:00:00Z"),
    HeatCell(AUTH, "tokone", "2026-11-19", 3, 0, "2026-11-19T22:30:00Z"),
)


def row(failure_class: FailureClass, profile: str = "tken", group: str = "", run_id: int = 1) -> FindingRow:
    return FindingRow(
        run_id, 0, profile, group, "chat", Outcome.FAILED, failure_class, failure_class.family,
        "2026-11-20T10:41:37Z", 96.0, failure_class.meaning.whose, failure_class.meaning.next_step,
    )  # fmt: skip


ROWS = (
    row(FailureClass.RATE_LIMIT),
    row(FailureClass.GROUP_OR_MODEL_ACCESS, "tokone", "claude", 2),
    row(FailureClass.BILLING_QUOTA, "tokone", run_id=3),
)

TREND = Trend(
    "tokone", "", FailureClass.BILLING_QUOTA, (0, 0, 0, 2, 2, 3, 8),
    "2026-11-15T09:00:00Z", "2026-11-20T10:44:02Z", Course.RISING,
)  # fmt: skip


def heat(over_time: bool, width: int = 110) -> list[str]:
    history = History(7, TODAY, CELLS, ROWS)
    return ["".join(text for text, _ in line) for line in heat_lines(history, over_time, UTC, width)]


def test_families_by_profile_the_most_troubled_first() -> None:
    head, auth, rate = heat(over_time=False)
    assert head.split() == ["tken", "tokone", "7", "days", "last", "seen", "trend"]
    assert auth.split()[:4] == ["auth_or_permission", "·", "3", "3"]
    assert rate.split()[:4] == ["rate_or_quota", "9", "2", "11"]
    assert "10:44:02" in rate and "Thu 22:30" in auth


def test_families_by_day_with_their_trend() -> None:
    head, auth, rate = heat(over_time=True)
    assert head.split()[:7] == ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]
    assert rate.split()[1:9] == ["·", "2", "·", "·", "·", "·", "9", "11"]
    assert "▲ rising" in rate and "▲ new" in auth


def test_weeks_stand_for_longer_windows_and_cover_every_day() -> None:
    spans = buckets(30, TODAY)
    assert len(spans) == 5
    assert spans[-1].last == "2026-11-20"
    assert spans[0].first <= start_of(30, TODAY).date().isoformat()


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ((0, 0, 0, 0, 2, 0, 1), "▲ new"),
        ((3, 1, 0, 0, 0, 0, 0), "gone"),
        ((1, 0, 0, 2, 2, 2, 2), "▲ rising"),
        ((4, 4, 4, 0, 1, 1, 1), "▼ falling"),
        ((2, 2, 2, 2, 2, 2, 2), "steady"),
    ],
)
def test_a_trend_is_a_word(counts: tuple[int, ...], word: str) -> None:
    assert trend_of(counts)[0] == word


def test_times_are_local_and_shorter_the_nearer() -> None:
    east = timezone(timedelta(hours=3))
    assert local_time("2026-11-20T10:41:37Z", east, TODAY) == "13:41:37"
    assert local_time("2026-11-18T22:30:00Z", UTC, TODAY) == "Wed 22:30"
    assert local_time("2026-10-01T22:30:00Z", UTC, TODAY) == "2026-10-01"


@pytest.mark.parametrize(
    ("text", "runs"),
    [("", [1, 2, 3]), ("TOKONE", [2, 3]), ("claude access", [2]), ("rate_or", [1, 3]), ("nowhere", [])],
)
def test_every_word_of_the_filter_must_stand_in_the_finding(text: str, runs: list[int]) -> None:
    assert [found.run_id for found in matching(ROWS, text)] == runs


def test_a_line_has_sign_time_place_class_and_next_step_and_selected_ones_a_dot() -> None:
    head, lines = finding_lines(gathered(ROWS), frozenset({ROWS[1]}), {TREND.place: TREND}, UTC, TODAY, 200)
    shown = ["".join(text for text, _ in line) for line in lines]
    assert "".join(text for text, _ in head).split() == ["when", "profile", "check", "class", "trend", "next", "step"]
    assert shown[1].startswith("● ✗  10:41:37  tokone/claude")
    assert FailureClass.GROUP_OR_MODEL_ACCESS.meaning.next_step in shown[1]
    assert not shown[0].startswith("●")
    assert "▲ rising" in shown[2] and "rising" not in shown[0]


@pytest.mark.parametrize("width", [72, 112, 192])
def test_the_list_lines_up_at_any_width_and_keeps_class_and_trend(width: int) -> None:
    trends = {(row.profile, row.group, row.failure_class): replace(TREND, changes=5) for row in ROWS}
    head, lines = finding_lines(gathered(ROWS), frozenset(), trends, UTC, TODAY, width)
    texts = ["".join(text for text, _ in line) for line in (head, *lines)]
    assert max(map(cell_len, texts)) <= width
    assert {text.index("~ flaps") for text in texts[1:]} == {texts[0].index("trend")}
    assert ("next step" in texts[0]) == (width > 80)


def test_the_detail_says_what_whose_next_and_how_it_goes() -> None:
    full = [passage.text for passage in detail_passages(ROWS[2], TREND, UTC, TODAY, short=False)]
    meaning = FailureClass.BILLING_QUOTA.meaning
    assert full[:3] == [meaning.title, meaning.whose, meaning.next_step]
    assert full[3].endswith("15 in 7 days · ▲ rising · first Sun 09:00 · last 10:44:02")
    (short,) = detail_passages(ROWS[2], TREND, UTC, TODAY, short=True)
    assert short.text.startswith("▁▁▁▃▃▄█ 15 in 7 days") and short.text.endswith("Sun 09:00 to 10:44:02")
    assert detail_passages(None, None, UTC, TODAY, short=True) == ()


def test_what_failed_alike_in_one_run_is_one_row_with_its_number() -> None:
    alike = [replace(ROWS[0], elapsed_ms=float(number)) for number in range(20)]
    rows = gathered([*alike, *ROWS[1:]])
    assert list(rows.values()) == [20, 1, 1]
    _, lines = finding_lines(rows, frozenset(), {}, UTC, TODAY, 200)
    assert f"{ROWS[0].failure_class} ×20" in "".join(text for text, _ in lines[0])
    history = History(7, TODAY, (), (*alike, *ROWS[1:]))
    assert summary_words(history, rows, frozenset({alike[0]})) == "last 7 days · 22 findings · 20 selected"
    assert summary_words(history, {}, frozenset()) == "Nothing matches: Esc clears the filter."


def test_the_heads_of_weeks_are_never_cut() -> None:
    assert max(len(span.head) for span in buckets(90, TODAY)) <= 5


def test_a_key_that_was_not_proven_is_not_called_refused() -> None:
    refused = row(FailureClass.AUTH)
    for outcome, said in ((Outcome.FAILED, "does not accept"), (Outcome.WARNED, "is not proven")):
        head, *_ = detail_passages(replace(refused, outcome=outcome), None, None, TODAY, short=False)
        assert said in head.text

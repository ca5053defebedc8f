"""Times and runs as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
import pytest

from gatewaytui.cli.history_range import ids, since

CONTEXT, PARAMETER = click.Context(click.Command("history")), click.Option(["--since"])


@pytest.mark.parametrize(
    ("text", "ago"), [("12h", timedelta(hours=12)), ("7d", timedelta(days=7)), ("2w", timedelta(weeks=2))]
)
def test_a_span_counts_back_from_now(text: str, ago: timedelta) -> None:
    before = datetime.now(UTC)
    moment = since(CONTEXT, PARAMETER, text)
    assert moment is not None
    assert before - ago <= moment <= datetime.now(UTC) - ago


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2001-01-31", datetime(2001, 1, 31, tzinfo=UTC)),
        ("2001-01-31T08:00:00Z", datetime(2001, 1, 31, 8, tzinfo=UTC)),
        ("2001-01-31T08:00+02:00", datetime(2001, 1, 31, 6, tzinfo=UTC)),
    ],
)
def test_a_date_or_time_is_utc_unless_it_says_otherwise(text: str, moment: datetime) -> None:
    assert since(CONTEXT, PARAMETER, text) == moment


@pytest.mark.parametrize("text", ["", "d", "7", "7 d", "99999w", "yesterday", "2026-13-01", "9999-12-31"])
def test_what_is_no_past_time_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        since(CONTEXT, PARAMETER, text)


@pytest.mark.parametrize(("text", "expected"), [("4", (4, 4)), ("4..9", (4, 9)), ("9..4", (4, 9))])
def test_one_run_or_a_range(text: str, expected: tuple[int, int]) -> None:
    assert ids(CONTEXT, PARAMETER, text) == expected


@pytest.mark.parametrize("text", ["", "x", "1..", "..1", "1...2", "-1", "1-2", "9999999999999"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        ids(CONTEXT, PARAMETER, text)


def test_nothing_given_is_nothing_asked() -> None:
    assert since(CONTEXT, PARAMETER, None) is None and ids(CONTEXT, PARAMETER, None) is None

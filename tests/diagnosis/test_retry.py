from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatewaytui.diagnosis.retry import LONGEST, retry_after
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireResponse

NOON = "Sat, 21 Nov 2026 12:00:00 GMT"


def wait(*headers: tuple[str, str], error: ErrorObject | None = None) -> float | None:
    return retry_after(WireResponse(429, headers, b""), error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((("Retry-After", "7"),), 7),
        ((("Retry-After", " 7.5 "),), 7.5),
        ((("retry-after", "20s"),), 20),
        ((("retry-after-ms", "250"),), 0.25),
        ((("retry-after-ms", "250"), ("retry-after", "9")), 0.25),
        ((("retry-after-ms", "soon"), ("retry-after", "9")), 9),
        ((("date", NOON), ("retry-after", "Sat, 21 Nov 2026 12:01:30 GMT")), 90),
        ((("date", NOON), ("retry-after", "Sat, 21 Nov 2026 11:59:00 GMT")), None),
        ((("retry-after", "Sat, 21 Nov 2026 12:01:30 GMT"),), None),
        ((("retry-after", "-1"),), None),
        ((("retry-after", "inf"),), None),
        ((("retry-after", "99999999999"),), None),
        ((("retry-after", "Sat, 99 Foo"),), None),
        ((), None),
    ],
)
def test_headers(headers: tuple[tuple[str, str], ...], seconds: float | None) -> None:
    assert wait(*headers) == seconds


def test_the_body_speaks_where_no_header_does() -> None:
    assert wait(error=ErrorObject(retry_after=31.0)) == 31
    assert wait(("retry-after", "4"), error=ErrorObject(retry_after=31.0)) == 4
    assert retry_after(None, ErrorObject(retry_after=float("nan"))) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_a_sane_wait_or_none(value: str, date: str) -> None:
    seconds = wait(("retry-after", value), ("date", date))
    assert seconds is None or 0 <= seconds <= LONGEST

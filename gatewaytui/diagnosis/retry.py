"""How long a server asks a caller to wait: seconds out of headers and bodies, whatever nonsense they hold."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireResponse

LONGEST = 366 * 86_400.0
"""Seconds. A longer wait is nobody's advice but a broken server's, and is ignored."""

QUOTA_WINDOW = 300.0
"""Seconds. Whoever must wait longer has used up a quota window, not tripped over a burst limit (rules.md)."""


def retry_after(response: WireResponse | None, error: ErrorObject | None) -> float | None:
    """Seconds to wait, or None: ``retry-after-ms``, then ``Retry-After`` (seconds or HTTP date), then the body.

    A date is measured against the response's own ``Date`` header, because the local clock may be wrong.
    Negative, infinite, absurd and unreadable values give None.
    """
    candidates = (
        _scaled(response.header("retry-after-ms"), 0.001) if response else None,
        _seconds_or_date(response) if response else None,
        error.retry_after if error else None,
    )
    return next((seconds for seconds in candidates if seconds is not None and 0 <= seconds <= LONGEST), None)


def _scaled(text: str, scale: float) -> float | None:
    try:
        number = float(text[:40])
    except ValueError:
        return None
    return number * scale if math.isfinite(number) else None


def _seconds_or_date(response: WireResponse) -> float | None:
    value = response.header("retry-after").strip().removesuffix("s")
    if not value:
        return None
    seconds = _scaled(value, 1.0)
    if seconds is not None:
        return seconds
    until, now = _moment(value), _moment(response.header("date"))
    return (until - now).total_seconds() if until and now else None


def _moment(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime  # late: few servers ask to wait

    try:
        moment = parsedate_to_datetime(text[:60])
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None

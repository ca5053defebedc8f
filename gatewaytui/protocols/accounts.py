"""Free account probes: one GET that tells money from rate without spending anything (failure-classes.md, rule 10).

The shapes are those of the gateways' own sources and documentation: new-api's ``/api/usage/token``, sub2api's
``/v1/usage``, OpenRouter's ``/api/v1/key``, LiteLLM's ``/key/info``. All four read ``Authorization: Bearer``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlsplit

import msgspec

from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader

from .lenient import Object, as_number, as_object, as_text, decoded, objects
from .requests import get
from .urls import root

LARGEST_ACCOUNT = 1_000_000
"""Bytes of an account answer that are read; a longer one is no account answer."""

_MILLISECONDS_FROM = 100_000_000_000  # an end date this large counts milliseconds, not seconds
_NEW_API, _SUB2API, _OPENROUTER, _LITELLM = "new-api", "sub2api", "openrouter", "litellm"


class AccountProbe(msgspec.Struct, frozen=True):
    """One gateway software's probe: where it is, and what its answer means. ``path`` starts at the root."""

    software: str
    path: str
    facts: Callable[[Object, datetime | None], AccountFacts | None]

    def build(self, base_url: str, auth: AuthHeader) -> WireRequest:
        """The GET. The key goes as Bearer, the one header all of them read, or not at all where ``auth`` is NONE."""
        header = AuthHeader.NONE if auth is AuthHeader.NONE else AuthHeader.BEARER
        return get(_from_root(base_url, self.path), Ask(AskKind.OTHER), header)

    def read(self, body: bytes, now: datetime | None = None) -> AccountFacts | None:
        """What the body says of the account, or None where it is no such answer. Never raises.

        Without ``now`` an end date is not judged, except where the gateway itself says that it has passed.
        """
        value = as_object(decoded(body)) if len(body) <= LARGEST_ACCOUNT else {}
        refused = bool(value.get("error")) or value.get("success") is False
        return None if refused or not value else self.facts(value, now)


def probes_for(software: str) -> tuple[AccountProbe, ...]:
    """The probes worth trying, best first.

    The recognised software's own comes first; an unknown gateway ("") gets all in the order of likelihood. Software
    that is known and offers no probe (a vendor, a model server) gets none.
    """
    known = _RELATIVES.get(software, software)
    if software and known not in ACCOUNT_PROBES:
        return ()
    return tuple(sorted(ACCOUNT_PROBES.values(), key=lambda probe: probe.software != known))


def _from_root(base_url: str, path: str) -> str:
    """Root and path, without doubling a first segment that both have (OpenRouter's ``/api``)."""
    base, first = root(base_url), "/" + path.split("/")[1]
    try:
        doubled = urlsplit(base).path.endswith(first)
    except ValueError:
        doubled = False
    return (base.removesuffix(first) if doubled else base) + path


def _new_api(value: Object, now: datetime | None) -> AccountFacts | None:
    """The key's own quota; the account's balance behind it is not told."""
    data = as_object(value.get("data"))
    available, unlimited = as_number(data.get("total_available")), data.get("unlimited_quota") is True
    if available is None or not (data.get("object") == "token_usage" or "unlimited_quota" in data):
        return None
    return AccountFacts(
        exhausted=None if unlimited else available <= 0,
        unlimited=unlimited,
        expired=_over(data.get("expires_at"), now),
        remaining=None if unlimited else available,
        unit="" if unlimited else "quota",
    )


def _sub2api(value: Object, now: datetime | None) -> AccountFacts | None:
    """A key's quota and windows, a subscription's windows, or the account's balance: the scarcest decides."""
    if not isinstance(value.get("isValid"), bool):
        return None
    status, plan = as_text(value.get("status")), as_object(value.get("subscription"))
    left = as_number(value.get("remaining"))
    unlimited = left == -1 and "balance" not in value
    windows = [
        number for one in objects(value.get("rate_limits")) if (number := as_number(one.get("remaining"))) is not None
    ]
    purse = None if unlimited else left
    scarce = [number for number in (purse, *windows) if number is not None]
    spent = status == "quota_exhausted" or any(number <= 0 for number in scarce)
    ended = status == "expired" or _over(value.get("expires_at") or plan.get("expires_at"), now)
    empty_window = any(number <= 0 for number in windows) and not (purse is not None and purse <= 0)
    return AccountFacts(
        exhausted=spent if scarce or spent else None,
        unlimited=unlimited and not windows,
        expired=ended,
        blocked=value.get("isValid") is False or status in ("disabled", "inactive"),
        window=bool(plan) or empty_window or (bool(windows) and purse is None),
        remaining=min(scarce) if scarce else None,
        unit="USD" if scarce else "",
    )


def _openrouter(value: Object, now: datetime | None) -> AccountFacts | None:
    """The key's credit limit; null is none."""
    data = as_object(value.get("data"))
    if "limit" not in data or as_number(data.get("usage")) is None:
        return None
    limit, left = as_number(data.get("limit")), as_number(data.get("limit_remaining"))
    if limit is not None and left is None:
        left = limit - (as_number(data.get("usage")) or 0.0)
    return _limited(
        None if limit is None else left,
        unlimited=data.get("limit") is None,
        expired=_over(data.get("expires_at"), now),
        window=bool(data.get("limit_reset")),
    )


def _litellm(value: Object, now: datetime | None) -> AccountFacts | None:
    """The key's own budget against its spend; teams and users may have budgets besides."""
    info = as_object(value.get("info"))
    spend = as_number(info.get("spend"))
    if spend is None or not ("max_budget" in info or "expires" in info or "key_name" in info):
        return None
    table = as_object(info.get("litellm_budget_table"))
    stated = info.get("max_budget") if info.get("max_budget") is not None else table.get("max_budget")
    budget = as_number(stated)
    return _limited(
        None if budget is None else budget - spend,
        unlimited=stated is None,
        expired=_over(info.get("expires"), now),
        blocked=info.get("blocked") is True,
        window=bool(info.get("budget_duration") or info.get("budget_reset_at") or table.get("budget_duration")),
    )


def _limited(
    left: float | None, *, unlimited: bool, expired: bool | None, window: bool, blocked: bool | None = None
) -> AccountFacts:
    return AccountFacts(
        exhausted=None if left is None else left <= 0,
        unlimited=unlimited,
        expired=expired,
        blocked=blocked,
        window=window and left is not None,
        remaining=left,
        unit="" if left is None else "USD",
    )


def _over(stated: object, now: datetime | None) -> bool | None:
    """Whether an end date has passed: seconds, milliseconds or ISO 8601. None where it is not known; 0 is never."""
    if stated is None or stated in (0, "", -1):
        return False
    number = as_number(stated)
    try:
        if number is not None:
            end = datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
        else:
            end = datetime.fromisoformat(as_text(stated))
    except (ValueError, OverflowError, OSError):
        return None
    return None if now is None else (end if end.tzinfo else end.replace(tzinfo=UTC)) <= now


ACCOUNT_PROBES: Mapping[str, AccountProbe] = MappingProxyType(
    {
        probe.software: probe
        for probe in (
            AccountProbe(_NEW_API, "/api/usage/token", _new_api),
            AccountProbe(_SUB2API, "/v1/usage", _sub2api),
            AccountProbe(_LITELLM, "/key/info", _litellm),
            AccountProbe(_OPENROUTER, "/api/v1/key", _openrouter),
        )
    }
)
"""The probe of each software that has one, the most widespread gateway first."""

_RELATIVES: Mapping[str, str] = MappingProxyType({"one-api": _NEW_API})

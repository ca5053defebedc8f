from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from gatewaytui.domain.account import AccountFacts
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.protocols.accounts import ACCOUNT_PROBES, LARGEST_ACCOUNT, probes_for

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PAST, FUTURE = int(NOW.timestamp()) - 60, int(NOW.timestamp()) + 60


def read(software: str, value: object) -> AccountFacts | None:
    return ACCOUNT_PROBES[software].read(json.dumps(value).encode(), NOW)


def known(software: str, value: object) -> AccountFacts:
    facts = read(software, value)
    assert facts is not None
    return facts


def token(**said: object) -> object:
    data = {
        "object": "token_usage",
        "name": "console",
        "total_granted": 500,
        "total_used": 100,
        "total_available": 400,
        "unlimited_quota": False,
        "model_limits": {},
        "expires_at": 0,
    }
    return {"code": True, "message": "ok", "data": {**data, **said}}


def quota(**said: object) -> object:
    return {"mode": "quota_limited", "isValid": True, "status": "active", **said}


def credit(**said: object) -> object:
    data = {"label": "a key", "limit": 10, "limit_remaining": 7.5, "usage": 2.5, "is_free_tier": False}
    return {"data": {**data, **said}}


def budget(**said: object) -> object:
    info = {"key_name": "a key", "spend": 1.5, "max_budget": 5.0, "expires": None, "blocked": None}
    return {"key": "hashed", "info": {**info, **said}}


# where the probes go


@pytest.mark.parametrize(
    ("software", "base_url", "url"),
    [
        ("new-api", "https://gateway.test/v1", "https://gateway.test/api/usage/token"),
        ("new-api", "https://gateway.test", "https://gateway.test/api/usage/token"),
        ("new-api", "https://gateway.test/sub/v1/", "https://gateway.test/sub/api/usage/token"),
        ("sub2api", "https://gateway.test/v1", "https://gateway.test/v1/usage"),
        ("litellm", "http://127.0.0.1:4000/v1", "http://127.0.0.1:4000/key/info"),
        ("openrouter", "https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/key"),
        ("openrouter", "https://api/v1", "https://api/api/v1/key"),
        ("openrouter", "https://[broken/v1", "https://[broken/api/v1/key"),
    ],
)
def test_a_probe_starts_at_the_root(software: str, base_url: str, url: str) -> None:
    request = ACCOUNT_PROBES[software].build(base_url, AuthHeader.BEARER)
    assert (request.method, request.url, request.body) == ("GET", url, None)


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (AuthHeader.AUTO, AuthHeader.BEARER),
        (AuthHeader.X_API_KEY, AuthHeader.BEARER),
        (AuthHeader.NONE, AuthHeader.NONE),
    ],
)
def test_the_key_goes_as_bearer_or_not_at_all(wanted: AuthHeader, sent: AuthHeader) -> None:
    assert ACCOUNT_PROBES["new-api"].build("https://gateway.test/v1", wanted).auth_header is sent


def test_an_unknown_gateway_gets_all_probes() -> None:
    assert {probe.software for probe in probes_for("")} == set(ACCOUNT_PROBES)
    assert probes_for("")[0].software == "new-api"


@pytest.mark.parametrize(
    ("software", "first"),
    [("openrouter", "openrouter"), ("litellm", "litellm"), ("sub2api", "sub2api"), ("one-api", "new-api")],
)
def test_the_recognised_software_is_asked_first(software: str, first: str) -> None:
    probes = probes_for(software)
    assert probes[0].software == first
    assert len(probes) == len(ACCOUNT_PROBES)


@pytest.mark.parametrize("software", ["openai", "llama.cpp", "no-such-software"])
def test_software_without_a_probe_is_not_asked(software: str) -> None:
    assert probes_for(software) == ()


# what the answers mean


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        (token(), AccountFacts(False, False, False, remaining=400.0, unit="quota")),
        (token(total_available=0), AccountFacts(True, False, False, remaining=0.0, unit="quota")),
        (token(total_available="-3"), AccountFacts(True, False, False, remaining=-3.0, unit="quota")),
        (token(unlimited_quota=True, total_available=-9), AccountFacts(None, True, False)),
        (token(expires_at=PAST), AccountFacts(False, False, True, remaining=400.0, unit="quota")),
        (token(expires_at=FUTURE), AccountFacts(False, False, False, remaining=400.0, unit="quota")),
        (token(expires_at=PAST * 1000), AccountFacts(False, False, True, remaining=400.0, unit="quota")),
    ],
)
def test_new_api(value: object, facts: AccountFacts) -> None:
    assert read("new-api", value) == facts


@pytest.mark.parametrize(
    ("value", "exhausted", "window", "remaining"),
    [
        (quota(quota={"limit": 5, "used": 1, "remaining": 4}, remaining=4, unit="USD"), False, False, 4.0),
        (quota(status="quota_exhausted", remaining=0, unit="USD"), True, False, 0.0),
        (quota(rate_limits=[{"window": "5h", "limit": 1, "used": 1, "remaining": 0}]), True, True, 0.0),
        (quota(remaining=4, rate_limits=[{"window": "1d", "remaining": 0}]), True, True, 0.0),
        (quota(remaining=0, rate_limits=[{"window": "1d", "remaining": 3}]), True, False, 0.0),
        (quota(mode="unrestricted", balance=3.5, remaining=3.5), False, False, 3.5),
        (quota(mode="unrestricted", balance=-1, remaining=-1), True, False, -1.0),
        (quota(mode="unrestricted", remaining=0, subscription={"daily_limit_usd": 5}), True, True, 0.0),
    ],
)
def test_sub2api(value: object, exhausted: bool, window: bool, remaining: float) -> None:
    facts = known("sub2api", value)
    assert (facts.exhausted, facts.window, facts.remaining) == (exhausted, window, remaining)
    assert facts.unit == "USD"


def test_sub2api_tells_of_keys_that_ended() -> None:
    assert known("sub2api", quota(status="expired", remaining=4)).expired is True
    assert known("sub2api", quota(remaining=4, expires_at="2026-05-31T00:00:00Z")).expired is True
    assert known("sub2api", quota(remaining=4, expires_at="2026-06-02T00:00:00Z")).expired is False
    assert known("sub2api", quota(isValid=False, status="disabled")).blocked is True


def test_sub2api_writes_an_unlimited_plan_as_minus_one() -> None:
    facts = known("sub2api", quota(mode="unrestricted", remaining=-1, subscription={}))
    assert (facts.unlimited, facts.exhausted, facts.remaining) == (True, None, None)


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        (credit(), AccountFacts(False, False, False, remaining=7.5, unit="USD")),
        (credit(limit_remaining=0), AccountFacts(True, False, False, remaining=0.0, unit="USD")),
        (credit(limit=None, limit_remaining=None), AccountFacts(None, True, False)),
        (credit(limit_remaining=None), AccountFacts(False, False, False, remaining=7.5, unit="USD")),
        (credit(limit_reset="monthly"), AccountFacts(False, False, False, window=True, remaining=7.5, unit="USD")),
        (credit(expires_at="2020-01-01T00:00:00Z"), AccountFacts(False, False, True, remaining=7.5, unit="USD")),
    ],
)
def test_openrouter(value: object, facts: AccountFacts) -> None:
    assert read("openrouter", value) == facts


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        (budget(), AccountFacts(False, False, False, False, remaining=3.5, unit="USD")),
        (budget(spend=5.0), AccountFacts(True, False, False, False, remaining=0.0, unit="USD")),
        (budget(max_budget=None), AccountFacts(None, True, False, False)),
        (budget(blocked=True), AccountFacts(False, False, False, True, remaining=3.5, unit="USD")),
        (budget(expires="2026-05-31T23:59:00"), AccountFacts(False, False, True, False, remaining=3.5, unit="USD")),
        (budget(budget_duration="30d"), AccountFacts(False, False, False, False, True, 3.5, "USD")),
        (
            budget(max_budget=None, litellm_budget_table={"max_budget": 1.0, "budget_duration": "1d"}),
            AccountFacts(True, False, False, False, True, -0.5, "USD"),
        ),
    ],
)
def test_litellm(value: object, facts: AccountFacts) -> None:
    assert read("litellm", value) == facts


def test_without_a_clock_no_end_date_is_judged() -> None:
    body = json.dumps(token(expires_at=PAST)).encode()
    facts = ACCOUNT_PROBES["new-api"].read(body)
    assert facts is not None
    assert facts.expired is None


# answers that are none


@pytest.mark.parametrize("software", sorted(ACCOUNT_PROBES))
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"text"',
        b"<!doctype html><html><body>dashboard</body></html>",
        b'{"error":{"message":"Invalid token","type":"new_api_error"}}',
        b'{"success":false,"message":"No Authorization header","data":{"total_available":1,"unlimited_quota":true}}',
        b'{"data":{"total_available":"NaN","unlimited_quota":false,"limit":1,"usage":"much"},"info":{"spend":{}}}',
        b'{"data":[1,2],"info":[],"isValid":"yes"}',
        b'{"detail":"Not Found"}',
        b'{"data":' * 20_000,
        b'{"data":{"object":"token_usage","total_available":' + b"9" * 5000 + b"}}",
        b"\xff\xfe\x00",
    ],
    ids=lambda body: body[:24].decode("ascii", "replace"),
)
def test_what_is_no_account_answer_gives_nothing(software: str, body: bytes) -> None:
    assert ACCOUNT_PROBES[software].read(body, NOW) is None


@pytest.mark.parametrize(
    ("software", "value"),
    [("new-api", token()), ("sub2api", quota(remaining=1)), ("openrouter", credit()), ("litellm", budget())],
)
def test_no_probe_takes_anothers_answer_for_its_own(software: str, value: object) -> None:
    assert [name for name in ACCOUNT_PROBES if read(name, value) is not None] == [software]


@pytest.mark.parametrize("end", ["soon", 1e300, {"at": 1}, [], True, "9" * 40, "2026-13-45"])
def test_an_end_date_that_cannot_be_read_is_not_known(end: object) -> None:
    assert known("new-api", token(expires_at=end)).expired is None


def test_an_endless_answer_is_not_read() -> None:
    body = json.dumps(token(name="x" * LARGEST_ACCOUNT)).encode()
    assert ACCOUNT_PROBES["new-api"].read(body, NOW) is None

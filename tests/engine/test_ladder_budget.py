"""The doctor's money: free account probes, the budget of requests and tokens, a run that is stopped."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from gatewaytui.domain.progress import DoctorJob, RequestMade
from gatewaytui.domain.run import Budget, Outcome
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from tests.servers.recording import Answer, Asked, recording

from .answers import (
    NO_CHANNEL,
    QUOTA,
    RATE,
    error,
    refuses,
    reply,
)
from .gateway import KEY, Usual, a_target, examine, shown
from .support import Keys

LIST, CHAT = "/v1/models", "/v1/chat/completions"


def account(path: str, body: object, refusal: Answer) -> Usual:
    """A gateway that refuses the chat so, and tells at this path what the key has left."""
    return Usual(routes={CHAT: refuses(refusal), path: lambda _: reply(200, body)})


def new_api(available: int, expires: int = 0) -> object:
    data = {"object": "token_usage", "total_available": available, "unlimited_quota": False, "expires_at": expires}
    return {"code": True, "message": "ok", "data": data}


def sub2api(remaining: float, **more: object) -> object:
    return {"isValid": True, "status": "active", "remaining": remaining, "unit": "USD", "balance": remaining, **more}


def openrouter(remaining: float, **more: object) -> object:
    return {"data": {"label": "x", "usage": 3.5, "limit": 10, "limit_remaining": remaining, **more}}


def litellm(spend: float, **more: object) -> object:
    return {"key": "hash", "info": {"key_name": "sk-...1234", "spend": spend, "max_budget": 10.0, **more}}


PAST = "2020-01-01T00:00:00Z"
PROBES = {
    "new-api": ("/api/usage/token", new_api(0), new_api(500_000), new_api(500_000, expires=1_577_836_800)),
    "sub2api": ("/v1/usage", sub2api(0), sub2api(4.2), sub2api(4.2, expires_at=PAST)),
    "openrouter": ("/api/v1/key", openrouter(0), openrouter(6.5), openrouter(6.5, expires_at=PAST)),
    "litellm": ("/key/info", litellm(10.0), litellm(1.0), litellm(1.0, expires=PAST)),
}


def test_a_probe_that_is_limited_too_is_the_last() -> None:
    done = examine(lambda asked: RATE if asked.path != LIST else Usual()(asked))
    assert [label for label in done.tried if label.startswith("account")] == ["account of the key (new-api)"]
    assert done.verdict == ("chat", "rate_limit", "gateway")


@pytest.mark.parametrize("software", PROBES)
@pytest.mark.parametrize("refusal", [QUOTA, RATE, error(402, "Payment required")], ids=["quota", "rate", "402"])
def test_money_and_rate_are_told_apart_by_a_free_probe(software: str, refusal: Answer) -> None:
    path, spent, left, expired = PROBES[software]
    done = examine(account(path, spent, refusal))
    assert done.verdict[:2] == ("chat", "billing_quota"), shown(done.run)
    done = examine(account(path, expired, refusal))
    assert done.verdict[:2] == ("chat", "auth") and "end date" in done.step
    done = examine(account(path, left, refusal))
    if refusal.status == 402:
        assert done.verdict[:2] == ("chat", "billing_quota") and "account's balance" in done.step
    else:
        assert done.verdict[:2] == ("chat", "rate_limit") and "money is left" in done.finding.whose
    assert sum(asked.path == path for asked in done.gateway.asked) == 1
    assert f"account of the key ({software})" in done.tried


@pytest.mark.parametrize("requests", [1, 2, 3, 5])
@pytest.mark.parametrize(
    "gateway",
    [
        Usual(),
        Usual(keys=("another",)),
        Usual(at="/api"),
        Usual(serves=("/v1/messages",)),
        Usual(routes={CHAT: refuses(QUOTA)}),
        Usual(routes={CHAT: refuses(NO_CHANNEL)}),
    ],
    ids=["well", "bad key", "elsewhere", "anthropic", "quota", "no channel"],
)
def test_no_more_requests_than_allowed(gateway: Usual, requests: int) -> None:
    done = examine(gateway, budget=Budget(requests, 2_000))
    assert len(done.gateway.asked) <= requests
    spent = done.run.spending
    assert spent is not None and (spent.skipped > 0 or requests > 2)
    assert done.document["spending"]["request_limit"] == requests


@pytest.mark.parametrize(("tokens", "chats"), [(0, 0), (79, 0), (80, 1), (89, 1), (90, 2)])
def test_no_more_tokens_than_allowed(tokens: int, chats: int) -> None:
    done = examine(Usual(), budget=Budget(24, tokens))
    assert sum(asked.method == "POST" for asked in done.gateway.asked) == chats
    last = next(check for check in done.run.checks if check.name == ("chat" if chats == 0 else "stream"))
    assert (last.outcome is Outcome.SKIPPED and "budget" in last.note) is (chats < 2)


def test_what_a_chat_asked_for_counts_where_nobody_counted() -> None:
    def without_usage(asked: Asked) -> Answer:
        message = {"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}
        return reply(200, {"id": "c", "object": "chat.completion", "model": "gpt-5.5", "choices": [message]})

    done = examine(Usual(routes={CHAT: without_usage}), budget=Budget(24, 150))
    assert done.run.spending is not None and done.run.spending.tokens == 80
    assert done.check("stream").outcome is Outcome.SKIPPED
    silent = examine(Usual(routes={CHAT: lambda _: None}), budget=Budget(24, 150))
    assert silent.run.spending is not None and silent.run.spending.tokens == 80


def test_a_run_that_is_stopped_closes_its_sockets() -> None:
    with recording(Usual(routes={CHAT: lambda _: None})) as gateway:

        async def stopped() -> int:
            engine = Engine(Keys(("plain", "", Secret(KEY))))
            async with aclosing(engine.run(DoctorJob(a_target(f"{gateway.url}/v1")))) as events:
                async for event in events:
                    if isinstance(event, RequestMade) and event.spent.requests == 2:
                        break
                await _until(lambda: len(gateway.asked) == 3)
            await _until(lambda: gateway.open == 0)
            return len(gateway.asked)

        assert asyncio.run(stopped()) == 3


async def _until(true: Any) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.01)

"""The doctor against gateways with one thing wrong: what it sends, what it concludes, what it proposes.

`examine` holds for every run: the server's log is what the run claims, the budget, the profile, the evidence.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from gatewaytui.domain.profile import AuthHeader, Group, KeyReference, KeySource, Protocol
from gatewaytui.domain.progress import DoctorJob, RequestMade
from gatewaytui.domain.run import Budget, Outcome, Rung
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from tests.servers.recording import Answer, Asked, recording

from .gateway import (
    GROUP_KEY,
    IDS,
    KEY,
    NO_ROUTE,
    PAGE,
    Ended,
    Route,
    Usual,
    a_target,
    chat_answer,
    error,
    examine,
    gemini_answer,
    messages_answer,
    model_list,
    reply,
    shown,
)
from .support import Keys

LIST, CHAT = "/v1/models", "/v1/chat/completions"
ENV = KeyReference(KeySource.ENV, name="NOWHERE")
TWO_GROUPS = (Group("gpt", ENV), Group("claude", ENV))
NGINX_502 = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><hr><center>nginx</center></body></html>"
NO_CHANNEL = error(503, "No available channel for model gpt-5.5 under group default", "model_not_found", "new_api_error")
QUOTA = error(429, "You exceeded your current quota, please check your plan and billing details.")
RATE = error(429, "Rate limit reached for requests", "rate_limit_exceeded")


def refuses(answer: Answer, *models: str, keys: tuple[str, ...] = ()) -> Route:
    """A chat that is refused for these models (all where none is named), unless with one of these keys."""

    def route(asked: Asked) -> Answer:
        spared = (models and asked.json.get("model") not in models) or any(key in keys for key in asked.keys.values())
        return chat_answer(asked) if spared else answer

    return route


def only(stream: bool, otherwise: Answer) -> Route:
    """A chat that is served in one form only."""
    return lambda asked: chat_answer(asked) if bool(asked.json.get("stream")) is stream else otherwise


@dataclass(frozen=True)
class Case:
    """A gateway, how it is asked, and what must come of it. ``words`` must all be in the next step."""

    gateway: Any
    verdict: tuple[str, str, str]
    words: tuple[str, ...]
    tried: tuple[str, ...] | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    not_in_words: tuple[str, ...] = ()


def below_api(asked: Asked) -> Answer | None:
    """A gateway below /api/v1 whose website answers everywhere else, as OpenRouter's does."""
    return Usual(at="/api")(asked) if asked.path.startswith("/api/") else PAGE


def below_v1(asked: Asked) -> Answer | None:
    """A gateway below /v1 whose dashboard answers everywhere else, as new-api's does."""
    return Usual()(asked) if asked.path.startswith("/v1/") else PAGE


def of_the_group(asked: Asked) -> Answer | None:
    """Both keys read the list; the model belongs to the second group."""
    refused = error(403, "This group is not allowed to use the model gpt-5.5", "model_not_allowed", "permission_error")
    return Usual(keys=(KEY, GROUP_KEY), routes={CHAT: refuses(refused, keys=(GROUP_KEY,))})(asked)


WRONG_KEYS = ("no key", "a wrong key")
OTHER_HEADERS = ("key in x-api-key", "key in x-goog-api-key", "key in api-key")
CASES = {
    "only /api/v1 answers": Case(
        Usual(at="/api"), ("models", "base_url", "gateway"), ("Set the base URL to ", "/api/v1"), asked={"model": ""}
    ),
    "only /api/v1, a website elsewhere": Case(
        below_api, ("models", "base_url", "gateway"), ("Set the base URL to ", "/api/v1:"), asked={"path": ""}
    ),
    "the /v1 is missing": Case(
        below_v1, ("models", "base_url", "gateway"), ("Set the base URL to ", "/v1:"), asked={"path": ""}
    ),
    "an endpoint's path was pasted": Case(
        Usual(),
        ("address", "base_url", "gateway"),
        ("Set the base URL to ", "/v1:"),
        ("base URL ending in /v1",),
        {"path": "/v1/chat/completions"},
        ("/chat",),
    ),
    "/v1 stands twice": Case(
        Usual(),
        ("models", "base_url", "gateway"),
        ("Set the base URL to ", "/v1:"),
        asked={"path": "/v1/v1"},
        not_in_words=("/v1/v1",),
    ),
    "only x-api-key is read": Case(
        Usual(headers=("x-api-key",)),
        ("auth", "auth", "gateway"),
        ("header", "x-api-key"),
        ("key in x-api-key", *WRONG_KEYS),
    ),
    "only x-goog-api-key is read": Case(
        Usual(headers=("x-goog-api-key",)),
        ("auth", "auth", "gateway"),
        ("header", "x-goog-api-key"),
        ("key in x-api-key", "key in x-goog-api-key", *WRONG_KEYS),
    ),
    "the list is public and the chat reads x-api-key": Case(
        Usual(headers=("x-api-key",), free=(LIST,)), ("chat", "auth", "gateway"), ("header", "x-api-key")
    ),
    "Bearer is read and x-api-key is forced": Case(
        Usual(), ("auth", "auth", "gateway"), ("header", "bearer"), asked={"auth": AuthHeader.X_API_KEY}
    ),
    "a wrong key": Case(
        Usual(keys=("another",)), ("auth", "auth", "gateway"), ("Copy the key again",), (*OTHER_HEADERS, *WRONG_KEYS)
    ),
    "a wrong key, seen at the chat": Case(
        Usual(keys=("another",), free=(LIST,)), ("chat", "auth", "gateway"), ("list is public", "Copy the key again")
    ),
    "no key where one is needed": Case(
        Usual(), ("auth", "auth", "gateway"), ("Set the profile's key", "--api-key-env"), (), {"key": None}
    ),
    "no key where only the chat needs one": Case(
        Usual(free=(LIST,)), ("chat", "auth", "gateway"), ("Set the profile's key",), (), {"key": None}
    ),
    "an id that is not listed, with near ones": Case(
        Usual(routes={CHAT: refuses(error(404, "The model does not exist", "model_not_found"), "gpt-5.4-mini")}),
        ("chat", "model_not_found", "gateway"),
        ("gpt-5.4-mini is not listed", "gpt-5.5-mini"),
        asked={"model": "gpt-5.4-mini"},
    ),
    "a listed model without a channel, another alive": Case(
        Usual(routes={CHAT: refuses(NO_CHANNEL, "gpt-5.5")}),
        ("chat", "model_unavailable", "gateway"),
        ("Use gpt-5.5-mini", "why gpt-5.5 "),
    ),
    "no model has a channel": Case(
        Usual(routes={CHAT: refuses(NO_CHANNEL)}), ("chat", "model_unavailable", "gateway"), ("Other models fail alike",)
    ),
    "an empty list": Case(Usual(ids=()), ("models", "models_empty", "gateway"), ("group",)),
    "only streams are served": Case(
        Usual(routes={CHAT: only(True, error(400, "Stream must be set to true"))}),
        ("chat", "feature_unsupported", "gateway"),
        ("Turn streaming on",),
        ("a wrong key", "as a stream"),
    ),
    "streams are refused": Case(
        Usual(routes={CHAT: only(False, error(400, "streaming is not supported"))}),
        ("stream", "feature_unsupported", "gateway"),
        ("Turn streaming off",),
    ),
    "streams fail": Case(
        Usual(routes={CHAT: only(False, error(500, "internal error"))}),
        ("stream", "gateway_error", "gateway"),
        ("Turn streaming off",),
    ),
    "only Responses": Case(
        Usual(serves=("/v1/responses",)),
        ("chat", "endpoint_unsupported", "gateway"),
        ("Set the protocol to openai-responses",),
    ),
    "only Anthropic": Case(
        Usual(serves=("/v1/messages",), headers=("authorization", "x-api-key")),
        ("chat", "endpoint_unsupported", "gateway"),
        ("Set the protocol to anthropic",),
    ),
    "only Gemini": Case(
        Usual(
            serves=(),
            headers=("authorization", "x-goog-api-key"),
            routes={"/v1beta/models/gpt-5.5:generateContent": gemini_answer},
        ),
        ("chat", "endpoint_unsupported", "gateway"),
        ("Set the protocol to gemini",),
    ),
    "OpenAI where Anthropic was asked": Case(
        Usual(headers=("authorization", "x-api-key")),
        ("chat", "endpoint_unsupported", "gateway"),
        ("Set the protocol to openai-chat",),
        asked={"protocol": Protocol.ANTHROPIC},
    ),
    "the model is the other group's": Case(
        of_the_group, ("chat", "group_or_model_access", "gateway"), ("plain/claude",), asked={"groups": TWO_GROUPS}
    ),
    "only the other group's key is known": Case(
        Usual(keys=(GROUP_KEY,)), ("auth", "group_or_model_access", "gateway"), ("plain/claude",),
        asked={"groups": TWO_GROUPS},
    ),
    "the chat breaks": Case(
        Usual(routes={CHAT: refuses(error(500, "internal error"))}),
        ("chat", "gateway_error", "gateway"),
        ("not the model", "report it to the operator"),
        ("a wrong key", "as a stream", "model gpt-5.5-mini", "model claude-sonnet-4-6"),
    ),
    "everything breaks": Case(
        lambda _: error(500, "internal error"), ("models", "gateway_error", "gateway"), ("Try again once",)
    ),
    "nginx cannot reach it": Case(
        lambda _: Answer(502, NGINX_502, "text/html"), ("models", "edge_error", "edge"), ("Wait a minute",)
    ),
    "nothing comes": Case(lambda _: None, ("models", "first_byte_timeout", "gateway"), ("Try again once",), ()),
    "the chat says nothing": Case(
        Usual(routes={CHAT: lambda _: None}), ("chat", "first_byte_timeout", "gateway"), ("Try again once",),
        ("a wrong key", "as a stream"),
    ),
    "a redirect to a login page": Case(
        lambda _: Answer(302, headers=(("location", "/login"),)), ("models", "redirect", "gateway"), ("login page",)
    ),
    "the money is gone": Case(
        Usual(routes={CHAT: refuses(error(402, "Insufficient credits"))}),
        ("chat", "billing_quota", "gateway"),
        ("Top up",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_gateway_with_one_thing_wrong(name: str) -> None:
    case = CASES[name]
    done = examine(case.gateway, **case.asked)
    assert done.verdict == case.verdict, shown(done.run)
    assert all(word in done.step for word in case.words), done.step
    assert not any(word in done.step for word in case.not_in_words), done.step
    if case.tried is not None:
        assert tuple(done.tried) == case.tried
    if "Set the base URL" in done.step:
        assert done.gateway.url in done.step
    assert done.document["summary"]["failure_class"] == case.verdict[1]


def test_all_well() -> None:
    done = examine(Usual())
    assert done.run.ok and not done.run.warned, shown(done.run)
    assert [check.name for check in done.run.checks] == list(Rung)
    assert [sent.variant for sent in done.run.requests] == ["", "a wrong key", "", ""]
    assert done.run.spending is not None and done.run.spending.tokens == 20
    assert done.run.targets[0].selected_model == "gpt-5.5"


def test_a_missing_list_only_warns_where_the_named_model_chats() -> None:
    done = examine(Usual(routes={LIST: lambda _: NO_ROUTE}))
    assert done.run.ok, shown(done.run)
    assert [str(check.finding and check.finding.failure_class) for check in done.run.warned] == ["models_unsupported"]
    assert [asked.path for asked in done.gateway.asked if asked.method == "GET"] == [LIST, LIST, "/v1beta/models"]


def test_a_missing_list_without_a_model_is_where_it_ends() -> None:
    done = examine(Usual(routes={LIST: lambda _: NO_ROUTE}), model="")
    assert done.verdict == ("models", "route_not_found", "gateway")
    assert all(asked.method == "GET" for asked in done.gateway.asked)


def test_no_key_and_none_needed() -> None:
    done = examine(Usual(keys=()), key=None)
    assert done.run.ok and not done.run.warned, shown(done.run)
    assert done.check("auth").outcome is Outcome.SKIPPED and done.tried == []


@pytest.mark.parametrize("gateway", [Usual(free=(LIST,)), Usual(keys=())], ids=["a public list", "any key will do"])
def test_a_key_is_not_proven_where_a_wrong_one_is_taken(gateway: Usual) -> None:
    done = examine(gateway)
    assert done.run.ok and done.check("auth").outcome is Outcome.WARNED, shown(done.run)
    assert "Not proven" in done.check("auth").note
    assert done.document["summary"]["warnings"] == ["auth"]


def test_without_a_model_the_first_one_for_chat_is_taken() -> None:
    done = examine(Usual(ids=("text-embedding-3-small", *IDS)), model="")
    assert done.run.ok and done.run.targets[0].selected_model == "gpt-5.5"
    assert "took the first" in done.check("model").note


def test_a_list_of_nothing_to_chat_with_says_so() -> None:
    done = examine(Usual(ids=("text-embedding-3-small",)), model="")
    assert done.verdict == ("model", "config", "local") and "--model" in done.step


def test_slow_is_no_failure() -> None:
    def slowly(asked: Asked) -> Answer:
        return Answer(200, content_type="application/json", pieces=(model_list().body,), pause=0.3)

    assert examine(Usual(routes={LIST: slowly})).run.ok


def test_a_get_on_a_connection_that_the_server_keeps_closing() -> None:
    closing = Answer(200, model_list().body, close=True)
    assert examine(Usual(routes={LIST: lambda _: closing})).run.ok


def test_the_profile_s_other_protocols_are_the_last_rung() -> None:
    done = _families(Usual(serves=(CHAT, "/v1/messages"), headers=("authorization", "x-api-key")))
    assert done.run.ok and done.check("families").outcome is Outcome.PASSED, shown(done.run)
    assert "Anthropic Messages answers" in done.check("families").note
    assert [sent.model for sent in done.run.requests][-1] == "claude-sonnet-4-6"


def test_a_declared_protocol_that_is_not_there_warns() -> None:
    done = _families(Usual(headers=("authorization", "x-api-key")))
    assert done.run.ok and done.check("families").outcome is Outcome.WARNED, shown(done.run)
    finding = done.check("families").finding
    assert finding is not None and finding.failure_class == "endpoint_unsupported"
    assert "Anthropic Messages" in finding.next_step


def _families(gateway: Usual) -> Ended:
    return examine(gateway, groups=(Group("all", ENV, (Protocol.OPENAI_CHAT, Protocol.ANTHROPIC)),))


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
    assert spent is not None and (spent.skipped > 0 or len(done.gateway.asked) < requests or done.run.ok)
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


def test_anthropic_in_its_own_words() -> None:
    anthropic = Usual(
        headers=("x-api-key",),
        routes={
            LIST: lambda _: reply(200, {"data": [{"type": "model", "id": "claude-sonnet-4-6"}], "has_more": False}),
            "/v1/messages": messages_answer,
        },
    )
    done = examine(anthropic, "", protocol=Protocol.ANTHROPIC, model="claude-sonnet-4-6")
    assert done.check("chat").outcome is Outcome.PASSED, shown(done.run)
    assert {name for asked in done.gateway.asked for name in asked.keys} == {"x-api-key"}

"""The doctor against gateways with one thing wrong: what it sends, what it concludes, what it proposes.

`examine` holds for every run: the server's log is what the run claims, the budget, the profile, the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from gatewaytui.domain.profile import AuthHeader, Group, KeyReference, KeySource, Protocol
from tests.servers.recording import Answer, Asked

from .answers import (
    NGINX_502,
    NO_CHANNEL,
    PAGE,
    error,
    gemini_answer,
    only,
    refuses,
)
from .gateway import GROUP_KEY, KEY, Usual, examine, shown

LIST, CHAT = "/v1/models", "/v1/chat/completions"
ENV = KeyReference(KeySource.ENV, name="NOWHERE")
TWO_GROUPS = (Group("gpt", ENV), Group("claude", ENV))


class Case(msgspec.Struct, frozen=True):
    """A gateway, how it is asked, and what must come of it. ``words`` must all be in the next step."""

    gateway: Any
    verdict: tuple[str, str, str]
    words: tuple[str, ...]
    tried: tuple[str, ...] | None = None
    asked: Mapping[str, Any] = msgspec.field(default_factory=dict)
    not_in_words: tuple[str, ...] = ()


def below_api(asked: Asked) -> Answer | None:
    """A gateway below /api/v1 whose website answers everywhere else, as OpenRouter's does."""
    return Usual(at="/api")(asked) if asked.path.startswith("/api/") else PAGE


def below_v1(asked: Asked) -> Answer | None:
    """A gateway below /v1 whose dashboard answers everywhere else, as new-api's does."""
    return Usual()(asked) if asked.path.startswith("/v1/") else PAGE


def of_the_group(asked: Asked) -> Answer | None:
    """Both keys read the list; the model belongs to the second group."""
    refused = error(403, "This group is not allowed to use the model gpt-5.5", kind="permission_error")
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
        ("key in x-api-key", *WRONG_KEYS, "a chat, key in x-api-key"),
    ),
    "only x-goog-api-key is read": Case(
        Usual(headers=("x-goog-api-key",)),
        ("auth", "auth", "gateway"),
        ("header", "x-goog-api-key"),
        ("key in x-api-key", "key in x-goog-api-key", *WRONG_KEYS, "a chat, key in x-goog-api-key"),
    ),
    "the list is public and the chat reads x-api-key": Case(
        Usual(headers=("x-api-key",), free=(LIST,)), ("chat", "auth", "gateway"), ("header", "x-api-key")
    ),
    "Bearer is read and x-api-key is forced": Case(
        Usual(), ("auth", "auth", "gateway"), ("header", "bearer"), asked={"auth": AuthHeader.X_API_KEY}
    ),
    "a wrong key": Case(
        Usual(keys=("another",)),
        ("auth", "auth", "gateway"),
        ("Copy the key again",),
        (*OTHER_HEADERS, *WRONG_KEYS, "protocol anthropic", "protocol gemini"),
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
        Usual(routes={CHAT: refuses(NO_CHANNEL)}), ("chat", "model_unavailable", "gateway"), ("Other models fail",)
    ),
    "an empty list": Case(Usual(ids=()), ("models", "models_empty", "gateway"), ("group",), asked={"model": ""}),
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
    "only the list breaks": Case(
        Usual(routes={LIST: lambda _: error(500, "internal error")}),
        ("models", "gateway_error", "gateway"),
        ("Go on with gpt-5.5",),
        ("a wrong key", "a chat without the list"),
    ),
    "the key may not read the list": Case(
        Usual(routes={LIST: lambda _: error(403, "Missing scopes: api.model.read", "insufficient_permissions")}),
        ("auth", "permission", "gateway"),
        ("Go on with gpt-5.5",),
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

"""The doctor against gateways of one protocol that is not the one they are asked in: one run says so."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gatewaytui.domain.profile import AuthHeader, Protocol
from tests.servers.recording import Answer, Asked

from .answers import BAD_KEY, NO_ROUTE, chat_answer, error, gemini_answer, messages_answer, reply
from .gateway import KEY, Usual, examine, shown

LIST, CHAT, MESSAGES = "/v1/models", "/v1/chat/completions", "/v1/messages"
WRONG_KEYS = ("no key", "a wrong key")


def refused(status: int, kind: str, message: str) -> Answer:
    """An error as Anthropic shapes it."""
    return reply(status, {"type": "error", "error": {"type": kind, "message": message}})


class Anthropic(msgspec.Struct, frozen=True):
    """Anthropic's own: its key header and its version header, no other path; or the key looked at first."""

    lists: bool = True
    public: bool = False
    key_first: bool = False
    versioned: bool = True

    def __call__(self, asked: Asked) -> Answer | None:
        no_path = asked.path not in (LIST, MESSAGES)
        if no_path and not self.key_first:
            return refused(404, "not_found_error", "Not found")
        free = self.public and asked.path == LIST
        if asked.keys.get("x-api-key") != KEY and not free:
            return refused(401, "authentication_error", "x-api-key header is required")
        if no_path or (asked.path == LIST and not self.lists):
            return refused(404, "not_found_error", "Not found")
        if asked.path == MESSAGES:
            return messages_answer(asked)
        if self.versioned and not free and "anthropic-version" not in asked.headers:
            return refused(400, "invalid_request_error", "anthropic-version: header is required")
        entry = {
            "type": "model",
            "id": "claude-sonnet-4-6",
            "display_name": "C",
            "created_at": "2025-09-01T00:00:00Z",
        }
        return reply(200, {"data": [entry], "has_more": False, "first_id": entry["id"], "last_id": entry["id"]})


def gemini_with_one_list(asked: Asked) -> Answer | None:
    """A list in the OpenAI form for the key in x-goog-api-key, and Gemini's chats alone."""
    if asked.keys.get("x-goog-api-key") != KEY:
        return BAD_KEY
    if ":generateContent" in asked.path:
        return gemini_answer(asked)
    return Usual(keys=(), serves=())(asked)


class Case(msgspec.Struct, frozen=True):
    """A gateway, how it is asked, the verdict, words of the next step, and what was tried last."""

    gateway: Any
    verdict: tuple[str, str, str]
    words: tuple[str, ...]
    last: tuple[str, ...]
    asked: dict[str, Any] = msgspec.field(default_factory=dict)
    not_in_words: tuple[str, ...] = ()


SAYS_ANTHROPIC = (
    "Set the protocol to anthropic (--protocol anthropic)",
    "header mode to auto",
    "x-api-key",
    "a chat",
)
NO_SUCH_CHAT = ("auth", "endpoint_unsupported", "gateway")
PROVEN = ("a chat, key in x-api-key", "a chat, anthropic")
CASES = {
    "Anthropic's own": Case(Anthropic(), NO_SUCH_CHAT, SAYS_ANTHROPIC, ("protocol anthropic", *PROVEN)),
    "Anthropic's own, no model named": Case(
        Anthropic(), NO_SUCH_CHAT, SAYS_ANTHROPIC, ("protocol anthropic", *PROVEN), {"model": ""}
    ),
    "one that takes any version": Case(Anthropic(versioned=False), NO_SUCH_CHAT, SAYS_ANTHROPIC, PROVEN),
    "one that looks at the key before the path": Case(
        Anthropic(versioned=False, key_first=True), NO_SUCH_CHAT, SAYS_ANTHROPIC, PROVEN
    ),
    "Bearer is forced, and Anthropic's own is spoken": Case(
        Anthropic(), NO_SUCH_CHAT, SAYS_ANTHROPIC, PROVEN, {"auth": AuthHeader.BEARER}
    ),
    "its list is public": Case(
        Anthropic(public=True, key_first=True),
        ("chat", "group_or_model_access", "gateway"),
        ("Set the protocol to anthropic (--protocol anthropic)",),
        ("protocol openai-responses", "protocol anthropic"),
        {"model": "claude-sonnet-4-6"},
        ("Set the header mode",),
    ),
    "Gemini's chats behind one list": Case(
        gemini_with_one_list,
        NO_SUCH_CHAT,
        ("Set the protocol to gemini (--protocol gemini)", "x-goog-api-key"),
        ("a chat, key in x-goog-api-key", "a chat, gemini"),
    ),
    "OpenAI's, asked as Anthropic": Case(
        Usual(),
        NO_SUCH_CHAT,
        ("Set the protocol to openai-chat (--protocol openai-chat)", "bearer"),
        ("a chat, key in Authorization: Bearer", "a chat, openai-chat"),
        {"protocol": Protocol.ANTHROPIC},
    ),
    "OpenAI's with the key in x-api-key": Case(
        Usual(headers=("x-api-key",)),
        ("auth", "auth", "gateway"),
        ("Set the header mode to x-api-key",),
        (*WRONG_KEYS, "a chat, key in x-api-key"),
        not_in_words=("protocol",),
    ),
    "OpenAI's with the key in x-api-key, out of money": Case(
        Usual(headers=("x-api-key",), routes={CHAT: lambda _: error(402, "Pay first")}),
        ("auth", "auth", "gateway"),
        ("Set the header mode to x-api-key",),
        (*WRONG_KEYS, "a chat, key in x-api-key"),
        not_in_words=("protocol",),
    ),
    "both are spoken, with the key in x-api-key": Case(
        Usual(headers=("x-api-key",), serves=(CHAT, MESSAGES)),
        ("auth", "auth", "gateway"),
        ("Set the header mode to x-api-key",),
        (*WRONG_KEYS, "a chat, key in x-api-key"),
        not_in_words=("protocol",),
    ),
    "a header, and no chat in any protocol": Case(
        Usual(headers=("x-api-key",), serves=()),
        ("auth", "auth", "gateway"),
        ("Set the header mode to x-api-key",),
        PROVEN,
        not_in_words=("protocol",),
    ),
    "a key that is good nowhere": Case(
        Usual(keys=("another",)),
        ("auth", "auth", "gateway"),
        ("Copy the key",),
        ("protocol anthropic", "protocol gemini"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_run_tells_the_protocol(name: str) -> None:
    case = CASES[name]
    done = examine(case.gateway, **case.asked)
    assert done.verdict == case.verdict, shown(done.run)
    assert all(word in done.step for word in case.words), done.step
    assert not any(word in done.step for word in case.not_in_words), done.step
    assert tuple(done.tried[-len(case.last) :]) == case.last, shown(done.run)


def test_what_is_proposed_is_what_mends_it() -> None:
    done = examine(Anthropic(), model="", protocol=Protocol.ANTHROPIC)
    assert [done.check(rung).outcome for rung in ("auth", "models", "chat")] == ["passed"] * 3, shown(done.run)


def test_a_target_without_a_key_tries_no_protocols() -> None:
    done = examine(Anthropic(), key=None)
    assert done.tried == [] and done.verdict[:2] == ("auth", "auth")


def test_where_nobody_needs_a_key_the_protocol_is_not_looked_for() -> None:
    def refuses_ours(asked: Asked) -> Answer | None:
        if asked.path == CHAT:
            return chat_answer(asked)
        return BAD_KEY if asked.keys.get("authorization") == KEY else Usual(keys=())(asked)

    done = examine(refuses_ours)
    assert not any(label.startswith(("a chat", "protocol")) for label in done.tried), done.tried
    assert NO_ROUTE.status not in [sent.status for sent in done.run.requests]

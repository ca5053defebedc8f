"""Chat completions, and the tiny chat that every protocol's endpoint is asked with."""

from __future__ import annotations

from gatewaytui.checks.base import Plan
from gatewaytui.checks.chat import ChatCheck
from gatewaytui.domain.chat import ChatRequest, ErrorObject, Message, Role
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import Protocol

from .base import ANSWER_TOKENS, PROMPT, PROMPT_TOKENS, Endpoint
from .fitting import Fit

TINY = ChatRequest("", (Message(Role.USER, PROMPT),), stream=False, max_tokens=ANSWER_TOKENS)
TINY_TOKENS = PROMPT_TOKENS + ANSWER_TOKENS


def tiny_chat(plan: Plan) -> WireRequest:
    """One word asked, a few tokens allowed, in the plan's protocol."""
    return ChatCheck(TINY).request(plan)


def adapted_chat(plan: Plan, error: ErrorObject | None) -> WireRequest | None:
    """The same with the token limit's other name, where the server asked for it."""
    other = ChatCheck(TINY).adapted(error)
    return None if other is None else other.request(plan)


def chat_endpoint(name: str, title: str, protocol: Protocol, fit: Fit) -> Endpoint:
    """An endpoint that answers a chat; the general rules know what an answer is."""
    return Endpoint(
        name,
        title,
        protocol,
        tiny_chat,
        fit,
        adapt=adapted_chat,
        tokens=TINY_TOKENS,
        bound=(PROMPT_TOKENS, ANSWER_TOKENS),
    )


CHAT = chat_endpoint(
    "chat", "chat completions", Protocol.OPENAI_CHAT, Fit(frozenset(("openai", "chat", "chat.completions")))
)

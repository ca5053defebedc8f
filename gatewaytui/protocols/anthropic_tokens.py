"""Anthropic's free counter: how many tokens a message would take, without answering it."""

from __future__ import annotations

from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.profile import AuthHeader, Protocol

from .lenient import Object
from .requests import ANTHROPIC_VERSION, post
from .urls import join_root


def count_request(base_url: str, model: str, text: str, auth: AuthHeader) -> WireRequest:
    """``POST {root}/v1/messages/count_tokens``."""
    body: Object = {"model": model, "messages": [{"role": "user", "content": text}]}
    ask = Ask(AskKind.TOKENS, Protocol.ANTHROPIC, model)
    return post(join_root(base_url, "/v1/messages/count_tokens"), ask, auth, body, ANTHROPIC_VERSION)

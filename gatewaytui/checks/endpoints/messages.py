"""Anthropic messages, and the count of their tokens."""

from __future__ import annotations

import re

from gatewaytui.checks.base import Plan
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.anthropic_tokens import count_request
from gatewaytui.protocols.extra_answers import has_token_count

from .base import PROMPT, Endpoint, body_of
from .chat import chat_endpoint
from .fitting import Fit

_FIT = Fit(frozenset(("anthropic", "messages")), prefers=re.compile("claude", re.IGNORECASE))


def _count(plan: Plan) -> WireRequest:
    return count_request(plan.target.profile.base_url, plan.model, PROMPT, plan.auth)


MESSAGES = chat_endpoint("messages", "Anthropic messages", Protocol.ANTHROPIC, _FIT)
COUNT_TOKENS = Endpoint(
    "count_tokens",
    "Anthropic's token count",
    Protocol.ANTHROPIC,
    _count,
    _FIT,
    lambda exchange, _: has_token_count(body_of(exchange)),
)

"""OpenAI Responses, and its compaction of a conversation."""

from __future__ import annotations

import re

from gatewaytui.checks.base import Plan
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.extra_answers import has_compaction
from gatewaytui.protocols.openai_extra import compact_request

from .base import ANSWER_TOKENS, PROMPT, PROMPT_TOKENS, Endpoint, body_of
from .chat import chat_endpoint
from .fitting import Fit

_OPENAI = re.compile(r"(^|/)(gpt|o\d|codex)", re.IGNORECASE)
_COMPACTED_TOKENS = 16 * ANSWER_TOKENS  # the endpoint takes no limit


def _compact(plan: Plan) -> WireRequest:
    return compact_request(plan.target.profile.base_url, plan.model, PROMPT, plan.auth)


RESPONSES = chat_endpoint(
    "responses",
    "OpenAI Responses",
    Protocol.OPENAI_RESPONSES,
    Fit(frozenset(("openai-response", "responses")), prefers=_OPENAI),
)
RESPONSES_COMPACT = Endpoint(
    "responses_compact",
    "compaction of Responses",
    Protocol.OPENAI_RESPONSES,
    _compact,
    Fit(frozenset(("openai-response-compact",)), prefers=_OPENAI),
    lambda exchange, _: has_compaction(body_of(exchange)),
    tokens=PROMPT_TOKENS + _COMPACTED_TOKENS,
    bound=(PROMPT_TOKENS, _COMPACTED_TOKENS),
)

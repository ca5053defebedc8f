"""Reranking."""

from __future__ import annotations

import re

from gatewaytui.checks.base import Plan
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.extra_answers import has_scores
from gatewaytui.protocols.openai_extra import rerank_request

from .base import Endpoint, body_of
from .fitting import Fit


def _request(plan: Plan) -> WireRequest:
    return rerank_request(plan.target.profile.base_url, plan.model, plan.auth)


RERANK = Endpoint(
    "rerank",
    "reranking",
    Protocol.OPENAI_CHAT,
    _request,
    Fit(frozenset(("jina-rerank", "rerank")), re.compile("rerank", re.IGNORECASE), usual="rerank-v3.5"),
    lambda exchange, _: has_scores(body_of(exchange)),
)

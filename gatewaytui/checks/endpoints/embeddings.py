"""Text embeddings."""

from __future__ import annotations

import re

from gatewaytui.checks.base import Plan
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.profile import Protocol
from gatewaytui.protocols.extra_answers import has_vectors
from gatewaytui.protocols.openai_extra import embeddings_request

from .base import PROMPT, Endpoint, body_of
from .fitting import Fit


def _request(plan: Plan) -> WireRequest:
    return embeddings_request(plan.target.profile.base_url, plan.model, PROMPT, plan.auth)


EMBEDDINGS = Endpoint(
    "embeddings",
    "embeddings",
    Protocol.OPENAI_CHAT,
    _request,
    Fit(
        frozenset(("embeddings", "embed", "embedding")),
        re.compile(r"^(?!.*rerank).*(embed|bge-|\be5-|gte-)", re.IGNORECASE),
        usual="text-embedding-3-small",
    ),
    lambda exchange, _: has_vectors(body_of(exchange)),
)

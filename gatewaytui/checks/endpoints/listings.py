"""Model lists in the three protocols' places and shapes."""

from __future__ import annotations

from gatewaytui.checks.base import Plan
from gatewaytui.checks.models import ModelsCheck
from gatewaytui.domain.catalogue import ListShape
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import Reading

from .base import Endpoint


def _list(plan: Plan) -> WireRequest:
    return ModelsCheck().request(plan)


def _other(reading: Reading) -> FailureClass:
    """A list in another protocol's shape: the gateway has one list, whatever headers come (LiteLLM, OpenRouter)."""
    return FailureClass.RESPONSE_SHAPE if reading.models is None else FailureClass.ENDPOINT_UNSUPPORTED


def _endpoint(name: str, title: str, protocol: Protocol, shape: ListShape) -> Endpoint:
    def in_shape(exchange: Exchange, reading: Reading) -> bool:
        del exchange
        return reading.models is not None and reading.models.shape is shape

    return Endpoint(name, title, protocol, _list, answered=in_shape, unanswered=_other, tokens=0, bound=(0, 0))


MODELS_OPENAI = _endpoint("models_openai", "OpenAI's model list", Protocol.OPENAI_CHAT, ListShape.OPENAI)
MODELS_ANTHROPIC = _endpoint("models_anthropic", "Anthropic's model list", Protocol.ANTHROPIC, ListShape.ANTHROPIC)
MODELS_GEMINI = _endpoint("models_gemini", "Gemini's model list", Protocol.GEMINI, ListShape.GEMINI)

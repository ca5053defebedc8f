"""ENDPOINTS: the one ordered table of endpoint families. A new family is a file and its rows here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.profile import Protocol

from .audio import AUDIO_SPEECH, AUDIO_TRANSCRIPTIONS, AUDIO_TRANSLATIONS
from .base import Endpoint
from .chat import CHAT
from .embeddings import EMBEDDINGS
from .gemini import GENERATE_CONTENT
from .images import IMAGES_EDITS, IMAGES_GENERATIONS, IMAGES_VARIATIONS
from .listings import MODELS_ANTHROPIC, MODELS_GEMINI, MODELS_OPENAI
from .messages import COUNT_TOKENS, MESSAGES
from .rerank import RERANK
from .responses import RESPONSES, RESPONSES_COMPACT

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        endpoint.name: endpoint
        for endpoint in (
            CHAT,
            RESPONSES,
            RESPONSES_COMPACT,
            MESSAGES,
            COUNT_TOKENS,
            GENERATE_CONTENT,
            EMBEDDINGS,
            RERANK,
            IMAGES_GENERATIONS,
            IMAGES_EDITS,
            IMAGES_VARIATIONS,
            AUDIO_SPEECH,
            AUDIO_TRANSCRIPTIONS,
            AUDIO_TRANSLATIONS,
            MODELS_OPENAI,
            MODELS_ANTHROPIC,
            MODELS_GEMINI,
        )
    }
)

CHATS: Mapping[Protocol, Endpoint] = MappingProxyType(
    {endpoint.protocol: endpoint for endpoint in (CHAT, RESPONSES, MESSAGES, GENERATE_CONTENT)}
)
"""Each protocol's own chat."""

LISTS: Mapping[Protocol, Endpoint] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: MODELS_OPENAI,
        Protocol.OPENAI_RESPONSES: MODELS_OPENAI,
        Protocol.ANTHROPIC: MODELS_ANTHROPIC,
        Protocol.GEMINI: MODELS_GEMINI,
    }
)
"""Each protocol's own model list."""

"""OFFERS: the endpoints beside chat by their paths (gateway facts, TokModel's document)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.profile import Protocol

from .audio import speech, transcription, translation
from .base import Extra, Offer
from .images import edits, generations, variations
from .ranks import rerank
from .turns import compact, count_tokens
from .vectors import embeddings

_OPENAI = Protocol.OPENAI_CHAT

OFFERS: Mapping[str, Offer] = MappingProxyType(
    {
        "/v1/embeddings": Offer(Extra.EMBEDDINGS, _OPENAI, "embedding", embeddings),
        "/v1/rerank": Offer(Extra.RERANK, _OPENAI, "rerank", rerank),
        "/v1/images/generations": Offer(Extra.IMAGES, _OPENAI, "image", generations),
        "/v1/images/edits": Offer(Extra.IMAGES, _OPENAI, "image", edits, form=True),
        "/v1/images/variations": Offer(Extra.IMAGES, _OPENAI, "image", variations, form=True),
        "/v1/audio/speech": Offer(Extra.AUDIO, _OPENAI, "speech", speech),
        "/v1/audio/transcriptions": Offer(Extra.AUDIO, _OPENAI, "transcript", transcription, form=True),
        "/v1/audio/translations": Offer(Extra.AUDIO, _OPENAI, "transcript", translation, form=True),
        "/v1/messages/count_tokens": Offer(Extra.COUNT_TOKENS, Protocol.ANTHROPIC, "chat", count_tokens),
        "/v1/responses/compact": Offer(Extra.RESPONSES_COMPACT, Protocol.OPENAI_RESPONSES, "chat", compact),
    }
)

"""The one table of speeches."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.profile import Protocol

from .anthropic import AnthropicSpeech
from .base import Said, Speech
from .gemini import GeminiArraySpeech, GeminiSpeech
from .openai_chat import ChatSpeech
from .openai_responses import ResponsesSpeech

SPEECHES: Mapping[Protocol, type[Speech]] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: ChatSpeech,
        Protocol.OPENAI_RESPONSES: ResponsesSpeech,
        Protocol.ANTHROPIC: AnthropicSpeech,
        Protocol.GEMINI: GeminiSpeech,
    }
)


def speech(said: Said) -> Speech:
    """The speech of the asked protocol; Gemini has two forms of a stream."""
    return GeminiArraySpeech(said) if said.asked.as_array else SPEECHES[said.asked.protocol](said)

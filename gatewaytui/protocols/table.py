"""PROTOCOLS: the one table of dialects. A new dialect is a file and a row here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from gatewaytui.domain.profile import Protocol

from . import anthropic_messages, gemini, openai_chat, openai_responses
from .dialect import WireDialect

PROTOCOLS: Mapping[Protocol, WireDialect] = MappingProxyType(
    {
        dialect.protocol: dialect
        for dialect in (
            openai_chat.DIALECT,
            openai_responses.DIALECT,
            anthropic_messages.DIALECT,
            gemini.DIALECT,
        )
    }
)

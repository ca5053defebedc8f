"""Gemini's generateContent."""

from __future__ import annotations

import re

from gatewaytui.domain.profile import Protocol

from .chat import chat_endpoint
from .fitting import Fit

GENERATE_CONTENT = chat_endpoint(
    "generate_content",
    "Gemini generateContent",
    Protocol.GEMINI,
    Fit(frozenset(("gemini", "generateContent")), prefers=re.compile("gemini", re.IGNORECASE)),
)

"""The few inks of the console: style names resolved by the theme, and the sign and word of every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from gatewaytui.domain.outcome import Outcome


class Ink(StrEnum):
    """What a stretch of text means; the value is a Textual style that follows the theme."""

    PLAIN = ""
    MUTED = "$foreground-muted"
    RULE = "$panel"
    STRONG = "bold"
    ACCENT = "$accent"
    THINKING = "$secondary"
    ANSWER = "$success"
    PASSED = "$text-success"
    WARNED = "$text-warning"
    FAILED = "$text-error"
    TITLE_FAILED = "bold $text-error"
    TITLE_WARNED = "bold $text-warning"
    MARKED = "bold reverse $text-warning"
    MILD = "$text on $error 18%"
    WARM = "$text on $error 38%"
    HOT = "bold $text on $error 62%"
    CURSOR = "on $accent 22%"


class Sign(msgspec.Struct, frozen=True):
    """How an outcome reads without colour (sign, word) and with it (ink)."""

    sign: str
    word: str
    ink: Ink


SIGNS: Mapping[Outcome, Sign] = MappingProxyType(
    {
        Outcome.PASSED: Sign("✓", "passed", Ink.PASSED),
        Outcome.WARNED: Sign("!", "warned", Ink.WARNED),
        Outcome.FAILED: Sign("✗", "failed", Ink.FAILED),
        Outcome.SKIPPED: Sign("·", "skipped", Ink.MUTED),
    }
)
"""The signs of rules.md: a verdict is never told by colour alone."""

Line = tuple[tuple[str, Ink], ...]
"""One line of a view: stretches of text, each with its ink. Text must be safe for a terminal."""

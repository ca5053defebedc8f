"""What every hand-off is made from, and what it gives: text with the key as a variable, never the key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from gatewaytui.checks.base import Plan
from gatewaytui.domain.profile import AuthHeader, KeyReference, KeySource, Target

PROMPT = "Reply with the single word: ok"
AUTH_LINES: Mapping[AuthHeader, tuple[str, str]] = MappingProxyType(
    {
        AuthHeader.BEARER: ("Authorization", "Bearer "),
        AuthHeader.X_API_KEY: ("x-api-key", ""),
        AuthHeader.X_GOOG_API_KEY: ("x-goog-api-key", ""),
        AuthHeader.API_KEY: ("api-key", ""),
    }
)
"""Each auth header's name and what stands before the key in it; NONE sends nothing."""


class Snippet(msgspec.Struct, frozen=True):
    """Ready code. ``language`` names its syntax (``bash``, ``python``); ``text`` ends without a newline."""

    title: str
    language: str
    text: str


class Order(msgspec.Struct, frozen=True):
    """What to write code for: a proven target, its model, and the variable that will hold the key."""

    target: Target
    model: str
    variable: str

    @property
    def auth(self) -> AuthHeader:
        """The one header that carries the key; NONE where the profile needs no key."""
        keyless = self.target.key.source is KeySource.NONE
        return AuthHeader.NONE if keyless else Plan(self.target, self.model).auth

    @property
    def headers(self) -> tuple[tuple[str, str, bool], ...]:
        """The profile's extra headers: name, then the value, or the variable that holds it (True)."""
        return tuple(
            (name, variable_of(name, value), True) if isinstance(value, KeyReference) else (name, value, False)
            for name, value in self.target.profile.extra_headers
        )


def variable_for(target: Target) -> str:
    """The variable for the target's key: the profile's own ``env:`` name, else made of profile and group."""
    if target.key.source is KeySource.ENV:
        return target.key.name
    return variable_of(f"{target.label}_API_KEY", target.key)


def variable_of(name: str, reference: KeyReference) -> str:
    """A variable for this key: the reference's own where it is ``env:``, else the name in capitals."""
    if reference.source is KeySource.ENV:
        return reference.name
    words = re.sub(r"[^A-Z0-9]+", "_", name.upper()).strip("_")
    return words if words[:1].isalpha() and words != "API_KEY" else f"GATEWAY_{words}".rstrip("_")

"""The contract of an endpoint beside chat: which it is, what was sent, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from gatewaytui.demo.prompt import Malformed, Object, typed
from gatewaytui.demo.script import Phrases
from gatewaytui.domain.profile import Protocol


class Extra(StrEnum):
    """What a gateway may offer beside chat; images and audio are three endpoints each."""

    EMBEDDINGS = "embeddings"
    RERANK = "rerank"
    IMAGES = "images"
    AUDIO = "audio"
    COUNT_TOKENS = "count_tokens"
    RESPONSES_COMPACT = "responses_compact"


class Sent(msgspec.Struct, frozen=True):
    """A request's fields, and its files by the part they are. In a ``form`` every field is text."""

    values: Object
    files: Mapping[str, tuple[bytes, ...]] = msgspec.field(default_factory=dict)
    form: bool = False

    def text(self, name: str, longest: int = 0) -> str:
        """A field that must be there, of ``longest`` characters where that counts. Raises Malformed."""
        found: str = typed(self.values, name, str, "")
        if not found:
            raise Malformed(f"Missing required parameter: '{name}'.", name)
        if longest and len(found) > longest:
            raise Malformed(f"Invalid '{name}': string too long. Expected at most {longest} characters.", name)
        return found

    def number(self, name: str, default: int, most: int) -> int:
        """A field from 1 to ``most``. Raises Malformed."""
        found: Any = self.values.get(name)
        if found is None:
            return default
        if self.form and isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 10:
            found = int(found)
        if type(found) is not int or not 1 <= found <= most:
            raise Malformed(f"Invalid '{name}': expected an integer from 1 to {most}.", name)
        return found

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """A field that is one of these, the first where it is not there. Raises Malformed."""
        found: str = typed(self.values, name, str, "") or known[0]
        if found not in known:
            listed = ", ".join(f"'{one}'" for one in known)
            raise Malformed(f"Invalid value for '{name}'. Supported values are: {listed}.", name)
        return found

    def file(self, name: str) -> bytes:
        """The first file of that part, which may also be the first of an array. Raises Malformed."""
        found = self.files.get(name) or self.files.get(f"{name}[]")
        if not found:
            raise Malformed(f"Missing required parameter: '{name}'.", name)
        return found[0]


class Setting(msgspec.Struct, frozen=True):
    """What an answer is made of beside the request; ``created`` is seconds since 1970, ``id`` hexadecimal."""

    seed: int
    model: str
    id: str
    created: int
    phrases: Phrases


class Answer(msgspec.Struct, frozen=True):
    """A body and its media type."""

    body: bytes
    media_type: str = "application/json"


class Offer(msgspec.Struct, frozen=True):
    """One endpoint: what it is part of, whose keys it takes, which models serve it, and what it answers.

    ``answer`` raises Malformed for a request that is not valid. ``form`` says that it takes a form with files.
    """

    extra: Extra
    protocol: Protocol
    makes: str
    answer: Callable[[Sent, Setting], Answer]
    form: bool = False

"""The caller's own keys taken out of what a server says, before anything is made of it.

A server knows the key it was sent and may say it anywhere: in a model's id, an error message, a header. Read so, none
of it reaches a screen, a list that is kept or the evidence (design/safety.md).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, TypeVar, cast

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.catalogue import ModelTable
from gatewaytui.domain.chat import Frame
from gatewaytui.domain.coded import Coded
from gatewaytui.domain.exchange import Exchange
from gatewaytui.domain.secret import Secret
from gatewaytui.evidence.known import Known
from gatewaytui.evidence.redact import withhold

SHORTEST_WORD = 12
"""Letters alone, and fewer of them, are a word that a local server takes for a key: it may stand in any id."""

Said = TypeVar("Said")


class Withholding:
    """What was sent to one server as a secret. All sessions over the same connections share one."""

    def __init__(self) -> None:
        self._secrets: tuple[Secret, ...] = ()
        self._known = Known()
        self._apart = f"\0{os.urandom(8).hex()}\0"

    def keep(self, secrets: Iterable[Secret | str | None]) -> None:
        """These were sent too; what is no secret, or no more than a word, is left."""
        new = {one for one in secrets if isinstance(one, Secret) and not _is_word(one)} - set(self._secrets)
        if new:
            self._secrets += tuple(new)
            self._known = Known(self._secrets)

    def of(self, said: Said) -> Said:
        """What was read from the server, a marker in the place of every key; itself where none stands in it."""
        if not self._secrets or not self._known.find(_as_one_text(said)):
            return said
        texts = _texts(said)
        # One search for all of them, apart by what no server can foresee: a list may hold a hundred thousand.
        clean = withhold(self._apart.join(texts), self._known).split(self._apart)
        changed = {before: after for before, after in zip(texts, clean, strict=True) if before != after}
        return cast(Said, _mapped(said, lambda text: changed.get(text, text)))

    def of_frames(self, frames: list[Frame]) -> list[Frame]:
        """The same of the events of one read: all that is read in them stands in their names and data.

        One search clears all of them; each is looked at only where it finds something.
        """
        if not self._secrets or not self._known.find("\n".join([frame.name + frame.data for frame in frames])):
            return frames
        return [self.of(frame) for frame in frames]

    def of_exchange(self, exchange: Exchange) -> Exchange:
        """The exchange with its headers so. The body stays: only what is read from it goes on."""
        if exchange.response is None:
            return exchange
        headers = self.of(exchange.response.headers)
        if headers is exchange.response.headers:
            return exchange
        return replace(exchange, response=replace(exchange.response, headers=headers))


def _is_word(secret: Secret) -> bool:
    text = secret.reveal()
    return text.isalpha() and len(text) < SHORTEST_WORD


def _as_one_text(said: object) -> str:
    """Everything it says, so that one search tells whether a second look is needed."""
    try:
        return msgspec.json.encode(said, enc_hook=_texts).decode()
    except (TypeError, ValueError):  # a lone surrogate
        return "\0".join(_texts(said))


def _texts(said: object) -> list[str]:
    """Every text in it, each once."""
    found: dict[str, None] = {}

    def noted(text: str) -> str:
        found[text] = None
        return text

    _mapped(said, noted)
    return list(found)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same value with every text changed, however deep; words of our own vocabularies are no texts."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(one, change) for one in value)
    if isinstance(value, Coded):
        return value.with_values(lambda one: _mapped(one, change))
    if isinstance(value, ModelTable):
        return value.saying(_mapped(value.texts, change))
    if isinstance(value, msgspec.Struct):
        return replace(value, **{name: _mapped(getattr(value, name), change) for name in value.__struct_fields__})
    return value

"""The contract of a speech, and what all four share."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import msgspec

from gatewaytui.demo.prompt import Asked, Object
from gatewaytui.demo.script import Script


class Said(msgspec.Struct, frozen=True):
    """Everything an answer is made of. ``created`` is seconds since 1970; ``id`` is hexadecimal, this answer's own.

    ``model`` is the one that answers, which need not be the one asked; ``per_event`` is tokens an event.
    """

    asked: Asked
    script: Script
    model: str
    id: str
    created: int
    per_event: int = 1


class Beat(msgspec.Struct, frozen=True):
    """One write to the wire and how many tokens it brings; none means that it comes at once."""

    data: bytes
    tokens: int = 0


class Speech(ABC):
    """One answer in one protocol. The parts of a stream are asked for in order, once: opening, words, closing."""

    media_type = "text/event-stream; charset=utf-8"

    def __init__(self, said: Said) -> None:
        self.said = said
        self.script = said.script

    @abstractmethod
    def whole(self) -> bytes:
        """The answer without streaming, a JSON body."""

    @abstractmethod
    def opening(self) -> list[bytes]:
        """The events before the first token."""

    @abstractmethod
    def words(self) -> Iterator[Beat]:
        """The events with the tokens, thoughts first."""

    @abstractmethod
    def closing(self) -> list[bytes]:
        """The events that say that all is said."""

    @abstractmethod
    def failure(self, error: Object) -> list[bytes]:
        """What comes instead of the rest when the answer fails; ``error`` is the body an error status would bring."""


def to_json(value: object) -> bytes:
    """Compact JSON as these servers write it, UTF-8 unescaped; half a character becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def event(value: Object, name: str = "") -> bytes:
    """One server-sent event with an optional name."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + to_json(value) + b"\n\n"


def batches(tokens: Sequence[str], size: int) -> Iterator[tuple[str, int]]:
    """Tokens joined by ``size``, each with how many it holds."""
    for start in range(0, len(tokens), max(1, size)):
        piece = tokens[start : start + max(1, size)]
        yield "".join(piece), len(piece)

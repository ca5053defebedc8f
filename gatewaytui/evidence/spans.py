"""A stretch of a text that must not leave."""

from __future__ import annotations

from dataclasses import dataclass

from .markers import Withheld


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` to before ``end``, and what kind of thing stands there."""

    start: int
    end: int
    kind: Withheld

"""A stretch of a text that must not leave."""

from __future__ import annotations

import msgspec

from .markers import Withheld


class Span(msgspec.Struct, frozen=True):
    """From ``start`` to before ``end``, and what kind of thing stands there."""

    start: int
    end: int
    kind: Withheld

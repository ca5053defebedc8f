"""The evidence document as JSON: ASCII, no NaN, keys in the record's order, an indent of two, one last newline."""

from __future__ import annotations

import json

import msgspec

from .document import Evidence


def render(evidence: Evidence) -> bytes:
    """The bytes of the document, as ``--format json`` prints them."""
    document = msgspec.to_builtins(evidence)
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False).encode("ascii") + b"\n"

"""A check's verdict, in a module of its own: the console's first paint needs it, and nothing else of a run."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """A check's verdict. ``warned`` and ``failed`` carry a Finding."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"

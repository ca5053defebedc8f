"""A run: what was checked, in order, with its outcome. This is what is shown, kept and exported."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from .chat import Usage
from .exchange import Timings
from .failure import Finding
from .profile import AuthHeader, Protocol
from .reading import StreamEnd


class Outcome(StrEnum):
    """A check's verdict. ``warned`` and ``failed`` carry a Finding."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"


class TokenSource(StrEnum):
    """Where a token count came from: the server's usage, or our estimate of the streamed text."""

    USAGE = "usage"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class CatalogueFacts:
    """What a model list showed: how many, a few ids (validated), whether it was cut by our cap."""

    model_count: int
    sample_model_ids: tuple[str, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """The shape of an answer, never its text. Counts are of the first choice."""

    choice_count: int
    finish_reason: str = ""
    usage: Usage | None = None
    served_model: str = ""
    refused: bool = False
    tool_calls: int = 0
    text_chars: int = 0


@dataclass(frozen=True, slots=True)
class GapFacts:
    """Times between token-bearing reads in ms. A percentile is None where n is too small for it."""

    n: int
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """A stream measured (design/measuring.md). Times in ms, None where not measured."""

    ttft_ms: float | None = None
    ttfat_ms: float | None = None
    itl_ms: float | None = None
    e2e_ms: float | None = None
    chunk_gap: GapFacts = field(default_factory=lambda: GapFacts(0))
    tokens_per_second: float | None = None
    token_source: TokenSource | None = None
    chunk_count: int = 0
    stream_end: StreamEnd | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what was asked, how it went, and the facts it brought.

    ``note`` is a sentence of ours for the person ("no model was given: took the first chat model listed").
    """

    name: str
    outcome: Outcome
    method: str = ""
    path: str = ""
    status: int | None = None
    elapsed_ms: float | None = None
    finding: Finding | None = None
    catalogue: CatalogueFacts | None = None
    answer: AnswerFacts | None = None
    stream: StreamFacts | None = None
    timings: Timings | None = None
    request_id: str = ""
    note: str = ""
    target: int = 0


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """What a run was pointed at, as evidence may show it."""

    profile: str
    group: str
    base_url: str
    auth_header: AuthHeader
    protocol: Protocol
    requested_model: str = ""
    selected_model: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Checks against one or more targets, in ladder order. ``started_at`` is UTC."""

    kind: str
    started_at: datetime
    targets: tuple[TargetFacts, ...]
    checks: tuple[CheckResult, ...]

    @property
    def failed(self) -> CheckResult | None:
        """The first failed check in ladder order, or None."""
        return next((check for check in self.checks if check.outcome is Outcome.FAILED), None)

    @property
    def warned(self) -> tuple[CheckResult, ...]:
        """The checks that passed with a warning."""
        return tuple(check for check in self.checks if check.outcome is Outcome.WARNED)

    @property
    def ok(self) -> bool:
        """True when nothing failed."""
        return self.failed is None

"""A run: what was checked, in order, with its outcome. This is what is shown, kept and exported."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from .chat import Usage
from .comparison import Comparison, Slot
from .connection import ConnectionFacts
from .exchange import Timings
from .failure import Confidence, FailureClass, Finding
from .outcome import Outcome as Outcome
from .profile import AuthHeader, Protocol
from .reading import StreamEnd
from .secret import repr_without
from .stamps import StampFacts, Uncertainty


class Rung(StrEnum):
    """The ladder, in its order (design/rules.md). A rung is a check's name; the values are public."""

    ADDRESS = "address"
    PROXY = "proxy"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    AUTH = "auth"
    MODELS = "models"
    MODEL = "model"
    CHAT = "chat"
    STREAM = "stream"
    FAMILIES = "families"


class KeyUsed(StrEnum):
    """Which key a request carried: the target's own, none, a made-up wrong one, or another group's."""

    OWN = "own"
    NONE = "none"
    WRONG = "wrong"
    GROUP = "group"


class TokenSource(StrEnum):
    """Where a token count came from: the server's usage, or our estimate of the streamed text."""

    USAGE = "usage"
    ESTIMATED = "estimated"


class CatalogueFacts(msgspec.Struct, frozen=True):
    """What a model list showed: how many, a few ids (validated), whether it was cut by our cap."""

    model_count: int
    sample_model_ids: tuple[str, ...] = ()
    truncated: bool = False


class AnswerFacts(msgspec.Struct, frozen=True):
    """The shape of an answer, never its text. Counts are of the first choice."""

    choice_count: int
    finish_reason: str = ""
    usage: Usage | None = None
    served_model: str = ""
    refused: bool = False
    tool_calls: int = 0
    text_chars: int = 0

    def __repr__(self) -> str:
        return repr_without(self, "finish_reason", "served_model")


class GapFacts(msgspec.Struct, frozen=True):
    """Times between token-bearing reads in ms. A percentile is None where n is too small for it."""

    n: int
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


class StreamFacts(msgspec.Struct, frozen=True):
    """A stream measured (design/measuring.md). Times in ms, None where not measured."""

    ttft_ms: float | None = None
    ttfat_ms: float | None = None
    itl_ms: float | None = None
    e2e_ms: float | None = None
    chunk_gap: GapFacts = msgspec.field(default_factory=lambda: GapFacts(0))
    tokens_per_second: float | None = None
    token_source: TokenSource | None = None
    chunk_count: int = 0
    stream_end: StreamEnd | None = None
    uncertainty: Uncertainty = msgspec.field(default_factory=Uncertainty)
    stamps: StampFacts | None = None


class Sent(msgspec.Struct, frozen=True):
    """One request that a run sent, as its log line and as evidence may show it.

    ``check`` is the check it served. ``variant`` names in our words what was changed on purpose to tell causes apart
    ("x-api-key", "without /v1", "key of group claude"); "" is the check's own request. ``base_url`` is the address
    that was tried where it is not the target's own, else "".
    """

    check: str
    method: str
    path: str
    outcome: Outcome
    variant: str = ""
    base_url: str = ""
    auth_header: AuthHeader = AuthHeader.NONE
    key: KeyUsed = KeyUsed.OWN
    group: str = ""
    protocol: Protocol | None = None
    model: str = ""
    streamed: bool = False
    status: int | None = None
    elapsed_ms: float | None = None
    failure_class: FailureClass | None = None
    target: int = 0


class Budget(msgspec.Struct, frozen=True):
    """What a run may spend at most: requests, and tokens in and out together (asked for, where none were counted)."""

    requests: int
    tokens: int


class Spending(msgspec.Struct, frozen=True):
    """What a run has spent of its budget so far. ``skipped`` counts what was left untried for want of budget."""

    limit: Budget
    requests: int = 0
    tokens: int = 0
    skipped: int = 0


class GatewayFacts(msgspec.Struct, frozen=True):
    """Which software answered, by signs of ours ("header x-oneapi-request-id"). "" where nothing shows.

    ``edge`` is what stands before it (a CDN, a web server). A hint for the reader, never a reason for a verdict.
    """

    software: str = ""
    confidence: Confidence = Confidence.POSSIBLE
    signs: tuple[str, ...] = ()
    edge: str = ""


class CellFacts(msgspec.Struct, frozen=True):
    """Where in the endpoint matrix a check stands.

    ``declared`` tells whether the catalogue says that the model serves this endpoint, None where it says nothing.
    ``cost_usd`` is the most the request can cost by the catalogue's prices, None where they are not known.
    ``confirm`` is True for a request that needs a person's word first; such a one is skipped without it.
    ``required`` marks a cell whose failure is the run's failure: the target's own chat, and what was asked for by
    name. What else a gateway does not offer is what the matrix is there to find out.
    """

    endpoint: str
    auth_header: AuthHeader = AuthHeader.AUTO
    key: KeyUsed = KeyUsed.OWN
    group: str = ""
    protocol: Protocol | None = None
    model: str = ""
    declared: bool | None = None
    cost_usd: float | None = None
    confirm: bool = False
    required: bool = False


class CheckResult(msgspec.Struct, frozen=True):
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
    connection: ConnectionFacts | None = None
    cell: CellFacts | None = None
    slot: Slot | None = None

    @property
    def counts(self) -> bool:
        """True where its failure is the run's: all but a comparison's warm-ups, and cells that nobody asked for."""
        return (self.cell is None or self.cell.required) and (self.slot is None or not self.slot.warm_up)


class TargetFacts(msgspec.Struct, frozen=True):
    """What a run was pointed at, as evidence may show it."""

    profile: str
    group: str
    base_url: str
    auth_header: AuthHeader
    protocol: Protocol
    requested_model: str = ""
    selected_model: str = ""


class Run(msgspec.Struct, frozen=True):
    """Checks against one or more targets, in ladder order. ``started_at`` is UTC.

    ``requests`` are all requests of a doctor's or a matrix' run in the order they were sent, () for runs that keep
    no such log; ``spending`` and ``gateway`` likewise are None there.
    """

    kind: str
    started_at: datetime
    targets: tuple[TargetFacts, ...]
    checks: tuple[CheckResult, ...]
    requests: tuple[Sent, ...] = ()
    spending: Spending | None = None
    gateway: GatewayFacts | None = None
    comparison: Comparison | None = None

    @property
    def logged(self) -> bool:
        """True where ``requests`` is the whole log; a comparison's checks are its log."""
        return bool(self.requests) or (self.spending is not None and self.comparison is None)

    @property
    def failed(self) -> CheckResult | None:
        """The first failed check in ladder order that counts, or None."""
        return next((check for check in self.checks if check.outcome is Outcome.FAILED and check.counts), None)

    @property
    def warned(self) -> tuple[CheckResult, ...]:
        """The checks that passed with a warning."""
        return tuple(check for check in self.checks if check.outcome is Outcome.WARNED)

    @property
    def ok(self) -> bool:
        """True when nothing failed."""
        return self.failed is None

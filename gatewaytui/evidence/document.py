"""Evidence: the allow-list of what may leave the machine. Nothing that has no field here can be exported.

The fields are the JSON document (design/cli.md) in its order; their texts come only from :mod:`.allow`.
Times are milliseconds, and a figure that was not measured is None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gatewaytui.domain.connection import AddressFamily
from gatewaytui.domain.exchange import FaultKind
from gatewaytui.domain.failure import Confidence, FailureClass, FailureFamily, Origin, RetryWhen
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import KeyUsed, Outcome, TokenSource

from .parts import ComparisonPart, Part, SlotPart, StampsPart, UncertaintyPart

SCHEMA = "gatewaytui-evidence/v1"


class Tool(Part, frozen=True, kw_only=True):
    """Who wrote the document."""

    name: str
    version: str


class TargetPart(Part, frozen=True, kw_only=True):
    """What was tested. ``base_url`` is as typed, without user info and query; its host may be masked."""

    profile: str | None
    group: str | None
    base_url: str
    auth_header: AuthHeader
    protocol: Protocol
    requested_model: str | None
    selected_model: str | None


class Safety(Part, frozen=True, kw_only=True):
    """What was not stored, as the seeds' runner states it."""

    api_key_stored: bool = False
    prompt_stored: bool = False
    response_text_stored: bool = False
    server_message_stored: bool = False
    account_ids_stored: bool = False
    request_ids_stored: bool = False
    host_masked: bool = False


class RetryPart(Part, frozen=True, kw_only=True):
    """Whether the same call can succeed later; ``seconds`` only where the server named a number."""

    when: RetryWhen
    seconds: float | None


class FailurePart(Part, frozen=True, kw_only=True):
    """A finding: what is broken, how that was found, and what to do."""

    class_: FailureClass = msgspec.field(name="class")
    family: FailureFamily
    origin: Origin
    confidence: Confidence
    rule: str
    whose: str
    next_step: str
    retry: RetryPart
    signals: Mapping[str, str | int | float | bool]


class Tokens(Part, frozen=True, kw_only=True):
    """Tokens as the server counted them; None where it did not say."""

    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None
    cached_tokens: int | None
    reasoning_tokens: int | None


class Gaps(Part, frozen=True, kw_only=True):
    """Times between token-bearing reads."""

    n: int
    p50: float | None
    p95: float | None
    p99: float | None


class Phases(Part, frozen=True, kw_only=True):
    """Durations of the connection's phases, then offsets from the start of the request."""

    connection: str
    dns_ms: float | None
    tcp_ms: float | None
    tls_ms: float | None
    send_ms: float | None
    first_byte_ms: float | None
    headers_ms: float | None
    done_ms: float | None


class FamilyPart(Part, frozen=True, kw_only=True):
    """One address family: how many addresses, never which; ``connected`` is None where none was tried."""

    family: AddressFamily
    addresses: int
    connected: bool | None
    elapsed_ms: float | None
    fault: FaultKind | None


class ConnectionPart(Part, frozen=True, kw_only=True):
    """What a network rung saw. Of the certificate only what no text of the server's is needed for."""

    encrypted: bool
    proxied: bool
    families: tuple[FamilyPart, ...]
    used: AddressFamily | None
    tls_version: str | None
    certificate_days_left: int | None
    certificate_matches: bool | None
    certificate_self_signed: bool | None
    clock_skew_s: float | None


class CellPart(Part, frozen=True, kw_only=True):
    """Where in the endpoint matrix a check stands. ``required`` tells that its failure is the run's."""

    endpoint: str
    auth_header: AuthHeader
    key: KeyUsed
    group: str | None
    protocol: Protocol | None
    model: str | None
    declared: bool | None
    cost_usd: float | None
    required: bool = False


class CheckPart(Part, frozen=True, kw_only=True):
    """One check. Figures of another kind of check are None."""

    name: str
    target: int
    method: str | None
    path: str | None
    outcome: Outcome
    status: int | None
    elapsed_ms: float | None
    failure: FailurePart | None
    model_count: int | None
    sample_model_ids: tuple[str, ...] | None
    choice_count: int | None
    finish_reason: str | None
    usage: Tokens | None
    served_model: str | None
    refused: bool | None
    tool_calls: int | None
    ttft_ms: float | None
    ttfat_ms: float | None
    itl_ms: float | None
    e2e_ms: float | None
    chunk_gap_ms: Gaps | None
    tokens_per_second: float | None
    token_source: TokenSource | None
    chunk_count: int | None
    stream_end: StreamEnd | None
    timings: Phases | None
    request_id: str | None
    request_id_hash: str | None
    note: str | None
    connection: ConnectionPart | None = None
    cell: CellPart | None = None
    slot: SlotPart | None = None
    uncertainty: UncertaintyPart | None = None
    stamps: StampsPart | None = None


class RequestPart(Part, frozen=True, kw_only=True):
    """One request that was sent, in order. ``variant`` is what was changed on purpose to tell causes apart."""

    target: int
    check: str
    variant: str | None
    method: str
    path: str | None
    base_url: str | None
    auth_header: AuthHeader
    key: KeyUsed
    group: str | None
    protocol: Protocol | None
    model: str | None
    streamed: bool
    outcome: Outcome
    status: int | None
    elapsed_ms: float | None
    failure_class: FailureClass | None


class SpendingPart(Part, frozen=True, kw_only=True):
    """What the run spent of its budget, and how many requests it left out for want of it."""

    requests: int
    request_limit: int
    tokens: int
    token_limit: int
    skipped: int


class GatewayPart(Part, frozen=True, kw_only=True):
    """Which software answered and by which signs of our vocabulary."""

    software: str | None
    confidence: Confidence
    signs: tuple[str, ...]
    edge: str | None


class Summary(Part, frozen=True, kw_only=True):
    """The run in one line: the first failed check in ladder order, and the classes that only warn."""

    ok: bool
    failure_class: FailureClass | None
    failure_family: FailureFamily | None
    warnings: tuple[FailureClass, ...]


class Evidence(Part, frozen=True, kw_only=True):
    """One document. ``target`` is the first of ``targets``; ``checks[].target`` is an index into them.

    ``requests``, ``spending`` and ``gateway`` are there where the run kept a log of its requests.
    """

    schema: str
    tool: Tool
    generated_at: str
    kind: str
    target: TargetPart
    targets: tuple[TargetPart, ...]
    safety: Safety
    checks: tuple[CheckPart, ...]
    summary: Summary
    requests: tuple[RequestPart, ...] | None = None
    spending: SpendingPart | None = None
    gateway: GatewayPart | None = None
    comparison: ComparisonPart | None = None

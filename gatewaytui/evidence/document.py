"""Evidence: the allow-list of what may leave the machine. Nothing that has no field here can be exported.

The fields are the JSON document (design/cli.md) in its order; their texts come only from :mod:`.allow`.
Times are milliseconds, and a figure that was not measured is None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from gatewaytui.domain.failure import Confidence, FailureClass, FailureFamily, Origin, RetryWhen
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import Outcome, TokenSource

SCHEMA = "gatewaytui-evidence/v1"


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the record: frozen, and built by field names only."""


class Tool(_Part, frozen=True, kw_only=True):
    """Who wrote the document."""

    name: str
    version: str


class TargetPart(_Part, frozen=True, kw_only=True):
    """What was tested. ``base_url`` is as typed, without user info and query; its host may be masked."""

    profile: str | None
    group: str | None
    base_url: str
    auth_header: AuthHeader
    protocol: Protocol
    requested_model: str | None
    selected_model: str | None


class Safety(_Part, frozen=True, kw_only=True):
    """What was not stored, as the seeds' runner states it."""

    api_key_stored: bool = False
    prompt_stored: bool = False
    response_text_stored: bool = False
    server_message_stored: bool = False
    account_ids_stored: bool = False
    request_ids_stored: bool = False
    host_masked: bool = False


class RetryPart(_Part, frozen=True, kw_only=True):
    """Whether the same call can succeed later; ``seconds`` only where the server named a number."""

    when: RetryWhen
    seconds: float | None


class FailurePart(_Part, frozen=True, kw_only=True):
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


class Tokens(_Part, frozen=True, kw_only=True):
    """Tokens as the server counted them; None where it did not say."""

    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None
    cached_tokens: int | None
    reasoning_tokens: int | None


class Gaps(_Part, frozen=True, kw_only=True):
    """Times between token-bearing reads."""

    n: int
    p50: float | None
    p95: float | None
    p99: float | None


class Phases(_Part, frozen=True, kw_only=True):
    """Durations of the connection's phases, then offsets from the start of the request."""

    connection: str
    dns_ms: float | None
    tcp_ms: float | None
    tls_ms: float | None
    send_ms: float | None
    first_byte_ms: float | None
    headers_ms: float | None
    done_ms: float | None


class CheckPart(_Part, frozen=True, kw_only=True):
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


class Summary(_Part, frozen=True, kw_only=True):
    """The run in one line: the first failed check in ladder order, and the classes that only warn."""

    ok: bool
    failure_class: FailureClass | None
    failure_family: FailureFamily | None
    warnings: tuple[FailureClass, ...]


class Evidence(_Part, frozen=True, kw_only=True):
    """One document. ``target`` is the first of ``targets``; ``checks[].target`` is an index into them."""

    schema: str
    tool: Tool
    generated_at: str
    kind: str
    target: TargetPart
    targets: tuple[TargetPart, ...]
    safety: Safety
    checks: tuple[CheckPart, ...]
    summary: Summary

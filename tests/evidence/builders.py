"""Runs and evidence to test with: every field filled, so that whatever may hold a text does."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from gatewaytui.domain.chat import Usage
from gatewaytui.domain.comparison import Change, ColumnFacts, Comparison, Metric, Slot, Spread, Verdict
from gatewaytui.domain.connection import AddressFamily, Certificate, ConnectionFacts, FamilyFacts, TlsFacts
from gatewaytui.domain.exchange import FaultKind, Timings
from gatewaytui.domain.failure import Confidence, FailureClass, Finding, Origin, Retry, RetryWhen, Signal
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.reading import StreamEnd
from gatewaytui.domain.run import (
    AnswerFacts,
    Budget,
    CatalogueFacts,
    CellFacts,
    CheckResult,
    GapFacts,
    GatewayFacts,
    KeyUsed,
    Outcome,
    Run,
    Sent,
    Spending,
    StreamFacts,
    TargetFacts,
    TokenSource,
)
from gatewaytui.domain.stamps import StampFacts, Uncertainty
from gatewaytui.evidence.document import Evidence
from gatewaytui.evidence.record import build

NOW = datetime(2026, 5, 7, 12, 34, 56, tzinfo=UTC)
REQUEST_ID = "req_0123456789abcdef0123456789abcdef"
TARGET = TargetFacts(
    profile="work",
    group="default",
    base_url="https://gateway.example/v1",
    auth_header=AuthHeader.BEARER,
    protocol=Protocol.OPENAI_CHAT,
    requested_model="vendor/model-7b",
    selected_model="vendor/model-7b",
)
PASSED = CheckResult(
    name="models",
    outcome=Outcome.PASSED,
    method="GET",
    path="/v1/models",
    status=200,
    elapsed_ms=12.3456,
    catalogue=CatalogueFacts(2, ("vendor/model-7b", "sk-coder-7b-instruct-v1")),
    timings=Timings(dns_ns=1_000_000, first_byte_ns=9_000_000, done_ns=12_345_600),
    note="No model was given: took the first chat model listed.",
    connection=ConnectionFacts(
        encrypted=True,
        families=(
            FamilyFacts(AddressFamily.IPV4, 2, True, 11.0),
            FamilyFacts(AddressFamily.IPV6, 1, False, None, FaultKind.UNREACHABLE),
        ),
        used=AddressFamily.IPV4,
        tls=TlsFacts("TLSv1.3", Certificate("Example CA", ("gateway.example",), NOW, NOW, matches=True)),
        skew_s=-4.0,
    ),
    cell=CellFacts(
        "models",
        AuthHeader.BEARER,
        group="default",
        protocol=Protocol.OPENAI_CHAT,
        model="vendor/model-7b",
        declared=True,
        cost_usd=0.0,
    ),
)


def finding(failure_class: FailureClass, *signals: Signal, retry: Retry | None = None) -> Finding:
    """A finding of that class with the class's own sentences."""
    meaning = failure_class.meaning
    return Finding(
        failure_class,
        "rate.code",
        Origin.GATEWAY,
        Confidence.CERTAIN,
        meaning.whose,
        meaning.next_step,
        retry or Retry(RetryWhen.AFTER, 30.0),
        signals or (Signal("status", 429), Signal("code", "rate_limit_exceeded")),
    )


FAILED = CheckResult(
    name="chat",
    outcome=Outcome.FAILED,
    method="POST",
    path="/v1/chat/completions",
    status=429,
    elapsed_ms=8.0,
    finding=finding(FailureClass.RATE_LIMIT),
    answer=AnswerFacts(1, "stop", Usage(3, 4, None), "vendor/model-7b", tool_calls=1),
    stream=StreamFacts(
        ttft_ms=5.5,
        itl_ms=1.25,
        chunk_gap=GapFacts(3, 1.0),
        tokens_per_second=80.0,
        token_source=TokenSource.USAGE,
        chunk_count=4,
        stream_end=StreamEnd.CUT,
        uncertainty=Uncertainty(0.05, None, 0.0004, 0.1, 0.05, 0.3),
        stamps=StampFacts(4, 3, 1, 0, 6, 0.75),
    ),
    request_id=REQUEST_ID,
    slot=Slot(1, 0.0, 0.5, text=1),
)
COMPARISON = Comparison(
    columns=(
        ColumnFacts(
            target=0,
            runs=2,
            answered=1,
            failures=((FailureClass.RATE_LIMIT, 1),),
            warnings=((FailureClass.MODEL_MISMATCH, 1),),
            spreads=tuple((metric, Spread(1, 5.5, None, None, None, None, 5.5, 0.05)) for metric in Metric),
            queued_ms=0.5,
            served_models=("vendor/model-7b",),
            input_tokens=(3,),
            output_tokens=(4,),
            texts=(1,),
            cost_usd=0.000125,
            stamps=StampFacts(4, 3, 1, 0, 6, 0.75),
        ),
    ),
    runs=2,
    warm_ups=1,
    planned=2,
    same_text=True,
    notes=("One run each: single figures, no percentiles.",),
    changes=(
        Change(0, "ttft_ms", Verdict.WORSE, 4.5, 9.0, 20, 20, ratio=2.0, effect=-0.91, p=0.00012),
        Change(0, "answered", Verdict.UNSURE, 1.0, None, 2, 0),
    ),
)
SENT = Sent(
    check="chat",
    method="POST",
    path="/v1/chat/completions",
    outcome=Outcome.FAILED,
    variant="key of group default",
    base_url="https://gateway.example/api/v1",
    auth_header=AuthHeader.X_API_KEY,
    key=KeyUsed.GROUP,
    group="default",
    protocol=Protocol.OPENAI_CHAT,
    model="vendor/model-7b",
    status=429,
    elapsed_ms=8.0,
    failure_class=FailureClass.RATE_LIMIT,
)
RUN = Run(
    "smoke",
    NOW,
    (TARGET,),
    (PASSED, FAILED),
    (SENT,),
    Spending(Budget(24, 2_000), 1, 64),
    GatewayFacts("new-api", Confidence.LIKELY, ("header x-oneapi-request-id",), "nginx"),
    COMPARISON,
)


def evidence(run: Run = RUN, *, mask_host: bool = False, with_request_id: bool = False) -> Evidence:
    """The evidence of a run, written at a fixed time."""
    return build(run, now=NOW, mask_host=mask_host, with_request_id=with_request_id)


def strings(value: object, pointer: str = "") -> Iterator[str]:
    """The JSON pointer of every string in a document."""
    if isinstance(value, str):
        yield pointer
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from strings(member, f"{pointer}/{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from strings(member, f"{pointer}/{index}")


def planted(document: object, pointer: str, text: str) -> bytes:
    """The document as bytes with this text in one place."""
    copy = json.loads(json.dumps(document))
    *steps, last = pointer.split("/")[1:]
    place = copy
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = text
    return json.dumps(copy, indent=2).encode()


ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "raw": str,
    "inside a sentence": "The value {} was refused.".format,
    "percent": lambda text: quote(text, safe=""),
    "percent of every character": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "percent in lower case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent twice": lambda text: "".join(f"%25{byte:02X}" for byte in text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 after one byte": lambda text: base64.b64encode(b":" + text.encode()).decode(),
    "base64 after two bytes": lambda text: base64.b64encode(b"u:" + text.encode() + b"!").decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "JSON escape of every character": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "HTML": html.escape,
    "HTML entity of every character": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML hex entity of every character": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "zero-width characters": "\u200b".join,
    "line breaks": lambda text: f"{text[: len(text) // 2]}\r\n  {text[len(text) // 2 :]}",
    "escaped line break": lambda text: f"{text[: len(text) // 2]}\\n{text[len(text) // 2 :]}",
    "blanks": " ".join,
}

"""A doctor's run and an endpoint matrix as an engine tells them, for the tests of the Doctor pane."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from gatewaytui.domain.connection import Certificate, ConnectionFacts, FamilyFacts, TlsFacts
from gatewaytui.domain.exchange import AddressFamily, FaultKind
from gatewaytui.domain.failure import Confidence, FailureClass, Signal
from gatewaytui.domain.profile import AuthHeader, Group, KeyReference, KeySource, Protocol, Target
from gatewaytui.domain.progress import (
    DOCTOR_BUDGET,
    MATRIX_BUDGET,
    CheckFinished,
    CheckStarted,
    GatewayRecognised,
    Progress,
    RequestMade,
    RunFinished,
    ServerSaid,
)
from gatewaytui.domain.run import (
    CellFacts,
    CheckResult,
    GatewayFacts,
    KeyUsed,
    Outcome,
    Run,
    Rung,
    Sent,
    Spending,
)

from .scripted import NOON, facts, finding, gateway

ENV = KeyReference(KeySource.ENV, name="SCRIPTED_KEY")
GROUPED = gateway(
    "tokone",
    key=KeyReference(KeySource.KEYRING),
    groups=(
        Group("openai", ENV, (Protocol.OPENAI_CHAT,)),
        Group("claude", ENV, (Protocol.ANTHROPIC,)),
    ),
)
TARGET = Target(GROUPED, "openai", "gpt-5.5")
GATEWAY = GatewayFacts(
    "new-api", Confidence.CERTAIN, ("header x-oneapi-request-id", "error type new_api_error"), "nginx"
)
CERTIFICATE = Certificate(
    "Let's Encrypt R11",
    ("tokone.example", "*.tokone.example"),
    NOON - timedelta(days=29),
    NOON + timedelta(days=61),
    True,
)
CONNECTION = ConnectionFacts(
    encrypted=True,
    families=(
        FamilyFacts(AddressFamily.IPV6, 1, False, None, FaultKind.UNREACHABLE),
        FamilyFacts(AddressFamily.IPV4, 2, True, 11.2),
    ),
    used=AddressFamily.IPV4,
    dns_ms=4.4,
    tcp_ms=11.2,
    tls_ms=23.0,
    tls=TlsFacts("TLSv1.3", CERTIFICATE),
    skew_s=0.4,
)
SAID = "This token has no access to model gpt-5.5"


def check(rung: Rung, note: str, ms: float | None = None, outcome: Outcome = Outcome.PASSED) -> CheckResult:
    """A rung that did not fail."""
    known = CONNECTION if rung in (Rung.PROXY, Rung.DNS, Rung.TCP, Rung.TLS) else None
    return CheckResult(rung, outcome, elapsed_ms=ms, note=note, connection=known)


PASSED = (
    check(Rung.ADDRESS, "HTTPS, no user info, ends in /v1."),
    check(Rung.PROXY, "No proxy is set.", outcome=Outcome.SKIPPED),
    check(Rung.DNS, "Resolved: 2 IPv4 addresses, 1 IPv6 address.", 4.4),
    check(Rung.TCP, "Connected over IPv4; IPv6 is unreachable.", 11.2),
    check(Rung.TLS, "TLS 1.3 over IPv4, Let's Encrypt, 61 days left.", 23.0),
    replace(check(Rung.AUTH, "Key accepted; a wrong one is refused (401).", 88.0), method="GET", path="/v1/models"),
    replace(check(Rung.MODELS, "41 models in the OpenAI shape.", 88.0), method="GET", path="/v1/models", status=200),
    check(Rung.MODEL, "gpt-5.5 is listed."),
)
BROKEN = CheckResult(
    Rung.CHAT,
    Outcome.FAILED,
    "POST",
    "/v1/chat/completions",
    403,
    96.0,
    finding=finding(FailureClass.GROUP_OR_MODEL_ACCESS, Signal("status", 403), Signal("listed_models", 41)),
)


def sent(rung: Rung, status: int | None, ms: float, variant: str = "", **fields: object) -> Sent:
    """A request; it failed where the status says so."""
    good = status == 200
    plain = Sent(
        rung,
        "GET" if rung in (Rung.AUTH, Rung.MODELS) else "POST",
        "/v1/models" if rung in (Rung.AUTH, Rung.MODELS) else "/v1/chat/completions",
        Outcome.PASSED if good else Outcome.FAILED,
        variant=variant,
        auth_header=AuthHeader.BEARER,
        protocol=Protocol.OPENAI_CHAT,
        status=status,
        elapsed_ms=ms,
        failure_class=None if good else FailureClass.GROUP_OR_MODEL_ACCESS,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


LIST = sent(Rung.MODELS, 200, 88.0)
WRONG_KEY = sent(Rung.AUTH, 401, 71.0, "a wrong key", key=KeyUsed.WRONG, failure_class=FailureClass.AUTH)
CHAT = sent(Rung.CHAT, 403, 96.0, model="gpt-5.5")
TRIED = (
    sent(Rung.CHAT, 200, 341.0, "model claude-opus-4-6", model="claude-opus-4-6"),
    sent(Rung.CHAT, 200, 402.0, "key of group claude, anthropic", key=KeyUsed.GROUP, group="claude",
         protocol=Protocol.ANTHROPIC, auth_header=AuthHeader.X_API_KEY, model="gpt-5.5"),
    sent(Rung.CHAT, 403, 91.0, "protocol anthropic", protocol=Protocol.ANTHROPIC,
         auth_header=AuthHeader.X_API_KEY, model="gpt-5.5"),
)  # fmt: skip


def telling(requests: Sequence[Sent], tokens: int = 0) -> list[Progress]:
    """Requests as they are told, each with what was spent so far."""
    return [RequestMade(0, one, Spending(DOCTOR_BUDGET, at, tokens)) for at, one in enumerate(requests, 1)]


def waits(rung: Rung, broken: Rung) -> CheckResult:
    """A rung that was not reached."""
    return CheckResult(rung, Outcome.SKIPPED, note=f"Waits for {broken}.")


def climbing(upto: Rung) -> list[Progress]:
    """All rungs before this one, passed; this one under way."""
    requests = iter(telling((LIST, WRONG_KEY)))
    steps: list[Progress] = []
    for known in PASSED:
        steps.append(CheckStarted(0, known.name, "", ""))
        if known.name == upto:
            return steps
        if known.name == Rung.AUTH:
            steps += [next(requests), GatewayRecognised(0, GATEWAY), next(requests), ServerSaid(0, "invalid token")]
        steps.append(CheckFinished(0, known))
    return [*steps, CheckStarted(0, Rung.CHAT, "", "")]


REQUESTS = (LIST, WRONG_KEY, CHAT, *TRIED)
REST = (waits(Rung.STREAM, Rung.CHAT), waits(Rung.FAMILIES, Rung.CHAT))


def run_of(
    *checks: CheckResult, requests: tuple[Sent, ...] = REQUESTS, target: Target = TARGET, tokens: int = 96
) -> Run:
    """The run of these rungs."""
    spent = Spending(DOCTOR_BUDGET, len(requests), tokens)
    return Run("doctor", NOON, (facts(target, target.model),), checks, requests, spent, GATEWAY)


def broken(target: Target = TARGET) -> list[Progress]:
    """The chat is refused; another model and another group's key are answered."""
    told = telling(REQUESTS, 96)
    return [
        *climbing(Rung.CHAT),
        told[2],
        ServerSaid(0, SAID),
        CheckFinished(0, BROKEN),
        *told[3:],
        *(CheckFinished(0, one) for one in REST),
        RunFinished(run_of(*PASSED, BROKEN, *REST, target=target)),
    ]


HEALTHY = (
    *PASSED,
    CheckResult(
        Rung.CHAT, Outcome.PASSED, "POST", "/v1/chat/completions", 200, 148.0,
        note="Served by gpt-5.5, 1 token out.",
    ),
    CheckResult(
        Rung.STREAM, Outcome.PASSED, "POST", "/v1/chat/completions", 200, 1240.0,
        note="Served by gpt-5.5, 1 token out, TTFT 133 ms.",
    ),
    CheckResult(Rung.FAMILIES, Outcome.SKIPPED, note="The profile names no other protocol."),
)  # fmt: skip


def healthy() -> list[Progress]:
    """Every rung answers."""
    return [
        *climbing(Rung.CHAT),
        *(CheckFinished(0, one) for one in HEALTHY[len(PASSED) :]),
        RunFinished(run_of(*HEALTHY, requests=(LIST, WRONG_KEY, replace(CHAT, status=200, outcome=Outcome.PASSED)))),
    ]


def cell(name: str, status: int | None = 200, ms: float | None = 182.0, **fields: object) -> CheckResult:
    """An endpoint of the matrix; no status is one that waits for a person's word."""
    outcome = Outcome.SKIPPED if status is None else Outcome.PASSED if status == 200 else Outcome.FAILED
    missing = finding(FailureClass.ROUTE_NOT_FOUND) if outcome is Outcome.FAILED else None
    where = replace(CellFacts(name, AuthHeader.BEARER, model="gpt-5.5", declared=True), **fields)  # type: ignore[arg-type]
    return CheckResult(name, outcome, "POST", f"/v1/{name}", status, ms, finding=missing, cell=where)


LISTED = CheckResult("models", Outcome.PASSED, "GET", "/v1/models", 200, 88.0)
CELLS = (
    cell("chat"),
    cell("responses", declared=None),
    cell("messages", 404, 91.0, protocol=Protocol.ANTHROPIC, declared=False),
    cell("images_generations", None, None, model="gpt-image-1", declared=None, cost_usd=0.1694, confirm=True),
    cell("audio_speech", None, None, model="tts-1", declared=None, confirm=True),
    replace(cell("auth_header", auth_header=AuthHeader.NONE, endpoint="models_openai"), status=401,
            note="Refused without a key, as it should be."),
    replace(cell("auth_header", endpoint="models_openai"), note="The header this target uses."),
    cell("tools", endpoint="chat"),
    cell("group", group="claude", key=KeyUsed.GROUP, protocol=Protocol.ANTHROPIC, endpoint="messages"),
)  # fmt: skip
IMAGE = replace(CELLS[3], outcome=Outcome.PASSED, status=200, elapsed_ms=4_120.0)


def measuring(*cells: CheckResult, requests: int = 7) -> list[Progress]:
    """A matrix with these cells."""
    spent = Spending(MATRIX_BUDGET, requests, 210)
    run = Run("endpoints", NOON, (facts(TARGET),), (LISTED, *cells), (), spent)
    told = [
        step for one in cells for step in (CheckStarted(0, one.name, one.method, one.path), CheckFinished(0, one))
    ]
    return [CheckFinished(0, LISTED), RequestMade(0, LIST, spent), *told, RunFinished(run)]

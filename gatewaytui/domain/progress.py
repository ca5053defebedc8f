"""What an engine tells while it works: small frozen events, picklable, so that they may cross a process boundary.

Jobs go down, progress comes up. ``target`` is always the index into the job's targets.
"""

from __future__ import annotations

from dataclasses import dataclass

from .catalogue import ModelList
from .chat import ChatRequest, Frame
from .exchange import Phase
from .profile import Target
from .run import Budget, CheckResult, GatewayFacts, Run, Sent, Spending

DOCTOR_BUDGET = Budget(requests=24, tokens=2_000)
MATRIX_BUDGET = Budget(requests=80, tokens=8_000)


@dataclass(frozen=True, slots=True)
class SmokeJob:
    """``GET /models``, choose a model, one non-streaming chat: the seeds' runner and the decision map."""

    target: Target
    prompt: str
    skip_chat: bool = False


@dataclass(frozen=True, slots=True)
class ModelsJob:
    """Fetch the model lists of some targets, side by side."""

    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class ChatJob:
    """The same chat to some targets side by side; one target is the Chat pane, more is Compare.

    ``request.model`` "" means each target's own model: asked for, else default, else the first listed one.
    """

    targets: tuple[Target, ...]
    request: ChatRequest
    kind: str = "chat"


@dataclass(frozen=True, slots=True)
class DoctorJob:
    """The whole ladder against one target; at the first broken rung the variants that tell causes apart.

    ``budget`` is never exceeded; ``families`` adds the last rung.
    """

    target: Target
    budget: Budget = DOCTOR_BUDGET
    families: bool = True


@dataclass(frozen=True, slots=True)
class MatrixJob:
    """The endpoint matrix: endpoint families by their smallest valid requests, beside them auth headers, groups,
    capabilities.

    ``endpoints`` are names of the table ``ENDPOINTS`` (all where empty). ``confirmed`` is a person's word for what
    costs more than a tiny text request; without it those are skipped, priced.
    """

    target: Target
    endpoints: tuple[str, ...] = ()
    headers: bool = True
    capabilities: bool = True
    groups: bool = True
    confirmed: bool = False
    budget: Budget = MATRIX_BUDGET


Job = SmokeJob | ModelsJob | ChatJob | DoctorJob | MatrixJob


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check's request is about to be sent; ``method`` and ``path`` say what."""

    target: int
    name: str
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class PhaseReached:
    """A request got this far, ``at_ns`` after its start."""

    target: int
    phase: Phase
    at_ns: int


@dataclass(frozen=True, slots=True)
class Streamed:
    """One event of the wire with its stamp (ns after the request's start) and what the dialect read in it."""

    target: int
    at_ns: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class ModelsArrived:
    """A target's whole catalogue (all pages)."""

    target: int
    models: ModelList


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check's verdict."""

    target: int
    check: CheckResult


@dataclass(frozen=True, slots=True)
class AnswerArrived:
    """The whole text of a finished chat, for the screen and stdout only: never stored."""

    target: int
    text: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class ServerSaid:
    """The server's own error message, made safe, for the screen only and only when a person asks to see it."""

    target: int
    text: str


@dataclass(frozen=True, slots=True)
class RequestMade:
    """A request was answered or failed; ``spent`` is what the run has spent with it."""

    target: int
    sent: Sent
    spent: Spending


@dataclass(frozen=True, slots=True)
class GatewayRecognised:
    """Which software answers became known, or surer."""

    target: int
    gateway: GatewayFacts


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event of every job."""

    run: Run


Progress = (
    CheckStarted
    | PhaseReached
    | Streamed
    | ModelsArrived
    | CheckFinished
    | AnswerArrived
    | ServerSaid
    | RequestMade
    | GatewayRecognised
    | RunFinished
)

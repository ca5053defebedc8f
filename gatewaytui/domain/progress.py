"""What an engine tells while it works: small frozen events, picklable, so that they may cross a process boundary.

Jobs go down, progress comes up. ``target`` is always the index into the job's targets.
"""

from __future__ import annotations

import msgspec

from .catalogue import ModelList
from .chat import ChatRequest, Frame
from .exchange import Phase
from .profile import Target
from .run import Budget, CheckResult, GatewayFacts, Run, Sent, Spending

DOCTOR_BUDGET = Budget(requests=24, tokens=2_000)
MATRIX_BUDGET = Budget(requests=80, tokens=8_000)


class SmokeJob(msgspec.Struct, frozen=True):
    """``GET /models``, choose a model, one non-streaming chat: the seeds' runner and the decision map."""

    target: Target
    prompt: str
    skip_chat: bool = False


class ModelsJob(msgspec.Struct, frozen=True):
    """Fetch the model lists of some targets, side by side."""

    targets: tuple[Target, ...]


class ChatJob(msgspec.Struct, frozen=True):
    """The same chat to some targets side by side; one target is the Chat pane, more is Compare.

    ``request.model`` "" means each target's own model: asked for, else default, else the first listed one.
    """

    targets: tuple[Target, ...]
    request: ChatRequest
    kind: str = "chat"


class DoctorJob(msgspec.Struct, frozen=True):
    """The whole ladder against one target; at the first broken rung the variants that tell causes apart.

    ``budget`` is never exceeded; ``families`` adds the last rung.
    """

    target: Target
    budget: Budget = DOCTOR_BUDGET
    families: bool = True


class MatrixJob(msgspec.Struct, frozen=True):
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


class CompareJob(msgspec.Struct, frozen=True):
    """The same chat to several targets, ``runs`` times each after ``warm_ups`` that are not measured.

    Each target has ``concurrency`` requests of its own in flight, so that a slow column holds up no other; ``seed``
    shuffles the order in which the targets are started. ``interval_s`` plans the runs of a target so far apart,
    whether or not the earlier ones have ended; 0 starts each as soon as a lane is free. ``budget`` None allows all
    that is planned. ``prices`` (input and output, US dollars a million tokens, one pair a target) spare a target
    whose model is known the request for its list; () lists them all. ``models`` are those that the lists gave, for
    targets that name none; "" where a list gave none.
    """

    targets: tuple[Target, ...]
    request: ChatRequest
    runs: int = 1
    warm_ups: int = 0
    concurrency: int = 1
    seed: int = 0
    interval_s: float = 0.0
    budget: Budget | None = None
    prices: tuple[tuple[float | None, float | None], ...] = ()
    models: tuple[str, ...] = ()


Job = SmokeJob | ModelsJob | ChatJob | DoctorJob | MatrixJob | CompareJob


class CheckStarted(msgspec.Struct, frozen=True):
    """A check's request is about to be sent; ``method`` and ``path`` say what."""

    target: int
    name: str
    method: str
    path: str


class PhaseReached(msgspec.Struct, frozen=True):
    """A request got this far, ``at_ns`` after its start."""

    target: int
    phase: Phase
    at_ns: int


class Streamed(msgspec.Struct, frozen=True, gc=False):
    """One event of the wire with its stamp (ns after the request's start) and what the dialect read in it."""

    target: int
    at_ns: int
    frame: Frame


class ModelsArrived(msgspec.Struct, frozen=True):
    """A target's whole catalogue (all pages)."""

    target: int
    models: ModelList


class CheckFinished(msgspec.Struct, frozen=True):
    """A check's verdict."""

    target: int
    check: CheckResult


class AnswerArrived(msgspec.Struct, frozen=True):
    """The whole text of a finished chat, for the screen and stdout only: never stored."""

    target: int
    text: str
    reasoning: str


class ServerSaid(msgspec.Struct, frozen=True):
    """The server's own error message, made safe, for the screen only and only when a person asks to see it."""

    target: int
    text: str


class SpendPlanned(msgspec.Struct, frozen=True):
    """What a comparison will spend at most: requests, tokens in and out, and US dollars where prices are listed.

    ``unpriced`` counts the targets whose catalogue gives no price; ``spent`` is what has been spent so far.
    ``prices`` are the known ones by target, in US dollars for a million tokens in and out. Told before the first
    request, when a price becomes known, and after each request.
    """

    requests: int
    tokens: int
    cost_usd: float | None
    unpriced: int
    spent: Spending
    prices: tuple[tuple[int, tuple[float | None, float | None]], ...] = ()


class RequestMade(msgspec.Struct, frozen=True):
    """A request was answered or failed; ``spent`` is what the run has spent with it."""

    target: int
    sent: Sent
    spent: Spending


class GatewayRecognised(msgspec.Struct, frozen=True):
    """Which software answers became known, or surer."""

    target: int
    gateway: GatewayFacts


class RunFinished(msgspec.Struct, frozen=True):
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
    | SpendPlanned
    | RequestMade
    | GatewayRecognised
    | RunFinished
)

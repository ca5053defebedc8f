"""The cells of the matrix: endpoints by their smallest requests, auth headers, capabilities."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from gatewaytui.checks.base import result
from gatewaytui.checks.capabilities import CAPABILITIES, Capability
from gatewaytui.checks.endpoints.base import Endpoint
from gatewaytui.checks.endpoints.fitting import Choice, choose
from gatewaytui.checks.endpoints.table import CHATS, LISTS
from gatewaytui.checks.findings import found
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.run import CellFacts, CheckResult, KeyUsed, Outcome

from .matrixdesk import NO_BUDGET, Holder, Matrix
from .session import Judged

AUTH_HEADER = "auth_header"
HEADERS = (
    AuthHeader.NONE,
    AuthHeader.BEARER,
    AuthHeader.X_API_KEY,
    AuthHeader.X_GOOG_API_KEY,
    AuthHeader.API_KEY,
)
_NO_CHAT = "Not tried: the chat itself did not work."
_NO_MODEL = "No chat model is listed: name one with --model."
_REFUSED = "Refused without a key, as it should be."
_OPEN = "It answers without a key: what works here proves nothing about a key."
_OWN = "The header this target uses."
_UNUSED = "Refused and not in use."
_WRONG_DOOR = frozenset((FailureClass.AUTH, FailureClass.PERMISSION))
_MOST_ADAPTATIONS = 2


async def try_endpoint(matrix: Matrix, endpoint: Endpoint) -> CheckResult:
    """One cell of the matrix, with the holder's key and a fitting model."""
    holder = matrix.holder(endpoint.protocol)
    choice = await chosen(matrix, endpoint, holder)
    plan = endpoint.plan(matrix.plan, choice.model)
    cell = cell_of(matrix, endpoint, holder, choice)
    if endpoint.fit is not None and not choice.model:
        return matrix.settle(_untried(endpoint.name, choice.note, cell))
    if cell.confirm and not matrix.job.confirmed:
        return matrix.settle(_untried(endpoint.name, price_note(cell.cost_usd), cell))
    request = endpoint.build(plan)
    known = matrix.lists.get(request.url) if request.method == "GET" and holder == matrix.base else None
    answer = known or await asked(
        matrix, endpoint.name, holder, request, endpoint.tokens, lambda error: endpoint.adapt(plan, error)
    )
    if answer is None:
        return matrix.settle(_untried(endpoint.name, NO_BUDGET, cell))
    check = endpoint.judge(answer.exchange, answer.reading, answer.finding, choice.note)
    return matrix.settle(replace(check, cell=cell))


async def chosen(matrix: Matrix, endpoint: Endpoint, holder: Holder) -> Choice:
    """The model that the endpoint is asked with; the one asked for where it is the target's own chat."""
    if endpoint.fit is None:
        return Choice("")
    models = await matrix.models(holder)
    own = endpoint is CHATS[matrix.plan.target.protocol]
    alone = matrix.job.endpoints == (endpoint.name,) and bool(matrix.job.target.model)
    return choose(endpoint.fit, models, matrix.plan.model, insist=own or alone)


def cell_of(matrix: Matrix, endpoint: Endpoint, holder: Holder, choice: Choice) -> CellFacts:
    """Where the cell stands, what the catalogue says of it, what it may cost."""
    cost = endpoint.cost(choice.info)
    own = endpoint is CHATS[matrix.plan.target.protocol]
    return CellFacts(
        endpoint=endpoint.name,
        auth_header=endpoint.plan(matrix.plan, choice.model).auth,
        key=holder.key,
        group=holder.group,
        protocol=endpoint.protocol,
        model=choice.model,
        declared=endpoint.fit.declared(choice.info) if endpoint.fit and choice.info else None,
        cost_usd=cost,
        confirm=endpoint.needs_word(cost),
        required=own or endpoint.name in matrix.job.endpoints,
    )


async def asked(
    matrix: Matrix,
    name: str,
    holder: Holder,
    request: WireRequest,
    tokens: int,
    adapt: Callable[[ErrorObject | None], WireRequest | None],
) -> Judged | None:
    """The request's answer; where the server asks for another form of it, that of the request in this form."""
    matrix.begin(name, request)
    answer = await matrix.ask(request, name, holder, tokens=tokens)
    for _ in range(_MOST_ADAPTATIONS):
        error = answer.reading.error if answer is not None and answer.reading else None
        other = adapt(error) if answer is not None and answer.finding is not None else None
        if other is None or other == request or not matrix.ledger.allows(tokens):
            break
        request = other
        answer = await matrix.ask(other, name, holder, "in the form the server asked for", tokens)
    return answer


async def try_headers(matrix: Matrix) -> None:
    """Each header in turn with the cheapest request there is: the list, or a tiny chat where the list is open."""
    target, holder = matrix.plan.target, matrix.base
    if holder.secret is None:
        return
    endpoint, request = LISTS[target.protocol], LISTS[target.protocol].build(matrix.plan)
    nobody = Holder("", None, KeyUsed.NONE)
    listed = request.url in matrix.lists and matrix.lists[request.url].finding is None
    bare = (
        await matrix.ask(replace(request, auth_header=AuthHeader.NONE), AUTH_HEADER, nobody, "none")
        if listed
        else None
    )
    if not listed or (bare is not None and bare.finding is None):
        endpoint, bare = CHATS[target.protocol], None
        choice = await chosen(matrix, endpoint, holder)
        if not choice.model:
            return
        request = endpoint.build(endpoint.plan(matrix.plan, choice.model))
    for header in HEADERS:
        cell = CellFacts(
            endpoint=endpoint.name,
            auth_header=header,
            key=KeyUsed.NONE if header is AuthHeader.NONE else holder.key,
            group=holder.group,
            protocol=target.protocol,
            model=request.ask.model,
        )
        who = nobody if header is AuthHeader.NONE else holder
        answer = bare if header is AuthHeader.NONE and bare is not None else None
        if answer is None:
            matrix.begin(AUTH_HEADER, request)
            carried = replace(request, auth_header=header)
            answer = await matrix.ask(carried, AUTH_HEADER, who, str(header), endpoint.tokens)
        if answer is None:
            matrix.settle(_untried(AUTH_HEADER, NO_BUDGET, cell))
        else:
            matrix.settle(replace(_header_check(answer, header, matrix.plan.auth), cell=cell))


def _header_check(answer: Judged, header: AuthHeader, own: AuthHeader) -> CheckResult:
    """A refusal without a key is what should be; an answer without one proves nothing about any key.

    That a header which the target does not use is refused is a fact without a verdict.
    """
    exchange, reading, finding = answer.exchange, answer.reading, answer.finding
    check = result(AUTH_HEADER, exchange, reading, finding, note=_OWN if header is own else "")
    refused = finding is not None and (finding.failure_class in _WRONG_DOOR or check.status in (401, 403))
    if header is not AuthHeader.NONE:
        unused = refused and header is not own
        return replace(check, outcome=Outcome.SKIPPED, finding=None, note=_UNUSED) if unused else check
    if check.outcome is not Outcome.FAILED:
        open_door = found(FailureClass.AUTH, "auth_header.open", exchange, reading)
        return replace(check, outcome=Outcome.WARNED, finding=open_door, note=_OPEN)
    return replace(check, outcome=Outcome.PASSED, finding=None, note=_REFUSED) if refused else check


async def try_capabilities(matrix: Matrix) -> None:
    """Each capability by one tiny chat in the target's own protocol."""
    endpoint = CHATS[matrix.plan.target.protocol]
    holder = matrix.holder(endpoint.protocol)
    choice = await chosen(matrix, endpoint, holder)
    broken = any(check.name == endpoint.name and check.outcome is Outcome.FAILED for check in matrix.checks)
    why_not = _NO_CHAT if broken else "" if choice.model else _NO_MODEL
    for capability in CAPABILITIES.values():
        cell = replace(
            cell_of(matrix, endpoint, holder, choice),
            declared=capability.declared(choice.info),
            required=False,
            confirm=False,
            cost_usd=None,
        )
        if why_not:
            matrix.settle(_untried(capability.name, why_not, cell))
        else:
            await _try_capability(matrix, capability, endpoint, holder, cell)


async def _try_capability(
    matrix: Matrix, capability: Capability, endpoint: Endpoint, holder: Holder, cell: CellFacts
) -> None:
    plan = endpoint.plan(matrix.plan, cell.model)
    if not capability.offered_by(endpoint.protocol):
        note = f"This protocol has no way to ask for {capability.title}."
        matrix.settle(_untried(capability.name, note, cell))
        return
    matrix.desk.secrets.keep_prompt(capability.prompt)
    request, tokens = capability.request(plan), capability.tokens
    answer = await asked(
        matrix, capability.name, holder, request, tokens, lambda error: capability.adapted(plan, error)
    )
    if answer is None:
        matrix.settle(_untried(capability.name, NO_BUDGET, cell))
        return
    check = capability.judge(answer.exchange, answer.reading, answer.finding)
    matrix.settle(replace(check, cell=cell))


def price_note(cost_usd: float | None) -> str:
    """What a request that needs a person's word may cost, and how to give it."""
    if cost_usd is None:
        return "Its price is not listed: confirm with --yes."
    return f"Costs up to ${max(cost_usd, 0.0001):.4f}: confirm with --yes."


def _untried(name: str, note: str, cell: CellFacts) -> CheckResult:
    return CheckResult(name, Outcome.SKIPPED, note=note, cell=cell)

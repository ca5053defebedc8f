"""The endpoint matrix: what a gateway offers, measured beside what its catalogue says.

One list is read for models, hints and prices; then endpoints, auth headers, capabilities and groups, each by its
smallest request, all of it through one ledger. What needs a person's word is skipped without it, priced.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.endpoints.base import PROMPT
from gatewaytui.checks.endpoints.table import CHATS, ENDPOINTS
from gatewaytui.diagnosis.crosscheck import CrossFacts, crosscheck
from gatewaytui.domain.failure import FailureClass, FailureFamily, Finding
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.progress import CheckFinished, MatrixJob
from gatewaytui.domain.run import CellFacts, CheckResult, Outcome, Run, Spending
from gatewaytui.protocols.openai_extra import PICTURE

from .desk import Desk, local_failure, target_facts
from .ledger import Ledger
from .listing import fetch_list
from .matrixcells import try_capabilities, try_endpoint, try_headers
from .matrixdesk import NO_BUDGET, Matrix, Metered, open_keyring
from .matrixgroups import name_right_keys, try_groups

KIND = "endpoints"
_OUT_OF_REACH = frozenset((FailureFamily.NETWORK, FailureFamily.LOCAL))
_UNREACHED = "Not tried: the gateway could not be reached."


async def matrix(job: MatrixJob, desk: Desk) -> Run:
    """Measure the wanted endpoints, and beside them headers, capabilities and groups as the job says."""
    started = desk.now()
    asked = job.target.model or job.target.profile.default_model
    plan, ledger = Plan(job.target, asked), Ledger(job.budget, desk.tell)
    for text in (PROMPT, PICTURE):
        desk.secrets.keep_prompt(text)
    try:
        async with AsyncExitStack() as stack:
            session, keyring = await open_keyring(stack, job.target, desk, job.groups)
            running = Matrix(job, desk, ledger, plan, session, keyring)
            await _measure(running)
    except Problem as problem:
        failed = local_failure("models", problem, 0)
        desk.tell(CheckFinished(0, failed))
        return Run(KIND, started, (target_facts(plan, asked),), (failed,), (), ledger.spending)
    return Run(
        KIND,
        started,
        (target_facts(replace(plan, model=_own_model(running, asked)), asked),),
        tuple(running.checks),
        ledger.requests,
        ledger.spending,
        running.recogniser.gateway,
    )


async def _measure(matrix: Matrix) -> None:
    wanted = [ENDPOINTS[name] for name in matrix.job.endpoints] or list(ENDPOINTS.values())
    metered = Metered(matrix)
    if not matrix.ledger.allows():
        matrix.ledger.skip(len(wanted))
        matrix.settle(CheckResult("models", Outcome.SKIPPED, note=NO_BUDGET))
        return
    listing = await fetch_list(metered, matrix.plan, 0, matrix.desk.tell, metered.may_ask)
    matrix.checks.append(listing.check)
    matrix.listed[matrix.base.group] = listing.models.models if listing.models else ()
    if _out_of_reach(listing.check.finding):
        for endpoint in wanted:
            cell = CellFacts(endpoint.name, protocol=endpoint.protocol)
            matrix.settle(CheckResult(endpoint.name, Outcome.SKIPPED, note=_UNREACHED, cell=cell))
        return
    for endpoint in wanted:
        await try_endpoint(matrix, endpoint)
    if matrix.job.headers:
        await try_headers(matrix)
    if matrix.job.capabilities:
        await try_capabilities(matrix)
    if matrix.job.groups:
        await try_groups(matrix)
    matrix.resettle(name_right_keys(_reread(matrix)))


def _out_of_reach(finding: Finding | None) -> bool:
    """True where nothing answered at all, so that nothing else need be tried."""
    if finding is None:
        return False
    return finding.family in _OUT_OF_REACH or finding.failure_class is FailureClass.CONNECT_TIMEOUT


def _own_model(matrix: Matrix, asked: str) -> str:
    """The model of the target's own chat, asked for or chosen; "" where no chat was sent."""
    own = CHATS[matrix.plan.target.protocol].name
    cells = (check.cell for check in matrix.checks if check.cell is not None)
    return next((cell.model for cell in cells if cell.endpoint == own and cell.model), asked)


def _reread(matrix: Matrix) -> list[CheckResult]:
    """The checks read together: a missing list is a warning where any endpoint answered a POST."""
    worked = any(
        check.outcome is Outcome.PASSED and check.method == "POST" and check.cell is not None
        for check in matrix.checks
    )
    ids = tuple(model.id for model in matrix.all_models()) or None
    after: list[CheckResult] = []
    for check in matrix.checks:
        model = check.cell.model if check.cell else ""
        beside = (CheckResult("chat", Outcome.PASSED),) if worked and check.name == "models" else ()
        after.append(crosscheck((check, *beside), CrossFacts(requested_model=model, listed_ids=ids))[0])
    return after


def joined(first: Run, second: Run) -> Run:
    """Two runs of one matrix as one: what the first skipped is taken from the second, where it was measured there."""
    measured = {check.name: check for check in second.checks if check.outcome is not Outcome.SKIPPED and check.cell}
    checks = tuple(_measured(check, measured.get(check.name)) for check in first.checks)
    return replace(
        first,
        checks=checks,
        requests=first.requests + second.requests,
        spending=_together(first.spending, second.spending),
    )


def _measured(skipped: CheckResult, now: CheckResult | None) -> CheckResult:
    """The later verdict in place of a skipped one; what the run requires stays as the first run had it."""
    if skipped.outcome is not Outcome.SKIPPED or skipped.cell is None or now is None or now.cell is None:
        return skipped
    return replace(now, cell=replace(now.cell, required=skipped.cell.required))


def _together(first: Spending | None, second: Spending | None) -> Spending | None:
    if first is None or second is None:
        return first or second
    return replace(
        first,
        requests=first.requests + second.requests,
        tokens=first.tokens + second.tokens,
        skipped=first.skipped + second.skipped,
    )

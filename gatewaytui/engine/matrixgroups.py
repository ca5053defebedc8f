"""The groups of a gateway with a key for each: which key opens which protocol, and whose key is the right one."""

from __future__ import annotations

from msgspec.structs import replace

from gatewaytui.checks.endpoints.base import Endpoint
from gatewaytui.checks.endpoints.fitting import Choice, choose
from gatewaytui.checks.endpoints.table import CHATS
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.run import CellFacts, CheckResult, KeyUsed, Outcome
from gatewaytui.domain.text import safe_line, valid_model_id

from .matrixcells import asked, cell_of
from .matrixdesk import NO_BUDGET, Holder, Matrix

GROUP = "group"
_KEY_TROUBLE = frozenset(
    (
        FailureClass.GROUP_OR_MODEL_ACCESS,
        FailureClass.AUTH,
        FailureClass.PERMISSION,
        FailureClass.MODEL_NOT_FOUND,
        FailureClass.MODEL_UNAVAILABLE,
    )
)
_ANSWERED = frozenset((Outcome.PASSED, Outcome.WARNED))


async def try_groups(matrix: Matrix) -> None:
    """Every group's key against every protocol of the profile."""
    keyring = matrix.keyring
    holders = (keyring.own,) if keyring.own is not None and keyring.own.group else keyring.groups
    spoken = {protocol for holder in holders for protocol in holder.protocols} | set(
        matrix.plan.target.profile.protocols
    )
    for group, sentence in keyring.locked:
        cell = CellFacts(CHATS[matrix.plan.target.protocol].name, key=KeyUsed.GROUP, group=group)
        matrix.settle(CheckResult(GROUP, Outcome.SKIPPED, note=sentence, cell=cell))
    for holder in holders:
        await matrix.models(holder)
    for holder in holders:
        for protocol in Protocol:
            if protocol in spoken:
                await _try_group(matrix, holder, CHATS[protocol])


async def _try_group(matrix: Matrix, holder: Holder, endpoint: Endpoint) -> None:
    choice = await _model_for(matrix, holder, endpoint)
    cell = replace(cell_of(matrix, endpoint, holder, choice), required=False, confirm=False)
    if not choice.model:
        matrix.settle(CheckResult(GROUP, Outcome.SKIPPED, note=choice.note, cell=cell))
        return
    if (known := _measured(matrix, cell)) is not None:
        matrix.settle(replace(known, name=GROUP, cell=cell))
        return
    plan = endpoint.plan(matrix.plan, choice.model)
    answer = await asked(
        matrix, GROUP, holder, endpoint.build(plan), endpoint.tokens, lambda error: endpoint.adapt(plan, error)
    )
    if answer is None:
        matrix.settle(CheckResult(GROUP, Outcome.SKIPPED, note=NO_BUDGET, cell=cell))
        return
    check = endpoint.judge(answer.exchange, answer.reading, answer.finding, choice.note)
    matrix.settle(replace(check, name=GROUP, cell=cell))


def _measured(matrix: Matrix, cell: CellFacts) -> CheckResult | None:
    """The endpoint's own cell where it asked the same model with the same group's key: nothing is paid for twice."""
    for check in matrix.checks:
        known = check.cell
        if known is None or check.name != known.endpoint or check.outcome is Outcome.SKIPPED:
            continue
        if (known.endpoint, known.group, known.key, known.model) == (cell.endpoint, cell.group, cell.key, cell.model):
            return check
    return None


async def _model_for(matrix: Matrix, holder: Holder, endpoint: Endpoint) -> Choice:
    """A model of the protocol's own kind: of this key's list, else of any key's, else whatever this key lists."""
    if endpoint.fit is None:
        return Choice("")
    own = await matrix.models(holder)
    for models in (own, matrix.all_models()):
        choice = choose(endpoint.fit, models, matrix.plan.model, insist=False)
        kindred = endpoint.fit.prefers.search(choice.model)
        if choice.model and (kindred or (choice.info is not None and endpoint.fit.declared(choice.info))):
            return choice
    return choose(endpoint.fit, own, matrix.plan.model, insist=False)


def name_right_keys(checks: list[CheckResult]) -> list[CheckResult]:
    """Where a key was refused, the next step names its group, and the group whose key answered the same protocol."""
    return [_named(check, checks) for check in checks]


def _named(check: CheckResult, checks: list[CheckResult]) -> CheckResult:
    cell, finding = check.cell, check.finding
    chat = cell is not None and cell.protocol is not None and cell.endpoint == CHATS[cell.protocol].name
    if cell is None or finding is None or not chat or finding.failure_class not in _KEY_TROUBLE:
        return check
    if check.outcome is not Outcome.FAILED:
        return check
    whose = f"the key of group {safe_line(cell.group, 64)}" if cell.group else "this key"
    right = _right_key(check, checks)
    if right is not None and right.cell is not None:
        model = f" with {right.cell.model}" if valid_model_id(right.cell.model) else ""
        step = f"Instead of {whose} use the key of group {safe_line(right.cell.group, 64)}: it answered{model}."
    elif cell.group:
        step = f"This was {whose}. {finding.next_step}"
    else:
        return check
    return replace(check, finding=replace(finding, next_step=step))


def _right_key(check: CheckResult, checks: list[CheckResult]) -> CheckResult | None:
    """A group's cell that worked where this one was refused: the same protocol, best with the same model."""
    worked = [
        one
        for one in checks
        if one.name == GROUP
        and one.outcome in _ANSWERED
        and one.cell is not None
        and check.cell is not None
        and one.cell.protocol is check.cell.protocol
        and one.cell.group != check.cell.group
    ]
    same = (one for one in worked if one.cell and check.cell and one.cell.model == check.cell.model)
    return next(same, worked[0] if worked else None)

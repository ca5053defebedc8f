"""The endpoint matrix as tables for a person: endpoints, auth headers, capabilities, groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from gatewaytui.checks.capabilities import CAPABILITIES
from gatewaytui.checks.endpoints.base import not_offered, refused_unused
from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.domain.text import safe_line
from gatewaytui.engine.matrixcells import AUTH_HEADER
from gatewaytui.engine.matrixgroups import GROUP

from . import output

_DECLARED: Mapping[bool | None, str] = MappingProxyType({None: "-", True: "yes", False: "no"})
_Row = Callable[[CheckResult], tuple[str, ...]]
_WIDEST_ID = 48


def text(run: Run) -> str:
    """All tables of a run, one below the other; those without a row are left out."""
    endpoints = [check for check in run.checks if check.name in ENDPOINTS]
    headers = [check for check in run.checks if check.name == AUTH_HEADER]
    capabilities = [check for check in run.checks if check.name in CAPABILITIES]
    groups = [check for check in run.checks if check.name == GROUP]
    parts = (
        _table(("", "endpoint", "declared", "measured", "status", "ms", "model", "class"), endpoints, _endpoint),
        _table(("", "auth header", "measured", "status", "ms", "asked", "class"), headers, _header),
        _table(("", "capability", "declared", "measured", "status", "ms", "model", "class"), capabilities, _endpoint),
        _table(("", "group", "protocol", "measured", "status", "ms", "model", "class"), groups, _group),
        _steps((*endpoints, *groups)),
    )
    return "\n".join(part for part in parts if part)


def measured(check: CheckResult) -> str:
    """The word that stands beside the sign."""
    if check.outcome is Outcome.FAILED and not_offered(check.finding):
        return "not offered"
    if refused_unused(check):
        return "refused"
    return str(check.outcome)


def spent(run: Run) -> str:
    """What the run cost in requests and tokens."""
    if run.spending is None:
        return ""
    left = f", {run.spending.skipped} not tried for want of budget" if run.spending.skipped else ""
    return f"{run.spending.requests} requests, {run.spending.tokens} tokens{left}."


def _table(header: Sequence[str], checks: Sequence[CheckResult], row: _Row) -> str:
    if not checks:
        return ""
    right = frozenset(at for at, name in enumerate(header) if name in ("status", "ms"))
    return output.table(header, [row(check) for check in checks], right)


def _endpoint(check: CheckResult) -> tuple[str, ...]:
    declared = _DECLARED[check.cell.declared if check.cell else None]
    return (output.sign(check.outcome), check.name, declared, measured(check), *_figures(check), *_end(check))


def _header(check: CheckResult) -> tuple[str, ...]:
    header = str(check.cell.auth_header) if check.cell else "-"
    asked = check.cell.endpoint if check.cell else "-"
    what = _why(check) or check.note
    return (output.sign(check.outcome), header, measured(check), *_figures(check), asked, what)


def _group(check: CheckResult) -> tuple[str, ...]:
    cell = check.cell
    group = safe_line(cell.group, 40) if cell else "-"
    protocol = str(cell.protocol) if cell and cell.protocol else "-"
    return (output.sign(check.outcome), group, protocol, measured(check), *_figures(check), *_end(check))


def _figures(check: CheckResult) -> tuple[str, str]:
    return (
        "-" if check.status is None else str(check.status),
        "-" if check.elapsed_ms is None else f"{check.elapsed_ms:.0f}",
    )


def _end(check: CheckResult) -> tuple[str, str]:
    model = safe_line(check.cell.model, _WIDEST_ID) if check.cell else ""
    return (model or "-", _why(check) or check.note)


def _why(check: CheckResult) -> str:
    return str(check.finding.failure_class) if check.finding else ""


def _steps(checks: Sequence[CheckResult]) -> str:
    """What to do about the cells whose key was the wrong one; the other classes explain themselves by their name."""
    lines = [
        f"{output.sign(check.outcome)} {check.cell.group or 'this key'} at {check.cell.endpoint}: "
        f"{check.finding.next_step}"
        for check in checks
        if check.finding is not None and check.cell is not None and "use the key of group" in check.finding.next_step
    ]
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))

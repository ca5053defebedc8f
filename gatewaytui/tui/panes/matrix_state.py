"""The endpoint matrix as it goes: progress folded into a frozen snapshot, and the tables that show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from gatewaytui.checks.endpoints.base import not_offered
from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target
from gatewaytui.domain.progress import (
    MATRIX_BUDGET,
    CheckFinished,
    CheckStarted,
    MatrixJob,
    Progress,
    RequestMade,
    RunFinished,
)
from gatewaytui.domain.run import Budget, CellFacts, CheckResult, Outcome, Run, Spending
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, aligned, widths
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines

AUTH_HEADER, GROUP = "auth_header", "group"
"""The names that the engine gives to the cells of headers and of groups."""

_LEAST_SHOWN_USD = 0.0001
_WIDEST_ID = 48
_RIGHT_KEY = "use the key of group"  # what the engine says where a group's key is the wrong one
_NARROWEST_NOTE, _GAP = 24, 2  # cells that a note gets at least, and between columns
_DECLARED: Mapping[bool | None, str] = MappingProxyType({None: figures.NOT_MEASURED, True: "yes", False: "no"})
_COLUMNS = (
    Column("", rank=9),
    Column("endpoint", rank=9),
    Column("declared", rank=3),
    Column("measured", rank=8),
    Column("HTTP", right=True, rank=7),
    Column("time", right=True, rank=6),
    Column("model", gives=True, rank=2),
    Column("found", gives=True, rank=4),
)
_HEADS: Mapping[str, Mapping[int, str]] = MappingProxyType({"auth header": {2: "", 6: "asked"}})
"""Heads that a table has instead of the common ones, by place."""

_NOTHING = SIGNS[Outcome.SKIPPED]
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class MatrixState:
    """What is known so far. ``started`` is the request under way; ``runs`` are those that ended, in their order."""

    target: Target
    cells: tuple[CheckResult, ...] = ()
    listing: CheckResult | None = None
    started: CheckStarted | None = None
    spending: Spending | None = None
    runs: tuple[Run, ...] = ()
    running: bool = False
    trouble: Problem | None = None
    stopped: bool = False

    @property
    def begun(self) -> bool:
        """True once a run was begun."""
        return self.running or bool(self.cells) or bool(self.runs) or self.trouble is not None or self.stopped

    @property
    def waiting(self) -> tuple[CheckResult, ...]:
        """The cells that were skipped for want of a person's word."""
        return tuple(cell for cell in self.cells if _waits(cell))

    @property
    def budget_left(self) -> Budget:
        """What a run after this one may spend."""
        spent = self.spending or Spending(MATRIX_BUDGET)
        limit = MATRIX_BUDGET
        return Budget(max(limit.requests - spent.requests, 0), max(limit.tokens - spent.tokens, 0))

    def job(self) -> MatrixJob:
        """The whole matrix; what costs more than a tiny request is skipped, priced."""
        return MatrixJob(self.target)

    def billed_job(self) -> MatrixJob:
        """What was skipped for want of a person's word, now with it."""
        names = tuple(cell.name for cell in self.waiting)
        return MatrixJob(
            self.target, names, headers=False, capabilities=False, groups=False, confirmed=True,
            budget=self.budget_left,
        )  # fmt: skip

    def beginning(self, *, anew: bool) -> MatrixState:
        """At the start of a run: from nothing, or adding to what is known."""
        if anew:
            return MatrixState(self.target, running=True)
        return replace(self, running=True, stopped=False, trouble=None)

    def ending(self, problem: Problem | None = None, *, stopped: bool = False) -> MatrixState:
        """At the end of a run."""
        return replace(self, running=False, started=None, trouble=problem, stopped=stopped)

    def hearing(self, events: Iterable[Progress]) -> MatrixState:
        """The state after these events."""
        state = self
        for event in events:
            state = state._after(event)
        return state

    def _after(self, event: Progress) -> MatrixState:
        match event:
            case CheckStarted():
                return replace(self, started=event)
            case CheckFinished(check=check) if check.cell is None:
                return replace(self, started=None, listing=check if not self.runs else self.listing)
            case CheckFinished(check=check):
                return replace(self, started=None, cells=_with(self.cells, check))
            case RequestMade(spent=spent):
                return replace(self, spending=self._together(spent))
            case RunFinished(run=run):
                return replace(self, started=None, runs=(*self.runs, run))
            case _:
                return self

    def _together(self, spent: Spending) -> Spending:
        """What this run and those before it have spent."""
        earlier = [run.spending for run in self.runs if run.spending is not None]
        return Spending(
            MATRIX_BUDGET,
            spent.requests + sum(one.requests for one in earlier),
            spent.tokens + sum(one.tokens for one in earlier),
            spent.skipped,
        )


def _waits(check: CheckResult) -> bool:
    return check.outcome is Outcome.SKIPPED and check.cell is not None and check.cell.confirm


def _place(check: CheckResult) -> tuple[object, ...]:
    """What tells one cell from another; a cell that is told again has the same."""
    cell = check.cell or CellFacts("")
    return check.name, cell.endpoint, cell.auth_header, cell.key, cell.group, cell.protocol


def _with(cells: tuple[CheckResult, ...], check: CheckResult) -> tuple[CheckResult, ...]:
    place = _place(check)
    if any(_place(known) == place for known in cells):
        return tuple(check if _place(known) == place else known for known in cells)
    return (*cells, check)


def price_words(check: CheckResult) -> str:
    """What the request costs at most."""
    cost = check.cell.cost_usd if check.cell else None
    return "price not listed" if cost is None else f"up to ${max(cost, _LEAST_SHOWN_USD):.4f}"


def _model(check: CheckResult) -> str:
    """The model that was asked; for a header the endpoint."""
    if check.cell is None:
        return figures.NOT_MEASURED
    asked = check.cell.endpoint if check.name == AUTH_HEADER else check.cell.model
    return safe_line(asked, _WIDEST_ID) or figures.NOT_MEASURED


def price_lines(state: MatrixState) -> tuple[str, ...]:
    """The priced list that a person agrees to, and what it comes to."""
    rows = state.waiting
    listed = [check.cell.cost_usd for check in rows if check.cell and check.cell.cost_usd is not None]
    cells = [(check.name, price_words(check), _model(check)) for check in rows]
    wide = [max((len(row[place]) for row in cells), default=0) for place in range(2)]
    lines = [f"{name:<{wide[0]}}  {price:<{wide[1]}}  {model}" for name, price, model in cells]
    unknown = len(rows) - len(listed)
    total = f"In all up to ${sum(listed):.4f}" if listed else "No price is listed"
    rest = f", and {figures.plural(unknown, 'request')} without a listed price" if listed and unknown else ""
    return (*lines, "", f"{total}{rest}.")


def matrix_lines(state: MatrixState, elapsed_ns: int, width: int) -> tuple[Line, ...]:
    """The tables below each other, in common columns; then what to do about a wrong group's key."""
    sections = _filled(state, elapsed_ns, _NARROWEST_NOTE)
    spare = width - sum(_measured(sections, width)) - _GAP * (len(_COLUMNS) - 1)
    sections = _filled(state, elapsed_ns, _NARROWEST_NOTE + max(spare, 0))
    cells = _measured(sections, width)
    lines: list[Line] = []
    for head, rows in sections:
        names = {**_HEADS.get(head, {}), 1: head}
        heads = [(names.get(place, column.head), Ink.MUTED) for place, column in enumerate(_COLUMNS)]
        lines += [()] if lines else []
        lines += [aligned(_COLUMNS, heads, cells), *(aligned(_COLUMNS, row, cells) for row in rows)]
    return (*lines, *_steps(state, width))


def _filled(state: MatrixState, elapsed_ns: int, note_width: int) -> list[tuple[str, list[Row]]]:
    return [(head, rows) for head, rows in _sections(state, elapsed_ns, note_width) if rows]


def _measured(sections: Sequence[tuple[str, list[Row]]], width: int) -> tuple[int, ...]:
    return widths(_COLUMNS, [row for _, rows in sections for row in rows], width)


def _sections(state: MatrixState, elapsed_ns: int, note_width: int) -> Iterable[tuple[str, list[Row]]]:
    known = {check.name: check for check in state.cells if _is_endpoint(check)}
    names = [name for name in ENDPOINTS if name in known or not state.runs]
    endpoints = [
        _row(known[name], name, note_width) if name in known else _pending(state, name, elapsed_ns) for name in names
    ]
    yield "endpoint", endpoints
    yield "auth header", [_row(cell, _header(cell), note_width) for cell in state.cells if cell.name == AUTH_HEADER]
    others = (AUTH_HEADER, GROUP)
    capabilities = [cell for cell in state.cells if not _is_endpoint(cell) and cell.name not in others]
    yield "capability", [_row(cell, cell.name, note_width) for cell in capabilities]
    yield "group's key", [_row(cell, _group(cell), note_width) for cell in state.cells if cell.name == GROUP]


def _is_endpoint(check: CheckResult) -> bool:
    return check.name in ENDPOINTS and check.cell is not None and check.cell.endpoint == check.name


def _header(check: CheckResult) -> str:
    return f"{check.cell.auth_header}" if check.cell else ""


def _group(check: CheckResult) -> str:
    cell = check.cell
    return " · ".join(filter(None, (safe_line(cell.group, 40), str(cell.protocol or "")))) if cell else ""


def _row(check: CheckResult, name: str, note_width: int) -> Row:
    look, cell = SIGNS[check.outcome], check.cell
    absent = check.outcome is Outcome.FAILED and not_offered(check.finding)
    ink = Ink.MUTED if absent else look.ink
    return (
        (look.sign, ink),
        (name, Ink.MUTED if absent or check.outcome is Outcome.SKIPPED else Ink.PLAIN),
        ("" if check.name == AUTH_HEADER else _DECLARED[cell.declared if cell else None], Ink.MUTED),
        ("not offered" if absent else look.word, ink),
        (figures.NOT_MEASURED if check.status is None else str(check.status), Ink.PLAIN),
        (figures.milliseconds(check.elapsed_ms), Ink.MUTED),
        (_model(check), Ink.MUTED),
        _found(check, absent, note_width),
    )


def _found(check: CheckResult, absent: bool, note_width: int) -> Cell:
    if _waits(check):
        return f"{price_words(check)}: b asks", Ink.ACCENT
    if check.finding is not None:
        return str(check.finding.failure_class), Ink.MUTED if absent else SIGNS[check.outcome].ink
    return figures.clipped(check.note, note_width), Ink.MUTED


def _pending(state: MatrixState, name: str, elapsed_ns: int) -> Row:
    now = state.started is not None and state.started.name == name
    rest = [(figures.NOT_MEASURED, Ink.MUTED)] * 2
    word = figures.seconds(elapsed_ns) if now else "waits" if state.running else "not tried"
    ink = Ink.ACCENT if now else Ink.MUTED
    return (
        ("…" if now else _NOTHING.sign, ink),
        (name, ink),
        (figures.NOT_MEASURED, Ink.MUTED),
        (word, ink),
        *rest,
        (figures.NOT_MEASURED, Ink.MUTED),
        ("", Ink.MUTED),
    )


def _steps(state: MatrixState, width: int) -> tuple[Line, ...]:
    """The next step where the target's own chat failed, and where another group's key is the right one."""
    steps = dict.fromkeys(
        (check.cell.endpoint, check.finding.next_step)
        for check in state.cells
        if check.finding is not None and check.cell is not None and _worth_a_step(check, check.finding.next_step)
    )
    longest = max((len(endpoint) for endpoint, _ in steps), default=0)
    passages = [Passage(step, Ink.PLAIN, f"  {endpoint:<{longest}}  ") for endpoint, step in steps]
    return ((), (("Next", Ink.MUTED),), *passage_lines(passages, width)) if passages else ()


def _worth_a_step(check: CheckResult, step: str) -> bool:
    return _is_endpoint(check) and check.outcome is Outcome.FAILED and (check.counts or _RIGHT_KEY in step)

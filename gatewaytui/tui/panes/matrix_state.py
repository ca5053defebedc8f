"""The endpoint matrix as it goes: progress folded into a frozen snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

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
from gatewaytui.domain.run import Budget, CellFacts, CheckResult, Outcome, Run, Sent, Spending

from .stopped import stopped_run

KIND = "endpoints"
"""What the engine calls a run of the matrix."""

AUTH_HEADER, GROUP = "auth_header", "group"
"""The names that the engine gives to the cells of headers and of groups."""


class MatrixState(msgspec.Struct, frozen=True):
    """What is known so far, of a matrix begun ``at`` (UTC).

    ``started`` is the request under way; ``runs`` are those that ended, in their order.
    """

    target: Target
    cells: tuple[CheckResult, ...] = ()
    listing: CheckResult | None = None
    started: CheckStarted | None = None
    spending: Spending | None = None
    runs: tuple[Run, ...] = ()
    running: bool = False
    trouble: Problem | None = None
    stopped: bool = False
    at: datetime | None = None
    requests: tuple[Sent, ...] = ()

    @property
    def unfinished(self) -> Run | None:
        """The record of the last run where it was stopped; None where it ended, or nothing was measured."""
        known = [check for run in self.runs for check in run.checks]
        checks = [cell for cell in self.cells if cell not in known]
        if not self.stopped or self.at is None or not checks:
            return None
        listing = [self.listing] if self.listing and not self.runs else []
        requests = self.requests[sum(len(run.requests) for run in self.runs) :]
        return stopped_run(KIND, self.target, self.at, [*listing, *checks], requests, self.spending)

    @property
    def begun(self) -> bool:
        """True once a run was begun."""
        return self.running or bool(self.cells) or bool(self.runs) or self.trouble is not None or self.stopped

    @property
    def waiting(self) -> tuple[CheckResult, ...]:
        """The cells that were skipped for want of a person's word."""
        return tuple(cell for cell in self.cells if waits(cell))

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

    def beginning(self, at: datetime, *, anew: bool) -> MatrixState:
        """At the start of a run: from nothing, or adding to what is known."""
        if anew:
            return MatrixState(self.target, running=True, at=at)
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
            case RequestMade(sent=sent, spent=spent):
                return replace(self, spending=self._together(spent), requests=(*self.requests, sent))
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


def waits(check: CheckResult) -> bool:
    """Whether it was skipped for want of a person's word."""
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

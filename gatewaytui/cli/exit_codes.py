"""Process exit codes beyond the families' own (design/rules.md). A family's code is on FailureFamily."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatewaytui.domain.run import Run

OK = 0
USAGE = 2
REGRESSION = 23
REFUSED = 24
CRASH = 70
INTERRUPTED = 130
TERMINATED = 143


def of_run(run: Run, fail_on_warning: bool = False) -> int:
    """The first failed check's family; with ``fail_on_warning`` the first warning's too; else 0."""
    worst = run.failed or (run.warned[0] if fail_on_warning and run.warned else None)
    return worst.finding.family.exit_code if worst is not None and worst.finding is not None else OK

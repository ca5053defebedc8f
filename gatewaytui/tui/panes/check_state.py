"""One check of a target as it goes: progress folded into a frozen snapshot, and the lines that show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from gatewaytui.domain.outcome import Outcome
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, aligned, widths
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line

if TYPE_CHECKING:
    from gatewaytui.domain.problem import Problem
    from gatewaytui.domain.progress import CheckStarted, Progress
    from gatewaytui.domain.run import CheckResult, Run

PROBE = "Reply with OK"
"""The prompt of a check: small, and nothing anybody would mind."""

_COLUMNS = (
    Column(""),
    Column("check"),
    Column("request", gives=True),
    Column("status", right=True),
    Column("time", right=True),
    Column("found", gives=True, rank=2),
)


class CheckState(msgspec.Struct, frozen=True):
    """What is known so far. ``started`` is the request under way, ``trouble`` what ended it on this machine.

    ``said`` is the server's own error message, shown only where a person asks.
    """

    checks: tuple[CheckResult, ...] = ()
    started: CheckStarted | None = None
    run: Run | None = None
    trouble: Problem | None = None
    stopped: bool = False
    said: str = ""

    @property
    def ended(self) -> bool:
        """True when nothing more will come."""
        return self.run is not None or self.trouble is not None or self.stopped

    @property
    def worst(self) -> CheckResult | None:
        """The check to explain: the first that failed, else the first that warned."""
        for outcome in (Outcome.FAILED, Outcome.WARNED):
            found = next((check for check in self.checks if check.outcome is outcome), None)
            if found is not None:
                return found
        return None

    def hearing(self, events: Iterable[Progress]) -> CheckState:
        """The state after these events."""
        from gatewaytui.domain.progress import (  # after the first paint
            CheckFinished,
            CheckStarted,
            RunFinished,
            ServerSaid,
        )

        state = self
        for event in events:
            match event:
                case CheckStarted():
                    state = replace(state, started=event)
                case CheckFinished(check=check):
                    others = tuple(known for known in state.checks if known.name != check.name)
                    state = replace(state, started=None, checks=(*others, check))
                case ServerSaid(text=text):
                    state = replace(state, said=text)
                case RunFinished(run=run):
                    state = replace(state, started=None, run=run, checks=run.checks)
                case _:
                    pass
        return state


def check_lines(state: CheckState, elapsed_ns: int, width: int) -> tuple[Line, ...]:
    """A line a check: verdict, request, status, time, what was found; the one under way with its time so far."""
    rows = [_row(check) for check in state.checks]
    if state.started is not None:
        rows.append(_waiting(state.started, elapsed_ns))
    cells = widths(_COLUMNS, rows, width)
    return tuple(aligned(_COLUMNS, row, cells) for row in rows)


def found_words(check: CheckResult) -> str:
    """What a passed check brought: the number of models, or how the answer ended."""
    if check.catalogue is not None:
        cut = ", cut there" if check.catalogue.truncated else ""
        return figures.plural(check.catalogue.model_count, "model") + cut
    if check.answer is not None:
        usage = check.answer.usage
        noun = "token" if usage and usage.output_tokens == 1 else "tokens"
        tokens = f"{figures.count(usage.output_tokens)} {noun} out" if usage else ""
        refused = "refused" if check.answer.refused else ""
        return " · ".join(filter(None, (safe_line(check.answer.finish_reason, 40), tokens, refused)))
    return ""


def _row(check: CheckResult) -> Sequence[Cell]:
    sign = SIGNS[check.outcome]
    found = str(check.finding.failure_class) if check.finding else found_words(check) or check.note
    return (
        (sign.sign, sign.ink),
        (check.name, Ink.STRONG if check.outcome is Outcome.FAILED else Ink.PLAIN),
        (" ".join(filter(None, (check.method, check.path))), Ink.MUTED),
        ("" if check.status is None else str(check.status), Ink.PLAIN),
        ("" if check.elapsed_ms is None else figures.milliseconds(check.elapsed_ms), Ink.PLAIN),
        (f"{sign.word} · {found}" if found else sign.word, sign.ink),
    )


def _waiting(started: CheckStarted, elapsed_ns: int) -> Sequence[Cell]:
    return (
        ("…", Ink.ACCENT),
        (started.name, Ink.PLAIN),
        (f"{started.method} {started.path}", Ink.MUTED),
        ("", Ink.PLAIN),
        (figures.seconds(elapsed_ns), Ink.PLAIN),
        ("waiting, Esc stops", Ink.ACCENT),
    )

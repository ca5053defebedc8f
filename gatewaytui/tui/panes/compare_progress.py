"""How far a comparison is: a line for all of it, and one for the head of each column."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.ink import Ink, Line

from .compare_settings import RunSettings, dollars
from .compare_state import LineUp

_SHORTEST_BAR, _LONGEST_BAR = 6, 24
_GAP = 2
_STOPS = "Esc stops"
_KEYS = ("r sends", "n sets the runs")
_DROPPED_FIRST = (1, 3, 5, 2, 4)
"""What goes where the width is short, by its place among the words: the bar says how many requests were heard."""


def tally(line_up: LineUp, index: int, width: int) -> Line:
    """What stands in the head of a column: answered of runs, and the class of the last failure."""
    if line_up.runs == 1 and not (line_up.job and line_up.job.warm_ups):
        return ()
    runner, job = line_up.runners[index], line_up.job
    if job is not None and job.warm_ups and not runner.heard and runner.warmed < job.warm_ups and not runner.broken:
        return ((f"warm-up {runner.warmed + 1} of {job.warm_ups}", Ink.MUTED),)
    told, ink = f"{runner.answered}/{line_up.runs} answered", Ink.PLAIN if runner.heard else Ink.MUTED
    if runner.last_failure is None:
        return ((told, ink),)
    failed = f"✗ {runner.last_failure}"
    if len(told) + len(failed) + 3 > width:
        told = f"{runner.answered}/{line_up.runs}"
    return ((told, ink), (" · ", Ink.MUTED), (figures.clipped(failed, width - len(told) - 3), Ink.FAILED))


def progress_words(line_up: LineUp, elapsed_ns: int, width: int) -> str:
    """How far it is, in as many words as the width holds, behind a bar that takes what is left of it."""
    lasted = figures.seconds(elapsed_ns)
    if line_up.runs == 1:
        return f"{line_up.done} of {figures.plural(len(line_up.targets), 'target')} done · {lasted} · {_STOPS}"
    total = line_up.spend.requests if line_up.spend else 0
    sent = f"{figures.grouped(line_up.requests_heard)} of {figures.grouped(total)} requests"
    tokens, money = _spent(line_up)
    words = [_run_words(line_up), figures.plural(len(line_up.targets), "column"), sent, tokens, money, lasted, _STOPS]
    for dropped in _DROPPED_FIRST:
        if cell_len(_joined(words)) + _SHORTEST_BAR + _GAP > width:
            words[dropped] = ""
    said = _joined(words)
    room = min(width - cell_len(said) - _GAP, _LONGEST_BAR)
    return f"{bar(line_up.requests_heard, total, room)}{' ' * _GAP}{said}" if room >= _SHORTEST_BAR else said


def _joined(words: Sequence[str]) -> str:
    return " · ".join(filter(None, words))


def bar(done: int, total: int, width: int) -> str:
    """A progress bar at a resolution of half a cell: what is done heavy, what is left light."""
    halves = min(done * width * 2 // total, width * 2) if total else 0
    whole, half = divmod(halves, 2)
    return "━" * whole + "╸" * half + "─" * (width - whole - half)


def _run_words(line_up: LineUp) -> str:
    """Where the slowest column is that still runs."""
    heard = [runner.heard for runner in line_up.runners if not runner.done(line_up.runs)]
    return f"run {min(heard, default=line_up.runs - 1) + 1} of {line_up.runs}"


def _spent(line_up: LineUp) -> tuple[str, str]:
    """Tokens as the servers counted them, and money as far as prices are listed; "" for what is not known."""
    usages = [check.answer.usage for check in line_up.checks if check.answer and check.answer.usage]
    tokens = sum((usage.input_tokens or 0) + (usage.output_tokens or 0) for usage in usages)
    limit = line_up.spend.cost_usd if line_up.spend else None
    costs = [line_up.facts(index).cost_usd for index in range(len(line_up.runners))]
    money = "" if limit is None else f"{dollars(sum(filter(None, costs)))} of at most {dollars(limit)}"
    return f"{figures.grouped(tokens)} tokens" if tokens else "", money


def standing_words(line_up: LineUp, settings: RunSettings, width: int) -> str:
    """How the last comparison ended, else what the next one would do; then what to press, as far as it fits."""
    targets = figures.plural(len(line_up.targets), "target")
    words = [ended_words(line_up) or _joined((targets, "streamed", settings.words())), *_KEYS]
    while len(words) > 1 and cell_len(_joined(words)) > width:
        words.pop()
    return _joined(words)


def ended_words(line_up: LineUp) -> str:
    """How the last comparison ended, once it has; "" before."""
    if line_up.job is None or not line_up.runners:
        return ""
    stopped = any(runner.answer.stopped for runner in line_up.runners)
    measured = f"{figures.grouped(sum(runner.heard for runner in line_up.runners))} of " + figures.plural(
        line_up.runs * len(line_up.targets), "run"
    )
    if stopped:
        return f"Stopped: {measured} measured" if line_up.checks else "Stopped before anything was measured"
    return _joined((f"{measured} measured", *_spent(line_up))) if line_up.runs > 1 else ""

"""A comparison in figures: the table of its columns and the notes below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from gatewaytui.diagnosis.contest import contenders
from gatewaytui.diagnosis.metrics import figure
from gatewaytui.diagnosis.models import same_model
from gatewaytui.domain.comparison import BEST, ESTIMATED, ESTIMATED_MEANS, ColumnFacts, Metric, Spread
from gatewaytui.domain.profile import Target
from gatewaytui.domain.run import StreamFacts
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, table
from gatewaytui.tui.widgets.ink import Ink, Line
from gatewaytui.tui.widgets.wrapping import wrap

from .answer_figures import going_words, live_facts, verdict
from .answer_state import AnswerState
from .compare_state import LineUp, Runner, model_of

_SILENT = "… silent"
_LABEL_MOST = 24  # the head of its column shows it whole


def number(value: float | None) -> str:
    """A rate without its unit, which stands in the head of its column."""
    return figures.NOT_MEASURED if value is None else figures.grouped(value, 1)


class _Measure(msgspec.Struct, frozen=True):
    """A metric that is compared: its head, how it is shown, and its name among the figures of one stream."""

    head: str
    metric: Metric
    rank: int
    show: Callable[[float | None], str] = figures.milliseconds


_MEASURES = (
    _Measure("TTFT", Metric.TTFT, 9),
    _Measure("TTFAT", Metric.TTFAT, 4),
    _Measure("ITL", Metric.ITL, 5, figures.fine_milliseconds),
    _Measure("tok/s", Metric.TOKENS_PER_SECOND, 8, number),
    _Measure("e2e", Metric.E2E, 7),
)
_TAIL_PERCENTILES: tuple[tuple[str, Callable[[Spread], float | None]], ...] = (
    ("p95", lambda spread: spread.p95),
    ("p90", lambda spread: spread.p90),
)


def best_of(line_up: LineUp, metric: Metric) -> frozenset[int]:
    """The columns with the best median, once all are done; none where fewer than two compete or all have one."""
    columns = [line_up.facts(index) for index in range(len(line_up.runners))]
    among = contenders(columns, metric)
    medians = {index: facts.spread(metric).middle for index, facts in enumerate(columns) if facts.target in among}
    found = {index: value for index, value in medians.items() if value is not None}
    if len(set(found.values())) < 2 or not line_up.over:
        return frozenset()
    best = max(found.values()) if metric.more_is_better else min(found.values())
    return frozenset(index for index, value in found.items() if value == best)


def comparison_lines(line_up: LineUp, width: int, now_ns: int = 0) -> tuple[Line, ...]:
    """The table: the best figure of each column carries ▲ as well as colour, among those that answered."""
    if not line_up.runners:
        return ()
    several = line_up.runs > 1
    heads: list[Column] = [
        Column("target", rank=10),
        Column("served model", gives=True, rank=2),
        Column("success", right=True, rank=9),
    ]
    body: list[list[Cell]] = [
        [(figures.clipped(name, _LABEL_MOST), Ink.STRONG) for name in line_up.names],
        [_served(target, line_up, index) for index, target in enumerate(line_up.targets)],
        [_success(runner) for runner in line_up.runners],
    ]
    for measure in _MEASURES:
        heads.append(Column(f"{measure.head} p50" if several else measure.head, right=True, rank=measure.rank))
        body.append(_measured(measure, line_up))
        if measure.metric is Metric.TTFT:
            _add_tail(heads, body, line_up)
    heads += [Column("in", right=True, rank=3), Column("out", right=True, rank=3)]
    body += [_tokens(line_up, lambda facts: facts.input_tokens), _tokens(line_up, lambda facts: facts.output_tokens)]
    if several and line_up.job is not None and line_up.job.request.temperature == 0:
        heads.append(Column("texts", right=True, rank=4))
        body.append([_texts(line_up.facts(index)) for index in range(len(line_up.runners))])
    heads.append(Column("verdict", rank=10))
    body.append([_verdict(line_up, index, now_ns) for index in range(len(line_up.runners))])
    return table(heads, list(zip(*body, strict=True)), width)


def note_lines(line_up: LineUp, width: int, most: int = 99) -> tuple[Line, ...]:
    """What is worth a sentence, wrapped; what does not fit is counted."""
    notes = [
        *_text_notes(line_up),
        *_estimate_notes(line_up),
        *(line_up.measured.notes if line_up.measured and line_up.over else ()),
    ]
    lines: list[Line] = []
    for place, note in enumerate(notes):
        wrapped = wrap(safe_line(note, 400), max(width - 2, 1))
        room = most - len(lines) - (place < len(notes) - 1)
        if len(wrapped) > room:
            left = figures.plural(len(notes) - place, "more note")
            return (*lines, (("· ", Ink.MUTED), (f"{left} in the evidence: press e", Ink.MUTED)))[-max(most, 0) :]
        lines += [((" " * 2 if row else "· ", Ink.MUTED), (text, Ink.MUTED)) for row, text in enumerate(wrapped)]
    return tuple(lines)


def _text_notes(line_up: LineUp) -> list[str]:
    """Whether the answers are one text, where the temperature was 0."""
    measured = line_up.measured
    if measured is None or measured.same_text is None or not line_up.over:
        return []
    answers = sum(column.answered for column in measured.columns)
    texts = len({number for column in measured.columns for number in column.texts})
    if measured.same_text:
        return [f"All {figures.grouped(answers)} answers are one identical text, at temperature 0."]
    return [f"{texts} different texts in {figures.grouped(answers)} answers, at temperature 0."]


def _estimate_notes(line_up: LineUp) -> list[str]:
    """What the sign before a figure means, where one stands."""
    columns = line_up.measured.columns if line_up.measured and line_up.over else ()
    return [ESTIMATED_MEANS] if any(column.estimated for column in columns) else []


def _add_tail(heads: list[Column], body: list[list[Cell]], line_up: LineUp) -> None:
    """A high percentile of TTFT, the highest that some column has enough runs for."""
    spreads = [line_up.facts(index).spread(Metric.TTFT) for index in range(len(line_up.runners))]
    for head, read in _TAIL_PERCENTILES:
        values = [read(spread) for spread in spreads]
        if any(value is not None for value in values):
            heads.append(Column(head, right=True, rank=6))
            body.append([_plain(figures.milliseconds(value)) for value in values])
            return


def _plain(text: str) -> Cell:
    return text, Ink.MUTED if text == figures.NOT_MEASURED else Ink.PLAIN


def _measured(measure: _Measure, line_up: LineUp) -> list[Cell]:
    best = best_of(line_up, measure.metric)
    cells: list[Cell] = []
    for index, runner in enumerate(line_up.runners):
        facts = line_up.facts(index)
        value = facts.spread(measure.metric).middle
        sign = ESTIMATED if value is not None and facts.estimated and measure.metric.counts_tokens else ""
        if value is None and line_up.runs == 1 and runner.heard == 0:
            value = _live(runner.answer, measure.metric)
        text = sign + measure.show(value)
        cells.append((f"{BEST} {text}", Ink.PASSED) if index in best else _plain(text))
    return cells


def _live(answer: AnswerState, metric: Metric) -> float | None:
    """The figure of the answer that streams; the verdict's own replaces it."""
    facts: StreamFacts = live_facts(answer)
    found: float | None = getattr(facts, metric.value, None)
    return found


def _success(runner: Runner) -> Cell:
    if not runner.heard:
        return figures.NOT_MEASURED, Ink.MUTED
    return f"{runner.answered}/{runner.heard}", Ink.PLAIN if runner.answered == runner.heard else Ink.FAILED


def _served(target: Target, line_up: LineUp, index: int) -> Cell:
    served = line_up.facts(index).served_models
    asked = target.model or target.profile.default_model
    if len(served) > 1:
        return f"! {len(served)} models", Ink.WARNED
    if served and asked and not same_model(asked, served[0]):
        return f"! {safe_line(served[0], 60)}", Ink.WARNED
    streamed = line_up.runners[index].answer.served_model
    return (safe_line(served[0], 60) if served else model_of(target, streamed)), Ink.MUTED


def _tokens(line_up: LineUp, read: Callable[[ColumnFacts], tuple[int, ...]]) -> list[Cell]:
    return [_plain(_range(read(line_up.facts(index)))) for index in range(len(line_up.runners))]


def _range(numbers: Sequence[int]) -> str:
    if not numbers:
        return figures.NOT_MEASURED
    low, high = figures.grouped(numbers[0]), figures.grouped(numbers[-1])
    return low if low == high else f"{low}–{high}"


def _texts(facts: ColumnFacts) -> Cell:
    if not facts.texts:
        return figures.NOT_MEASURED, Ink.MUTED
    return ("same", Ink.PLAIN) if len(facts.texts) == 1 else (f"! {len(facts.texts)}", Ink.WARNED)


def _verdict(line_up: LineUp, index: int, now_ns: int) -> Cell:
    """Sign and word: of one run the answer's own, of several how they went together."""
    runner, facts = line_up.runners[index], line_up.facts(index)
    now_ns = lasting_ns(runner, now_ns)
    if line_up.runs == 1 or runner.broken:
        return verdict(runner.answer, now_ns)
    if runner.answer.trouble is not None:
        return verdict(runner.answer)
    if facts.failures:
        said, ink = _counted("✗", facts.failures), Ink.FAILED
    elif facts.warnings:
        said, ink = _counted("!", facts.warnings), Ink.WARNED
    else:
        said, ink = ("✓ passed", Ink.PASSED) if runner.heard else ("", Ink.MUTED)
    if runner.done(line_up.runs):
        return (f"{said} · stopped" if said else "· stopped by you", ink) if runner.answer.stopped else (said, ink)
    going = going_words(runner.answer, now_ns)
    if not facts.failures and going.startswith(_SILENT):
        return going, Ink.ACCENT
    return (said, ink) if facts.failures else (f"… run {runner.heard + 1} of {line_up.runs}", Ink.ACCENT)


def lasting_ns(runner: Runner, now_ns: int) -> int:
    """How long the shown request lasts, of the time the comparison does; 0 where nothing runs."""
    return max(now_ns - runner.began_ns, 1) if now_ns else 0


def _counted(sign: str, classes: Sequence[tuple[object, int]]) -> str:
    """``✗ rate_limit ×3``, and how many other classes there were."""
    first, count = classes[0]
    more = f" +{len(classes) - 1} more" if len(classes) > 1 else ""
    return f"{sign} {first} ×{count}{more}"


def cell_figures(answer: AnswerState) -> Cell:
    """What stands under an answer in its column: TTFT and rate so far, else status and time; "" before any.

    Once it has ended its TTFT is the table's, in which the wait for a turn in this client counts.
    """
    if not answer.check:
        return "", Ink.MUTED
    result = answer.result
    facts = result.stream if result and result.stream else live_facts(answer)
    ttft_ms = figure(result, Metric.TTFT) if result and result.stream else facts.ttft_ms
    parts = [f"TTFT {figures.milliseconds(ttft_ms)}"] if ttft_ms is not None else []
    parts += [figures.rate(facts.tokens_per_second)] if facts.tokens_per_second is not None else []
    if result is not None and not parts:
        parts += [f"HTTP {result.status}"] if result.status is not None else []
        parts += [figures.milliseconds(result.elapsed_ms)] if result.elapsed_ms is not None else []
    return " · ".join(parts), Ink.MUTED

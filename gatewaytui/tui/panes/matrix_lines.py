"""The tables of the endpoint matrix: pure functions of its state and a width."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len

from gatewaytui.checks.capabilities import CAPABILITIES
from gatewaytui.checks.endpoints.base import not_offered, refused_unused
from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.domain.text import safe_line
from gatewaytui.tui.widgets import figures
from gatewaytui.tui.widgets.columns import Cell, Column, aligned, widths
from gatewaytui.tui.widgets.ink import SIGNS, Ink, Line
from gatewaytui.tui.widgets.passages import Passage, passage_lines

from .matrix_state import AUTH_HEADER, GROUP, MatrixState, waits

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
_ROOMY = 100
_DECLARES, _MODEL, _FOUND = 2, 6, len(_COLUMNS) - 1  # places of columns
Row = Sequence[Cell]
Section = tuple[str, list[Row]]


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
    """The tables below each other, in common columns; then what did not fit, and what to do about a wrong key."""
    left_out = {_DECLARES} if not _declares(state) else set()
    if width < _ROOMY:
        left_out.add(_MODEL)  # what was found is worth more than the model it was asked of
    kept = [place for place in range(len(_COLUMNS)) if place not in left_out]
    columns = [_COLUMNS[place] for place in kept]
    whole = [(head, rows) for head, rows in _sections(state, elapsed_ns) if rows]
    sections = _noting(whole, _NARROWEST_NOTE)
    spare = width - sum(_measured(state, sections, kept, width)) - _GAP * (len(kept) - 1)
    sections = _noting(whole, _NARROWEST_NOTE + max(spare, 0))
    cells = _measured(state, sections, kept, width)
    lines: list[Line] = []
    for head, rows in sections:
        names = {**_HEADS.get(head, {}), 1: head}
        heads = [(names.get(place, _COLUMNS[place].head), Ink.MUTED) for place in kept]
        lines += [()] if lines else []
        lines += [aligned(columns, heads, cells)]
        lines += [aligned(columns, [row[place] for place in kept], cells) for row in rows]
    return (*lines, *_steps(state, width), *_cut(whole, cells[-1], width))


def _noting(sections: Sequence[Section], most: int) -> list[Section]:
    """The sections with no note longer than so many cells."""
    return [
        (head, [(*row[:_FOUND], (figures.clipped(row[_FOUND][0], most), row[_FOUND][1])) for row in rows])
        for head, rows in sections
    ]


def _measured(state: MatrixState, sections: Sequence[Section], kept: Sequence[int], width: int) -> tuple[int, ...]:
    """The widths of these columns; where there is room the names have that of all to come, so that nothing jumps."""
    protocols = [f"{safe_line(group.name, 40)} · {one}" for group in state.target.profile.groups for one in Protocol]
    longest = max(map(len, (*ENDPOINTS, *CAPABILITIES, *protocols)))
    coming = [("_" * longest if place == 1 and width >= _ROOMY else "", Ink.PLAIN) for place in kept]
    rows = [[row[place] for place in kept] for _, rows in sections for row in rows]
    return widths([_COLUMNS[place] for place in kept], [coming, *rows], width)


def _declares(state: MatrixState) -> bool:
    """Whether the model list declares anything; a column of dashes is left out."""
    return any(cell.cell is not None and cell.cell.declared is not None for cell in state.cells)


def _cut(sections: Sequence[Section], shown: int, width: int) -> tuple[Line, ...]:
    """What was found, in full, where its column did not hold it."""
    cut = [(row[1][0], row[_FOUND][0]) for _, rows in sections for row in rows if cell_len(row[_FOUND][0]) > shown]
    longest = max((len(name) for name, _ in cut), default=0)
    passages = [Passage(words, Ink.PLAIN, f"  {name:<{longest}}  ") for name, words in cut]
    return ((), (("Found", Ink.MUTED),), *passage_lines(passages, width)) if passages else ()


def _sections(state: MatrixState, elapsed_ns: int) -> Iterable[Section]:
    known = {check.name: check for check in state.cells if _is_endpoint(check)}
    names = [name for name in ENDPOINTS if name in known or not state.runs]
    endpoints = [_row(known[name], name) if name in known else _pending(state, name, elapsed_ns) for name in names]
    yield "endpoint", endpoints
    yield "auth header", [_row(cell, _header(cell)) for cell in state.cells if cell.name == AUTH_HEADER]
    others = (AUTH_HEADER, GROUP)
    capabilities = [cell for cell in state.cells if not _is_endpoint(cell) and cell.name not in others]
    yield "capability", [_row(cell, cell.name) for cell in capabilities]
    yield "group's key", [_row(cell, _group(cell)) for cell in state.cells if cell.name == GROUP]


def _is_endpoint(check: CheckResult) -> bool:
    return check.name in ENDPOINTS and check.cell is not None and check.cell.endpoint == check.name


def _header(check: CheckResult) -> str:
    return f"{check.cell.auth_header}" if check.cell else ""


def _group(check: CheckResult) -> str:
    cell = check.cell
    return " · ".join(filter(None, (safe_line(cell.group, 40), str(cell.protocol or "")))) if cell else ""


def _row(check: CheckResult, name: str) -> Row:
    look, cell = SIGNS[check.outcome], check.cell
    absent = check.outcome is Outcome.FAILED and not_offered(check.finding)
    ink = Ink.MUTED if absent else look.ink
    return (
        (look.sign, ink),
        (name, Ink.MUTED if absent or check.outcome is Outcome.SKIPPED else Ink.PLAIN),
        ("" if check.name == AUTH_HEADER else _DECLARED[cell.declared if cell else None], Ink.MUTED),
        ("not offered" if absent else "refused" if refused_unused(check) else look.word, ink),
        (figures.NOT_MEASURED if check.status is None else str(check.status), Ink.PLAIN),
        (figures.milliseconds(check.elapsed_ms), Ink.MUTED),
        (_model(check), Ink.MUTED),
        _found(check, absent),
    )


def _found(check: CheckResult, absent: bool) -> Cell:
    if waits(check):
        return f"{price_words(check)}: b asks", Ink.ACCENT
    if check.finding is not None:
        return str(check.finding.failure_class), Ink.MUTED if absent else SIGNS[check.outcome].ink
    return check.note, Ink.MUTED


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

"""The endpoint matrix folded into a snapshot, its tables and its priced list."""

from __future__ import annotations

from msgspec.structs import replace
from rich.cells import cell_len

from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.progress import MATRIX_BUDGET, CheckStarted
from gatewaytui.engine import matrix, matrixcells, matrixgroups
from gatewaytui.tui.panes import matrix_state
from gatewaytui.tui.panes.matrix_lines import matrix_lines, price_lines
from gatewaytui.tui.panes.matrix_state import KIND, MatrixState
from tests.tui.climbs import CELLS, IMAGE, TARGET, measuring
from tests.tui.scripted import NOON

EMPTY = MatrixState(TARGET)
DONE = EMPTY.beginning(NOON, anew=True).hearing(measuring(*CELLS)).ending()


def shown(state: MatrixState, width: int = 140) -> list[str]:
    return ["".join(part for part, _ in line) for line in matrix_lines(state, 0, width)]


def test_the_cells_names_are_those_the_engine_gives() -> None:
    assert matrix_state.AUTH_HEADER == matrixcells.AUTH_HEADER
    assert matrix_state.GROUP == matrixgroups.GROUP


def test_declared_stands_beside_measured_in_columns_that_all_tables_share() -> None:
    lines = shown(DONE)
    heads = [line for line in lines if "measured" in line]
    assert [line.split()[0] for line in heads] == ["endpoint", "auth", "capability", "group's"]
    assert len({line.index("measured") for line in heads}) == 1
    chat = next(line for line in lines if "✓  chat" in line)
    assert chat.split() == ["✓", "chat", "yes", "passed", "200", "182", "ms", "gpt-5.5"]
    messages = next(line for line in lines if " messages " in line)
    assert messages.split()[2:5] == ["no", "not", "offered"]
    assert max(map(cell_len, lines)) <= 140


def test_what_costs_more_is_listed_with_its_price_and_asked_for_alone() -> None:
    assert [cell.name for cell in DONE.waiting] == ["images_generations", "audio_speech"]
    assert any("up to $0.1694: b asks" in line for line in shown(DONE))
    priced = price_lines(DONE)
    assert priced[0].split() == ["images_generations", "up", "to", "$0.1694", "gpt-image-1"]
    assert priced[-1] == "In all up to $0.1694, and 1 request without a listed price."
    job = DONE.billed_job()
    assert (job.endpoints, job.confirmed) == (("images_generations", "audio_speech"), True)
    assert not (job.headers or job.capabilities or job.groups)
    assert job.budget.requests == MATRIX_BUDGET.requests - 7
    assert not DONE.job().confirmed


def test_a_second_run_fills_in_what_waited_and_counts_both() -> None:
    both = DONE.beginning(NOON, anew=False).hearing(measuring(IMAGE, requests=1)).ending()
    assert [cell.name for cell in both.waiting] == ["audio_speech"]
    assert len(both.cells) == len(DONE.cells)
    assert both.spending is not None and both.spending.requests == 8
    assert len(both.runs) == 2


def test_while_it_runs_every_endpoint_is_listed() -> None:
    going = EMPTY.beginning(NOON, anew=True).hearing([CheckStarted(0, "responses", "POST", "/v1/responses")])
    lines = shown(going)
    assert len(lines) == 1 + len(ENDPOINTS)
    assert next(line for line in lines if "responses " in line).startswith("…")
    assert "waits" in next(line for line in lines if " rerank" in line)


def test_a_new_run_begins_from_nothing() -> None:
    assert DONE.beginning(NOON, anew=True) == MatrixState(TARGET, running=True, at=NOON)
    assert not EMPTY.begun and DONE.begun


def test_a_column_that_says_nothing_is_left_out_and_no_column_moves_while_it_runs() -> None:
    heads = {line.index("measured") for line in (shown(EMPTY.beginning(NOON, anew=True))[0], shown(DONE, 240)[0])}
    undeclared = [replace(cell, cell=replace(cell.cell, declared=None)) for cell in DONE.cells if cell.cell]
    assert "declared" not in "\n".join(shown(replace(DONE, cells=tuple(undeclared))))
    assert len(heads) == 2 and max(heads) - min(heads) == len("declared") + 2


def test_what_its_column_cuts_is_told_in_full_below() -> None:
    narrow, wide = shown(DONE, 76), shown(DONE, 240)
    at = narrow.index("Found")
    assert any("Refused without a key, as it should" in line for line in narrow[at:])
    assert any(line.rstrip().endswith("…") for line in narrow[:at]) and "Found" not in wide


def test_a_stopped_run_is_kept_as_far_as_it_came() -> None:
    measured = measuring(*CELLS)
    half = EMPTY.beginning(NOON, anew=True).hearing(measured[: len(measured) // 2])
    assert half.unfinished is None
    stopped = half.ending(stopped=True).unfinished
    assert stopped is not None and stopped.kind == KIND == matrix.KIND and stopped.checks
    assert DONE.ending(stopped=True).unfinished is None, "what a finished run holds is not told again"

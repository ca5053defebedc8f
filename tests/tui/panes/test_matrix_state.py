"""The endpoint matrix folded into a snapshot, its tables and its priced list."""

from __future__ import annotations

from rich.cells import cell_len

from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.domain.progress import MATRIX_BUDGET, CheckStarted
from gatewaytui.engine import matrixcells, matrixgroups
from gatewaytui.tui.panes import matrix_state
from gatewaytui.tui.panes.matrix_state import MatrixState, matrix_lines, price_lines
from tests.tui.climbs import CELLS, IMAGE, TARGET, measuring

EMPTY = MatrixState(TARGET)
DONE = EMPTY.beginning(anew=True).hearing(measuring(*CELLS)).ending()


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
    both = DONE.beginning(anew=False).hearing(measuring(IMAGE, requests=1)).ending()
    assert [cell.name for cell in both.waiting] == ["audio_speech"]
    assert len(both.cells) == len(DONE.cells)
    assert both.spending is not None and both.spending.requests == 8
    assert len(both.runs) == 2


def test_while_it_runs_every_endpoint_is_listed() -> None:
    going = EMPTY.beginning(anew=True).hearing([CheckStarted(0, "responses", "POST", "/v1/responses")])
    lines = shown(going)
    assert len(lines) == 1 + len(ENDPOINTS)
    assert next(line for line in lines if "responses " in line).startswith("…")
    assert "waits" in next(line for line in lines if " rerank" in line)


def test_a_new_run_begins_from_nothing() -> None:
    assert DONE.beginning(anew=True) == MatrixState(TARGET, running=True)
    assert not EMPTY.begun and DONE.begun

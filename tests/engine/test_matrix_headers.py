"""The auth headers of the matrix: what a gateway refuses of what nobody sends is a fact, not a failure."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gatewaytui.checks.endpoints.base import refused_unused
from gatewaytui.cli.endpoints_report import text
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.progress import MatrixJob
from gatewaytui.domain.run import CheckResult, Outcome, Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from gatewaytui.evidence.record import build
from tests.servers.recording import Answer, Asked, recording

from .answers import error, reply
from .gateway import KEY, Usual, a_target
from .support import Keys, finish

OTHERS = (AuthHeader.X_API_KEY, AuthHeader.X_GOOG_API_KEY, AuthHeader.API_KEY)
REFUSALS = {
    "bare 401": Answer(401),
    "an error": error(401, "Incorrect API key provided.", "invalid_api_key"),
    "forbidden": reply(403, {"message": "Forbidden"}),
    "LiteLLM's 400": error(400, "No connected db.", "400", "no_db_connection"),
}


def _with(answer: Answer) -> Any:
    """A gateway that takes a Bearer key and says this to any other header."""

    def behaviour(asked: Asked) -> Answer | None:
        return Usual()(asked) if asked.keys.get("authorization") == KEY else answer

    return behaviour


def _headers(behaviour: Any, auth: AuthHeader = AuthHeader.AUTO) -> tuple[Run, dict[AuthHeader, CheckResult]]:
    with recording(behaviour) as gateway:
        target = a_target(f"{gateway.url}/v1", auth=auth)
        engine = Engine(Keys(("plain", "", Secret(KEY))))
        job = MatrixJob(target, ("models_openai",), capabilities=False, groups=False)
        run, _ = asyncio.run(finish(engine, job))
        asyncio.run(engine.export(build(run), "json"))
        return run, {
            check.cell.auth_header: check for check in run.checks if check.name == "auth_header" and check.cell
        }


def _row(run: Run, header: str) -> str:
    return next(line for line in text(run).splitlines() if line.split()[1:2] == [header])


@pytest.mark.parametrize("name", REFUSALS)
def test_a_header_that_nobody_sends_and_nobody_takes_is_a_fact(name: str) -> None:
    run, rows = _headers(_with(REFUSALS[name]))
    assert run.ok and run.failed is None
    for header in OTHERS:
        assert rows[header].status == REFUSALS[name].status and rows[header].finding is None
        assert refused_unused(rows[header])
        row = _row(run, header)
        assert row.startswith("·") and row.split()[2:4] == ["refused", str(REFUSALS[name].status)], row
    assert rows[AuthHeader.BEARER].outcome is Outcome.PASSED and not refused_unused(rows[AuthHeader.BEARER])
    assert all(check.outcome is not Outcome.FAILED for check in run.checks)


def test_the_target_s_own_header_that_is_refused_stays_a_failure() -> None:
    run, rows = _headers(_with(REFUSALS["an error"]), AuthHeader.API_KEY)
    assert rows[AuthHeader.API_KEY].outcome is Outcome.FAILED
    finding = rows[AuthHeader.API_KEY].finding
    assert finding is not None and finding.failure_class == "auth"
    assert _row(run, "api-key").startswith("✗") and "failed" in _row(run, "api-key")
    assert rows[AuthHeader.BEARER].outcome is Outcome.PASSED, "the header that is taken is still found"
    assert refused_unused(rows[AuthHeader.X_API_KEY])


@pytest.mark.parametrize("answer", [error(500, "boom"), error(429, "Slow down", "rate_limit_exceeded")])
def test_a_header_that_breaks_something_else_is_not_called_refused(answer: Answer) -> None:
    run, rows = _headers(_with(answer))
    assert [rows[header].outcome for header in OTHERS] == [Outcome.FAILED] * 3
    assert not any(refused_unused(rows[header]) for header in OTHERS)
    assert run.ok


def test_a_header_that_was_never_tried_is_not_called_refused() -> None:
    untried = CheckResult("auth_header", Outcome.SKIPPED, note="Not tried: the budget of this run is spent.")
    assert not refused_unused(untried)

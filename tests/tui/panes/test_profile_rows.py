"""The last verdict of a profile's row: what its runs prove, and what they do not."""

from __future__ import annotations

import pytest

from gatewaytui.domain.outcome import Outcome
from gatewaytui.storage.historyrows import RunRow
from gatewaytui.tui.panes.profile_rows import past_verdicts


def run(kind: str, failed: str | None = None, targets: int = 1) -> RunRow:
    return RunRow(
        1, "2026-01-02T03:04:05+00:00", kind, "tken", "", targets, "http://127.0.0.1:1/v1", "openai-chat", "gpt-5.5",
        "Failed" if failed else "Success", failed, None, None, None, None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("newest_first", "verdict"),
    [
        ((run("smoke"),), ""),
        ((run("models"), run("doctor", "billing_quota")), "billing_quota"),
        ((run("models"), run("chat")), ""),
        ((run("models", "auth"), run("chat")), "auth"),
        ((run("models"), run("models", "auth"), run("chat")), ""),
        ((run("models"), run("models", "auth"), run("smoke", "auth")), "auth"),
        ((run("chat", "cancelled"), run("smoke", "dns")), "dns"),
        ((run("models"),), None),
        ((run("models"), run("models", "auth")), None),
        ((run("compare", "auth", targets=2),), None),
        ((), None),
    ],
)
def test_a_list_that_came_proves_no_gateway(newest_first: tuple[RunRow, ...], verdict: str | None) -> None:
    found = past_verdicts(newest_first).get("tken")
    assert (found.failure_class if found else None) == verdict
    if found is not None:
        assert found.outcome is (Outcome.FAILED if verdict else Outcome.PASSED)

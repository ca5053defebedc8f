"""The labelled failures of real gateways, served over HTTP at their stage and diagnosed by the engine."""

from __future__ import annotations

import asyncio
import json

import pytest

from gatewaytui.domain.progress import SmokeJob
from gatewaytui.engine.engine import Engine
from tests.conftest import CORPUS

from .plain_server import Reply, serving
from .support import Keys, finish, target

LABELLED = CORPUS / "failures" / "dev.jsonl"


async def _class_of(case: dict[str, object]) -> str:
    reply = Reply(int(str(case["status"])), str(case["content_type"]), str(case["body"]).encode())
    at_list = case["stage"] == "models"
    async with serving(models=reply if at_list else None, chat=None if at_list else reply) as server:
        run, _ = await finish(Engine(Keys()), SmokeJob(target(server.base_url), "Reply with OK"))
    check = next(check for check in run.checks if check.name == case["stage"])
    return str(check.finding.failure_class) if check.finding else "ok"


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled failures are not beside this checkout")
def test_every_labelled_failure_is_diagnosed_right_over_http(capsys: pytest.CaptureFixture[str]) -> None:
    async def all_of_them() -> list[str]:
        cases = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
        found = [(case, await _class_of(case)) for case in cases]
        right = sum(label in case["expected_any_of"] for case, label in found)
        with capsys.disabled():
            print(f"\nlabelled failures right over HTTP: {right}/{len(found)}")
        return [
            f"{c} for {k['source']}, expected {k['expected_any_of']}"
            for k, c in found
            if c not in k["expected_any_of"]
        ]

    assert asyncio.run(all_of_them()) == []

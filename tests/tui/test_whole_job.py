"""The whole job by keyboard, on the real engine and gateways: from a model list to evidence that holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gatewaytui.demo.launch import Gateways
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.services import Services, demo_services
from tests.conftest import Cli

from .seeing import seen, shows, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def services(gateways: Gateways) -> Iterator[Services]:
    doors = demo_services(gateways)
    yield doors
    doors.close()


async def press(pilot: Pilot[int], keys: str, *words: str) -> None:
    """Press keys, their names parted by blanks, then see the words."""
    await pilot.press(*keys.split())
    await shows(pilot, *words)


async def say(pilot: Pilot[int], text: str, *words: str) -> None:
    """Type a text and Enter, then see the words."""
    await pilot.press(*text, "enter")
    await shows(pilot, *words)


async def test_from_a_model_list_to_evidence_that_verifies(
    services: Services, gateways: Gateways, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = takewhile(lambda info: info.name != "no-credit", gateways.personas)
    below_the_first = sum(1 + len(info.groups) for info in before)
    app = GatewayApp(services)
    async with app.run_test(size=(120, 36)) as pilot:
        await shows(pilot, "last verdict", "tken", "no-credit")
        await press(pilot, "3", "18 models", "claude-opus-4-7")
        await press(pilot, "down down enter", "Ask something", "F1 help")
        await say(pilot, "Tell me of rivers", "stream  complete · ", "served  gpt-5.4-mini  as asked")
        events = re.search(r"complete · (\d+) events", seen(app))
        assert events is not None and int(events[1]) > 10

        await press(pilot, "escape", "w wire")
        await press(pilot, "5", "4 targets")
        await press(pilot, "x", "3 targets")
        await press(pilot, "x", "2 targets")
        await press(pilot, "r")
        await until(pilot, lambda: seen(app).count("✓ passed") == 4)  # under each column, and in the table

        await press(pilot, "1", "last verdict")
        await press(pilot, "g" + " j" * below_the_first, "no-credit")
        await press(pilot, "enter", "gatewaytui demo │ no-credit  ")
        await press(pilot, "4", "› a prompt", "F1 help")
        await say(pilot, "Who pays?", "The money or quota is used up.", "billing_quota · gateway", "Whose", "Next")

        await press(pilot, "escape", "w wire")
        await press(pilot, "6", "1 finding", "rate_or_quota")
        await press(pilot, "enter", "Whose", "Retry", "Signals", "Esc back")
        await press(pilot, "e", "Evidence  Markdown", "These are the exact bytes.")
        await press(pilot, "f", "Evidence  JSON", '"schema": "gatewaytui-evidence/v1"')
        await press(pilot, "s", "Saved")
        assert [(row.kind, row.failure_class) for row in services.history.runs()] == [
            ("chat", "billing_quota"),
            ("compare", None),
            ("chat", None),
            ("models", None),
        ]
    (saved,) = tmp_path.glob("gatewaytui-*-billing_quota.json")
    checked = cli("verify", str(saved))
    assert checked.returncode == 0, checked.stderr

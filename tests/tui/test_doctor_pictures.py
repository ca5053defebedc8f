"""How the Doctor pane and the endpoint matrix look, at 80, 120 and 200 columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gatewaytui.domain.run import Rung
from gatewaytui.tui import themes
from gatewaytui.tui.panes import feed
from gatewaytui.tui.panes.doctor_body import DoctorBody

from .climbs import CELLS, GROUPED, broken, climbing, healthy, measuring
from .clock import Clock
from .front import console
from .scripted import HOLD, NOON, ScriptedEngine, Step
from .seeing import pressing

SIZES = {80: (80, 24), 120: (120, 36), 200: (200, 50)}
Picture = Callable[..., bool]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "monotonic_ns", Clock())
    monkeypatch.setattr(DoctorBody, "now", lambda self: NOON)


RUNS: dict[str, tuple[list[Step], tuple[str, ...], str]] = {
    "empty": ([HOLD], (), ""),
    "running": ([*climbing(Rung.MODELS), HOLD], ("r",), ""),
    "broken": ([*broken()], ("r",), ""),
    "light": ([*broken()], ("r",), themes.LIGHT.name),
    "tls": ([*healthy()], ("r", "home", "down", "down", "down", "down"), ""),
    "matrix": ([*measuring(*CELLS)], ("m", "r"), ""),
    "prices": ([*measuring(*CELLS)], ("m", "r", "b"), ""),
}


@pytest.mark.parametrize(
    ("state", "width"),
    [
        ("empty", 80),
        ("empty", 120),
        ("running", 120),
        ("broken", 80),
        ("broken", 120),
        ("broken", 200),
        ("light", 120),
        ("tls", 200),
        ("matrix", 80),
        ("matrix", 120),
        ("prices", 120),
    ],
)
def test_doctor(snap_compare: Picture, tmp_path: Path, state: str, width: int) -> None:
    steps, keys, theme = RUNS[state]
    app = console(tmp_path, "doctor", ScriptedEngine(steps), GROUPED, theme=theme)
    assert snap_compare(app, terminal_size=SIZES[width], run_before=pressing(*keys))

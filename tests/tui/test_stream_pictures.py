"""How the Chat, Compare and Failures panes and the screens they open look, at 80, 120 and 200 columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from gatewaytui.domain.failure import FailureClass
from gatewaytui.evidence.record import build
from gatewaytui.tui import themes
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes import feed
from gatewaytui.tui.panes.failures import FailuresPane

from . import comparing as comparisons
from .clock import Clock
from .front import console
from .scripted import HOLD, NOON, ScriptedEngine, Step, gateway
from .seeing import pressing
from .streams import answering, connecting, failed, passed, refused, run_of, side_by_side, whole

SIZES = {80: (80, 24), 120: (120, 36), 200: (200, 50)}
TKEN = gateway(default_model="claude-opus-4-6")
PROFILES = (TKEN, gateway("tokmodel", default_model="openai/gpt-5.5"), gateway("tokone", default_model="gpt-5.5"))
ASK = ("H", "i", "enter")
Picture = Callable[..., bool]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "monotonic_ns", Clock())
    monkeypatch.setattr(FailuresPane, "now", lambda self: NOON)
    monkeypatch.setattr(FailuresPane, "zone", UTC)


def chat(home: Path, *steps: Step, theme: str = "") -> GatewayApp:
    return console(home, "chat", ScriptedEngine(steps or [HOLD]), TKEN, theme=theme)


CHATS: dict[str, tuple[list[Step], tuple[str, ...], str]] = {
    "empty": ([HOLD], (), ""),
    "running": ([*connecting(), *answering()[:30], HOLD], ASK, ""),
    "done": (whole(TKEN), ASK, ""),
    "wire": (whole(TKEN), (*ASK, "escape", "w"), ""),
    "failed": (refused(TKEN), ASK, themes.LIGHT.name),
    "parameters": ([HOLD], ("escape", "p"), ""),
}


@pytest.mark.parametrize(
    ("state", "width"),
    [
        ("empty", 80),
        ("running", 120),
        ("done", 80),
        ("done", 120),
        ("wire", 80),
        ("wire", 200),
        ("failed", 80),
        ("failed", 120),
        ("parameters", 80),
    ],
)
def test_chat(snap_compare: Picture, tmp_path: Path, state: str, width: int) -> None:
    steps, keys, theme = CHATS[state]
    app = chat(tmp_path, *steps, theme=theme)
    assert snap_compare(app, terminal_size=SIZES[width], run_before=pressing(*keys))


def comparing() -> list[Step]:
    streams = side_by_side([*connecting(0), *answering(0)[:40]], [*connecting(1), *answering(1)[:22]], connecting(2))
    return [*streams, comparisons.refused(2, 1)]


SEVERAL = ("n", "2", "4", "tab", "tab", "tab", "0", "enter", "r")
MEASURED = (*SEVERAL, "y")
ROUNDS = comparisons.rounds(PROFILES, 24)
COMPARISONS: dict[str, tuple[list[Step], tuple[str, ...]]] = {
    "ready": ([HOLD], ()),
    "running": ([*comparing(), HOLD], ("r",)),
    "done": ([*comparisons.once(PROFILES)], ("r",)),
    "adding": ([HOLD], ("a", "t", "o")),
    "settings": ([HOLD], ("n", "2", "0")),
    "asking": ([HOLD], SEVERAL),
    "halfway": ([*comparisons.rounds(PROFILES, 24, until=7), HOLD], MEASURED),
    "stopped": ([*comparisons.rounds(PROFILES, 24, until=7), HOLD], (*MEASURED, "escape")),
    "several": (ROUNDS, MEASURED),
    "bars": (ROUNDS, (*MEASURED, "v")),
    "percentiles": (ROUNDS, (*MEASURED, "v", "v")),
    "changes": (ROUNDS, (*MEASURED, "b", "enter", "c", "enter")),
}


@pytest.mark.parametrize(
    ("state", "width", "theme"),
    [
        pytest.param(state, width, theme, id=f"{state}-{width}")
        for state, width, theme in (
            ("ready", 120, ""),
            ("running", 120, ""),
            ("done", 80, ""),
            ("done", 200, ""),
            ("adding", 80, ""),
            ("settings", 80, ""),
            ("asking", 120, ""),
            ("halfway", 80, ""),
            ("halfway", 120, ""),
            ("stopped", 120, themes.LIGHT.name),
            ("several", 80, ""),
            ("several", 200, ""),
            ("bars", 80, ""),
            ("bars", 120, themes.LIGHT.name),
            ("percentiles", 120, ""),
            ("changes", 120, ""),
        )
    ],
)
def test_compare(snap_compare: Picture, tmp_path: Path, state: str, width: int, theme: str) -> None:
    steps, keys = COMPARISONS[state]
    app = console(tmp_path, "compare", ScriptedEngine(steps), *PROFILES, theme=theme)
    assert snap_compare(app, terminal_size=SIZES[width], run_before=pressing(*keys))


SEEN = (
    FailureClass.RATE_LIMIT,
    FailureClass.GROUP_OR_MODEL_ACCESS,
    FailureClass.STALL_TIMEOUT,
    FailureClass.RATE_LIMIT,
    FailureClass.BASE_URL,
    FailureClass.MODEL_NOT_FOUND,
    FailureClass.RATE_LIMIT,
    FailureClass.STREAM_INTERRUPTED,
)


def failures(home: Path, theme: str = "") -> GatewayApp:
    app = console(home, "failures", ScriptedEngine([HOLD]), *PROFILES, theme=theme)
    for number in range(32):
        profile, at = PROFILES[number % 3], NOON - timedelta(minutes=(32 - number) * 171)
        if profile.name == "tokmodel":  # it comes and goes
            app.services.history.append(build(run_of([passed()], profile), now=at - timedelta(minutes=90)))
        run = run_of([failed(SEEN[number * number % len(SEEN)])], profile)
        app.services.history.append(build(run, now=at))
    return app


@pytest.mark.parametrize(
    ("keys", "width", "theme"),
    [
        ((), 80, ""),
        (("down", "space", "down"), 120, ""),
        (("d",), 200, themes.LIGHT.name),
        (("enter",), 120, ""),
        (("e",), 80, ""),
    ],
    ids=["profiles-80", "selected-120", "days-200-light", "finding-120", "export-80"],
)
def test_failures(snap_compare: Picture, tmp_path: Path, keys: tuple[str, ...], width: int, theme: str) -> None:
    app = failures(tmp_path, theme)
    assert snap_compare(app, terminal_size=SIZES[width], run_before=pressing(*keys))


def test_failures_empty(snap_compare: Picture, tmp_path: Path) -> None:
    app = console(tmp_path, "failures", ScriptedEngine([HOLD]), TKEN)
    assert snap_compare(app, terminal_size=SIZES[80], run_before=pressing())

"""How the frame, Profiles, Models, the forms and the walkthrough look, at 80, 120 and 200 columns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from gatewaytui.domain.profile import Group, KeyReference, KeySource, Protocol
from gatewaytui.domain.progress import CheckStarted
from gatewaytui.tui import themes
from gatewaytui.tui.app import GatewayApp
from gatewaytui.tui.panes import feed
from gatewaytui.tui.panes.profile_table import ProfileTable

from .clock import Clock
from .front import console
from .scripted import (
    BAD_KEY,
    CATALOGUE,
    HOLD,
    MODELS_PASSED,
    NO_CREDIT,
    NO_LIST,
    NOON,
    ScriptedEngine,
    answer,
    gateway,
    listing,
    no_listing,
    smoke,
)
from .seeing import pressing, settled, until

SIZES = {60: (60, 15), 80: (80, 24), 120: (120, 36), 200: (200, 50)}
ENV = KeyReference(KeySource.ENV, name="SCRIPTED_KEY")
PROFILES = (
    gateway(),
    gateway("tokmodel", models_path="/v1beta/models"),
    gateway(
        "tokone",
        key=KeyReference(KeySource.KEYRING),
        groups=(
            Group("openai", ENV, (Protocol.OPENAI_CHAT,)),
            Group("claude", ENV, (Protocol.ANTHROPIC,)),
        ),
    ),
    gateway("local", base_url="http://localhost:8080", key=KeyReference(KeySource.NONE)),
)
WAITING = (CheckStarted(0, "models", "GET", "/v1/models"), HOLD)
Picture = Callable[..., bool]
Steps = Callable[[Pilot[int]], Awaitable[None]]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "monotonic_ns", Clock())
    monkeypatch.setattr(ProfileTable, "now", lambda self: NOON.replace(year=NOON.year + 1))


def checked(*keys: str) -> Steps:
    """Press, then wait for the verdict in the row."""

    async def run(pilot: Pilot[int]) -> None:
        await pressing(*keys)(pilot)
        table = pilot.app.screen.query_one(ProfileTable)
        await until(pilot, lambda: table.verdicts and pilot.app.screen.tails)  # type: ignore[attr-defined]
        await settled(pilot)

    return run


@pytest.mark.parametrize(
    ("width", "theme"),
    [(80, ""), (120, ""), (120, themes.LIGHT.name), (200, "")],
    ids=["80", "120", "120-light", "200"],
)
def test_a_check_that_failed(snap_compare: Picture, tmp_path: Path, width: int, theme: str) -> None:
    engine = ScriptedEngine(smoke(MODELS_PASSED, NO_CREDIT))
    app = console(tmp_path, "profiles", engine, *PROFILES, theme=theme)
    assert snap_compare(app, terminal_size=SIZES[width], run_before=checked("down", "c"))


@pytest.mark.parametrize(
    ("state", "width", "keys"),
    [
        ("running", 120, ("c",)),
        ("add", 80, ("a", "right")),
        ("key", 120, ("s",)),
        ("remove", 120, ("x",)),
        ("help", 80, ("f1",)),
        ("palette", 120, ("ctrl+p",)),
        ("jump", 80, ("ctrl+o",)),
        ("zoomed", 80, ("z",)),
        ("small", 60, ()),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_frame_and_its_forms(
    snap_compare: Picture, tmp_path: Path, state: str, width: int, keys: tuple[str, ...]
) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine(WAITING), *PROFILES)
    assert snap_compare(app, terminal_size=SIZES[width], run_before=pressing(*keys))


def test_no_profile_yet(snap_compare: Picture, tmp_path: Path) -> None:
    app = console(tmp_path, "profiles", ScriptedEngine(WAITING))
    assert snap_compare(app, terminal_size=SIZES[80], run_before=pressing("escape"))


LISTED = listing(*CATALOGUE)


@pytest.mark.parametrize(
    ("state", "width", "script", "keys"),
    [
        ("done", 120, LISTED, ("down",)),
        ("filtered", 80, LISTED, ("slash", "g", "p", "t")),
        ("grouped", 200, LISTED, ("p",)),
        ("running", 80, WAITING, ()),
        ("failed", 80, no_listing(NO_LIST), ()),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_models(
    snap_compare: Picture, tmp_path: Path, state: str, width: int, script: object, keys: tuple[str, ...]
) -> None:
    profile = replace(PROFILES[0], key=KeyReference(KeySource.NONE))
    app = console(tmp_path, "models", ScriptedEngine(script), profile)  # type: ignore[arg-type]
    assert snap_compare(app, terminal_size=SIZES[width], run_before=pressing(*keys))


def walking(*keys: str) -> Steps:
    """The first step filled in, then these keys."""

    async def run(pilot: Pilot[int]) -> None:
        await settled(pilot)
        screen = pilot.app.screen
        screen.query_one("#preset").focus()
        await pressing("right")(pilot)
        screen.query_one("#key-from").focus()
        await pressing("right", "right")(pilot)
        screen.query_one("#key-text", Input).value = "SCRIPTED_KEY"
        await pressing(*keys)(pilot)

    return run


@pytest.mark.parametrize(
    ("state", "width", "scripts", "enters"),
    [
        ("address", 80, (LISTED,), 0),
        ("list-failed", 120, (no_listing(BAD_KEY),), 2),
        ("model", 80, (LISTED,), 3),
        ("chat", 120, (LISTED, answer()), 5),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_walkthrough(
    snap_compare: Picture, tmp_path: Path, state: str, width: int, scripts: tuple[object, ...], enters: int
) -> None:
    app: GatewayApp = console(tmp_path, "profiles", ScriptedEngine(*scripts))  # type: ignore[arg-type]
    assert snap_compare(app, terminal_size=SIZES[width], run_before=walking(*["enter"] * enters))

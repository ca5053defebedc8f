"""The console opened with one pane in front, for tests of that pane."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from gatewaytui.domain.profile import Profile
from gatewaytui.tui.app import GatewayApp

from .scripted import ScriptedEngine, services

KEPT_FOR_EVER = 30_000  # days: the history of a test is written at a fixed date


def console(home: Path, pane: str, engine: ScriptedEngine, *profiles: Profile, theme: str = "") -> GatewayApp:
    """The app with this pane in front and the first profile as its target."""
    doors = services(home, *profiles, engine=engine)
    first = profiles[0].name if profiles else ""
    doors.settings.change(
        lambda settings: replace(
            settings, last_pane=pane, last_profile=first, history_days=KEPT_FOR_EVER, theme=theme
        )
    )
    return GatewayApp(doors)

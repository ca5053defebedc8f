"""Where a test of the console sits down: its own folders, profiles with their keys in variables, the counters."""

from __future__ import annotations

import json
import os
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path

from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, PersonaInfo
from gatewaytui.domain.profile import KeyReference, KeySource, Profile, Timeouts
from gatewaytui.storage.locations import Locations
from gatewaytui.storage.profiles import ProfileStore
from gatewaytui.storage.settings import SettingsStore

from .terminal import PATIENCE_S, Terminal, terminal


class Desk:
    """Folders below one of the test's own, and what opens the console there."""

    def __init__(self, home: Path, folder: Path, gateways: Gateways) -> None:
        self.home = home
        self.work, self.temporary = folder / "work", folder / "tmp"
        for place in (self.work, self.temporary):
            place.mkdir()
        self._gateways = gateways
        self._variables = {"TMPDIR": str(self.temporary)}

    def persona(self, name: str) -> PersonaInfo:
        """What is known of this embedded gateway."""
        return next(info for info in self._gateways.personas if info.name == name)

    def add(self, name: str, base_url: str, key: str, model: str = "") -> None:
        """A profile whose key is in a variable; silence counts as a stall after a quarter of a minute."""
        variable = f"KEY_OF_{name.replace('-', '_').upper()}"
        self._variables[variable] = key
        reference = KeyReference(KeySource.ENV, name=variable)
        profile = Profile(name, base_url, key=reference, default_model=model)
        ProfileStore(self._locations).put(replace(profile, timeouts=Timeouts(stall=15.0)))

    def add_gateways(self, *names: str) -> None:
        """Profiles of these embedded gateways, each with its right key."""
        for info in map(self.persona, names):
            self.add(info.name, info.base_url, info.api_key, info.model)

    def console(
        self, profile: str, pane: str, *, columns: int = 120, rows: int = 36
    ) -> AbstractContextManager[Terminal]:
        """The console opened on a profile with one pane in front."""
        SettingsStore(self._locations).change(
            lambda settings: replace(settings, last_pane=pane, last_profile=profile)
        )
        return terminal(columns=columns, rows=rows, variables=self._variables, folder=self.work)

    def answers(self, name: str) -> dict[str, int]:
        """How many answers of this gateway were started, finished and aborted by the client."""
        with urllib.request.urlopen(self._gateways.state_url, timeout=PATIENCE_S) as response:
            tally: dict[str, int] = json.load(response)[name]
        return tally

    def files(self) -> list[Path]:
        """Every file the console may have left."""
        return [
            path for place in (self.home, self.work, self.temporary) for path in place.rglob("*") if path.is_file()
        ]

    @property
    def _locations(self) -> Locations:
        return Locations.find(os.environ)

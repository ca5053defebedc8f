"""Where files live: the platform's own directories, or all of them below ``GATEWAYTUI_HOME``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

HOME_VARIABLE = "GATEWAYTUI_HOME"
_APP = "gatewaytui"


class Locations(msgspec.Struct, frozen=True):
    """The two directories of this program. Nothing is created by asking for them."""

    config_dir: Path
    state_dir: Path

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Locations:
        """The directories of this machine; a ``GATEWAYTUI_HOME`` that is not empty puts both below it."""
        if home := environ.get(HOME_VARIABLE, ""):
            return cls.below(Path(home).absolute())
        import platformdirs

        return cls(
            platformdirs.user_config_path(_APP, appauthor=False),
            platformdirs.user_state_path(_APP, appauthor=False),
        )

    @classmethod
    def below(cls, home: Path) -> Locations:
        """Both directories under one place."""
        return cls(home / "config", home / "state")

    @property
    def profiles(self) -> Path:
        """The endpoint profiles: addresses and key references, never keys."""
        return self.config_dir / "profiles.toml"

    @property
    def settings(self) -> Path:
        """What the console remembers, and what a person confirmed."""
        return self.config_dir / "settings.toml"

    @property
    def history(self) -> Path:
        """Past runs as redacted evidence."""
        return self.state_dir / "history.sqlite3"

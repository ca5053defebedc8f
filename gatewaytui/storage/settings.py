"""What the console remembers between starts, and what a person confirmed, in ``settings.toml``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

import msgspec

from .locations import Locations
from .tomlfile import Opened, TomlFile


class Settings(msgspec.Struct, frozen=True):
    """Everything settable. ``keymap`` maps a command's id to a key.

    ``history_days`` and ``history_runs`` bound the history. ``confirmed_commands`` are digests of ``cmd:`` key
    references a person agreed to run; ``http_profiles`` are profiles whose key may travel unencrypted.
    ``notice`` is not kept: it says what is odd about the file, else "".
    """

    theme: str = ""
    last_pane: str = ""
    last_profile: str = ""
    history_days: int = 90
    history_runs: int = 10_000
    keymap: Mapping[str, str] = msgspec.field(default_factory=dict)
    confirmed_commands: tuple[str, ...] = ()
    http_profiles: tuple[str, ...] = ()
    notice: str = ""


class SettingsStore:
    """Reads and changes the settings. Blocking and short; safe for several threads and processes."""

    def __init__(self, locations: Locations) -> None:
        self._file = TomlFile(locations.settings)

    def load(self) -> Settings:
        """The settings now; a value that cannot be used is its default, and the notice says so."""
        return _settings(self._file.read())

    def change(self, edit: Callable[[Settings], Settings]) -> Settings:
        """Apply the edit to the newest settings and save what it changed. Raises Problem (storage)."""

        def apply(data: MutableMapping[str, Any]) -> None:
            before = _settings(Opened(data))
            after = edit(before)
            for name, (write, _) in _FIELDS.items():
                if getattr(after, name) != getattr(before, name):
                    data[name] = write(getattr(after, name))

        return _settings(self._file.change(apply))


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _pairs(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())


def _text(value: object) -> bool:
    return isinstance(value, str)


_FIELDS: Mapping[str, tuple[Callable[[Any], Any], Callable[[object], bool]]] = MappingProxyType(
    {
        "theme": (str, _text),
        "last_pane": (str, _text),
        "last_profile": (str, _text),
        "history_days": (int, _count),
        "history_runs": (int, _count),
        "keymap": (dict, _pairs),
        "confirmed_commands": (list, _texts),
        "http_profiles": (list, _texts),
    }
)
_PLAIN = Settings()


def _settings(opened: Opened) -> Settings:
    values: dict[str, Any] = {}
    unusable: list[str] = []
    for name, (_, fits) in _FIELDS.items():
        if name in opened.data:
            value = opened.data[name]
            if fits(value):
                default = getattr(_PLAIN, name)
                values[name] = tuple(map(str, value)) if isinstance(default, tuple) else value
            else:
                unusable.append(name)
    said = f"settings.toml: {', '.join(unusable)} cannot be used and is as by default." if unusable else ""
    return Settings(**values, notice=" ".join(filter(None, (opened.notice, said))))

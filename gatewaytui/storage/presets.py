"""Presets: ready profiles of known gateways, one data file each in ``presets/``, from the seeds and the vendors."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from gatewaytui.domain.profile import Profile

from .profiletable import decode


class Preset(msgspec.Struct, frozen=True):
    """A profile to begin with. ``variable`` is the environment variable that usually holds its key, "" for none."""

    name: str
    title: str
    about: str
    profile: Profile
    variable: str


def _load(directory: Path) -> Mapping[str, Preset]:
    ranked = []
    for path in directory.glob("*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        name = path.stem
        profile = decode(name, data["profile"])
        ranked.append((data["rank"], Preset(name, data["title"], data["about"], profile, data.get("variable", ""))))
    return MappingProxyType({preset.name: preset for _, preset in sorted(ranked, key=lambda item: item[0])})


PRESETS: Mapping[str, Preset] = _load(Path(__file__).with_name("presets"))

"""The one table of export formats; a format is a function from evidence to bytes, loaded when it is first wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from .document import Evidence

Render = Callable[[Evidence], bytes]


def _by(module: str) -> Render:
    def render(evidence: Evidence) -> bytes:
        made: Render = import_module(f".{module}", __package__).render
        return made(evidence)

    return render


FORMATS: Mapping[str, Render] = MappingProxyType({name: _by(name) for name in ("markdown", "json", "junit")})

"""The one table of export formats; a format is a function from evidence to bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from . import json, junit, markdown
from .document import Evidence

FORMATS: Mapping[str, Callable[[Evidence], bytes]] = MappingProxyType(
    {"markdown": markdown.render, "json": json.render, "junit": junit.render}
)

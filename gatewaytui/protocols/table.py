"""PROTOCOLS: the one table of dialects. A new dialect is a file and a row here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

from gatewaytui.domain.profile import Protocol

from .dialect import WireDialect

_MODULES: Mapping[Protocol, str] = MappingProxyType(
    {
        Protocol.OPENAI_CHAT: "openai_chat",
        Protocol.OPENAI_RESPONSES: "openai_responses",
        Protocol.ANTHROPIC: "anthropic_messages",
        Protocol.GEMINI: "gemini",
    }
)


@cache
def _dialect(protocol: Protocol) -> WireDialect:
    dialect: WireDialect = import_module(f".{_MODULES[protocol]}", __package__).DIALECT
    return dialect


class _Table(Mapping[Protocol, WireDialect]):
    """The rows; a dialect is loaded when it is first spoken, for most runs speak one."""

    def __getitem__(self, protocol: Protocol) -> WireDialect:
        return _dialect(protocol)

    def __iter__(self) -> Iterator[Protocol]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


PROTOCOLS: Mapping[Protocol, WireDialect] = _Table()

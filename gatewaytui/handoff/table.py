"""HANDOFFS: the one table of clients. A new client is a file and a row here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatewaytui.domain.profile import Target

from . import curl, python
from .base import Order, Snippet, variable_for
from .curl import curl_for

__all__ = ["HANDOFFS", "Snippet", "curl_for", "snippet", "variable_for"]

HANDOFFS: Mapping[str, Callable[[Order], Snippet]] = MappingProxyType(
    {
        "curl": curl.snippet,
        "python": python.snippet,
    }
)


def snippet(client: str, target: Target, model: str, variable: str = "") -> Snippet:
    """Ready code for one client of the table, for a proven target and model.

    ``variable`` "" takes :func:`variable_for`. Raises Problem (config) where the client cannot speak to this target.
    """
    shown = model.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no place in any request
    return HANDOFFS[client](Order(target, shown, variable or variable_for(target)))

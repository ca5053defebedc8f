"""Model lists in one shape, whatever shape they came in."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ListShape(StrEnum):
    """Which protocol's list it was; the values are the ``explain`` protocol names."""

    OPENAI = "models-openai"
    ANTHROPIC = "models-anthropic"
    GEMINI = "models-gemini"


class ModelInfo(msgspec.Struct, frozen=True, gc=False):
    """One listed model. Everything but ``id`` is optional; strings are the server's (hostile).

    Prices are US dollars a million tokens as listed; ``context`` and ``max_output`` are tokens.
    ``endpoint_types`` are new-api's ``supported_endpoint_types`` or Gemini's generation methods.
    A struct, since lists of ten thousand are made, sent between processes and looked through.
    """

    id: str
    name: str = ""
    provider: str = ""
    context: int | None = None
    max_output: int | None = None
    input_price: float | None = None
    output_price: float | None = None
    endpoint_types: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    created: int | None = None


class ModelList(msgspec.Struct, frozen=True):
    """A catalogue, or one page of it. ``next_page`` is the query to ask the next page with, "" at the end."""

    shape: ListShape
    models: tuple[ModelInfo, ...]
    next_page: str = ""
    truncated: bool = False

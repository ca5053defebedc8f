"""Which model an endpoint is asked with: what a list declares, what an id says, what a person asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from gatewaytui.checks.models import chat_models
from gatewaytui.domain.catalogue import ModelInfo

# The words of new-api's supported_endpoint_types (facts/gateways.md): a list that uses them says it of every model.
_NEW_API = frozenset(
    (
        "openai",
        "anthropic",
        "gemini",
        "openai-response",
        "openai-response-compact",
        "jina-rerank",
        "embeddings",
        "image-generation",
        "openai-video",
    )
)
_NONE = re.compile(r"(?!)")
NOTHING_FITS = "No listed model fits this endpoint: name one with --model."
GUESSED = "No listed model fits this endpoint: asked for a usual one."


class Fit(msgspec.Struct, frozen=True):
    """What a model for an endpoint looks like.

    ``declares`` are the list's words for the endpoint; ``ids`` what fitting ids contain (None: whatever chats);
    ``prefers`` which of them come first; ``usual`` is asked for where nothing listed fits, "" for none.
    """

    declares: frozenset[str] = frozenset()
    ids: re.Pattern[str] | None = None
    prefers: re.Pattern[str] = _NONE
    usual: str = ""

    def may(self, model: str) -> bool:
        """True where the id does not speak against it."""
        return self.ids.search(model) is not None if self.ids else any(chat_models((model,)))

    def declared(self, model: ModelInfo) -> bool | None:
        """Whether the list says that this model serves the endpoint; None where it says nothing of such endpoints."""
        said = frozenset(model.endpoint_types)
        if self.declares & said:
            return True
        return False if said & _NEW_API and self.declares & _NEW_API else None


class Choice(msgspec.Struct, frozen=True):
    """The model to ask with ("" for none), its list entry where it has one, and a note for the person."""

    model: str
    info: ModelInfo | None = None
    note: str = ""


def choose(fit: Fit, models: Sequence[ModelInfo], asked: str, insist: bool) -> Choice:
    """The model asked for where it fits, or where a person insists; else the best listed one, else a usual one."""
    listed = {model.id: model for model in models}
    if asked and (insist or _suits(fit, asked, listed)):
        return Choice(asked, listed.get(asked))
    best = min((model for model in models if fit.may(model.id)), key=lambda model: _rank(fit, model), default=None)
    if asked and fit.may(asked) and (best is None or not _suits(fit, best.id, listed)):
        return Choice(asked, listed.get(asked))
    if best is not None:
        return Choice(best.id, best)
    return Choice(fit.usual, None, GUESSED) if fit.usual else Choice("", None, NOTHING_FITS)


def _suits(fit: Fit, model: str, listed: dict[str, ModelInfo]) -> bool:
    """More than not unfit: the list declares it, or the id is of the endpoint's own kind."""
    info = listed.get(model)
    if info is not None and fit.declared(info):
        return fit.may(model)
    return fit.may(model) and (
        fit.prefers.search(model) is not None or (fit.ids is not None and fit.prefers is _NONE)
    )


def _rank(fit: Fit, model: ModelInfo) -> tuple[int, int]:
    declared = fit.declared(model)
    return (1 if declared is None else 0 if declared else 2, 0 if fit.prefers.search(model.id) else 1)

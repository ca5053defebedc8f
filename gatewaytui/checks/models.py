"""Check ``models``: the catalogue. Proves address, route and (where the list is not public) the key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.exchange import Exchange, WireRequest
from gatewaytui.domain.failure import NO_PATH, Finding
from gatewaytui.domain.pattern import Pattern
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.reading import Reading
from gatewaytui.domain.run import CheckResult
from gatewaytui.domain.text import valid_model_id
from gatewaytui.protocols.model_lists import LARGEST_LIST
from gatewaytui.protocols.table import PROTOCOLS
from gatewaytui.protocols.urls import other_models_path

from .base import Plan, result

_NOT_FOR_CHAT = Pattern(
    r"embed|rerank|whisper|tts|speech|audio|transcri|image|dall-?e|imagen|flux|stable-?diffusion|sdxl|midjourney"
    r"|video|sora|veo|moderation|ocr|realtime|bge-|\be5-|gte-|clip\b",
    re.IGNORECASE,
)
_TRY_ELSEWHERE = frozenset({404, 405})


class ModelsCheck:
    """``GET`` the model list at the profile's path."""

    name = "models"

    def request(self, plan: Plan, page: str = "") -> WireRequest:
        """The list, or its next page."""
        profile = plan.target.profile
        return plan.dialect.models_request(profile.base_url, profile.models_path, plan.auth, page)

    def request_elsewhere(self, plan: Plan) -> WireRequest | None:
        """The list at another known path, where there is one to try: the other usual one, or the profile's own.

        Anthropic and Gemini fix their list's path; a gateway of several protocols may still keep its one list where
        the profile says (TokModel).
        """
        profile, here = plan.target.profile, self.request(plan)
        usual = other_models_path(profile.models_path)
        tries = (
            plan.dialect.models_request(profile.base_url, usual, plan.auth),
            PROTOCOLS[Protocol.OPENAI_CHAT].models_request(profile.base_url, profile.models_path, plan.auth),
        )
        return next((request for request in tries if request.path != here.path), None)

    def judge(self, exchange: Exchange, reading: Reading | None, finding: Finding | None) -> CheckResult:
        """The list's size and a few of its ids."""
        return result(self.name, exchange, reading, finding)


def may_be_elsewhere(exchange: Exchange, finding: Finding | None) -> bool:
    """True where another list path is worth one more request (rules.md: on 404 and 405)."""
    status = exchange.response.status if exchange.response else None
    return status in _TRY_ELSEWHERE and finding is not None and finding.failure_class in NO_PATH


def join_pages(pages: Iterable[ModelList]) -> ModelList:
    """One list of all pages, cut at 20,000 entries (design/safety.md), said so by ``truncated``."""
    first, *rest = pages
    models = [*first.models, *(model for page in rest for model in page.models)]
    last = rest[-1] if rest else first
    cut = len(models) > LARGEST_LIST or bool(last.next_page) or any(p.truncated for p in (first, *rest))
    return replace(first, models=tuple(models[:LARGEST_LIST]), next_page="", truncated=cut)


def chat_models(ids: Iterable[str]) -> Iterator[str]:
    """Those of the listed ids that are not evidently embedding, image, audio or rerank models, in order."""
    return (id for id in ids if id and not _NOT_FOR_CHAT.search(id))


def first_chat_model(ids: Iterable[str]) -> str:
    """The first of them, or "". An id that is no plain name, and may be the caller's own key, comes last."""
    first = ""
    for id in chat_models(ids):
        if valid_model_id(id):
            return id
        first = first or id
    return first

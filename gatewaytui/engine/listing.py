"""Fetching a catalogue: every page, and the other known path where the first does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol as Contract

import msgspec
from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.models import ModelsCheck, join_pages, may_be_elsewhere
from gatewaytui.domain.catalogue import ModelList
from gatewaytui.domain.exchange import WireRequest
from gatewaytui.domain.progress import CheckFinished, CheckStarted, ModelsArrived, ServerSaid
from gatewaytui.domain.run import CatalogueFacts, CheckResult, Outcome
from gatewaytui.domain.text import safe_line, valid_model_id
from gatewaytui.protocols.model_lists import LARGEST_LIST

from .desk import Tell
from .session import Judged

MOST_PAGES = 100
_CHECK = ModelsCheck()


class Listing(msgspec.Struct, frozen=True):
    """The models check and the list it brought (None where it failed)."""

    check: CheckResult
    models: ModelList | None


class Exchanges(Contract):
    """Whatever sends a request to its end: a session, or one that keeps a log."""

    async def exchange(self, request: WireRequest) -> Judged:
        """The request, read and judged."""
        ...


def _always() -> bool:
    return True


async def fetch_list(
    session: Exchanges, plan: Plan, target: int, tell: Tell, may_ask: Callable[[], bool] = _always
) -> Listing:
    """Ask for the list, tell what came, page through it; ``may_ask`` is asked before each further request."""
    request = _CHECK.request(plan)
    tell(CheckStarted(target, _CHECK.name, request.method, request.path))
    first = await session.exchange(request)
    note = ""
    other = _CHECK.request_elsewhere(plan) if may_be_elsewhere(first.exchange, first.finding) else None
    if other is not None and may_ask():
        second = await session.exchange(other)
        if second.reading is not None and second.reading.models is not None:
            first, note = second, f"The list is at {other.path}: set this profile's models path to it."
    check = replace(_CHECK.judge(first.exchange, first.reading, first.finding), target=target, note=note)
    models = first.reading.models if first.reading else None
    if models is not None and models.next_page:
        models, check = await _all_pages(session, plan, models, check, may_ask)
    _tell_server_words(first, target, tell)
    tell(CheckFinished(target, check))
    if models is not None:
        tell(ModelsArrived(target, models))
    return Listing(check, models if check.outcome is not Outcome.FAILED else None)


async def _all_pages(
    session: Exchanges, plan: Plan, first: ModelList, check: CheckResult, may_ask: Callable[[], bool]
) -> tuple[ModelList, CheckResult]:
    """The whole list; a page that fails ends it, said as truncated."""
    pages, seen = [first], {first.next_page}
    while pages[-1].next_page and len(pages) < MOST_PAGES and sum(len(p.models) for p in pages) < LARGEST_LIST:
        if not may_ask():
            break
        request: WireRequest = _CHECK.request(plan, pages[-1].next_page)
        page = await session.exchange(request)
        if page.reading is None or page.reading.models is None or page.finding is not None:
            break
        pages.append(page.reading.models)
        if pages[-1].next_page in seen:
            break
        seen.add(pages[-1].next_page)
    whole = join_pages(pages)
    sample = check.catalogue.sample_model_ids if check.catalogue else ()
    sample = sample or tuple(id for id in whole.ids if valid_model_id(id))[:5]
    return whole, replace(check, catalogue=CatalogueFacts(len(whole.models), sample, whole.truncated))


def _tell_server_words(judged: Judged, target: int, tell: Tell) -> None:
    error = judged.reading.error if judged.reading else None
    if error is not None and error.message:
        tell(ServerSaid(target, safe_line(error.message)))

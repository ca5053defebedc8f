"""The ledger: what is sent is logged and told, what does not fit is not sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gatewaytui.domain.exchange import Ask, AskKind, WireRequest
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import FROM_PROMPT, AuthHeader, Profile, Protocol, Target
from gatewaytui.domain.progress import Progress, RequestMade
from gatewaytui.domain.run import Budget, KeyUsed, Outcome
from gatewaytui.domain.secret import Secret, wrong_key
from gatewaytui.engine.ledger import Ledger
from gatewaytui.engine.session import Session, open_session
from gatewaytui.protocols.openai_extra import embeddings_request

from .strict_gateway import KEY, strict_gateway
from .support import QUICK, Keys

Answer = TypeVar("Answer")


def _with_session(work: Callable[[Session, str], Awaitable[Answer]]) -> Answer:
    async def run() -> Answer:
        async with strict_gateway() as state:
            target = Target(Profile("strict", state.base_url, key=FROM_PROMPT, timeouts=QUICK))
            async with open_session(target, Keys(("strict", "", Secret(KEY)))) as (session, _):
                return await work(session, state.base_url)

    return asyncio.run(run())


def _list(base_url: str) -> WireRequest:
    ask = Ask(AskKind.MODELS, Protocol.OPENAI_CHAT)
    return WireRequest("GET", f"{base_url}/models", "/v1/models", ask, AuthHeader.BEARER)


def test_a_request_is_logged_with_what_it_was_and_how_it_went() -> None:
    told: list[Progress] = []
    ledger = Ledger(Budget(5, 100), told.append, target=3)

    async def work(session: Session, base_url: str) -> None:
        good = await ledger.ask(session, _list(base_url), check="models")
        bad = await ledger.ask(
            session.keyed(wrong_key()), _list(base_url), check="auth", variant="a wrong key", key=KeyUsed.WRONG
        )
        assert good is not None and good.reading is not None and good.reading.models is not None
        assert bad is not None and bad.finding is not None

    _with_session(work)
    first, second = ledger.requests
    assert (first.check, first.method, first.path, first.status) == ("models", "GET", "/v1/models", 200)
    assert (first.outcome, first.key, first.target) == (Outcome.PASSED, KeyUsed.OWN, 3) and first.elapsed_ms
    assert (second.outcome, second.key, second.variant) == (Outcome.FAILED, KeyUsed.WRONG, "a wrong key")
    assert second.failure_class is FailureClass.AUTH
    assert [event.sent for event in told if isinstance(event, RequestMade)] == [first, second]
    assert ledger.spending.requests == 2 and ledger.spending.tokens == 0


def test_tokens_asked_for_count_where_the_server_counts_none() -> None:
    ledger = Ledger(Budget(5, 100), lambda _: None)

    async def work(session: Session, base_url: str) -> None:
        request = embeddings_request(base_url, "text-embedding-3-small", "OK", AuthHeader.BEARER)
        await ledger.ask(session, request, check="embeddings", tokens=16)
        await ledger.ask(session.keyed(None), request, check="embeddings", tokens=16)

    _with_session(work)
    assert ledger.spending.tokens == 16, "a refused request costs nothing"


def test_what_does_not_fit_is_counted_and_not_sent() -> None:
    ledger = Ledger(Budget(1, 10), lambda _: None)

    async def work(session: Session, base_url: str) -> None:
        request = embeddings_request(base_url, "text-embedding-3-small", "OK", AuthHeader.BEARER)
        assert await ledger.ask(session, request, check="embeddings", tokens=11) is None
        assert await ledger.ask(session, _list(base_url), check="models") is not None
        assert await ledger.ask(session, _list(base_url), check="models") is None

    _with_session(work)
    assert len(ledger.requests) == 1 and ledger.spending.skipped == 2
    assert not ledger.allows()


def test_a_session_with_another_key_sends_that_key_or_none() -> None:
    async def work(session: Session, base_url: str) -> tuple[int, ...]:
        answers = [await one.exchange(_list(base_url)) for one in (session, session.keyed(None), session)]
        return tuple(answer.exchange.response.status for answer in answers if answer.exchange.response)

    assert _with_session(work) == (200, 401, 200)

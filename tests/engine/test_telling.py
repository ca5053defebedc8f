"""What an engine tells, and when: in order, nothing lost, at once."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.progress import ChatJob, Progress, RunFinished, Streamed
from gatewaytui.domain.run import Outcome
from gatewaytui.engine.engine import Engine
from tests.benchmarks.stream_server import MODEL, base_url, streaming

from .support import Keys, target

TOKENS, GAP_US = 300, 1_000


def test_pieces_are_told_in_order_each_with_a_time_of_its_own() -> None:
    request = ChatRequest(model=MODEL, messages=(Message(Role.USER, "Tell me of rivers"),), stream=True)

    async def scenario(url: str) -> list[Progress]:
        async with aclosing(Engine(Keys()).run(ChatJob((target(url),), request))) as events:
            return [event async for event in events]

    with streaming() as origin:
        told = asyncio.run(scenario(base_url(origin, TOKENS, GAP_US)))
    stamps = [event.at_ns for event in told if isinstance(event, Streamed)]
    assert len(stamps) >= TOKENS and stamps == sorted(stamps)
    assert len(set(stamps)) > TOKENS / 2  # each read keeps a time of its own
    last = told[-1]
    assert isinstance(last, RunFinished) and last.run.checks[0].outcome is Outcome.PASSED


def test_the_first_word_is_told_before_the_last_has_come() -> None:
    request = ChatRequest(model=MODEL, messages=(Message(Role.USER, "Tell me of rivers"),), stream=True)

    async def scenario(url: str) -> bool:
        async with aclosing(Engine(Keys()).run(ChatJob((target(url),), request))) as events:
            async for event in events:
                if isinstance(event, Streamed):
                    return True
        return False

    with streaming() as origin:
        assert asyncio.run(asyncio.wait_for(scenario(base_url(origin, 1_000, 1_000_000)), 10))

"""What an engine tells, and when: in order, nothing lost, together where there is much of it."""

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


def _turns() -> list[int]:
    """How often the running loop has turned, for as long as it runs."""
    loop, turned = asyncio.get_running_loop(), [0]

    def turn() -> None:
        turned[0] += 1
        loop.call_soon(turn)

    turn()
    return turned


def test_many_tokens_wake_the_one_who_listens_a_few_times() -> None:
    request = ChatRequest(model=MODEL, messages=(Message(Role.USER, "Tell me of rivers"),), stream=True)

    async def scenario(url: str) -> list[tuple[int, Progress]]:
        turned = _turns()
        async with aclosing(Engine(Keys()).run(ChatJob((target(url),), request))) as events:
            return [(turned[0], event) async for event in events]

    with streaming() as origin:
        told = asyncio.run(scenario(base_url(origin, TOKENS, GAP_US)))
    streamed = [(turn, event) for turn, event in told if isinstance(event, Streamed)]
    stamps = [event.at_ns for _, event in streamed]
    assert len(stamps) >= TOKENS and stamps == sorted(stamps)
    assert len(set(stamps)) > TOKENS / 2  # each read keeps a time of its own
    assert len({turn for turn, _ in streamed}) < TOKENS / 4
    last = told[-1][1]
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

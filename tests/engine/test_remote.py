"""The engine in its own process: the same interface, the same answers, sockets closed when a job is stopped."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import urllib.request
from contextlib import aclosing

import pytest
from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, profile_for
from gatewaytui.domain.chat import ChatRequest, Message, Role, TextDelta
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import Target, Timeouts
from gatewaytui.domain.progress import ChatJob, Progress, RunFinished, SmokeJob, Streamed
from gatewaytui.domain.run import Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.remote import RemoteEngine
from gatewaytui.evidence.gate import GateRefused
from gatewaytui.evidence.record import build

from .support import QUICK, finish

HELLO = ChatRequest("", (Message(Role.USER, "Write a long story about the harbour gateway."),))


def _target(gateways: Gateways, name: str) -> tuple[Target, dict[tuple[str, str], Secret]]:
    info = next(info for info in gateways.personas if info.name == name)
    profile = replace(profile_for(info), timeouts=QUICK)
    return Target(profile), {(name, group): secret for group, secret in info.keys.items()}


def _aborted(gateways: Gateways, name: str) -> int:
    with urllib.request.urlopen(gateways.state_url, timeout=5) as answer:
        return int(json.load(answer)[name]["aborted"])


def test_a_job_runs_there_and_its_evidence_passes_the_gate_there(gateways: Gateways) -> None:
    target, keys = _target(gateways, "healthy")

    async def job() -> bytes:
        engine = RemoteEngine(keys)
        try:
            run, _ = await finish(engine, SmokeJob(target, "Reply with OK"))
            return await engine.export(build(run), "json")
        finally:
            await engine.close()

    assert json.loads(asyncio.run(job()))["summary"]["ok"] is True


def test_the_gate_there_knows_the_prompts_that_were_sent(gateways: Gateways) -> None:
    target, keys = _target(gateways, "healthy")
    prompt = "Summarise the secret merger of Nordwind and Suedwind"

    async def job() -> None:
        engine = RemoteEngine(keys)
        try:
            run, _ = await finish(engine, SmokeJob(target, prompt))
            leaky = replace(run, checks=(replace(run.checks[0], note=prompt), *run.checks[1:]))
            await engine.export(build(leaky), "markdown")
        finally:
            await engine.close()

    with pytest.raises(GateRefused) as refused:
        asyncio.run(job())
    assert refused.value.leaks and prompt not in str(refused.value)


def test_stopping_a_job_closes_its_socket(gateways: Gateways) -> None:
    target, keys = _target(gateways, "slow")
    before = _aborted(gateways, "slow")

    async def job() -> None:
        engine = RemoteEngine(keys)
        try:
            async with aclosing(engine.run(ChatJob((target,), HELLO))) as progress:
                async for event in progress:
                    if isinstance(event, Streamed):
                        break
            while _aborted(gateways, "slow") == before:
                await asyncio.sleep(0.05)
        finally:
            await engine.close()

    asyncio.run(asyncio.wait_for(job(), 20))


def test_a_problem_crosses_as_a_problem(gateways: Gateways) -> None:
    target, _ = _target(gateways, "healthy")

    async def job() -> list[Progress]:
        engine = RemoteEngine()
        try:
            return (await finish(engine, SmokeJob(target, "hi")))[1]
        finally:
            await engine.close()

    last = asyncio.run(job())[-1]
    assert isinstance(last, RunFinished) and last.run.failed is not None and last.run.failed.finding is not None
    assert last.run.failed.finding.failure_class == "keystore"


def test_a_process_that_dies_is_said_and_replaced(gateways: Gateways) -> None:
    target, keys = _target(gateways, "slow")
    healthy, more = _target(gateways, "healthy")

    async def job() -> bool:
        engine = RemoteEngine({**keys, **more})
        try:
            with pytest.raises(Problem):
                async with aclosing(engine.run(ChatJob((target,), HELLO))) as progress:
                    async for event in progress:
                        if isinstance(event, Streamed):
                            assert engine.pid is not None
                            os.kill(engine.pid, signal.SIGKILL)
            run, _ = await finish(engine, SmokeJob(healthy, "Reply with OK"))
            return run.ok
        finally:
            await engine.close()

    assert asyncio.run(asyncio.wait_for(job(), 30))


def test_a_halted_chat_comes_to_its_end_with_what_had_arrived(gateways: Gateways) -> None:
    target, keys = _target(gateways, "slow")
    target = replace(target, profile=replace(target.profile, timeouts=Timeouts()))
    before = _aborted(gateways, "slow")

    async def job() -> Run:
        engine, halt = RemoteEngine(keys), asyncio.Event()
        try:
            async with aclosing(engine.run(ChatJob((target,), HELLO), halt)) as progress:
                async for event in progress:
                    if isinstance(event, Streamed) and any(isinstance(e, TextDelta) for e in event.frame.events):
                        halt.set()
                    if isinstance(event, RunFinished):
                        while _aborted(gateways, "slow") == before:
                            await asyncio.sleep(0.05)
                        return event.run
            raise AssertionError("no run came")
        finally:
            await engine.close()

    (check,) = asyncio.run(asyncio.wait_for(job(), 20)).checks
    assert check.finding is not None and check.finding.failure_class == "cancelled" and check.status == 200
    assert check.stream is not None and check.stream.stream_end == "cancelled" and check.stream.ttft_ms is not None

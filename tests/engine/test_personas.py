"""`smoke` against every embedded gateway: each shows the class it is made to show."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from gatewaytui.demo.launch import Gateways, profile_for
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.progress import ChatJob, CheckFinished, SmokeJob, Streamed
from gatewaytui.domain.run import Outcome
from gatewaytui.engine.engine import Engine

from .support import QUICK, Keys, finish

IN_SMOKE = {
    "tken": "ok",
    "tokmodel": "ok",
    "tokenopen": "ok",
    "tokone": "ok",
    "healthy": "ok",
    "slow": "ok",
    "no-credit": "billing_quota",
    "rate-limited": "rate_limit",
    "wrong-route": "base_url",
    "overloaded": "overloaded",
    "stalls": "stall_timeout",
    "cuts-streams": "stream_interrupted",
    "html-502": "edge_error",
    "error-in-200": "upstream_error",
    "empty-models": "models_empty",
    "wrong-model": "model_mismatch",
}


def _target(gateways: Gateways, name: str, protocol: Protocol | None = None) -> tuple[Target, Keys]:
    info = next(info for info in gateways.personas if info.name == name)
    profile = replace(profile_for(info), timeouts=QUICK)
    keys = Keys(*((profile.name, group, secret) for group, secret in info.keys.items()))
    return Target(profile, protocol_override=protocol), keys


@pytest.mark.parametrize("name", IN_SMOKE)
def test_smoke_shows_what_the_gateway_is_made_to_show(gateways: Gateways, name: str) -> None:
    target, keys = _target(gateways, name)
    run, _ = asyncio.run(finish(Engine(keys), SmokeJob(target, "Reply with OK")))
    worst = run.failed or (run.warned[0] if run.warned else None)
    assert (str(worst.finding.failure_class) if worst and worst.finding else "ok") == IN_SMOKE[name]


@pytest.mark.parametrize("protocol", Protocol)
def test_a_cut_stream_is_seen_as_cut_in_every_protocol(gateways: Gateways, protocol: Protocol) -> None:
    target, keys = _target(gateways, "cuts-streams", protocol)
    request = ChatRequest("", (Message(Role.USER, "Write a short poem about routing."),))
    run, told = asyncio.run(finish(Engine(keys), ChatJob((target,), request)))
    assert run.failed is not None and run.failed.finding is not None
    assert run.failed.finding.failure_class == "stream_interrupted"
    assert any(isinstance(event, Streamed) for event in told)


@pytest.mark.parametrize("protocol", Protocol)
def test_a_healthy_stream_is_measured_in_every_protocol(gateways: Gateways, protocol: Protocol) -> None:
    target, keys = _target(gateways, "healthy", protocol)
    request = ChatRequest("", (Message(Role.USER, "Write a short poem about routing."),), max_tokens=40)
    run, _ = asyncio.run(finish(Engine(keys), ChatJob((target,), request)))
    assert [check.outcome for check in run.checks if check.name == "stream"] == [Outcome.PASSED]
    stream = run.checks[-1].stream
    assert stream is not None and stream.ttft_ms is not None and stream.tokens_per_second is not None
    assert stream.stream_end == "complete" and stream.chunk_count > 1


def test_a_column_that_stalls_does_not_hold_up_the_others(gateways: Gateways) -> None:
    (stalls, keys), (healthy, more) = _target(gateways, "stalls"), _target(gateways, "healthy")
    for profile, group in (("healthy", ""),):
        secret = more.read(healthy)
        assert secret is not None
        keys.remember(profile, group, secret)
    request = ChatRequest("", (Message(Role.USER, "Hello"),), max_tokens=20)
    run, told = asyncio.run(finish(Engine(keys), ChatJob((stalls, healthy), request, kind="compare")))
    ends = [event.target for event in told if isinstance(event, CheckFinished) and event.check.name == "stream"]
    assert ends == [1, 0]
    verdicts = {check.target: check.finding.failure_class if check.finding else None for check in run.checks}
    assert verdicts == {0: "stall_timeout", 1: None}

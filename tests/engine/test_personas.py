"""`smoke` against every embedded gateway: each shows the class it is made to show, and every class is shown."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, local_profiles, profile_for, start
from gatewaytui.demo.persona import load_personas
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import Protocol, Target, Timeouts
from gatewaytui.domain.progress import ChatJob, CheckFinished, SmokeJob, Streamed
from gatewaytui.domain.run import Outcome, Run
from gatewaytui.engine.engine import Engine
from gatewaytui.storage.keys import KeyStore
from gatewaytui.storage.locations import Locations

from .support import QUICK, Keys, finish

PERSONAS = load_personas()
STREAMED = frozenset(("gathers", "no-end-mark"))
"""Whole answers of these are well. Unasked, their streams would show response_shape, whatever else is wrong."""
NOWHERE = frozenset((FailureClass.STORAGE, FailureClass.CANCELLED))
"""A full disk here and a person who stops a run: no gateway and no profile can show them."""
GENTLE = Timeouts(connect=6, first_byte=12, stall=4, total=24)
USUAL = Timeouts()


def _target(gateways: Gateways, name: str, protocol: Protocol | None = None) -> tuple[Target, Keys]:
    info = next(info for info in gateways.personas if info.name == name)
    profile = replace(profile_for(info), timeouts=QUICK)
    keys = Keys(*((profile.name, group, secret) for group, secret in info.keys.items()))
    return Target(profile, protocol_override=protocol), keys


def _shown(run: Run) -> str:
    worst = run.failed or (run.warned[0] if run.warned else None)
    return str(worst.finding.failure_class) if worst and worst.finding else "ok"


async def _smoked(gateways: Gateways) -> dict[str, str]:
    """What `smoke`, and for a few a streamed chat, shows of each; all at once, each with its own patience."""

    async def one(name: str) -> str:
        target, keys = _target(gateways, name)
        info = next(info for info in gateways.personas if info.name == name)
        patient = info.timeouts if info.timeouts != USUAL else GENTLE
        target = replace(target, profile=replace(target.profile, timeouts=patient))
        request = ChatRequest("", (Message(Role.USER, "Write a short poem about routing."),), max_tokens=60)
        job = ChatJob((target,), request) if name in STREAMED else SmokeJob(target, "Reply with OK")
        return _shown((await finish(Engine(keys), job))[0])

    names = [info.name for info in gateways.personas]
    return dict(zip(names, await asyncio.gather(*map(one, names)), strict=True))


@pytest.fixture(scope="module")
def smoked(gateways: Gateways) -> dict[str, str]:
    return asyncio.run(_smoked(gateways))


@pytest.mark.parametrize("name", PERSONAS)
def test_smoke_shows_what_the_gateway_is_made_to_show(smoked: dict[str, str], name: str) -> None:
    if name not in smoked:
        pytest.skip("this machine cannot have its port")
    assert smoked[name] == str(PERSONAS[name].shows or "ok")


@pytest.mark.parametrize("name", sorted(STREAMED))
def test_a_fault_of_the_stream_leaves_whole_answers_alone(gateways: Gateways, name: str) -> None:
    target, keys = _target(gateways, name)
    assert _shown(asyncio.run(finish(Engine(keys), SmokeJob(target, "Reply with OK")))[0]) == "ok"


def test_smoke_shows_the_troubles_of_this_machine(
    gateways: Gateways, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GATEWAYTUI_DEMO_NO_KEY", raising=False)
    keys = KeyStore(Locations(tmp_path / "config", tmp_path / "state"))
    for profile, shows in local_profiles(gateways):
        run, _ = asyncio.run(finish(Engine(keys), SmokeJob(Target(profile), "Reply with OK")))
        assert _shown(run) == shows


def test_every_class_has_somebody_who_shows_it(gateways: Gateways) -> None:
    here = {shows for _, shows in local_profiles(gateways)}
    assert {persona.shows for persona in PERSONAS.values()} - {None} | here | NOWHERE == set(FailureClass)
    assert here == {FailureClass.CONFIG, FailureClass.KEYSTORE}


def test_without_the_healthy_gateway_there_is_nothing_to_point_at() -> None:
    with start(personas=("bad-key",)) as one:
        assert local_profiles(one) == ()


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

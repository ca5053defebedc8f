"""Catalogues: every page, the other known path, and what is said when neither is there."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, profile_for
from gatewaytui.domain.profile import Protocol, Target
from gatewaytui.domain.progress import ModelsArrived, ModelsJob, SmokeJob
from gatewaytui.engine.engine import Engine

from .plain_server import GOOD_CHAT, Reply, serving
from .support import QUICK, Keys, finish, target


def _own(gateways: Gateways, name: str, protocol: Protocol | None = None) -> tuple[Target, Keys]:
    info = next(info for info in gateways.personas if info.name == name)
    profile = replace(profile_for(info), timeouts=QUICK)
    keys = Keys(*((name, group, secret) for group, secret in info.keys.items()))
    return Target(profile, protocol_override=protocol), keys


def test_every_shape_gives_the_whole_list(gateways: Gateways) -> None:
    async def count(protocol: Protocol) -> int:
        aim, keys = _own(gateways, "healthy", protocol)
        run, told = await finish(Engine(keys), ModelsJob((aim,)))
        arrived = [event.models for event in told if isinstance(event, ModelsArrived)]
        assert run.ok and len(arrived) == 1 and not arrived[0].truncated
        return len(arrived[0].models)

    async def all_of_them() -> set[int]:
        return {await count(protocol) for protocol in Protocol}

    counts = asyncio.run(all_of_them())
    assert len(counts) == 1 and counts.pop() > 5


def test_a_list_at_the_other_path_is_found_and_said(gateways: Gateways) -> None:
    aim, keys = _own(gateways, "tokmodel")
    elsewhere = replace(aim, profile=replace(aim.profile, models_path="/models"))
    run, _ = asyncio.run(finish(Engine(keys), ModelsJob((elsewhere,))))
    assert run.ok and "v1beta/models" in run.checks[0].note


def test_no_list_and_a_working_chat_is_only_a_warning() -> None:
    async def job() -> tuple[bool, list[str]]:
        missing = Reply(404, body=b'{"detail":"Not Found"}')
        async with serving(models=missing, chat=Reply(body=GOOD_CHAT)) as server:
            run, _ = await finish(Engine(Keys()), SmokeJob(target(server.base_url), "hi"))
            return run.ok, [str(check.finding.failure_class) for check in run.warned if check.finding]

    assert asyncio.run(job()) == (True, ["models_unsupported"])


def test_no_list_and_no_model_named_stops_there() -> None:
    async def job() -> list[str]:
        async with serving(models=Reply(404, body=b'{"detail":"Not Found"}')) as server:
            run, _ = await finish(Engine(Keys()), SmokeJob(target(server.base_url, model=""), "hi"))
            assert all(line.startswith("GET") for line, _ in server.requests)
            return [str(check.outcome) for check in run.checks]

    assert asyncio.run(job()) == ["failed", "skipped"]


def test_a_server_that_wants_another_token_limit_gets_it() -> None:
    refusal = (
        b'{"error":{"message":"Unsupported parameter: \'max_tokens\' is not supported with this model. Use '
        b'\'max_completion_tokens\' instead.","type":"invalid_request_error","param":"max_tokens",'
        b'"code":"unsupported_parameter"}}'
    )

    async def job() -> list[bytes]:
        async with serving(chat=Reply(400, body=refusal)) as server:
            await finish(Engine(Keys()), SmokeJob(target(server.base_url), "hi"))
            return [body for line, body in server.requests if line.startswith("POST")]

    first, second = asyncio.run(job())
    assert b'"max_tokens"' in first and b'"max_completion_tokens"' in second and b'"max_tokens"' not in second


def test_a_gateway_of_several_protocols_keeps_its_one_list_where_the_profile_says(gateways: Gateways) -> None:
    aim, keys = _own(gateways, "tokmodel", Protocol.ANTHROPIC)
    run, _ = asyncio.run(finish(Engine(keys), SmokeJob(aim, "Reply with OK")))
    assert run.ok, run.checks
    assert run.checks[0].path.endswith("/v1beta/models") and run.checks[1].path.endswith("/v1/messages")


def test_a_list_without_a_chat_model_is_no_proof() -> None:
    only_embeddings = Reply(body=b'{"object":"list","data":[{"id":"text-embedding-3-small","object":"model"}]}')

    async def job(skip_chat: bool) -> list[tuple[str, str | None]]:
        async with serving(models=only_embeddings) as server:
            run, _ = await finish(Engine(Keys()), SmokeJob(target(server.base_url, model=""), "hi", skip_chat))
            return [(check.outcome, check.finding.failure_class if check.finding else None) for check in run.checks]

    assert asyncio.run(job(skip_chat=False)) == [("passed", None), ("failed", "config")]
    assert asyncio.run(job(skip_chat=True)) == [("passed", None)]

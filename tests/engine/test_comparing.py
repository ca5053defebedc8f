"""The comparison against gateways that keep a log: what was sent, in which order, and what is kept of it."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack, aclosing
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from gatewaytui.demo.launch import Gateways, profile_for
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.comparison import ColumnFacts, Metric
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import NO_KEY, Profile, Protocol, Target, Timeouts
from gatewaytui.domain.progress import (
    CheckFinished,
    CheckStarted,
    CompareJob,
    Progress,
    RunFinished,
    SpendPlanned,
    Streamed,
)
from gatewaytui.domain.run import Budget, CheckResult, Outcome, Run
from gatewaytui.engine.compareplan import compare_run
from gatewaytui.engine.engine import Engine
from gatewaytui.engine.remote import RemoteEngine
from gatewaytui.evidence.record import build
from gatewaytui.evidence.verify import verify
from tests.servers.recording import Answer, Asked, Behaviour, Gateway, recording

from .answers import BAD_KEY, chat_answer, error, model_list, reply
from .support import QUICK, Keys, finish

HELLO = ChatRequest("", (Message(Role.USER, "Hello"),), max_tokens=20)


def answering(chat: Behaviour = chat_answer) -> Behaviour:
    """A gateway with a list and this chat."""
    return lambda asked: model_list(("gpt-5.5",)) if asked.method == "GET" else chat(asked)


def target(gateway: Gateway, name: str, model: str = "gpt-5.5") -> Target:
    return Target(Profile(name, f"{gateway.url}/v1", NO_KEY, timeouts=QUICK), model=model)


def job(*targets: Target, runs: int = 3, **more: Any) -> CompareJob:
    return CompareJob(targets, HELLO, runs=runs, **more)


def done(work: CompareJob, keys: Keys | None = None) -> tuple[Run, list[Progress]]:
    return asyncio.run(finish(Engine(keys or Keys()), work))


def columns(run: Run) -> tuple[ColumnFacts, ...]:
    assert run.comparison is not None
    return run.comparison.columns


def chats(gateway: Gateway) -> list[Asked]:
    return [asked for asked in gateway.asked if asked.method == "POST"]


def finished(told: list[Progress]) -> list[CheckResult]:
    return [event.check for event in told if isinstance(event, CheckFinished)]


def slots(run: Run, index: int = 0) -> list[Any]:
    return [check.slot for check in run.checks if check.target == index]


def test_the_server_got_as_many_requests_as_the_table_says() -> None:
    with recording(answering()) as first, recording(answering()) as second:
        run, told = done(job(target(first, "a"), target(second, "b"), runs=4, warm_ups=2, concurrency=3))
    assert [len(chats(one)) for one in (first, second)] == [6, 6]
    assert [(column.runs, column.answered) for column in columns(run)] == [(4, 4), (4, 4)]
    assert run.spending is not None and run.spending.requests == 12
    assert run.spending.tokens == 12 * 10  # as the server counts: 9 in, 1 out
    planned = [event for event in told if isinstance(event, SpendPlanned)]
    assert planned[0].requests == 12 and planned[0].spent.requests == 0
    assert [event.spent.requests for event in planned] == sorted(event.spent.requests for event in planned)


def test_its_evidence_fits_the_schema_and_holds_the_schedule() -> None:
    with recording(answering()) as one:
        run, _ = done(job(target(one, "a"), runs=2, warm_ups=1, seed=7))
    content = asyncio.run(Engine(Keys()).export(build(run), "json"))
    document = json.loads(content)
    assert verify(content) == ()
    assert [check["slot"]["warm_up"] for check in document["checks"]].count(True) == 1
    assert (document["comparison"]["seed"], document["comparison"]["changes"]) == (7, None)


def test_warm_ups_come_first_and_are_not_measured() -> None:
    seen = 0

    def fails_first(asked: Asked) -> Answer:
        nonlocal seen
        seen += 1
        return error(503, "loading the model") if seen <= 2 else chat_answer(asked)

    with recording(answering(fails_first)) as one:
        run, told = done(job(target(one, "a"), runs=3, warm_ups=2, concurrency=2))
    assert [check.slot.warm_up for check in finished(told) if check.slot] == [True, True, False, False, False]
    assert (columns(run)[0].runs, columns(run)[0].answered, columns(run)[0].failures) == (3, 3, ())
    assert run.ok and json.loads(asyncio.run(Engine(Keys()).export(build(run), "json")))["summary"]["ok"]


def test_a_column_that_hangs_holds_up_no_other() -> None:
    with recording(answering(lambda _: None)) as silent, recording(answering()) as quick:
        run, told = done(job(target(silent, "silent"), target(quick, "quick"), runs=3, concurrency=3))
    ends = [check.target for check in finished(told)]
    assert ends == [1, 1, 1, 0, 0, 0]
    assert columns(run)[1].answered == 3
    assert columns(run)[0].failures == ((FailureClass.FIRST_BYTE_TIMEOUT, 3),)


def test_a_list_that_hangs_holds_up_no_other_column_either() -> None:
    listless = recording(lambda asked: None if asked.method == "GET" else chat_answer(asked))
    with listless as silent, recording(answering()) as quick:
        run, told = done(job(target(silent, "silent"), target(quick, "quick"), runs=2))
    assert [check.target for check in finished(told)] == [1, 1, 0, 0]
    assert [column.answered for column in columns(run)] == [2, 2]


def test_lanes_are_as_many_as_asked_for_and_each_target_has_its_own() -> None:
    most: dict[str, int] = {}
    with ExitStack() as stack:
        gateways = [stack.enter_context(recording(answering(_streamed))) for _ in range(2)]

        async def watched() -> Run:
            async with aclosing(Engine(Keys()).run(work)) as events:
                async for event in events:
                    for at, gateway in enumerate(gateways):
                        most[str(at)] = max(most.get(str(at), 0), gateway.open)
                    if isinstance(event, RunFinished):
                        return event.run
            raise AssertionError

        work = job(*(target(one, str(at)) for at, one in enumerate(gateways)), runs=8, concurrency=3)
        run = asyncio.run(watched())
    assert all(1 < number <= 4 for number in most.values())  # three lanes, and the connection of the list
    assert [column.answered for column in columns(run)] == [8, 8]
    assert {slot.lane for slot in slots(run)} == {0, 1, 2}


def _streamed(asked: Asked) -> Answer:
    return replace(chat_answer(asked), pause=0.03)


def test_only_one_lane_of_a_target_is_shown_as_it_streams() -> None:
    with recording(answering(_streamed)) as one:
        _, told = done(job(target(one, "a"), runs=6, concurrency=3))
    shown = sum(isinstance(event, CheckStarted) for event in told)
    assert 1 <= shown < 6 and len(finished(told)) == 6
    assert any(isinstance(event, Streamed) for event in told)


@pytest.mark.parametrize("limit", [1, 5, 6])
def test_the_budget_is_never_exceeded_and_the_rest_is_told_as_not_sent(limit: int) -> None:
    with recording(answering()) as first, recording(answering()) as second:
        work = job(target(first, "a"), target(second, "b"), runs=5, concurrency=4, budget=Budget(limit, 10**6))
        run, _ = done(work)
    assert len(chats(first)) + len(chats(second)) == limit
    skipped = [check for check in run.checks if check.outcome is Outcome.SKIPPED]
    assert len(skipped) == 10 - limit and all("budget" in check.note for check in skipped)
    assert run.spending is not None and (run.spending.requests, run.spending.skipped) == (limit, 10 - limit)
    assert sum(column.runs for column in columns(run)) == limit


def test_the_budget_of_tokens_is_kept_by_what_was_counted() -> None:
    def hungry(asked: Asked) -> Answer:
        usage = {"prompt_tokens": 400, "completion_tokens": 1, "total_tokens": 401}
        message = {"index": 0, "message": {"role": "assistant", "content": "OK"}, "finish_reason": "stop"}
        return reply(200, {"id": "c", "model": asked.json["model"], "choices": [message], "usage": usage})

    whole = replace(HELLO, stream=False)
    with recording(answering(hungry)) as one:
        limited = replace(job(target(one, "a"), runs=9, budget=Budget(99, 1000)), request=whole)
        run, _ = done(limited)
        assert len(chats(one)) == 3 and columns(run)[0].runs == 3
        unlimited, _ = done(replace(limited, budget=None))
    assert columns(unlimited)[0].answered == 9  # more than was estimated, but nobody set a limit
    assert unlimited.spending is not None and unlimited.spending.tokens <= unlimited.spending.limit.tokens


def test_the_form_a_server_asks_for_is_asked_for_once() -> None:
    def picky(asked: Asked) -> Answer:
        if "max_tokens" in asked.json:
            return error(400, "Use 'max_completion_tokens' instead.", "unsupported_parameter")
        return chat_answer(asked)

    with recording(answering(picky)) as one:
        run, _ = done(job(target(one, "a"), runs=5))
    assert len(chats(one)) == 6
    assert (columns(run)[0].answered, columns(run)[0].failures) == (5, ())


def test_a_target_that_vanishes_keeps_what_it_measured() -> None:
    with ExitStack() as stack:
        stays = stack.enter_context(recording(answering()))
        gone = ExitStack()
        goes = gone.enter_context(recording(answering()))
        work = job(target(goes, "goes"), target(stays, "stays"), runs=6, interval_s=0.15)

        async def watched() -> Run:
            ends = 0
            async with aclosing(Engine(Keys()).run(work)) as events:
                async for event in events:
                    ends += isinstance(event, CheckFinished) and event.target == 0
                    if ends == 2:
                        await asyncio.to_thread(gone.close)
                    if isinstance(event, RunFinished):
                        return event.run
            raise AssertionError

        run = asyncio.run(watched())
    vanished, other = columns(run)
    assert vanished.runs == 6 and 2 <= vanished.answered < 6
    assert {name for name, _ in vanished.failures} <= {
        FailureClass.CONNECTION_REFUSED,
        FailureClass.CONNECTION_RESET,
        FailureClass.GATEWAY_ERROR,
    }
    assert vanished.spread(Metric.TTFT).n == vanished.answered
    assert (other.answered, other.failures) == (6, ())


def test_an_answer_of_no_tokens_is_not_fast() -> None:
    def nothing(asked: Asked) -> Answer:
        head = {"id": "c", "object": "chat.completion.chunk", "model": asked.json["model"]}
        pieces = (
            {**head, "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]},
            {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        )
        lines = tuple(b"data: %b\n\n" % json.dumps(piece).encode() for piece in pieces)
        return Answer(200, content_type="text/event-stream", pieces=(*lines, b"data: [DONE]\n\n"))

    with recording(answering(nothing)) as empty, recording(answering()) as full:
        run, _ = done(job(target(empty, "empty"), target(full, "full"), runs=2))
    column = columns(run)[0]
    assert column.failures == ((FailureClass.EMPTY_RESPONSE, 2),)
    assert all(spread.n == 0 for _, spread in column.spreads)
    assert columns(run)[1].answered == 2


def test_the_same_endpoint_twice_is_measured_and_said() -> None:
    with recording(answering()) as one:
        run, _ = done(job(target(one, "a"), target(one, "b"), runs=2))
    assert len(chats(one)) == 4
    assert run.comparison is not None
    assert any("a and b are the same endpoint" in note for note in run.comparison.notes)


def test_equal_and_other_texts_are_told_apart_by_number_only() -> None:
    def other(asked: Asked) -> Answer:
        whole = {"index": 0, "message": {"role": "assistant", "content": "No"}, "finish_reason": "stop"}
        return reply(200, {"id": "c", "model": asked.json["model"], "choices": [whole]})

    request = replace(HELLO, stream=False, temperature=0.0)
    with recording(answering()) as first, recording(answering(other)) as second:
        work = replace(job(target(first, "a"), target(first, "b"), target(second, "c"), runs=2), request=request)
        run, _ = done(work)
    assert run.comparison is not None and run.comparison.same_text is False
    texts = [set(column.texts) for column in columns(run)]
    assert texts[0] == texts[1] and texts[2].isdisjoint(texts[0])


def test_an_interval_plans_the_runs_and_keeps_the_plan() -> None:
    with recording(answering()) as one:
        run, _ = done(job(target(one, "a"), runs=4, warm_ups=1, interval_s=0.05))
    measured = [slot for slot in slots(run) if not slot.warm_up]
    gaps = [after.planned_ms - before.planned_ms for before, after in itertools.pairwise(measured)]
    assert gaps == pytest.approx([50.0] * 3)
    assert all(slot.started_ms >= slot.planned_ms for slot in measured)
    assert measured[0].planned_ms > next(slot for slot in slots(run) if slot.warm_up).started_ms


def test_a_run_that_had_to_wait_for_its_turn_says_how_long() -> None:
    slow = answering(lambda asked: replace(chat_answer(asked), pause=0.05))
    with recording(slow) as one:
        run, _ = done(job(target(one, "a"), runs=4, interval_s=0.01))
    assert run.comparison is not None
    queued = columns(run)[0].queued_ms
    assert queued is not None and queued > 100
    assert any("waited" in note for note in run.comparison.notes)


def test_the_seed_decides_the_order_in_which_targets_start() -> None:
    def order(seed: int) -> list[int]:
        with ExitStack() as stack:
            aims = [target(stack.enter_context(recording(answering())), str(at)) for at in range(6)]
            prices = tuple((None, None) for _ in aims)
            _, told = done(job(*aims, runs=1, seed=seed, prices=prices))
        return [event.target for event in told if isinstance(event, CheckStarted)]

    assert order(1) == order(1)
    assert len({tuple(order(seed)) for seed in range(4)}) > 1


def test_known_prices_spare_the_list() -> None:
    with recording(answering()) as one:
        run, told = done(job(target(one, "a"), runs=2, prices=((2.0, 8.0),)))
    assert len(one.asked) == len(chats(one)) == 2
    assert columns(run)[0].cost_usd == pytest.approx(2 * (9 * 2 + 1 * 8) / 1e6)
    planned = next(event for event in told if isinstance(event, SpendPlanned) and event.cost_usd is not None)
    assert planned.unpriced == 0


def test_without_a_model_the_first_listed_one_is_taken_and_said() -> None:
    with recording(answering()) as one:
        run, _ = done(job(target(one, "a", model=""), runs=2, prices=((None, None),)))
    assert run.targets[0].selected_model == "gpt-5.5"
    assert all("took the first" in check.note for check in run.checks)


def test_a_list_that_fails_where_no_model_is_named_fails_its_column_alone() -> None:
    with recording(lambda _: BAD_KEY) as bad, recording(answering()) as good:
        run, _ = done(job(target(bad, "bad", model=""), target(good, "good"), runs=2))
    assert (columns(run)[0].runs, columns(run)[0].failures) == (0, ((FailureClass.AUTH, 1),))
    assert columns(run)[1].answered == 2 and run.failed is not None


def _stopped_after(ends: int, work: CompareJob) -> tuple[Run, list[CheckResult]]:
    heard: list[CheckResult] = []

    async def stopped() -> None:
        async with aclosing(Engine(Keys()).run(work)) as events:
            async for event in events:
                if isinstance(event, CheckFinished):
                    heard.append(event.check)
                    if len(heard) == ends:
                        return

    asyncio.run(stopped())
    return compare_run(work, datetime.now(UTC), heard), heard


def test_stopped_in_the_middle_what_was_measured_is_kept() -> None:
    with recording(answering()) as quick, recording(answering(lambda _: None)) as silent:
        run, heard = _stopped_after(3, job(target(silent, "slow"), target(quick, "quick"), runs=50))
        assert [column.runs for column in columns(run)] == [0, 3]
        assert columns(run)[1].spread(Metric.TTFT).n == 3 and columns(run)[1].spread(Metric.TTFT).p50 is not None
        assert run.comparison is not None and run.comparison.planned == 100
        assert verify(asyncio.run(Engine(Keys()).export(build(run), "json"))) == ()
        assert len(heard) == 3 and len(chats(quick)) < 50
        assert _soon(lambda: silent.open == 0 and quick.open == 0)


def test_a_process_that_is_killed_in_the_middle_is_said_and_what_it_told_is_kept() -> None:
    heard: list[CheckResult] = []
    with recording(answering()) as quick:
        work = job(target(quick, "quick"), runs=50, interval_s=0.05)

        async def killed() -> str:
            engine = RemoteEngine({})
            try:
                with pytest.raises(Problem) as trouble:
                    async with aclosing(engine.run(work)) as events:
                        async for event in events:
                            if not isinstance(event, CheckFinished):
                                continue
                            heard.append(event.check)
                            if len(heard) == 3:  # what it had sent by then is still told
                                assert engine.pid is not None
                                os.kill(engine.pid, signal.SIGKILL)
                return trouble.value.sentence
            finally:
                await engine.close()

        sentence = asyncio.run(asyncio.wait_for(killed(), 60))
        assert _soon(lambda: quick.open == 0)
    run = compare_run(work, datetime.now(UTC), heard)
    assert "engine" in sentence and sentence.endswith("."), sentence
    assert 3 <= len(heard) < 50 and columns(run)[0].answered == len(heard)
    assert verify(asyncio.run(Engine(Keys()).export(build(run), "json"))) == ()


def test_every_token_of_a_stream_is_stamped_and_its_figures_say_how_well() -> None:
    with recording(answering(_streamed)) as one:
        run, _ = done(job(target(one, "a"), runs=4))
    for check in run.checks:
        assert check.stream is not None and check.stream.stamps is not None
        assert check.stream.stamps.events == check.stream.chunk_count > 0
        assert check.stream.uncertainty.ttft_ms and check.stream.uncertainty.e2e_ms
    stamps = columns(run)[0].stamps
    assert stamps is not None and stamps.events == sum(
        check.stream.chunk_count for check in run.checks if check.stream
    )
    assert columns(run)[0].spread(Metric.TTFT).uncertainty


def test_a_gateway_that_gathers_is_seen_to_batch() -> None:
    def gathering(asked: Asked) -> Answer:
        whole = chat_answer(asked)
        word = json.dumps(
            {"id": "c", "model": "gpt-5.5", "choices": [{"index": 0, "delta": {"content": "word "}}]}
        ).encode()
        burst = b"data: %b\n\n" % word * 5
        return replace(whole, pieces=(burst, burst, burst, *whole.pieces), pause=0.03)

    with recording(answering(gathering)) as one:
        run, _ = done(job(target(one, "a"), runs=4))
    stamps = columns(run)[0].stamps
    assert stamps is not None and stamps.events > 2 * stamps.reads
    assert stamps.batched + stamps.late >= 3 * 4  # late where this machine was too busy to tell


def _soon(true: Callable[[], bool]) -> bool:
    """A server sees a closed socket a moment later."""

    async def waited() -> bool:
        for _ in range(200):
            if true():
                return True
            await asyncio.sleep(0.02)
        return False

    return asyncio.run(waited())


def _embedded(gateways: Gateways, *names: str) -> tuple[list[Target], Keys]:
    keys: list[Any] = []
    aims = []
    for name in names:
        info = next(info for info in gateways.personas if info.name == name)
        profile = replace(profile_for(info), timeouts=Timeouts(connect=5, first_byte=10, stall=2, total=20))
        keys += [(profile.name, group, secret) for group, secret in info.keys.items()]
        aims.append(Target(profile, profile.groups[0].name if profile.groups else ""))
    return aims, Keys(*keys)


def test_the_embedded_gateways_each_show_their_own_class(gateways: Gateways) -> None:
    names = ("healthy", "no-credit", "rate-limited", "cuts-streams", "wrong-model", "stalls", "tokmodel")
    aims, keys = _embedded(gateways, *names)
    run, _ = done(job(*aims, runs=2, concurrency=2), keys)
    shown = {name: columns(run)[at] for at, name in enumerate(names)}
    assert (shown["healthy"].answered, shown["healthy"].failures, shown["healthy"].warnings) == (2, (), ())
    classes = {name: (*column.failures, *column.warnings) for name, column in shown.items()}
    assert classes["no-credit"] == ((FailureClass.BILLING_QUOTA, 2),)
    assert classes["cuts-streams"] == ((FailureClass.STREAM_INTERRUPTED, 2),)
    assert classes["stalls"] == ((FailureClass.STALL_TIMEOUT, 2),)
    assert classes["rate-limited"][0][0] is FailureClass.RATE_LIMIT
    assert classes["wrong-model"][0][0] is FailureClass.MODEL_MISMATCH
    assert shown["tokmodel"].cost_usd is not None and shown["tokmodel"].cost_usd > 0


@pytest.mark.parametrize("protocol", Protocol)
def test_every_protocol_is_measured(gateways: Gateways, protocol: Protocol) -> None:
    aims, keys = _embedded(gateways, "healthy")
    run, _ = done(job(replace(aims[0], protocol_override=protocol), runs=2), keys)
    column = columns(run)[0]
    assert column.answered == 2
    assert all(column.spread(metric).n == 2 for metric in Metric)
    assert column.input_tokens and column.output_tokens

"""`smoke` as it is heard while it goes: every verdict once, and none that is taken back."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from gatewaytui.domain.progress import CheckFinished, CheckStarted, ModelsArrived, Progress, SmokeJob
from gatewaytui.domain.run import Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from tests.servers.recording import Answer, recording

from .answers import NO_ROUTE, PAGE, chat_answer, error, refuses
from .gateway import IDS, KEY, Usual, a_target
from .support import Keys, finish

LIST, CHAT = "/v1/models", "/v1/chat/completions"
NO_SUCH_PAGE = Answer(404, PAGE.body, "text/html")
NOT_ALLOWED = error(405, "Method Not Allowed")


def only_chats(no_list: Answer, chat: Any = chat_answer) -> Any:
    """A chat, and this answer to everything else."""
    return lambda asked: chat(asked) if asked.path == CHAT else no_list


class Case(msgspec.Struct, frozen=True):
    """A gateway, how it is asked, and the verdicts in the order in which they are told."""

    gateway: Any
    told: tuple[str, ...]
    asked: dict[str, Any] = msgspec.field(default_factory=dict)


CASES = {
    "all is well": Case(Usual(), ("models passed", "chat passed")),
    "no list, 404": Case(only_chats(NO_ROUTE), ("models warned models_unsupported", "chat passed")),
    "no list, 405": Case(only_chats(NOT_ALLOWED), ("models warned models_unsupported", "chat passed")),
    "no list, a page that says 404": Case(
        only_chats(NO_SUCH_PAGE), ("models warned models_unsupported", "chat passed")
    ),
    "no list, and the chat refuses the key": Case(
        only_chats(NO_ROUTE, lambda _: error(401, "Bad key", "invalid_api_key")),
        ("models warned models_unsupported", "chat failed auth"),
    ),
    "no list and no chat": Case(
        only_chats(NO_ROUTE, lambda _: NO_ROUTE), ("models failed route_not_found", "chat failed route_not_found")
    ),
    "no list, no model": Case(only_chats(NO_ROUTE), ("models failed route_not_found",), {"model": ""}),
    "no list, no chat wanted": Case(only_chats(NO_ROUTE), ("models failed route_not_found",), {"skip_chat": True}),
    "an empty list, and the named model answers": Case(Usual(ids=()), ("models failed models_empty", "chat passed")),
    "an empty list, and the named model is not known": Case(
        Usual(ids=(), routes={CHAT: refuses(error(404, "No such model", "model_not_found"))}),
        ("models failed models_empty", "chat failed model_not_found"),
    ),
    "an empty list, no model": Case(Usual(ids=()), ("models failed models_empty",), {"model": ""}),
    "a website": Case(lambda _: PAGE, ("models failed base_url",)),
    "another key": Case(Usual(keys=("another",)), ("models failed auth",)),
    "a model that is not listed": Case(
        Usual(ids=IDS[1:], routes={CHAT: refuses(error(404, "No such model", "model_not_found"))}),
        ("models passed", "chat failed model_not_found"),
    ),
    "a model that was chosen": Case(Usual(), ("models passed", "chat passed"), {"model": ""}),
}


def smoked(gateway: Any, model: str = "gpt-5.5", skip_chat: bool = False) -> tuple[Run, list[Progress]]:
    with recording(gateway) as served:
        target = a_target(f"{served.url}/v1", model)
        engine = Engine(Keys(("plain", "", Secret(KEY))))
        return asyncio.run(finish(engine, SmokeJob(target, "Reply with OK", skip_chat)))


@pytest.mark.parametrize("name", CASES)
def test_every_verdict_is_told_once_and_stands(name: str) -> None:
    case = CASES[name]
    run, told = smoked(case.gateway, **case.asked)
    checks = [event.check for event in told if isinstance(event, CheckFinished)]
    verdicts = [
        " ".join(filter(None, (check.name, check.outcome, check.finding and check.finding.failure_class)))
        for check in checks
    ]
    assert tuple(verdicts) == case.told
    assert checks == [check for check in run.checks if check.outcome != "skipped"]


def test_a_named_model_that_answers_is_the_way_past_an_empty_list() -> None:
    run, _ = smoked(Usual(ids=()))
    assert not run.ok
    finding = run.checks[0].finding
    assert finding is not None and finding.next_step.startswith("Go on with gpt-5.5: a chat with it works")


def test_a_model_that_is_unknown_where_the_list_is_empty_is_not_sought_in_it() -> None:
    run, _ = smoked(Usual(ids=(), routes={CHAT: refuses(error(404, "No such model", "model_not_found"))}))
    finding = run.checks[1].finding
    assert finding is not None and finding.next_step.startswith("There is no model list to choose from")


def test_a_good_list_is_told_before_the_chat_is_asked() -> None:
    _, told = smoked(Usual())
    kinds = [
        (type(event), event.check.name if isinstance(event, CheckFinished) else event.name)
        for event in told
        if isinstance(event, CheckStarted | CheckFinished)
    ]
    assert kinds == [
        (CheckStarted, "models"),
        (CheckFinished, "models"),
        (CheckStarted, "chat"),
        (CheckFinished, "chat"),
    ]
    assert any(isinstance(event, ModelsArrived) for event in told)

"""The doctor's rungs one by one: what they send, what only warns, what is left out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.domain.profile import Group, KeyReference, KeySource, Protocol
from gatewaytui.domain.run import Outcome, Rung
from tests.servers.recording import Answer, Asked

from .answers import (
    NO_ROUTE,
    PAGE,
    messages_answer,
    model_list,
    reply,
)
from .gateway import IDS, Ended, Usual, examine, shown

LIST, CHAT = "/v1/models", "/v1/chat/completions"
ENV = KeyReference(KeySource.ENV, name="NOWHERE")


def test_all_well() -> None:
    done = examine(Usual())
    assert done.run.ok and not done.run.warned, shown(done.run)
    assert [check.name for check in done.run.checks] == list(Rung)
    assert [sent.variant for sent in done.run.requests] == ["", "a wrong key", "", ""]
    assert done.run.spending is not None and done.run.spending.tokens == 20
    assert done.run.targets[0].selected_model == "gpt-5.5"


@pytest.mark.parametrize(
    "nothing",
    [NO_ROUTE, PAGE, replace(PAGE, status=404), replace(PAGE, status=405)],
    ids=["404", "a page", "404 page", "405 page"],
)
def test_a_missing_list_only_warns_where_the_named_model_chats(nothing: Answer) -> None:
    done = examine(Usual(routes={LIST: lambda _: nothing}))
    assert done.run.ok, shown(done.run)
    assert [str(check.finding and check.finding.failure_class) for check in done.run.warned] == ["models_unsupported"]
    elsewhere = [] if nothing.status < 400 else ["/v1beta/models"]
    assert [asked.path for asked in done.gateway.asked if asked.method == "GET"] == [LIST, LIST, *elsewhere]


def test_a_missing_list_without_a_model_is_where_it_ends() -> None:
    done = examine(Usual(routes={LIST: lambda _: NO_ROUTE}), model="")
    assert done.verdict == ("models", "route_not_found", "gateway")
    assert all(asked.method == "GET" for asked in done.gateway.asked)


def test_no_key_and_none_needed() -> None:
    done = examine(Usual(keys=()), key=None)
    assert done.run.ok and not done.run.warned, shown(done.run)
    assert done.check("auth").outcome is Outcome.SKIPPED and done.tried == []


@pytest.mark.parametrize("gateway", [Usual(free=(LIST,)), Usual(keys=())], ids=["a public list", "any key will do"])
def test_a_key_is_not_proven_where_a_wrong_one_is_taken(gateway: Usual) -> None:
    done = examine(gateway)
    assert done.run.ok and done.check("auth").outcome is Outcome.WARNED, shown(done.run)
    assert "Not proven" in done.check("auth").note
    assert done.document["summary"]["warnings"] == ["auth"]


def test_without_a_model_the_first_one_for_chat_is_taken() -> None:
    done = examine(Usual(ids=("text-embedding-3-small", *IDS)), model="")
    assert done.run.ok and done.run.targets[0].selected_model == "gpt-5.5"
    assert "took the first" in done.check("model").note


def test_a_list_of_nothing_to_chat_with_says_so() -> None:
    done = examine(Usual(ids=("text-embedding-3-small",)), model="")
    assert done.verdict == ("model", "config", "local") and "--model" in done.step


def test_slow_is_no_failure() -> None:
    def slowly(asked: Asked) -> Answer:
        return Answer(200, content_type="application/json", pieces=(model_list(IDS).body,), pause=0.3)

    assert examine(Usual(routes={LIST: slowly})).run.ok


def test_a_server_that_closes_without_a_word_sees_each_request_once() -> None:
    closing = Answer(200, model_list(IDS).body, close=True)
    assert all(examine(Usual(routes={LIST: lambda _: closing})).run.ok for _ in range(5))


def test_the_profile_s_other_protocols_are_the_last_rung() -> None:
    done = _families(Usual(serves=(CHAT, "/v1/messages"), headers=("authorization", "x-api-key")))
    assert done.run.ok and done.check("families").outcome is Outcome.PASSED, shown(done.run)
    assert "Anthropic Messages answers" in done.check("families").note
    assert [sent.model for sent in done.run.requests][-1] == "claude-sonnet-4-6"


def test_a_declared_protocol_that_is_not_there_warns() -> None:
    done = _families(Usual(headers=("authorization", "x-api-key")))
    assert done.run.ok and done.check("families").outcome is Outcome.WARNED, shown(done.run)
    finding = done.check("families").finding
    assert finding is not None and finding.failure_class == "endpoint_unsupported"
    assert "Anthropic Messages" in finding.next_step


def _families(gateway: Usual) -> Ended:
    return examine(gateway, groups=(Group("all", ENV, (Protocol.OPENAI_CHAT, Protocol.ANTHROPIC)),))


def test_anthropic_in_its_own_words() -> None:
    anthropic = Usual(
        headers=("x-api-key",),
        routes={
            LIST: lambda _: reply(200, {"data": [{"type": "model", "id": "claude-sonnet-4-6"}], "has_more": False}),
            "/v1/messages": messages_answer,
        },
    )
    done = examine(anthropic, "", protocol=Protocol.ANTHROPIC, model="claude-sonnet-4-6")
    assert done.check("chat").outcome is Outcome.PASSED, shown(done.run)
    assert {name for asked in done.gateway.asked for name in asked.keys} == {"x-api-key"}

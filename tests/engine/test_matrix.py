"""The endpoint matrix against a strict server of ours and against the embedded gateways."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from msgspec.structs import replace

from gatewaytui.checks.endpoints.table import ENDPOINTS
from gatewaytui.demo.launch import Gateways, profile_for
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.problem import Problem
from gatewaytui.domain.profile import FROM_PROMPT, AuthHeader, Profile, Protocol, Target
from gatewaytui.domain.progress import MatrixJob, Progress, RequestMade
from gatewaytui.domain.run import Budget, CheckResult, KeyUsed, Outcome, Run
from gatewaytui.domain.secret import Secret
from gatewaytui.engine.engine import Engine
from gatewaytui.engine.ledger import REPEATED
from gatewaytui.engine.matrix import joined

from .strict_gateway import KEY, Strict, strict_gateway
from .support import QUICK, Keys, finish

BESIDE_CHAT = {
    "responses_compact",
    "count_tokens",
    "embeddings",
    "rerank",
    "images_generations",
    "images_edits",
    "images_variations",
    "audio_speech",
    "audio_transcriptions",
    "audio_translations",
}
BILLABLE = {name for name in BESIDE_CHAT if name.startswith(("images", "audio"))}
BARE: dict[str, Any] = {"headers": False, "capabilities": False, "groups": False}


def _strict_target(base_url: str, model: str = "") -> tuple[Target, Keys]:
    profile = Profile("strict", base_url, key=FROM_PROMPT, timeouts=QUICK)
    return Target(profile, model=model), Keys(("strict", "", Secret(KEY)))


def _measure(strict: Strict | None = None, **job: object) -> tuple[Run, list[Progress], Strict]:
    async def run() -> tuple[Run, list[Progress], Strict]:
        async with strict_gateway(strict) as state:
            target, keys = _strict_target(state.base_url, str(job.pop("model", "")))
            done, told = await finish(Engine(keys), MatrixJob(target, **job))  # type: ignore[arg-type]
            return done, told, state

    return asyncio.run(run())


def _cells(run: Run) -> dict[str, CheckResult]:
    return {check.name: check for check in run.checks if check.name in ENDPOINTS}


def test_every_smallest_request_is_valid_to_a_strict_server() -> None:
    run, _, _ = _measure(confirmed=True, **BARE)
    cells = _cells(run)
    assert {name for name in BESIDE_CHAT if cells[name].outcome is Outcome.PASSED} == BESIDE_CHAT
    assert cells["chat"].outcome is Outcome.PASSED and cells["models_openai"].outcome is Outcome.PASSED
    assert cells["responses"].finding is not None
    assert cells["responses"].finding.failure_class is FailureClass.ROUTE_NOT_FOUND
    assert run.ok, "what a gateway does not offer is no failure of the run"


def test_each_endpoint_is_asked_with_a_model_of_its_own_kind() -> None:
    run, _, _ = _measure(confirmed=True, **BARE)
    models = {name: cell.cell.model for name, cell in _cells(run).items() if cell.cell}
    assert models["messages"] == models["count_tokens"] == "claude-opus-4-6"
    assert models["generate_content"] == "gemini-3.5-flash"
    assert models["embeddings"] == "text-embedding-3-small" and models["rerank"] == "jina-reranker-v3"
    assert models["images_variations"] == "dall-e-2" and models["audio_speech"] == "tts-1"
    assert models["audio_transcriptions"] == models["audio_translations"] == "whisper-1"


def test_what_the_list_declares_stands_beside_what_was_measured() -> None:
    run, _, _ = _measure(confirmed=True, **BARE)
    declared = {name: cell.cell.declared for name, cell in _cells(run).items() if cell.cell}
    assert declared["embeddings"] is True and declared["messages"] is True
    assert declared["audio_speech"] is None, "its vocabulary has no word for speech"
    assert _cells(run)["messages"].outcome is Outcome.FAILED


def test_what_costs_more_is_skipped_and_priced_until_a_person_agrees() -> None:
    run, _, state = _measure(**BARE)
    cells = _cells(run)
    assert {name for name, cell in cells.items() if cell.outcome is Outcome.SKIPPED} == BILLABLE
    assert cells["images_generations"].note == "Costs up to $0.1694: confirm with --yes."
    assert cells["audio_speech"].note == "Its price is not listed: confirm with --yes."
    assert not [path for path in state.paths() if "/images/" in path or "/audio/" in path]


def test_a_later_run_fills_in_what_was_skipped() -> None:
    first, _, _ = _measure(**BARE)
    second, _, _ = _measure(endpoints=tuple(BILLABLE), confirmed=True, **BARE)
    whole = joined(first, second)
    assert all(_cells(whole)[name].outcome is Outcome.PASSED for name in BILLABLE)
    assert [check.name for check in whole.checks] == [check.name for check in first.checks]
    assert len(whole.requests) == len(first.requests) + len(second.requests)
    assert whole.spending is not None and whole.spending.requests == len(whole.requests)
    assert not any(_cells(whole)[name].counts for name in BILLABLE), "nobody named them"


def test_the_log_is_what_the_server_saw() -> None:
    run, told, state = _measure(confirmed=True, headers=True, capabilities=True, groups=True)
    assert [(sent.method, sent.path) for sent in run.requests] == [(v.method, v.path) for v in state.visits]
    made = [event for event in told if isinstance(event, RequestMade)]
    assert tuple(event.sent for event in made) == run.requests
    assert [event.spent.requests for event in made] == list(range(1, len(made) + 1))
    assert run.spending == made[-1].spent


def test_a_get_that_the_transport_repeats_is_in_the_log_too() -> None:
    run, _, state = _measure(Strict(swallows=True), confirmed=True, headers=True, capabilities=False, groups=False)
    assert [(sent.method, sent.path) for sent in run.requests] == [(v.method, v.path) for v in state.visits]
    lost = [sent for sent in run.requests if sent.status is None]
    assert lost and {sent.variant for sent in lost} == {REPEATED}
    assert run.spending is not None and run.spending.requests == len(state.visits)


@pytest.mark.parametrize("most", [1, 2, 3, 17, 18, 19, 20])
def test_the_budget_holds_for_repeated_requests_too(most: int) -> None:
    budget = Budget(most, 8_000)
    run, _, state = _measure(Strict(swallows=True), confirmed=True, headers=True, capabilities=False, budget=budget)
    assert run.spending is not None and run.spending.requests == len(state.visits) <= most


@pytest.mark.parametrize("most", [1, 2, 5, 9])
def test_the_budget_of_requests_is_never_exceeded(most: int) -> None:
    run, _, state = _measure(confirmed=True, budget=Budget(most, 8_000))
    assert len(state.visits) <= most
    assert run.spending is not None and run.spending.requests == len(run.requests) <= most
    assert run.spending.skipped > 0
    assert any("budget" in check.note for check in run.checks)


def test_the_budget_of_tokens_is_never_exceeded() -> None:
    run, _, _ = _measure(confirmed=True, budget=Budget(80, 100))
    assert run.spending is not None and run.spending.tokens <= 100 and run.spending.skipped > 0


def test_a_server_that_wants_the_other_token_limit_gets_it() -> None:
    run, _, state = _measure(endpoints=("chat",), **BARE)
    assert _cells(run)["chat"].outcome is Outcome.PASSED
    asked = [visit.json() for visit in state.visits if visit.path == "/v1/chat/completions"]
    assert "max_tokens" in asked[0] and "max_completion_tokens" in asked[1] and len(asked) == 2


def test_the_wrong_shape_under_a_success_is_no_pass() -> None:
    json_type = "application/json"
    answers = {
        "/v1/embeddings": (200, json_type, b'{"data":[{"embedding":[]}]}'),
        "/v1/rerank": (200, json_type, b'{"results":[]}'),
        "/v1/images/generations": (200, json_type, b'{"data":[{}]}'),
        "/v1/images/edits": (200, "text/html", b"<!doctype html><html><title>x</title></html>"),
        "/v1/audio/speech": (200, json_type, b'{"audio":"aGk="}'),
        "/v1/audio/transcriptions": (200, "text/plain", b"hello there"),
        "/v1/audio/translations": (200, json_type, b""),
        "/v1/messages/count_tokens": (200, json_type, b'{"input_tokens":"many"}'),
    }
    run, _, _ = _measure(Strict(own_answers=answers), confirmed=True, **BARE)
    classes = {name: str(c.finding.failure_class) for name, c in _cells(run).items() if c.finding}
    assert classes["embeddings"] == classes["rerank"] == classes["images_generations"] == "response_shape"
    assert classes["audio_speech"] == classes["audio_transcriptions"] == classes["count_tokens"] == "response_shape"
    assert classes["images_edits"] == "base_url" and classes["audio_translations"] == "empty_response"


def test_an_endpoint_named_by_a_person_fails_the_run() -> None:
    run, _, state = _measure(endpoints=("responses", "embeddings"), **BARE)
    assert run.failed is not None and run.failed.name == "responses"
    assert state.paths().count("/v1/embeddings") == 1 and "/v1/rerank" not in state.paths()


def test_each_auth_header_is_tried_alone_and_the_key_is_in_no_address() -> None:
    run, _, state = _measure(endpoints=("models_openai",), headers=True, capabilities=False, groups=False)
    rows = {check.cell.auth_header: check for check in run.checks if check.name == "auth_header" and check.cell}
    assert set(rows) == set(AuthHeader) - {AuthHeader.AUTO}
    assert rows[AuthHeader.BEARER].outcome is rows[AuthHeader.X_API_KEY].outcome is Outcome.PASSED
    assert rows[AuthHeader.X_GOOG_API_KEY].outcome is rows[AuthHeader.API_KEY].outcome is Outcome.SKIPPED
    assert rows[AuthHeader.NONE].outcome is Outcome.PASSED and rows[AuthHeader.NONE].finding is None
    bare = rows[AuthHeader.NONE].cell
    assert bare is not None and bare.key is KeyUsed.NONE
    carriers = ("authorization", "x-api-key", "x-goog-api-key", "api-key")
    assert all(sum(name in visit.headers for name in carriers) <= 1 for visit in state.visits)
    assert all(KEY not in visit.path for visit in state.visits)


def test_where_the_list_is_public_the_headers_are_tried_with_a_chat() -> None:
    run, _, state = _measure(Strict(public_list=True), endpoints=("chat",), headers=True, capabilities=False)
    rows = [check for check in run.checks if check.name == "auth_header"]
    assert {check.path for check in rows} == {"/v1/chat/completions"}
    assert [c.cell.auth_header for c in rows if c.cell and c.outcome is Outcome.PASSED and c.status == 401] == [
        AuthHeader.NONE
    ]
    assert Counter(state.paths())["/v1/models"] == 2


def test_capabilities_are_proven_by_the_answer() -> None:
    run, _, _ = _measure(endpoints=("chat",), headers=False, capabilities=True)
    rows = {check.name: check for check in run.checks}
    assert rows["json_schema"].outcome is rows["tools"].outcome is rows["vision"].outcome is Outcome.PASSED
    assert not rows["vision"].note
    for ignored in ("json_mode", "stream"):
        finding = rows[ignored].finding
        assert rows[ignored].outcome is Outcome.WARNED and finding is not None
        assert finding.failure_class is FailureClass.FEATURE_UNSUPPORTED and finding.rule == "capability.ignored"


def test_nothing_is_tried_where_nothing_answers() -> None:
    target, keys = _strict_target("http://127.0.0.1:9/v1")
    run, _ = asyncio.run(finish(Engine(keys), MatrixJob(target)))
    assert run.failed is not None and run.failed.finding is not None
    assert run.failed.finding.failure_class is FailureClass.CONNECTION_REFUSED
    assert len(run.requests) == 1
    assert {check.outcome for check in run.checks[1:]} == {Outcome.SKIPPED}


def _tokone(gateways: Gateways, own_key: bool, group: str = "") -> tuple[Target, Keys]:
    info = next(info for info in gateways.personas if info.name == "tokone")
    profile = replace(profile_for(info), timeouts=QUICK)
    given = [(profile.name, name, secret) for name, secret in info.keys.items() if name or own_key]
    return Target(profile, group), Keys(*given) if own_key else _GroupKeys(*given)


class _GroupKeys(Keys):
    """Only groups have keys; a store says so of the others."""

    def read(self, target: Target) -> Secret | None:
        secret = super().read(target)
        if secret is None:
            raise Problem(FailureClass.KEYSTORE, "There is no key.", "Set it.")
        return secret


def _group_rows(run: Run) -> dict[tuple[str, Protocol], CheckResult]:
    rows = [check for check in run.checks if check.name == "group" and check.cell is not None]
    return {(c.cell.group, c.cell.protocol): c for c in rows if c.cell is not None and c.cell.protocol is not None}


GROUP_OF = {
    Protocol.OPENAI_CHAT: "openai",
    Protocol.OPENAI_RESPONSES: "openai",
    Protocol.ANTHROPIC: "anthropic",
    Protocol.GEMINI: "gemini",
}


def test_every_group_is_tried_with_every_protocol_and_a_failure_names_the_right_key(gateways: Gateways) -> None:
    target, keys = _tokone(gateways, own_key=True)
    job = MatrixJob(target, ("chat", "messages"), headers=False, capabilities=False)
    run, _ = asyncio.run(finish(Engine(keys), job))
    rows = _group_rows(run)
    assert len(rows) == 12
    for (group, protocol), check in rows.items():
        right = GROUP_OF[protocol]
        assert (check.outcome is Outcome.PASSED) == (group == right), (group, protocol)
        if group != right:
            assert check.finding is not None
            assert f"key of group {group}" in check.finding.next_step
            assert f"use the key of group {right}" in check.finding.next_step
    own = _cells(run)["messages"]
    assert own.finding is not None and "use the key of group anthropic" in own.finding.next_step


def test_without_a_key_of_its_own_each_protocol_is_asked_with_its_groups_key(gateways: Gateways) -> None:
    target, keys = _tokone(gateways, own_key=False)
    job = MatrixJob(target, ("chat", "messages", "generate_content"), headers=False, capabilities=False)
    run, _ = asyncio.run(finish(Engine(keys), job))
    cells = _cells(run)
    assert {name: c.cell.group for name, c in cells.items() if c.cell} == {
        "chat": "openai",
        "messages": "anthropic",
        "generate_content": "gemini",
    }
    assert all(cell.outcome is Outcome.PASSED for cell in cells.values()) and run.ok
    paid = [sent for sent in run.requests if sent.method == "POST"]
    assert len({(sent.group, sent.path) for sent in paid}) == len(paid), "nothing is asked twice with the same key"


def test_a_named_group_is_tried_alone(gateways: Gateways) -> None:
    target, keys = _tokone(gateways, own_key=False, group="gemini")
    run, _ = asyncio.run(finish(Engine(keys), MatrixJob(target, ("generate_content",), headers=False)))
    assert {group for group, _ in _group_rows(run)} == {"gemini"}
    assert {sent.group for sent in run.requests} == {"gemini"} and run.ok


def test_a_group_whose_key_cannot_be_read_is_told(gateways: Gateways) -> None:
    target, keys = _tokone(gateways, own_key=False)
    assert isinstance(keys, _GroupKeys)
    keys._keys.pop(("tokone", "gemini"))
    run, _ = asyncio.run(finish(Engine(keys), MatrixJob(target, ("chat",), headers=False, capabilities=False)))
    told = [check for check in run.checks if check.name == "group" and check.note == "There is no key."]
    assert [check.cell.group for check in told if check.cell] == ["gemini"] and told[0].outcome is Outcome.SKIPPED


@pytest.mark.parametrize(("name", "failed"), [("tokmodel", ""), ("tken", ""), ("no-credit", "billing_quota")])
def test_the_run_fails_only_where_the_targets_own_chat_does(gateways: Gateways, name: str, failed: str) -> None:
    info = next(info for info in gateways.personas if info.name == name)
    profile = replace(profile_for(info), timeouts=QUICK)
    keys = Keys(*((profile.name, group, secret) for group, secret in info.keys.items()))
    run, _ = asyncio.run(finish(Engine(keys), MatrixJob(Target(profile), **BARE)))
    worst = run.failed.finding if run.failed else None
    assert (str(worst.failure_class) if worst else "") == failed
    assert any(check.outcome is Outcome.FAILED for check in run.checks)


def test_a_missing_list_is_a_warning_where_a_named_model_chats(gateways: Gateways) -> None:
    info = next(info for info in gateways.personas if info.name == "no-list")
    profile = replace(profile_for(info), timeouts=QUICK)
    keys = Keys(*((profile.name, group, secret) for group, secret in info.keys.items()))
    run, _ = asyncio.run(finish(Engine(keys), MatrixJob(Target(profile, model=info.model), **BARE)))
    assert run.ok and run.checks[0].finding is not None
    assert run.checks[0].finding.failure_class is FailureClass.MODELS_UNSUPPORTED


def test_an_empty_list_speaks_of_no_chat_that_was_not_sent(gateways: Gateways) -> None:
    info = next(info for info in gateways.personas if info.name == "empty-models")
    profile = replace(profile_for(info), timeouts=QUICK)
    keys = Keys(*((profile.name, group, secret) for group, secret in info.keys.items()))
    for asked in ({}, {"endpoints": ("embeddings",)}):
        job = MatrixJob(Target(profile, model=info.model), **BARE, **asked)  # type: ignore[arg-type]
        run, _ = asyncio.run(finish(Engine(keys), job))
        lists = next(check for check in run.checks if check.name == "models")
        assert lists.finding is not None and lists.finding.failure_class is FailureClass.MODELS_EMPTY
        assert "a chat with it works" not in lists.finding.next_step

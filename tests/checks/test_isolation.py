"""Which variants a failure is worth: each differs in one thing, and none tells what is known already."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from gatewaytui.checks.base import Plan
from gatewaytui.checks.isolation import (
    MOST_ADDRESSES,
    MOST_MODELS,
    TRIES,
    Situation,
    Variant,
    chats_behind,
    in_other_protocols,
    variants,
)
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.chat import ChatRequest, Message, Role
from gatewaytui.domain.failure import FailureClass, FailureFamily
from gatewaytui.domain.profile import NO_KEY, AuthHeader, Group, KeyReference, KeySource, Profile, Protocol, Target
from gatewaytui.domain.run import KeyUsed, Rung

KEY = KeyReference(KeySource.ENV, name="K")
PROFILE = Profile("p", "https://g.example/v1", key=KEY)
CHAT = ChatRequest("", (Message(Role.USER, "hi"),), stream=False, max_tokens=8)
IDS = ("gpt-5.5", "gpt-5.5-mini", "text-embedding-3-small", "claude-sonnet-4-6")
LISTED = tuple(ModelInfo(id, provider=id.partition("-")[0]) for id in IDS)


def of(
    rung: Rung,
    failure_class: FailureClass,
    profile: Profile = PROFILE,
    model: str = "gpt-5.5",
    group: str = "",
    protocol: Protocol | None = None,
    listed: tuple[ModelInfo, ...] = LISTED,
) -> list[Variant]:
    """All variants, in their order."""
    plan = Plan(Target(profile, group=group, protocol_override=protocol), model)
    return [one for kind in variants(Situation(plan, rung, failure_class, CHAT, listed)) for one in kind]


def labels(found: list[Variant]) -> list[str]:
    return [one.label for one in found]


def test_the_key_goes_into_each_other_header_then_out_and_wrong() -> None:
    found = of(Rung.AUTH, FailureClass.AUTH)
    assert labels(found) == ["key in x-api-key", "key in x-goog-api-key", "key in api-key", "no key", "a wrong key"]
    assert [one.key for one in found] == [*[KeyUsed.OWN] * 3, KeyUsed.NONE, KeyUsed.WRONG]
    assert [one.request.auth_header for one in found[-2:]] == [AuthHeader.NONE, AuthHeader.BEARER]
    assert {(one.request.method, one.request.path) for one in found} == {("GET", "/v1/models")}


def test_without_a_key_no_header_is_tried() -> None:
    assert of(Rung.AUTH, FailureClass.AUTH, replace(PROFILE, key=NO_KEY)) == []


def test_a_forced_header_is_not_tried_again() -> None:
    found = labels(of(Rung.AUTH, FailureClass.AUTH, replace(PROFILE, auth_header=AuthHeader.X_API_KEY)))
    assert found[0] == "key in Authorization: Bearer" and "key in x-api-key" not in found


@pytest.mark.parametrize("rung", [Rung.MODELS, Rung.CHAT])
def test_the_address_is_tried_in_its_other_forms_each_once(rung: Rung) -> None:
    found = [one for one in of(rung, FailureClass.BASE_URL) if one.base_url]
    assert 0 < len(found) <= MOST_ADDRESSES and all(one.decides for one in found)
    urls = [one.request.url for one in found]
    assert len(set(urls)) == len(urls)
    assert not any(url.startswith("https://g.example/v1/") for url in urls), "the own address is known"


def test_a_pasted_path_is_first_tried_without_it() -> None:
    pasted = replace(PROFILE, base_url="https://g.example/v1/chat/completions")
    first = of(Rung.ADDRESS, FailureClass.BASE_URL, pasted)[0]
    assert (first.label, first.request.url) == ("base URL ending in /v1", "https://g.example/v1/models")


def test_a_list_that_answered_has_proven_the_address() -> None:
    assert not any(one.base_url for one in of(Rung.CHAT, FailureClass.INVALID_JSON))
    assert any(one.base_url for one in of(Rung.MODELS, FailureClass.INVALID_JSON))


def test_the_other_groups_are_tried_with_their_keys_and_in_their_protocols() -> None:
    groups = (Group("a", KEY), Group("b", KEY), Group("c", KEY, (Protocol.ANTHROPIC,)))
    profile = replace(PROFILE, groups=groups)
    found = [one for one in of(Rung.CHAT, FailureClass.GROUP_OR_MODEL_ACCESS, profile, group="a") if one.group]
    assert labels(found) == ["key of group b", "key of group c, anthropic"]
    assert [one.key for one in found] == [KeyUsed.GROUP] * 2
    assert [one.request.path for one in found] == ["/v1/chat/completions", "/v1/messages"]


def test_the_nearest_ids_are_tried_for_one_that_is_not_listed() -> None:
    found = of(Rung.CHAT, FailureClass.MODEL_NOT_FOUND, model="gpt-5.5-mni")
    assert [one.model for one in found if one.model != "gpt-5.5-mni"] == ["gpt-5.5-mini", "gpt-5.5"][:MOST_MODELS]


def test_a_listed_model_is_compared_with_one_of_another_provider() -> None:
    found = of(Rung.CHAT, FailureClass.RATE_LIMIT)
    assert [one.model for one in found] == ["claude-sonnet-4-6", "gpt-5.5-mini"]
    assert "text-embedding-3-small" not in {one.model for one in found}


def test_an_id_that_is_not_valid_is_never_asked() -> None:
    hostile = (ModelInfo("gpt-5.5"), ModelInfo("x\x1b]52;c;y\x07"))
    assert of(Rung.CHAT, FailureClass.RATE_LIMIT, listed=hostile) == []


def test_a_whole_answer_is_tried_as_a_stream_and_not_the_reverse() -> None:
    first = of(Rung.CHAT, FailureClass.GATEWAY_ERROR)[0]
    assert first.label == "as a stream" and first.request.ask.streaming and first.decides
    again = of(Rung.STREAM, FailureClass.GATEWAY_ERROR)
    assert all(one.model != "gpt-5.5" and one.request.ask.streaming for one in again)


@pytest.mark.parametrize("rung", [Rung.AUTH, Rung.MODELS])
def test_a_list_that_fails_is_left_aside_once_for_a_chat_with_the_named_model(rung: Rung) -> None:
    found = of(rung, FailureClass.PERMISSION)[-1]
    assert (found.label, found.request.method, found.model) == ("a chat without the list", "POST", "gpt-5.5")
    assert not any(one.request.method == "POST" for one in of(rung, FailureClass.PERMISSION, model=""))


def test_every_other_protocol_is_tried_in_its_own_way() -> None:
    found = [one for one in of(Rung.CHAT, FailureClass.ENDPOINT_UNSUPPORTED) if one.label.startswith("protocol")]
    assert [one.request.auth_header for one in found] == [
        AuthHeader.BEARER,
        AuthHeader.X_API_KEY,
        AuthHeader.X_GOOG_API_KEY,
    ]
    assert [one.request.path for one in found] == [
        "/v1/responses",
        "/v1/messages",
        "/v1beta/models/gpt-5.5:generateContent",
    ]


def test_a_list_is_tried_in_the_protocols_whose_list_stands_elsewhere() -> None:
    found = [one for one in of(Rung.MODELS, FailureClass.BASE_URL) if one.label.startswith("protocol")]
    assert [(one.label, one.request.path, one.request.auth_header) for one in found] == [
        ("protocol anthropic", "/v1/models", AuthHeader.X_API_KEY),
        ("protocol gemini", "/v1beta/models", AuthHeader.X_GOOG_API_KEY),
    ]
    assert all(one.decides and one.request.method == "GET" for one in found)


@pytest.mark.parametrize("failure_class", TRIES)
def test_a_stream_that_failed_tries_no_header_key_or_protocol(failure_class: FailureClass) -> None:
    found = labels(of(Rung.STREAM, failure_class))
    assert not any(label.startswith(("key in", "no key", "a wrong key", "protocol")) for label in found)


def test_a_forbidden_list_is_tried_in_the_other_headers_and_a_forbidden_chat_is_not() -> None:
    assert labels(of(Rung.AUTH, FailureClass.PERMISSION))[:3] == [
        "key in x-api-key",
        "key in x-goog-api-key",
        "key in api-key",
    ]
    assert not any(label.startswith("key in") for label in labels(of(Rung.CHAT, FailureClass.PERMISSION)))


@pytest.mark.parametrize("failure_class", sorted(set(FailureClass) - set(TRIES)))
def test_a_class_without_a_row_is_worth_no_request(failure_class: FailureClass) -> None:
    assert of(Rung.CHAT, failure_class) == of(Rung.MODELS, failure_class) == []


def test_faults_on_the_way_and_of_this_machine_have_no_row() -> None:
    assert not any(one.family in (FailureFamily.NETWORK, FailureFamily.LOCAL) for one in TRIES)


@pytest.mark.parametrize("failure_class", TRIES)
@pytest.mark.parametrize("rung", [Rung.AUTH, Rung.MODELS, Rung.CHAT, Rung.STREAM])
def test_a_variant_never_repeats_the_failed_request(rung: Rung, failure_class: FailureClass) -> None:
    plan = Plan(Target(PROFILE), "gpt-5.5")
    own = Situation(plan, rung, failure_class, CHAT, LISTED).ask()
    found = of(rung, failure_class)
    asked = [(one.request.url, one.request.body, one.request.auth_header, one.key) for one in found]
    assert (own.url, own.body, own.auth_header, KeyUsed.OWN) not in asked
    assert len(set(asked)) == len(asked) and len({one.label for one in found}) == len(found)


def test_the_other_protocols_are_asked_in_their_own_headers_even_where_one_is_forced() -> None:
    plan = Plan(Target(replace(PROFILE, auth_header=AuthHeader.BEARER)), "gpt-5.5")
    found = in_other_protocols(Situation(plan, Rung.AUTH, FailureClass.AUTH, CHAT))
    assert [(one.label, one.request.path, one.request.auth_header) for one in found] == [
        ("protocol anthropic", "/v1/models", AuthHeader.X_API_KEY),
        ("protocol gemini", "/v1beta/models", AuthHeader.X_GOOG_API_KEY),
    ]
    assert not any(one.decides for one in found)


@pytest.mark.parametrize(
    ("header", "paths"),
    [
        (AuthHeader.X_API_KEY, ["/v1/chat/completions", "/v1/messages"]),
        (AuthHeader.X_GOOG_API_KEY, ["/v1/chat/completions", "/v1beta/models/m-1:generateContent"]),
        (AuthHeader.API_KEY, ["/v1/chat/completions"]),
    ],
)
def test_a_chat_is_asked_in_the_own_protocol_and_in_those_of_the_header(header: AuthHeader, paths: list[str]) -> None:
    plan = Plan(Target(PROFILE), "gpt-5.5")
    found = chats_behind(Situation(plan, Rung.AUTH, FailureClass.AUTH, CHAT), header, "m-1")
    assert [one.request.path for one in found] == paths
    assert {one.request.auth_header for one in found} == {header} and {one.model for one in found} == {"m-1"}
    assert len({one.label for one in found}) == len(found)

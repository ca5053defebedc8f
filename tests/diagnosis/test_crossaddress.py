"""What a run tells about the address: forms of it that answer, that refuse, and none that does either."""

from __future__ import annotations

import pytest

from gatewaytui.domain.failure import Confidence
from gatewaytui.domain.failure import FailureClass as F
from gatewaytui.domain.profile import Protocol
from gatewaytui.domain.run import KeyUsed, Sent

from .cross import BASE, facts, failed, passed, reread, tried, untouched

V1 = BASE + "/v1"


@pytest.mark.parametrize("refusal", [F.AUTH, F.PERMISSION, F.GROUP_OR_MODEL_ACCESS, F.RATE_LIMIT, F.BILLING_QUOTA])
def test_a_form_of_the_address_that_refuses_the_key_is_an_api(refusal: F) -> None:
    found = reread(failed("models", F.BASE_URL, 200), facts(tried("models", refusal, base_url=V1)))
    assert (found.failure_class, found.rule, found.confidence) == (
        F.BASE_URL,
        "cross.address_refuses",
        Confidence.LIKELY,
    )
    assert f"Set the base URL to {V1}:" in found.next_step and f"({refusal})" in found.next_step


def test_a_form_that_answers_goes_before_one_that_refuses() -> None:
    sent = (tried("models", F.AUTH, base_url=V1), tried("models", base_url=BASE + "/api/v1"))
    assert reread(failed("models", F.ROUTE_NOT_FOUND), facts(*sent)).rule == "cross.address"


@pytest.mark.parametrize(
    "sent",
    [
        tried("models", F.GATEWAY_ERROR, base_url=V1, status=500),
        tried("models", F.EDGE_BLOCKED, base_url=V1, status=403),
        tried("models", F.AUTH, base_url=V1, key=KeyUsed.WRONG),
    ],
    ids=["it broke", "an edge refuses everybody", "a wrong key was sent"],
)
def test_what_refuses_without_being_an_api_proposes_no_address(sent: Sent) -> None:
    assert "Set the base URL" not in reread(failed("models", F.BASE_URL, 200), facts(sent)).next_step


@pytest.mark.parametrize("failure_class", [F.BASE_URL, F.ROUTE_NOT_FOUND])
def test_forms_that_failed_are_not_proposed(failure_class: F) -> None:
    found = reread(failed("models", failure_class), facts(tried("models", F.ROUTE_NOT_FOUND, base_url=V1)))
    assert (found.failure_class, found.rule) == (failure_class, "cross.no_address")
    assert "/v1" not in found.next_step and "documentation" in found.next_step
    assert "name a model" not in found.next_step


def test_without_a_model_the_list_may_be_all_that_is_missing() -> None:
    sent = tried("models", F.ROUTE_NOT_FOUND, base_url=V1, model="")
    found = reread(failed("models", F.ROUTE_NOT_FOUND), facts(sent, requested_model=""))
    assert "name a model id and run again" in found.next_step


@pytest.mark.parametrize("failure_class", [F.CONNECTION_RESET, F.PROTOCOL])
def test_https_is_proposed_where_a_handshake_was_taken_up(failure_class: F) -> None:
    about = facts(base_url="http://gateway.test/v1", https_base_url=V1)
    found = reread(failed("models", failure_class, None), about)
    assert (found.failure_class, found.rule) == (failure_class, "cross.https")
    assert f"Set the base URL to {V1}:" in found.next_step


def test_https_explains_no_answer_of_http() -> None:
    assert untouched(failed("models", F.GATEWAY_ERROR, 500), facts(https_base_url=V1))


@pytest.mark.parametrize(
    ("before", "status", "after"), [(F.BASE_URL, 200, F.RESPONSE_SHAPE), (F.BASE_URL, 404, F.ROUTE_NOT_FOUND)]
)
def test_a_list_that_was_read_has_proven_the_base_url(before: F, status: int, after: F) -> None:
    found = reread(failed("chat", before, status), facts(listed_ids=("gpt-5.5",)), passed("models"))
    assert (found.failure_class, found.rule) == (after, "cross.address_proven")
    assert "Keep the base URL" in found.next_step and "try another protocol" in found.next_step


def test_no_protocol_is_proposed_that_has_failed_already() -> None:
    sent = tried("chat", F.ROUTE_NOT_FOUND, protocol=Protocol.ANTHROPIC, status=404)
    found = reread(failed("chat", F.ROUTE_NOT_FOUND), facts(sent, listed_ids=("gpt-5.5",)), passed("models"))
    assert "no other protocol answers either" in found.next_step


def test_a_list_in_another_protocol_names_the_protocol() -> None:
    sent = tried("models", protocol=Protocol.GEMINI)
    found = reread(failed("models", F.BASE_URL), facts(sent))
    assert (found.failure_class, found.rule) == (F.ENDPOINT_UNSUPPORTED, "cross.protocol_list")
    assert "Set the protocol to gemini" in found.next_step


@pytest.mark.parametrize("failure_class", [F.AUTH, F.BILLING_QUOTA, F.MODEL_NOT_FOUND, F.RATE_LIMIT])
def test_a_chat_that_an_api_refuses_is_the_trouble_and_a_missing_list_is_not(failure_class: F) -> None:
    found = reread(failed("models", F.ROUTE_NOT_FOUND), facts(), failed("chat", failure_class, 402))
    assert found.failure_class is F.MODELS_UNSUPPORTED
    assert "Nothing else is broken" not in found.whose


@pytest.mark.parametrize("failure_class", [F.ROUTE_NOT_FOUND, F.GATEWAY_ERROR, F.EDGE_ERROR, F.REQUEST_SHAPE])
def test_a_chat_that_fails_as_anything_may_excuses_no_list(failure_class: F) -> None:
    assert untouched(failed("models", F.ROUTE_NOT_FOUND), facts(), failed("chat", failure_class, 404))


def test_without_a_list_none_is_offered_to_choose_from() -> None:
    found = reread(failed("chat", F.MODEL_NOT_FOUND), facts(), failed("models", F.ROUTE_NOT_FOUND))
    assert "no model list to choose from" in found.next_step


def test_an_unlisted_id_is_told_which_listed_one_works() -> None:
    sent = tried("chat", model="zephyr-8b")
    found = reread(failed("chat", F.MODEL_NOT_FOUND), facts(sent, listed_ids=("zephyr-8b",)), passed("models"))
    assert "gpt-5.5 is not listed" in found.next_step and "zephyr-8b works" in found.next_step

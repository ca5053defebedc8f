from __future__ import annotations

import pytest

from gatewaytui.domain.failure import FailureClass as F
from gatewaytui.domain.failure import Signal
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import KeyUsed, Sent

from .cross import facts, failed, passed, reread, tried, untouched

OTHER = "gpt-4o"
LISTED = ("gpt-5.5", OTHER)


def model(name: str, failure_class: F | None = None, **said: object) -> Sent:
    return tried("chat", failure_class, model=name, **said)


# another model works


@pytest.mark.parametrize(
    "failure_class", [F.MODEL_UNAVAILABLE, F.GROUP_OR_MODEL_ACCESS, F.UPSTREAM_AUTH, F.OVERLOADED]
)
def test_a_model_that_works_is_named_and_the_class_kept(failure_class: F) -> None:
    found = reread(failed("chat", failure_class, 503), facts(model(OTHER), listed_ids=LISTED))
    assert found.failure_class is failure_class
    assert found.rule == "cross.other_model"
    assert f"Use {OTHER}," in found.next_step
    assert found.whose.startswith("The model's:")


def test_a_listed_model_that_is_not_found_is_unavailable_where_another_works() -> None:
    found = reread(failed("chat", F.MODEL_NOT_FOUND), facts(model(OTHER), listed_ids=LISTED))
    assert found.failure_class is F.MODEL_UNAVAILABLE
    assert OTHER in found.next_step


def test_an_error_about_another_id_keeps_its_class() -> None:
    check = failed("chat", F.MODEL_NOT_FOUND, 404, Signal("other_model_named", True))
    assert reread(check, facts(model(OTHER), listed_ids=LISTED)).failure_class is F.MODEL_NOT_FOUND


def test_a_path_unknown_for_one_model_only_is_an_unknown_model() -> None:
    found = reread(failed("chat", F.ROUTE_NOT_FOUND), facts(model(OTHER), listed_ids=LISTED))
    assert found.failure_class is F.MODEL_NOT_FOUND


def test_a_key_that_works_for_another_model_is_not_blamed() -> None:
    found = reread(failed("chat", F.AUTH, 401), facts(model(OTHER), listed_ids=LISTED))
    assert "same key" in found.whose
    assert "the gateway's own key" in found.whose


def test_an_unlisted_id_gets_the_nearest_ids_rather() -> None:
    found = reread(failed("chat", F.MODEL_NOT_FOUND), facts(model("gpt-5.5-mini"), listed_ids=("gpt-5.5-mini",)))
    assert found.rule == "cross.unlisted"


@pytest.mark.parametrize(
    "sent",
    [
        model("gpt-5.5"),
        model(OTHER, key=KeyUsed.GROUP, group="claude"),
        model(OTHER, auth_header=AuthHeader.X_API_KEY),
        model(OTHER, base_url="https://elsewhere.test/v1"),
        model(OTHER, variant=""),
    ],
    ids=["the same model", "another key", "another header", "another address", "no variant"],
)
def test_more_than_the_model_was_changed(sent: Sent) -> None:
    assert untouched(failed("chat", F.UPSTREAM_AUTH, 502), facts(sent, listed_ids=LISTED))


def test_a_fault_on_the_way_is_not_the_model() -> None:
    assert untouched(failed("chat", F.CONNECTION_REFUSED, None), facts(model(OTHER), listed_ids=LISTED))


def test_a_hostile_id_stays_out_of_the_sentence() -> None:
    found = reread(failed("chat", F.OVERLOADED, 529), facts(model("evil\x1b]0;x"), listed_ids=LISTED))
    assert "\x1b" not in found.next_step + found.whose


# every model fails alike


@pytest.mark.parametrize("failure_class", [F.AUTH, F.UPSTREAM_ERROR, F.REQUEST_SHAPE, F.RATE_LIMIT])
def test_where_every_model_fails_alike_it_is_not_the_model(failure_class: F) -> None:
    about = facts(
        model(OTHER, failure_class, status=500), model("o4", failure_class, status=500), listed_ids=(*LISTED, "o4")
    )
    found = reread(failed("chat", failure_class, 500), about)
    assert found.failure_class is failure_class
    assert found.rule == "cross.every_model"
    assert "not the model" in found.next_step
    assert "another model" not in found.next_step


def test_where_no_model_is_served_it_is_the_group_or_the_channels() -> None:
    about = facts(model(OTHER, F.MODEL_UNAVAILABLE, status=503), listed_ids=LISTED)
    found = reread(failed("chat", F.MODEL_UNAVAILABLE, 503), about)
    assert "group" in found.next_step
    assert "channels" in found.next_step


@pytest.mark.parametrize(
    "sent",
    [model(OTHER, F.RATE_LIMIT, status=500), model(OTHER, F.UPSTREAM_ERROR, status=503), model("gpt-5.5", F.AUTH)],
    ids=["another class", "another status", "the same model"],
)
def test_models_that_fail_otherwise_say_nothing(sent: Sent) -> None:
    assert untouched(failed("chat", F.UPSTREAM_ERROR, 500), facts(sent, listed_ids=LISTED))


# the other form of the answer


@pytest.mark.parametrize("failure_class", [F.REQUEST_SHAPE, F.ENDPOINT_UNSUPPORTED, F.FEATURE_UNSUPPORTED])
def test_a_refused_stream_is_a_missing_feature(failure_class: F) -> None:
    found = reread(failed("stream", failure_class, 400), facts(), passed("chat"))
    assert found.failure_class is F.FEATURE_UNSUPPORTED
    assert found.rule == "cross.whole_works"
    assert "Turn streaming off" in found.next_step
    assert "streaming" in found.whose


@pytest.mark.parametrize("failure_class", [F.STREAM_INTERRUPTED, F.FIRST_TOKEN_TIMEOUT, F.UPSTREAM_ERROR])
def test_a_broken_stream_keeps_its_class_and_gets_the_advice(failure_class: F) -> None:
    found = reread(failed("stream", failure_class, 200), facts(), passed("chat"))
    assert found.failure_class is failure_class
    assert found.whose == failure_class.meaning.whose
    assert "Turn streaming off" in found.next_step


@pytest.mark.parametrize(
    ("failure_class", "expected"),
    [
        (F.REQUEST_SHAPE, F.FEATURE_UNSUPPORTED),
        (F.GATEWAY_TIMEOUT, F.GATEWAY_TIMEOUT),
        (F.INVALID_JSON, F.INVALID_JSON),
    ],
)
def test_a_stream_that_works_where_the_whole_answer_does_not(failure_class: F, expected: F) -> None:
    found = reread(failed("chat", failure_class, 504), facts(tried("chat", streamed=True)))
    assert found.failure_class is expected
    assert found.rule == "cross.stream_works"
    assert "Turn streaming on" in found.next_step


@pytest.mark.parametrize("failure_class", [F.RATE_LIMIT, F.OVERLOADED, F.DNS])
def test_a_limit_and_overload_are_no_matter_of_the_form(failure_class: F) -> None:
    assert untouched(failed("stream", failure_class, 429), facts(), passed("chat"))


@pytest.mark.parametrize("failure_class", [F.AUTH, F.PERMISSION, F.GROUP_OR_MODEL_ACCESS])
def test_a_key_that_was_just_accepted_is_not_blamed_for_the_stream(failure_class: F) -> None:
    found = reread(failed("stream", failure_class, 401), facts(), passed("chat"))
    assert (found.failure_class, found.rule) == (F.PERMISSION, "cross.whole_works")
    assert "Turn streaming off" in found.next_step and "just accepted" in found.whose


@pytest.mark.parametrize("failure_class", [F.AUTH, F.PERMISSION])
def test_a_refused_chat_is_no_matter_of_the_form(failure_class: F) -> None:
    assert untouched(failed("chat", failure_class, 401), facts(tried("chat", streamed=True)))


@pytest.mark.parametrize(
    "sent",
    [
        tried("chat", streamed=False),
        tried("chat", F.REQUEST_SHAPE, streamed=True),
        tried("chat", streamed=True, protocol=Protocol.ANTHROPIC),
        tried("chat", streamed=True, model=OTHER),
        tried("chat", streamed=True, method="GET"),
    ],
    ids=["the same form", "it failed too", "another protocol", "another model", "no chat at all"],
)
def test_what_proves_no_form_is_left_to_the_others(sent: Sent) -> None:
    assert "form" not in reread(failed("chat", F.GATEWAY_TIMEOUT, 504), facts(sent)).rule
    assert not reread(failed("chat", F.GATEWAY_TIMEOUT, 504), facts(sent)).rule.startswith("cross.stream")

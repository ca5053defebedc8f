from __future__ import annotations

import pytest

from gatewaytui.diagnosis.crosscheck import crosscheck
from gatewaytui.domain.failure import Confidence, Origin, Signal
from gatewaytui.domain.failure import FailureClass as F
from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.domain.run import KeyUsed, Outcome, Sent

from .cross import BASE, facts, failed, passed, reread, tried, untouched

V1 = f"{BASE}/v1"
MISSING = Signal("error_code", "missing_api_key")


# another base URL answers


@pytest.mark.parametrize(
    ("failure_class", "status"), [(F.BASE_URL, 200), (F.ROUTE_NOT_FOUND, 404), (F.REDIRECT, 301), (F.AUTH, 401)]
)
def test_a_base_url_that_answers_is_proposed_exactly(failure_class: F, status: int) -> None:
    found = reread(failed("models", failure_class, status), facts(tried("models", base_url=V1)))
    assert found.failure_class is F.BASE_URL
    assert found.rule == "cross.address"
    assert found.confidence is Confidence.CERTAIN
    assert f"Set the base URL to {V1}:" in found.next_step


def test_an_address_found_for_the_list_serves_the_chat_too() -> None:
    found = reread(failed("chat", F.ROUTE_NOT_FOUND), facts(tried("models", base_url=V1)))
    assert V1 in found.next_step


def test_a_base_url_that_answers_warned_is_an_answer() -> None:
    warned = tried("models", base_url=V1, variant="base URL ending in /v1")
    about = facts(Sent(**{name: getattr(warned, name) for name in warned.__slots__} | {"outcome": Outcome.WARNED}))
    assert V1 in reread(failed("models", F.BASE_URL, 200), about).next_step


@pytest.mark.parametrize(
    "sent",
    [
        tried("models", base_url=BASE),
        tried("models", base_url=V1, variant=""),
    ],
    ids=["it is the same address", "it is no variant"],
)
def test_what_is_no_other_address_proposes_none(sent: Sent) -> None:
    assert untouched(failed("models", F.BASE_URL, 200), facts(sent))


def test_a_public_list_elsewhere_does_not_explain_a_refused_chat() -> None:
    assert untouched(failed("chat", F.AUTH, 401), facts(tried("models", base_url=V1)))


@pytest.mark.parametrize("failure_class", [F.RATE_LIMIT, F.OVERLOADED, F.GATEWAY_ERROR])
def test_what_passes_by_itself_is_no_fault_of_the_address(failure_class: F) -> None:
    assert untouched(failed("models", failure_class, 503), facts(tried("models", base_url=V1)))


# the key in another header


@pytest.mark.parametrize(
    ("header", "check"),
    [(AuthHeader.X_API_KEY, "auth"), (AuthHeader.X_GOOG_API_KEY, "models"), (AuthHeader.API_KEY, "chat")],
)
def test_the_header_that_takes_the_key_is_named(header: AuthHeader, check: str) -> None:
    found = reread(failed(check, F.AUTH, 401), facts(tried(check, auth_header=header)))
    assert found.failure_class is F.AUTH
    assert found.rule == "cross.header"
    assert found.confidence is Confidence.CERTAIN
    assert f"Set the header mode to {header} (--auth-header {header}):" in found.next_step
    assert "the key is right" in found.whose


def test_auto_stands_for_the_usual_header_of_the_protocol() -> None:
    about = facts(tried("chat", auth_header=AuthHeader.X_API_KEY, protocol=Protocol.ANTHROPIC))
    anthropic = facts(
        tried("chat", auth_header=AuthHeader.BEARER, protocol=Protocol.ANTHROPIC), protocol=Protocol.ANTHROPIC
    )
    assert reread(failed("chat", F.AUTH, 401), about).rule != "cross.header"
    assert "bearer" in reread(failed("chat", F.AUTH, 401), anthropic).next_step


@pytest.mark.parametrize("key", [KeyUsed.WRONG, KeyUsed.NONE])
def test_an_endpoint_that_needs_no_key_proves_no_header(key: KeyUsed) -> None:
    about = facts(tried("auth", auth_header=AuthHeader.X_API_KEY), tried("auth", key=key))
    assert untouched(failed("auth", F.AUTH, 401), about)


def test_the_wrong_key_in_another_header_proves_no_header() -> None:
    about = facts(tried("auth", auth_header=AuthHeader.X_API_KEY, key=KeyUsed.WRONG))
    assert untouched(failed("auth", F.AUTH, 401), about)


# the header is not read


@pytest.mark.parametrize("code", ["missing_api_key", "api_key_required", "no_api_key"])
def test_a_header_that_is_not_read_is_told_from_a_bad_key(code: str) -> None:
    about = facts(
        tried("auth", F.AUTH, key=KeyUsed.NONE),
        tried("auth", F.PERMISSION, auth_header=AuthHeader.X_API_KEY, status=403),
    )
    found = reread(failed("auth", F.AUTH, 401, Signal("error_code", code)), about)
    assert found.failure_class is F.AUTH
    assert found.rule == "cross.header_unread"
    assert "x-api-key" in found.next_step


@pytest.mark.parametrize(
    ("signal", "keyless", "other_header"),
    [
        (Signal("error_code", "invalid_api_key"), F.AUTH, F.PERMISSION),
        (MISSING, F.PERMISSION, F.PERMISSION),
        (MISSING, F.AUTH, F.AUTH),
    ],
    ids=["the code is of a bad key", "no key is refused otherwise", "the other header is refused alike"],
)
def test_a_refused_key_is_not_an_unread_header(signal: Signal, keyless: F, other_header: F) -> None:
    about = facts(
        tried("auth", keyless, key=KeyUsed.NONE),
        tried("auth", other_header, auth_header=AuthHeader.X_API_KEY),
    )
    assert untouched(failed("auth", F.AUTH, 401, signal), about)


def test_a_request_that_was_lost_on_the_way_reads_no_header() -> None:
    about = facts(
        tried("auth", F.AUTH, key=KeyUsed.NONE),
        tried("auth", F.CONNECTION_RESET, auth_header=AuthHeader.X_API_KEY, status=None),
    )
    assert untouched(failed("auth", F.AUTH, 401, MISSING), about)


# the key of another group


def of_group(check: str, name: str = "claude", **said: object) -> Sent:
    return tried(check, key=KeyUsed.GROUP, group=name, **said)


@pytest.mark.parametrize(
    "failure_class", [F.GROUP_OR_MODEL_ACCESS, F.PERMISSION, F.MODEL_UNAVAILABLE, F.MODEL_NOT_FOUND]
)
def test_the_group_whose_key_works_is_named(failure_class: F) -> None:
    found = reread(failed("chat", failure_class, 403), facts(of_group("chat"), asked_group="gpt"))
    assert found.failure_class is F.GROUP_OR_MODEL_ACCESS
    assert found.rule == "cross.group"
    assert found.confidence is Confidence.CERTAIN
    assert found.next_step == "Use the key of group claude: PROFILE/claude."


def test_the_target_is_written_as_it_is_typed() -> None:
    found = reread(failed("chat", F.PERMISSION, 403), facts(of_group("chat"), profile="tokone"))
    assert "tokone/claude" in found.next_step


def test_a_refused_key_is_of_another_group_for_certain_only_where_it_worked_before() -> None:
    refused = tried("auth", F.AUTH, key=KeyUsed.WRONG)
    check = failed("chat", F.AUTH, 401)
    assert reread(check, facts(of_group("chat"))).confidence is Confidence.LIKELY
    assert reread(check, facts(of_group("chat"), refused), passed("auth")).confidence is Confidence.CERTAIN


@pytest.mark.parametrize(
    "sent",
    [
        of_group("chat", name="gpt"),
        of_group("models"),
        of_group("chat", model="another-model"),
        tried("chat", F.AUTH, key=KeyUsed.GROUP, group="claude"),
    ],
    ids=["the same group", "only its list", "another model", "it failed too"],
)
def test_what_proves_no_group_names_none(sent: Sent) -> None:
    assert untouched(failed("chat", F.GROUP_OR_MODEL_ACCESS, 403), facts(sent, asked_group="gpt"))


def test_a_hostile_group_name_stays_out_of_the_sentence() -> None:
    found = reread(failed("chat", F.PERMISSION, 403), facts(of_group("chat", name="\x1b[31mred")))
    assert "\x1b" not in found.next_step


@pytest.mark.parametrize("failure_class", [F.RATE_LIMIT, F.BILLING_QUOTA])
def test_a_spent_key_stays_spent_and_the_other_group_is_offered(failure_class: F) -> None:
    found = reread(failed("chat", failure_class, 429), facts(of_group("chat")))
    assert found.failure_class is failure_class
    assert found.next_step.startswith(failure_class.meaning.next_step)
    assert "PROFILE/claude" in found.next_step


# another protocol


@pytest.mark.parametrize("failure_class", [F.ROUTE_NOT_FOUND, F.ENDPOINT_UNSUPPORTED, F.MODEL_NOT_FOUND])
def test_the_protocol_that_answers_is_named(failure_class: F) -> None:
    found = reread(failed("chat", failure_class), facts(tried("chat", protocol=Protocol.ANTHROPIC)))
    assert found.failure_class is F.ENDPOINT_UNSUPPORTED
    assert found.rule == "cross.protocol"
    assert found.origin is Origin.GATEWAY
    assert "Set the protocol to anthropic (--protocol anthropic):" in found.next_step


def test_a_key_for_another_protocol_is_a_matter_of_its_group() -> None:
    about = facts(tried("chat", protocol=Protocol.GEMINI, auth_header=AuthHeader.X_GOOG_API_KEY))
    found = reread(failed("chat", F.AUTH, 401), about)
    assert found.failure_class is F.GROUP_OR_MODEL_ACCESS
    assert "gemini" in found.next_step


@pytest.mark.parametrize(
    ("failure_class", "sent"),
    [
        (F.ROUTE_NOT_FOUND, tried("chat", F.ROUTE_NOT_FOUND, protocol=Protocol.ANTHROPIC)),
        (F.ROUTE_NOT_FOUND, tried("chat", protocol=Protocol.OPENAI_CHAT)),
        (F.RATE_LIMIT, tried("chat", protocol=Protocol.ANTHROPIC)),
        (F.OVERLOADED, tried("chat", protocol=Protocol.ANTHROPIC)),
    ],
    ids=["it failed too", "it is the own one", "a limit", "overload"],
)
def test_what_proves_no_protocol_names_none(failure_class: F, sent: Sent) -> None:
    assert untouched(failed("chat", failure_class), facts(sent))


# the order, and what is left alone


def test_the_way_is_told_before_the_key() -> None:
    about = facts(tried("auth", auth_header=AuthHeader.X_API_KEY), tried("auth", base_url=V1))
    assert reread(failed("auth", F.AUTH, 401), about).rule == "cross.address"


def test_a_warning_is_left_as_it_is() -> None:
    check = failed("stream", F.STREAM_BUFFERED, 200)
    warned = type(check)(check.name, Outcome.WARNED, status=200, finding=check.finding)
    about = facts(tried("stream", streamed=False))
    assert crosscheck((warned,), about) == (warned,)


def test_what_was_seen_stays_with_the_finding() -> None:
    seen = Signal("status", 404)
    found = reread(failed("models", F.ROUTE_NOT_FOUND, 404, seen), facts(tried("models", base_url=V1)))
    assert found.signals == (seen,)


# the key in another protocol, in that one's own header

ANTHROPIC = {"protocol": Protocol.ANTHROPIC, "auth_header": AuthHeader.X_API_KEY}
IN_HEADER = tried("auth", auth_header=AuthHeader.X_API_KEY)
CHAT_THERE = tried("auth", method="POST", **ANTHROPIC)
NO_CHAT_HERE = tried("auth", F.ROUTE_NOT_FOUND, method="POST", auth_header=AuthHeader.X_API_KEY, status=404)
LIST_THERE = tried("auth", **ANTHROPIC)


@pytest.mark.parametrize(
    ("sent", "failure_class", "confidence"),
    [
        ((IN_HEADER, NO_CHAT_HERE, CHAT_THERE), F.ENDPOINT_UNSUPPORTED, Confidence.CERTAIN),
        ((LIST_THERE, CHAT_THERE), F.GROUP_OR_MODEL_ACCESS, Confidence.CERTAIN),
        ((LIST_THERE,), F.GROUP_OR_MODEL_ACCESS, Confidence.LIKELY),
    ],
    ids=["no chat here", "a chat there", "a list there, and no model for a chat"],
)
@pytest.mark.parametrize("refused", [F.AUTH, F.PERMISSION])
def test_the_protocol_that_takes_the_key_comes_before_its_header(
    sent: tuple[Sent, ...], failure_class: F, confidence: Confidence, refused: F
) -> None:
    found = reread(failed("auth", refused, 401), facts(*sent))
    assert (found.failure_class, found.rule) == (failure_class, "cross.protocol_header")
    assert found.confidence is confidence
    assert "--protocol anthropic" in found.next_step and "x-api-key" in found.next_step


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ((IN_HEADER,), "cross.header"),
        ((IN_HEADER, LIST_THERE), "cross.header"),
        ((IN_HEADER, NO_CHAT_HERE, tried("auth", F.AUTH, method="POST", **ANTHROPIC)), "cross.header"),
        ((LIST_THERE, NO_CHAT_HERE, tried("auth", F.AUTH, method="POST", **ANTHROPIC)), "some.rule"),
        ((CHAT_THERE, tried("auth", key=KeyUsed.NONE)), "some.rule"),
        ((CHAT_THERE, tried("auth", key=KeyUsed.WRONG)), "some.rule"),
        ((tried("auth", method="POST", key=KeyUsed.GROUP, group="b", **ANTHROPIC),), "cross.group"),
        ((tried("auth", method="POST", key=KeyUsed.WRONG, **ANTHROPIC),), "some.rule"),
        ((tried("auth", method="POST", base_url=V1, **ANTHROPIC),), "cross.address"),
    ],
    ids=[
        "only a header",
        "a header, and a list that answers either way",
        "a header, and no chat there",
        "a list there that may be public, and no chat",
        "a chat that needs no key",
        "a chat that takes any key",
        "another group's key",
        "a made-up key",
        "another address",
    ],
)
def test_no_protocol_is_proposed_where_it_is_not_what_made_the_difference(sent: tuple[Sent, ...], rule: str) -> None:
    found = reread(failed("auth", F.AUTH, 401), facts(*sent))
    assert found.rule == rule and "--protocol" not in found.next_step


def test_a_header_that_belongs_to_another_protocol_is_not_proposed_alone() -> None:
    about = facts(
        tried("chat", F.AUTH, key=KeyUsed.NONE),
        tried("chat", F.ROUTE_NOT_FOUND, auth_header=AuthHeader.X_API_KEY, status=404),
        tried("chat", **ANTHROPIC),
    )
    found = reread(failed("chat", F.AUTH, 401, MISSING), about)
    assert found.rule == "cross.protocol" and "--protocol anthropic" in found.next_step


def test_a_chat_in_another_header_is_no_chat_without_the_list() -> None:
    about = facts(IN_HEADER, tried("auth", method="POST", auth_header=AuthHeader.X_API_KEY))
    assert reread(failed("auth", F.AUTH, 401), about).rule == "cross.header"

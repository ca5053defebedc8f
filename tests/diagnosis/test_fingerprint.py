from __future__ import annotations

import pytest

from gatewaytui.diagnosis.fingerprint import Fingerprint, Seen, Software, fingerprint, recognise
from gatewaytui.domain.catalogue import ListShape, ModelInfo, ModelList
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireResponse
from gatewaytui.domain.failure import Confidence


def prints(*headers: tuple[str, str], error: ErrorObject | None = None) -> Fingerprint:
    return fingerprint(WireResponse(200, headers, b""), error)


@pytest.mark.parametrize(
    ("header", "software"),
    [
        (("X-Oneapi-Request-Id", "1"), Software.ONE_API),
        (("X-New-Api-Version", "1"), Software.NEW_API),
        (("x-litellm-call-id", "1"), Software.LITELLM),
        (("x-portkey-trace-id", "1"), Software.PORTKEY),
        (("X-Generation-Id", "1"), Software.OPENROUTER),
        (("Server", "llama.cpp"), Software.LLAMA_CPP),
        (("openai-version", "2020-10-01"), Software.OPENAI),
        (("anthropic-organization-id", "x"), Software.ANTHROPIC),
    ],
)
def test_software_shows_in_headers(header: tuple[str, str], software: Software) -> None:
    assert prints(header).software is software


@pytest.mark.parametrize(
    ("header", "edge"),
    [
        (("CF-RAY", "1"), Software.CLOUDFLARE),
        (("Server", "nginx/1.25"), Software.NGINX),
        (("server", "openresty"), Software.OPENRESTY),
        (("server", "awselb/2.0"), Software.AWS_ALB),
        (("x-kong-request-id", "1"), Software.KONG),
    ],
)
def test_edges_show_in_headers(header: tuple[str, str], edge: Software) -> None:
    assert prints(header).edge is edge


def test_new_api_wins_over_the_header_it_inherited() -> None:
    found = prints(("x-oneapi-request-id", "1"), error=ErrorObject(type="new_api_error"))
    assert found.software is Software.NEW_API


def test_errors_name_their_software() -> None:
    assert prints(error=ErrorObject(code="API_KEY_EXPIRED")).software is Software.SUB2API
    assert prints(error=ErrorObject(message="litellm.Timeout: x")).software is Software.LITELLM


def test_a_plain_response_shows_nothing() -> None:
    assert prints(("server", "uvicorn")) == Fingerprint()


# a whole run


def seen(*headers: tuple[str, str], body: bytes = b"", error: ErrorObject | None = None) -> Seen:
    return Seen(WireResponse(200, headers, body), error)


def listed(body: bytes, *models: ModelInfo, headers: tuple[tuple[str, str], ...] = ()) -> Seen:
    return Seen(WireResponse(200, headers, body), None, ModelList(ListShape.OPENAI, models))


def entries(created: int | None = None, owner: str = "someone", count: int = 2) -> tuple[ModelInfo, ...]:
    return tuple(ModelInfo(f"model-{number}", provider=owner, created=created) for number in range(count))


NEW_API_LIST = b'{"data":[{"id":"m","supported_endpoint_types":["openai"]}],"object":"list","success":true}'


@pytest.mark.parametrize(
    ("one", "software", "confidence"),
    [
        (seen(("X-New-Api-Version", "v1")), "new-api", Confidence.CERTAIN),
        (seen(error=ErrorObject(type="new_api_error")), "new-api", Confidence.CERTAIN),
        (listed(NEW_API_LIST, *entries()), "new-api", Confidence.CERTAIN),
        (seen(error=ErrorObject("dial tcp: lookup ***.com: no such host")), "new-api", Confidence.LIKELY),
        (seen(("X-Oneapi-Request-Id", "1")), "one-api", Confidence.LIKELY),
        (seen(error=ErrorObject(type="one_api_error")), "one-api", Confidence.CERTAIN),
        (listed(b"{}", *entries(1_626_777_600)), "one-api", Confidence.LIKELY),
        (seen(error=ErrorObject(code="API_KEY_QUOTA_EXHAUSTED")), "sub2api", Confidence.CERTAIN),
        (seen(error=ErrorObject(code="GROUP_DISABLED")), "sub2api", Confidence.LIKELY),
        (seen(error=ErrorObject("No available accounts: x", type="api_error")), "sub2api", Confidence.LIKELY),
        (listed(b"{}", *entries(1_704_067_200)), "sub2api", Confidence.LIKELY),
        (seen(("x-litellm-call-id", "1")), "litellm", Confidence.CERTAIN),
        (seen(error=ErrorObject("litellm.BadRequestError: x")), "litellm", Confidence.CERTAIN),
        (listed(b"{}", *entries(1_677_610_602, "openai")), "litellm", Confidence.LIKELY),
        (seen(error=ErrorObject("Not Found", place="detail")), "litellm", Confidence.POSSIBLE),
        (listed(b'{"data":[{"id":"a/b","canonical_slug":"a/b"}]}', *entries()), "openrouter", Confidence.LIKELY),
        (seen(body=b": OPENROUTER PROCESSING\n\ndata: {}\n\n"), "openrouter", Confidence.CERTAIN),
        (seen(error=ErrorObject("x", provider="Azure")), "openrouter", Confidence.LIKELY),
        (seen(("x-portkey-trace-id", "1")), "portkey", Confidence.CERTAIN),
        (seen(body=b'{"html-message":"<html>"}'), "portkey", Confidence.LIKELY),
        (seen(("Helicone-Id", "1")), "helicone", Confidence.CERTAIN),
        (seen(error=ErrorObject(code="provider_response_error")), "claude-code-router", Confidence.LIKELY),
        (seen(body=b"APIKEY is missing"), "claude-code-router", Confidence.LIKELY),
        (listed(b'{"data":[]}', headers=(("server", "uvicorn"),)), "transformers", Confidence.POSSIBLE),
        (listed(b'{"models":[{}],"data":[{}]}', *entries(owner="llamacpp")), "llama.cpp", Confidence.CERTAIN),
        (listed(b'{"data":[{"id":"m","max_model_len":4096}]}', *entries(owner="vllm")), "vllm", Confidence.CERTAIN),
        (listed(b'{"data":[{"id":"m","max_model_len":4096}]}', *entries()), "vllm", Confidence.LIKELY),
        (listed(b"{}", *entries(owner="library")), "ollama", Confidence.CERTAIN),
        (seen(("x-compute-type", "1-l4")), "text-generation-inference", Confidence.LIKELY),
        (seen(("openai-version", "2020-10-01")), "openai", Confidence.LIKELY),
        (seen(("apim-request-id", "1")), "azure", Confidence.LIKELY),
        (seen(("anthropic-organization-id", "1")), "anthropic", Confidence.LIKELY),
        (seen(("server", "scaffolding on HTTPServer2")), "google", Confidence.CERTAIN),
    ],
)
def test_software_is_recognised_with_its_confidence(one: Seen, software: str, confidence: Confidence) -> None:
    facts = recognise([one])
    assert (facts.software, facts.confidence) == (software, confidence)
    assert facts.signs


def test_nothing_shows_in_a_plain_answer() -> None:
    facts = recognise([seen(("server", "uvicorn"), body=b'{"choices":[]}'), listed(b"{}", *entries())])
    assert (facts.software, facts.signs, facts.edge) == ("", (), "")
    assert recognise([]) == facts


def test_signs_are_words_of_ours() -> None:
    error = ErrorObject("secret words of theirs, ***.com", type="new_api_error")
    facts = recognise([seen(("X-Oneapi-Request-Id", "20260101-private"), error=error)])
    assert set(facts.signs) == {"header x-oneapi-request-id", "error type new_api_error", "masked host in a message"}


def test_likely_signs_that_agree_make_certain() -> None:
    first = seen(error=ErrorObject(code="GROUP_DISABLED"))
    second = seen(error=ErrorObject("No available accounts"))
    assert recognise([first]).confidence is Confidence.LIKELY
    assert recognise([first, second]).confidence is Confidence.CERTAIN


def test_the_same_sign_twice_is_one_sign() -> None:
    one = seen(error=ErrorObject(code="GROUP_DISABLED"))
    assert recognise([one, one, one]) == recognise([one])


def test_what_only_the_family_sends_is_never_certain_of_the_member() -> None:
    facts = recognise([seen(("X-Oneapi-Request-Id", "1")), listed(b"{}", *entries(1_626_777_600))])
    assert (facts.software, facts.confidence) == ("one-api", Confidence.LIKELY)


def test_one_sign_of_its_own_makes_the_familys_signs_new_apis() -> None:
    family = seen(("X-Oneapi-Request-Id", "1"), error=ErrorObject(type="one_api_error"))
    facts = recognise([family, listed(NEW_API_LIST, *entries(1_626_777_600))])
    assert facts.software == "new-api"
    assert "error type one_api_error" in facts.signs


def test_two_gateways_at_once_take_confidence_away() -> None:
    facts = recognise([seen(("x-litellm-call-id", "1")), seen(error=ErrorObject(code="GROUP_DISABLED"))])
    assert (facts.software, facts.confidence) == ("litellm", Confidence.LIKELY)


def test_a_gateway_passes_on_the_signs_of_what_is_behind_it() -> None:
    facts = recognise([seen(("x-litellm-call-id", "1"), ("openai-version", "1"), ("openai-processing-ms", "3"))])
    assert (facts.software, facts.confidence) == ("litellm", Confidence.CERTAIN)


def test_two_vendors_at_once_take_confidence_away() -> None:
    facts = recognise([seen(("openai-version", "1"), ("x-ds-trace-id", "1"))])
    assert facts.confidence is Confidence.LIKELY


def test_a_single_entry_of_that_time_is_chance() -> None:
    assert recognise([listed(b"{}", *entries(1_677_610_602, count=1))]).software == ""


def test_what_a_model_is_called_is_no_sign() -> None:
    body = b'{"data":[{"id":"\\"max_model_len\\":1,\\"success\\":true"}]}'
    assert recognise([listed(body, ModelInfo('"max_model_len":1'))]).software == ""


def test_a_hostile_body_costs_little_and_says_nothing() -> None:
    body = b'"created":1677610602,"object":"list","timings":{' * 40_000
    assert recognise([listed(body, *entries())]).software == ""


@pytest.mark.parametrize(
    ("header", "edge"),
    [
        (("cf-ray", "1"), "cloudflare"),
        (("server", "nginx"), "nginx"),
        (("server", "Tengine"), "tengine"),
        (("server", "AkamaiGHost"), "akamai"),
        (("x-azure-ref", "1"), "azure-front-door"),
        (("fly-request-id", "1"), "fly.io"),
    ],
)
def test_the_edge_is_told_beside_the_software(header: tuple[str, str], edge: str) -> None:
    assert recognise([seen(header)]).edge == edge
    both = recognise([seen(("x-litellm-call-id", "1")), seen(header)])
    assert (both.software, both.edge) == ("litellm", edge)

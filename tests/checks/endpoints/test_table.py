"""Every row of the table: what it asks, what it costs, how it is judged."""

from __future__ import annotations

import pytest

from gatewaytui.checks.base import Plan
from gatewaytui.checks.endpoints.table import CHATS, ENDPOINTS, LISTS
from gatewaytui.diagnosis.classify import classify
from gatewaytui.domain.catalogue import ModelInfo
from gatewaytui.domain.exchange import Exchange, WireResponse
from gatewaytui.domain.failure import FailureClass
from gatewaytui.domain.profile import AuthHeader, Profile, Protocol, Target
from gatewaytui.domain.run import CheckResult, Outcome
from gatewaytui.protocols.reading import read_exchange

PLAN = Plan(Target(Profile("p", "https://g.example/v1")))
FORCED = Plan(Target(Profile("p", "https://g.example/v1", auth_header=AuthHeader.BEARER)))
ORDER = (
    "chat responses responses_compact messages count_tokens generate_content embeddings rerank images_generations "
    "images_edits images_variations audio_speech audio_transcriptions audio_translations models_openai "
    "models_anthropic models_gemini"
)


def _judged(name: str, status: int, body: bytes, kind: str = "application/json") -> CheckResult:
    endpoint = ENDPOINTS[name]
    request = endpoint.build(endpoint.plan(PLAN, "m"))
    exchange = Exchange(request, WireResponse(status, (("content-type", kind),), body), None)
    reading = read_exchange(exchange)
    return endpoint.judge(exchange, reading, classify(exchange, reading))


def test_the_families_and_their_order_are_public() -> None:
    assert " ".join(ENDPOINTS) == ORDER
    assert set(CHATS) == set(LISTS) == set(Protocol)


@pytest.mark.parametrize("name", ENDPOINTS)
def test_each_is_asked_with_its_protocols_header_or_the_forced_one(name: str) -> None:
    endpoint = ENDPOINTS[name]
    own = {Protocol.ANTHROPIC: AuthHeader.X_API_KEY, Protocol.GEMINI: AuthHeader.X_GOOG_API_KEY}
    request = endpoint.build(endpoint.plan(PLAN, "m"))
    assert request.auth_header is own.get(endpoint.protocol, AuthHeader.BEARER)
    assert endpoint.build(endpoint.plan(FORCED, "m")).auth_header is AuthHeader.BEARER
    assert request.url.startswith("https://g.example/v1")


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_404_means_that_the_endpoint_is_not_offered(name: str) -> None:
    check = _judged(name, 404, b'{"error":{"message":"Invalid URL (POST /x)","type":"invalid_request_error"}}')
    assert check.outcome is Outcome.FAILED and check.finding is not None
    assert check.finding.failure_class is FailureClass.ROUTE_NOT_FOUND
    assert "does not offer" in check.finding.next_step


@pytest.mark.parametrize("name", ENDPOINTS)
def test_a_dashboards_page_is_no_answer(name: str) -> None:
    check = _judged(name, 200, b"<!doctype html><html><head><title>Console</title></head></html>", "text/html")
    assert check.finding is not None and check.finding.failure_class is FailureClass.BASE_URL


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"ok":true}', b"null", b"", b'{"data":', b'"x"', b"12"])
def test_no_success_passes_without_its_shape(name: str, body: bytes) -> None:
    assert _judged(name, 200, body).outcome is Outcome.FAILED


LIST_SHAPES = {
    "models_openai": b'{"object":"list","data":[{"id":"gpt-5.5","object":"model"}]}',
    "models_anthropic": b'{"data":[{"type":"model","id":"claude-opus-4-6","display_name":"Opus"}],"has_more":false}',
    "models_gemini": b'{"models":[{"name":"models/gemini-3-pro","supportedGenerationMethods":["generateContent"]}]}',
}


@pytest.mark.parametrize("came", LIST_SHAPES)
@pytest.mark.parametrize("asked", LIST_SHAPES)
def test_a_list_in_another_protocols_shape_means_that_this_one_is_not_offered(asked: str, came: str) -> None:
    check = _judged(asked, 200, LIST_SHAPES[came])
    if asked == came:
        assert check.outcome is Outcome.PASSED
        return
    assert check.finding is not None and check.finding.failure_class is FailureClass.ENDPOINT_UNSUPPORTED
    assert "does not offer" in check.finding.next_step


@pytest.mark.parametrize("name", LIST_SHAPES)
def test_what_is_no_list_at_all_is_the_wrong_shape_of_one(name: str) -> None:
    check = _judged(name, 200, b'{"choices":[{"message":{"role":"assistant","content":"OK"}}]}')
    assert check.finding is not None and check.finding.failure_class is FailureClass.RESPONSE_SHAPE


def test_only_images_and_audio_need_a_word_at_any_price() -> None:
    word = {name for name, endpoint in ENDPOINTS.items() if endpoint.needs_word(None)}
    assert word == {name for name in ENDPOINTS if name.startswith(("images", "audio"))}


def test_a_dear_chat_needs_a_word_too() -> None:
    chat = ENDPOINTS["chat"]
    cheap, dear = ModelInfo("a", input_price=2.0, output_price=8.0), ModelInfo("b", input_price=150, output_price=600)
    assert not chat.needs_word(chat.cost(cheap)) and chat.needs_word(chat.cost(dear))
    assert chat.cost(cheap) == pytest.approx((16 * 2 + 16 * 8) / 1e6)


def test_a_price_that_is_not_listed_is_no_price() -> None:
    assert ENDPOINTS["chat"].cost(None) is None and ENDPOINTS["chat"].cost(ModelInfo("a", input_price=1.0)) is None
    assert ENDPOINTS["audio_speech"].cost(ModelInfo("tts-1", input_price=0.0, output_price=0.0)) is None
    assert ENDPOINTS["models_openai"].cost(None) == 0.0

from __future__ import annotations

import pytest

from gatewaytui.diagnosis.fingerprint import Fingerprint, Software, fingerprint
from gatewaytui.domain.chat import ErrorObject
from gatewaytui.domain.exchange import WireResponse


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

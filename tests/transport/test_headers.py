"""What is sent with a request: one credential, checked text, and the framing that is ours alone."""

from __future__ import annotations

import asyncio
import logging
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gatewaytui.domain.exchange import Exchange, FaultDetail, FaultKind, Phase, TransportFault, WireRequest
from gatewaytui.domain.profile import AuthHeader
from gatewaytui.domain.secret import Secret
from gatewaytui.transport.client import Client, Connection
from gatewaytui.transport.faults import ConfigTrouble
from gatewaytui.transport.headers import ExtraHeaders, ready_request
from tests.servers.fault_scripts import SCRIPTS
from tests.servers.fault_server import serving

from .support import CANARY, KEY, get, post

AUTH_NAMES = ("authorization", "x-api-key", "x-goog-api-key", "api-key")


def _sent(request: WireRequest, secret: Secret | None = KEY, extra: ExtraHeaders = ()) -> dict[str, str]:
    """The headers as they reach a server, names in lower case; a repeated name would fail."""

    async def scenario() -> bytes:
        async with serving(SCRIPTS["healthy"]) as server, Client(Connection(), {}) as client:
            await client.exchange(replace(request, url=f"{server.url}/v1/x"), secret, extra)
            return server.requests[0]

    lines = asyncio.run(scenario()).partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")[1:]
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert len(headers) == len(lines)
    return headers


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (AuthHeader.BEARER, {"authorization": f"Bearer {CANARY}"}),
        (AuthHeader.X_API_KEY, {"x-api-key": CANARY}),
        (AuthHeader.X_GOOG_API_KEY, {"x-goog-api-key": CANARY}),
        (AuthHeader.API_KEY, {"api-key": CANARY}),
        (AuthHeader.NONE, {}),
    ],
)
def test_the_key_travels_in_exactly_one_header(header: AuthHeader, expected: dict[str, str]) -> None:
    sent = _sent(get("http://gateway.test", header))
    assert {name: value for name, value in sent.items() if name in AUTH_NAMES} == expected


def test_without_a_key_no_credential_is_sent() -> None:
    assert not set(AUTH_NAMES) & set(_sent(get("http://gateway.test"), None))


def test_identity_is_asked_for_whatever_the_request_says() -> None:
    request = replace(get("http://gateway.test"), headers=(("Accept-Encoding", "gzip, br"), ("accept", "text/x")))
    sent = _sent(request, extra=(("ACCEPT-ENCODING", "zstd"),))
    assert sent["accept-encoding"] == "identity"
    assert sent["accept"] == "text/x"


def test_extra_headers_replace_those_of_the_request_but_not_the_credential_nor_the_framing() -> None:
    extra: ExtraHeaders = (
        ("Content-Type", "text/x"),
        ("CF-Access-Secret", Secret("s-1")),
        ("Authorization", "Basic other"),
        ("Content-Length", "999"),
        ("Transfer-Encoding", "chunked"),
    )
    sent = _sent(post("http://gateway.test", b"{}"), extra=extra)
    assert sent["content-type"] == "text/x"
    assert sent["cf-access-secret"] == "s-1"
    assert sent["authorization"] == f"Bearer {CANARY}"
    assert sent["content-length"] == "2"
    assert "transfer-encoding" not in sent


UNSENDABLE_KEYS = {
    "newline at the end": f"{CANARY}\n",
    "newline inside": f"sk-\r\nx-evil: {CANARY}",
    "blank": f"{CANARY} ",
    "tab": f"\t{CANARY}",
    "byte order mark": f"\ufeff{CANARY}",
    "curly quotes": f"\u201c{CANARY}\u201d",
    "zero": f"{CANARY}\0",
    "lone surrogate": f"{CANARY}\ud800",
}


@pytest.mark.parametrize("text", UNSENDABLE_KEYS.values(), ids=UNSENDABLE_KEYS.keys())
@pytest.mark.parametrize("as_extra", [False, True])
def test_a_key_that_cannot_be_sent_is_told_without_being_shown(
    text: str, as_extra: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.NOTSET)

    async def scenario() -> Exchange:
        async with Client(Connection(), {}) as client:
            extra: ExtraHeaders = (("x-other", Secret(text)),) if as_extra else ()
            return await client.exchange(get("http://127.0.0.1:9"), KEY if as_extra else Secret(text), extra)

    exchange = asyncio.run(scenario())
    assert exchange.fault == TransportFault(FaultKind.CONFIG, Phase.CONFIG, FaultDetail.KEY_CHARACTERS)
    assert CANARY not in repr(exchange) + caplog.text


@pytest.mark.parametrize(
    ("extra", "detail"),
    [
        ((("bad name", "x"),), FaultDetail.HEADER),
        ((("", "x"),), FaultDetail.HEADER),
        ((("x-a", "one\r\nx-b: two"),), FaultDetail.HEADER),
        ((("x-a", "caf\xe9"),), FaultDetail.HEADER),
        ((("x-a", " padded"),), FaultDetail.HEADER),
    ],
)
def test_a_header_that_cannot_be_sent_is_told(extra: ExtraHeaders, detail: FaultDetail) -> None:
    with pytest.raises(ConfigTrouble) as caught:
        ready_request(get("http://127.0.0.1:9"), KEY, extra)
    assert caught.value.detail is detail


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://me:word@127.0.0.1:9", FaultDetail.USER_INFO),
        ("https://token@127.0.0.1", FaultDetail.USER_INFO),
        ("ftp://127.0.0.1", FaultDetail.URL),
        ("127.0.0.1:9", FaultDetail.URL),
        ("/v1", FaultDetail.URL),
        ("", FaultDetail.URL),
        ("http://", FaultDetail.URL),
        ("http://[::1", FaultDetail.URL),
        ("http://127.0.0.1:99999", FaultDetail.URL),
        ("http://127.0.0.1:port", FaultDetail.URL),
        ("http://a\nb", FaultDetail.URL),
        ("http://bad\u2028host", FaultDetail.URL),
        ("http://xn--zz-.\ud800", FaultDetail.URL),
    ],
)
def test_an_address_that_cannot_be_used_is_told(url: str, detail: FaultDetail) -> None:
    async def scenario() -> Exchange:
        async with Client(Connection(), {}) as client:
            return await client.exchange(replace(get("http://x"), url=url), KEY)

    assert asyncio.run(scenario()).fault == TransportFault(FaultKind.CONFIG, Phase.CONFIG, detail)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_text_makes_anything_but_a_fault_and_none_shows_a_key(key: str, name: str, value: str) -> None:
    request = get("http://127.0.0.1:9")
    try:
        ready_request(request, Secret(f"{CANARY}{key}"), ((name, value),))
    except ConfigTrouble as trouble:
        assert CANARY not in "".join(traceback.format_exception(trouble))

"""Addresses are read as httpx reads them, the plain ones without it."""

from __future__ import annotations

import itertools

import httpx
import pytest

from gatewaytui.domain.exchange import FaultDetail
from gatewaytui.transport.address import Url, checked_url
from gatewaytui.transport.faults import ConfigTrouble

HOSTS = (
    "127.0.0.1", "127.0.0.2", "256.1.1.1", "1.2.3", "localhost", "api.openai.com", "a-b.c1.io", "x", "api.1x.com",
    "foo.123", "a--b.com", "xn--zz.com", "foo.xn--p1ai", "A.com", "a_b.com",
    "a.com.", "m\xfcnchen.de", "[::1]", "-a.com",
)  # fmt: skip
PORTS = ("", ":80", ":443", ":8080", ":0", ":08", ":65535", ":65536", ":99999", ":")
TARGETS = (
    "", "/", "/v1", "/v1/", "//v1", "/v1//x", "/v1/../x", "/..", "/a/..b", "/.well/x", "/a.b/c~d", "/a b", "/%41",
    "/a@b", "/v1beta/models/gemini-3:streamGenerateContent?alt=sse", "?", "?a=b&c=d", "/x?a=%20", "/x?a b", "/x#part",
)  # fmt: skip


def wanted(address: str) -> Url | None:
    """What httpx reads; None where it cannot be asked."""
    try:
        url = httpx.URL(address)
        read = Url(url.scheme, url.host, url.raw_host, url.port, url.raw_path)
    except (httpx.InvalidURL, ValueError):
        return None
    return read if (read.port or 0) <= 65_535 else None


def found(address: str) -> Url | None:
    try:
        return checked_url(address)
    except ConfigTrouble as trouble:
        assert trouble.detail is FaultDetail.URL
        return None


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
def test_every_address_is_read_as_httpx_reads_it(scheme: str) -> None:
    for parts in itertools.product(HOSTS, PORTS, TARGETS):
        address = f"{scheme}://{''.join(parts)}"
        assert found(address) == wanted(address), address


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://127.0.0.1:8080/v1", b"127.0.0.1:8080"),
        ("https://api.openai.com:443/v1", b"api.openai.com"),
        ("http://[::1]:9/v1", b"[::1]:9"),
        ("https://m\xfcnchen.de", b"xn--mnchen-3ya.de"),
    ],
)
def test_the_host_header_names_host_and_port_unless_it_is_the_usual_one(address: str, host: bytes) -> None:
    assert checked_url(address).netloc == host

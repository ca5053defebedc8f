from __future__ import annotations

import pytest

from gatewaytui.domain.problem import Problem
from gatewaytui.storage.origin import in_clear, origin


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://API.Example.com/v1", "https://api.example.com"),
        ("https://api.example.com:443/v1", "https://api.example.com"),
        ("https://api.example.com.:443/v1", "https://api.example.com"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("http://[::1]:8000/v1", "http://[::1]:8000"),
        ("http://localhost:80", "http://localhost"),
        ("https://user:pass@api.example.com/v1", "https://api.example.com"),
    ],
)
def test_scheme_host_and_port(url: str, expected: str) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize(
    "url", ["", "api.example.com/v1", "ftp://x", "https://", "https://x:port", "https://[::1", "//x"]
)
def test_no_address_no_origin(url: str) -> None:
    with pytest.raises(Problem):
        origin(url)


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("https://api.example.com", False),
        ("http://localhost:4000", False),
        ("http://127.0.0.9", False),
        ("http://[::1]:8000", False),
        ("http://gateway.localhost", False),
        ("http://10.0.0.5", True),
        ("http://localhost.example.com", True),
        ("HTTP://api.example.com", True),
    ],
)
def test_only_plain_http_to_another_machine_is_in_clear(url: str, clear: bool) -> None:
    assert in_clear(url) is clear

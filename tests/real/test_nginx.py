"""The doctor before a real nginx: certificates, its own error pages, redirects, a website, a buffered stream."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.conftest import Cli
from tests.engine.answers import chat_answer
from tests.engine.gateway import KEY, Usual
from tests.servers.fault_server import free_port
from tests.servers.recording import Answer, Asked, recording

from .nginx import binary, requests_in, running

pytestmark = pytest.mark.real_server


@pytest.fixture(scope="session", autouse=True)
def nginx_is_there() -> None:
    if not binary():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx is not installed: run .ci/real-servers")


@contextmanager
def edge(place: Path, lines: str, upstream: str = "http://127.0.0.1:9") -> Iterator[str]:
    """nginx before this upstream; the lines are its server's. Gives the address of the edge."""
    port = free_port()
    with running(place, (port, "", lines.replace("UPSTREAM", upstream))):
        yield f"http://127.0.0.1:{port}"


def _examined(cli: Cli, base_url: str, *more: str, **variables: str) -> tuple[dict[str, Any], dict[str, Any], int]:
    """The document, the failure with its rung ({} where all is well), and the exit code."""
    argv = ("doctor", "--base-url", base_url, "--api-key-env", "K", "--model", "gpt-5.5", "--no-families")
    done = cli(*argv, "--format", "json", *more, K=KEY, **variables)
    assert KEY not in done.stdout + done.stderr
    assert cli("verify", "-", stdin=done.stdout).returncode == 0, done.stderr
    document = json.loads(done.stdout)
    failed = next((check for check in document["checks"] if check["outcome"] == "failed"), None)
    failure = {"rung": failed["name"], "status": failed["status"], **failed["failure"]} if failed else {}
    return document, failure, done.returncode


def _same_as_the_log(document: dict[str, Any], place: Path) -> None:
    claimed = [(row["method"], row["path"], row["status"]) for row in document["requests"]]
    assert claimed == requests_in(place)


CHAT_ONLY = "location /v1/models { proxy_pass UPSTREAM; } location /v1/chat "
PAGES = {
    "413": (CHAT_ONLY + "{ client_max_body_size 16; proxy_pass UPSTREAM; }", "chat", 413, "request_too_large", 13),
    "429": ("location /v1/models { return 429; }", "models", 429, "rate_limit", 14),
    "429 of limit_req": (
        CHAT_ONLY + "{ limit_req zone=once; limit_req_status 429; proxy_pass UPSTREAM; }",
        "stream", 429, "rate_limit", 14,
    ),
    "502": (f"location / {{ proxy_pass http://127.0.0.1:{free_port()}; }}", "models", 502, "edge_error", 16),
    "403": ("location / { deny all; }", "models", 403, "edge_blocked", 10),
    "404": ("location / { return 404; }", "models", 404, "base_url", 11),
    "a redirect to https": ("return 301 https://$host$request_uri;", "models", 301, "redirect", 11),
    "a redirect elsewhere": ("return 308 https://other.example$request_uri;", "models", 308, "redirect", 11),
}  # fmt: skip
STEPS = {
    "413": "Send less",
    "429": "Wait",
    "429 of limit_req": "Wait",
    "502": "Wait a minute",
    "403": "another network",
    "404": "base URL",
    "a redirect to https": "https",
    "a redirect elsewhere": "another host",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_nginx_s_own(cli: Cli, tmp_path: Path, name: str) -> None:
    lines, rung, status, label, code = PAGES[name]
    with recording(Usual()) as gateway, edge(tmp_path, lines, gateway.url) as url:
        document, failure, ended = _examined(cli, f"{url}/v1")
    shown = (failure["rung"], failure["status"], failure["class"], ended)
    assert shown == (rung, status, label, code), failure
    assert STEPS[name] in failure["next_step"], failure
    assert document["gateway"]["edge"] == "nginx"
    _same_as_the_log(document, tmp_path)


def test_an_upstream_that_is_silent_behind_it_is_a_gateway_timeout(cli: Cli, tmp_path: Path) -> None:
    lines = "location / { proxy_read_timeout 1s; proxy_pass UPSTREAM; }"
    silent = Usual(routes={"/v1/chat/completions": lambda _: None})
    with recording(silent) as gateway, edge(tmp_path, lines, gateway.url) as url:
        document, failure, code = _examined(cli, f"{url}/v1")
    assert (failure["rung"], failure["status"], failure["class"], code) == ("chat", 504, "gateway_timeout", 15)
    _same_as_the_log(document, tmp_path)


def test_a_website_in_the_way_of_the_api(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<!doctype html><html><title>Dashboard</title></html>")
    lines = (
        f"root {tmp_path}/site; location / {{ try_files $uri /index.html; }} location /v1/ {{ proxy_pass UPSTREAM; }}"
    )
    with recording(Usual()) as gateway, edge(tmp_path, lines, gateway.url) as url:
        _, failure, code = _examined(cli, url)
    assert (failure["rung"], failure["class"], code) == ("models", "base_url", 11), failure
    assert f"Set the base URL to {url}/v1:" in failure["next_step"]


def test_a_stream_that_it_gathers_is_said_to_be_buffered(cli: Cli, tmp_path: Path) -> None:
    def slowly(asked: Asked) -> Answer:
        answer = chat_answer(asked)
        if not asked.json.get("stream"):
            return answer
        word = b'data: {"id":"c","object":"chat.completion.chunk","model":"gpt-5.5","choices":[{"index":0,"delta":'
        words = tuple(word + b'{"content":" word"},"finish_reason":null}]}\n\n' for _ in range(40))
        first, *rest = answer.pieces
        return Answer(200, content_type="text/event-stream", pieces=(first, *words, *rest), pause=0.02)

    buffers = "proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;"
    gathers = f"location / {{ {buffers} proxy_pass UPSTREAM; }}"
    passes = "location / { proxy_buffering off; proxy_pass UPSTREAM; }"
    outcomes = {}
    with recording(Usual(routes={"/v1/chat/completions": slowly})) as gateway:
        for name, lines in (("gathers", gathers), ("passes", passes)):
            place = tmp_path / name
            place.mkdir()
            with edge(place, lines, gateway.url) as url:
                document, failure, _ = _examined(cli, f"{url}/v1")
                assert failure == {}
                outcomes[name] = document["summary"]["warnings"]
    assert outcomes == {"gathers": ["stream_buffered"], "passes": []}


def _serves(place: Path, certificate: trustme.LeafCert | trustme.CA) -> str:
    """The lines that serve this certificate before a gateway."""
    chain = certificate.cert_chain_pems if isinstance(certificate, trustme.LeafCert) else [certificate.cert_pem]
    (place / "chain.pem").write_bytes(b"".join(blob.bytes() for blob in chain))
    certificate.private_key_pem.write_to_path(place / "key.pem")
    files = f"ssl_certificate {place}/chain.pem; ssl_certificate_key {place}/key.pem;"
    return f"{files} location / {{ proxy_pass UPSTREAM; }}"


LONG_AGO = {"not_before": datetime(2001, 1, 1, tzinfo=UTC), "not_after": datetime(2002, 1, 1, tzinfo=UTC)}
CERTIFICATES = {
    "self-signed": "self-signed",
    "of a private authority": "",
    "for another name": "another host",
    "expired": "expired",
    "in order": "",
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_its_certificate(cli: Cli, tmp_path: Path, kind: str) -> None:
    authority = trustme.CA()
    certificate: trustme.LeafCert | trustme.CA = {
        "self-signed": lambda: trustme.CA(),
        "of a private authority": lambda: authority.issue_cert("127.0.0.1"),
        "for another name": lambda: authority.issue_cert("other.example"),
        "expired": lambda: authority.issue_cert("127.0.0.1", **LONG_AGO),
        "in order": lambda: authority.issue_cert("127.0.0.1"),
    }[kind]()
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    variables = {} if kind in ("self-signed", "of a private authority") else {"SSL_CERT_FILE": str(trusted)}
    port = free_port()
    with recording(Usual()) as gateway:
        lines = _serves(tmp_path, certificate).replace("UPSTREAM", gateway.url)
        with running(tmp_path, (port, " ssl", lines)):
            document, failure, code = _examined(cli, f"https://127.0.0.1:{port}/v1", **variables)
        tls = next(check for check in document["checks"] if check["name"] == "tls")
        if kind == "in order":
            assert (code, failure, tls["outcome"]) == (0, {}, "passed"), failure
            assert len(gateway.asked) == document["spending"]["requests"] == 4
            assert re.search(r"TLS ?v?1\.[23]", tls["note"]), tls["note"]
            return
    assert (code, failure["rung"], failure["class"]) == (20, "tls", "tls")
    assert CERTIFICATES[kind] in failure["next_step"]
    assert gateway.asked == [] and document["requests"] == [], "no key goes over a connection that is not trusted"


def test_http_to_its_https_port(cli: Cli, tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, (port, " ssl", _serves(tmp_path, trustme.CA()).replace("UPSTREAM", "http://127.0.0.1:9"))):
        _, failure, _ = _examined(cli, f"http://127.0.0.1:{port}/v1")
    assert (failure["status"], "https://" in failure["next_step"]) == (400, True), failure


def test_the_ca_file_of_a_profile_is_used(cli: Cli, tmp_path: Path) -> None:
    authority = trustme.CA()
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    port = free_port()
    with recording(Usual()) as gateway:
        lines = _serves(tmp_path, authority.issue_cert("127.0.0.1")).replace("UPSTREAM", gateway.url)
        with running(tmp_path, (port, " ssl", lines)):
            added = cli(
                "profiles", "add", "mine", "--base-url", f"https://127.0.0.1:{port}/v1", "--key", "env:K",
                "--ca-file", str(trusted), K=KEY,
            )  # fmt: skip
            assert added.returncode == 0, added.stderr
            done = cli("doctor", "mine", "--model", "gpt-5.5", "--format", "json", K=KEY)
    document = json.loads(done.stdout)
    assert (done.returncode, document["summary"]["ok"]) == (0, True), done.stderr

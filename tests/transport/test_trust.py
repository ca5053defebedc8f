"""Which certificates are trusted, and what is said of a CA file that cannot be used."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gatewaytui.domain.exchange import Exchange, FaultDetail, FaultKind, Phase, TransportFault
from tests.servers.fault_scripts import SCRIPTS
from tests.servers.fault_server import serving

from .conftest import ServerTls
from .support import ask, get

CA_FILE = TransportFault(FaultKind.CONFIG, Phase.CONFIG, FaultDetail.CA_FILE)


def test_a_ca_file_that_cannot_be_used_is_a_matter_of_configuration(tmp_path: Path) -> None:
    text = tmp_path / "text.pem"
    text.write_text("no certificate at all")
    for unusable in (str(tmp_path / "missing.pem"), str(tmp_path), str(text), "zero\0byte"):
        assert asyncio.run(ask(get("https://127.0.0.1:9"), ca_file=unusable)).fault == CA_FILE


def test_a_missing_file_named_by_the_usual_variable_is_told(tmp_path: Path) -> None:
    exchange = asyncio.run(ask(get("https://127.0.0.1:9"), SSL_CERT_FILE=str(tmp_path / "missing.pem")))
    assert exchange.fault == CA_FILE


def test_plain_http_needs_no_ca_file() -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"]) as server:
            return await ask(get(server.url), ca_file="/nowhere/ca.pem")

    assert asyncio.run(scenario()).fault is None


@pytest.mark.parametrize("by_profile", [True, False])
def test_a_ca_file_is_trusted_beside_the_systems_store(by_profile: bool, server_tls: ServerTls, ca_file: str) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"], server_tls("127.0.0.1")) as server:
            if by_profile:
                return await ask(get(server.url), ca_file=ca_file)
            return await ask(get(server.url), SSL_CERT_FILE=ca_file)

    assert asyncio.run(scenario()).fault is None


def test_the_profiles_file_comes_before_the_variable(server_tls: ServerTls, ca_file: str) -> None:
    async def scenario() -> Exchange:
        async with serving(SCRIPTS["healthy"], server_tls("127.0.0.1")) as server:
            return await ask(get(server.url), ca_file=ca_file, SSL_CERT_FILE="/nowhere/ca.pem")

    assert asyncio.run(scenario()).fault is None

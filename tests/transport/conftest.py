"""Certificates for this room's servers, made anew for each run of the tests."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import trustme

ServerTls = Callable[..., ssl.SSLContext]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The file with the authority's certificate."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> ServerTls:
    """Contexts for TLS servers, with a certificate for these names; ``expired`` has one of long ago."""

    def context(*names: str, expired: bool = False) -> ssl.SSLContext:
        long_ago = datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC)
        before, after = long_ago if expired else (None, None)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, not_before=before, not_after=after).configure_cert(made)
        return made

    return context


@pytest.fixture(scope="session")
def self_signed_tls() -> ssl.SSLContext:
    """A context for a TLS server whose certificate is signed by nobody but itself."""
    alone = trustme.CA()
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with alone.cert_pem.tempfile() as certificate, alone.private_key_pem.tempfile() as key:
        made.load_cert_chain(certificate, key)
    return made

"""Whom TLS trusts: the operating system's store, and a CA file beside it. There is no way to trust everybody."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from gatewaytui.domain.exchange import FaultDetail

from .faults import ConfigTrouble


def tls_context(ca_file: str, environ: Mapping[str, str]) -> ssl.SSLContext:
    """A context for HTTP/1.1 over TLS; it costs some 20 ms, so build it late and once.

    Certificates of ``ca_file`` (else of ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``) are trusted beside the system's.
    Raises ConfigTrouble ``ca_file`` where such a file is missing or holds no certificate.
    """
    import truststore  # late: only TLS wants it

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    file = ca_file or environ.get("SSL_CERT_FILE", "")
    directory = "" if ca_file else environ.get("SSL_CERT_DIR", "")
    try:
        if file:
            context.load_verify_locations(cafile=Path(file).expanduser())
        if directory:
            context.load_verify_locations(capath=directory)
    except (OSError, ValueError):  # ssl.SSLError is an OSError; ValueError is a zero byte in the path
        raise ConfigTrouble(FaultDetail.CA_FILE) from None
    return context

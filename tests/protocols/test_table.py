from __future__ import annotations

from gatewaytui.domain.profile import AuthHeader, Protocol
from gatewaytui.protocols.base import Dialect
from gatewaytui.protocols.table import PROTOCOLS


def test_every_protocol_has_its_row() -> None:
    assert set(PROTOCOLS) == set(Protocol)
    assert all(PROTOCOLS[protocol].protocol is protocol for protocol in Protocol)


def test_each_protocol_has_its_own_auth_header() -> None:
    assert {protocol: PROTOCOLS[protocol].auth_header for protocol in Protocol} == {
        Protocol.OPENAI_CHAT: AuthHeader.BEARER,
        Protocol.OPENAI_RESPONSES: AuthHeader.BEARER,
        Protocol.ANTHROPIC: AuthHeader.X_API_KEY,
        Protocol.GEMINI: AuthHeader.X_GOOG_API_KEY,
    }


def test_the_rows_keep_the_contract() -> None:
    rows: list[Dialect] = list(PROTOCOLS.values())
    assert all(row.decoder().close() == [] for row in rows)

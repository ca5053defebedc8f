from __future__ import annotations

import pytest

from gatewaytui.domain.profile import FROM_KEYRING, Protocol
from gatewaytui.handoff.table import HANDOFFS, snippet, variable_for

from .support import target


@pytest.mark.parametrize("client", HANDOFFS)
@pytest.mark.parametrize("protocol", Protocol)
def test_every_client_speaks_every_protocol_with_the_key_as_a_variable(client: str, protocol: Protocol) -> None:
    aim = target(protocol, key=FROM_KEYRING)
    written = snippet(client, aim, "gpt-5.5")
    assert variable_for(aim) == "LAB_API_KEY"
    assert "LAB_API_KEY" in written.text
    assert written.title
    assert not written.text.endswith("\n")
    assert "OTHER_NAME" in snippet(client, aim, "gpt-5.5", "OTHER_NAME").text

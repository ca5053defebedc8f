"""A turn of the Chat pane as a curl command: the very request that was sent, the key as a variable."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from gatewaytui.handoff.base import Order, variable_for
from gatewaytui.handoff.curl import curl_for
from gatewaytui.protocols.table import PROTOCOLS

from .chat_state import Turn


class Command(msgspec.Struct, frozen=True):
    """The command and the name of the variable it takes the key from."""

    text: str
    variable: str


def curl_of(turn: Turn) -> Command:
    """The turn's request with the model that was asked for, or the one the run took where none was."""
    run = turn.answer.run
    model = turn.asked or (run.targets[0].selected_model if run else "") or turn.answer.served_model
    order = Order(turn.target, model, variable_for(turn.target))
    dialect = PROTOCOLS[turn.target.protocol]
    wire = dialect.chat_request(turn.target.profile.base_url, replace(turn.request, model=model), order.auth)
    return Command(curl_for(wire, order.variable, order.headers), order.variable)
